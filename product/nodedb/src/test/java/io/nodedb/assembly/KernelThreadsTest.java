package io.nodedb.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import org.junit.jupiter.api.Test;

class KernelThreadsTest {
    private static Settings with(String key, String value) {
        return Settings.builder(RuntimeSettings.allAreas()).explicit(key, value).build();
    }

    @Test
    void backgroundWorkersAreOneOnUpToTwoProcessorsOtherwiseTwo() {
        Settings defaults = Settings.defaults();
        assertThat(KernelThreads.backgroundWorkers(defaults, 1)).isEqualTo(1);
        assertThat(KernelThreads.backgroundWorkers(defaults, 2)).isEqualTo(1);
        assertThat(KernelThreads.backgroundWorkers(defaults, 3)).isEqualTo(2);
        assertThat(KernelThreads.backgroundWorkers(defaults, 64)).isEqualTo(2);
    }

    @Test
    void backgroundWorkersAreAsManyAsTheSettingSays() {
        assertThat(KernelThreads.backgroundWorkers(with("background_workers", "1"), 64))
                .isEqualTo(1);
        assertThat(KernelThreads.backgroundWorkers(with("background_workers", "7"), 1))
                .isEqualTo(7);
    }

    @Test
    void coresArePinnedToProcessorsThatTheProcessMayRunOn() {
        assertThat(KernelThreads.pins(2, 3, new int[] {2, 5, 7})).containsExactly(2, 5);
        assertThat(KernelThreads.pins(1, 8, new int[] {0, 1})).containsExactly(0);
    }

    @Test
    void coresAreNotPinnedWhereThereAreNotMoreProcessorsThanCores() {
        int none = KernelThreads.UNPINNED;
        assertThat(KernelThreads.pins(2, 2, new int[] {2, 5})).containsExactly(none, none);
        assertThat(KernelThreads.pins(2, 8, new int[] {2, 5})).containsExactly(none, none);
        assertThat(KernelThreads.pins(2, 2, new int[] {0, 1, 2, 3})).containsExactly(none, none);
        assertThat(KernelThreads.pins(3, 2, new int[] {0, 1})).containsOnly(none).hasSize(3);
    }
}
