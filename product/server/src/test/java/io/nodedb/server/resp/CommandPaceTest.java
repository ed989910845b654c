package io.nodedb.server.resp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommandPaceTest {
    private final CommandPace pace = new CommandPace();

    @Test
    void aCommandHasAMinute() {
        assertThat(pace.isTooSlow(1, 5_000)).isFalse();
        assertThat(pace.isTooSlow(50, 65_000)).isFalse();
        assertThat(pace.isTooSlow(60, 65_100)).isTrue();
    }

    @Test
    void aLargeOneHasLongerAsLongAsItComes() {
        for (int second = 0; second < 36_000; second++) {
            assertThat(pace.isTooSlow(second * 1024, second * 1_000L)).isFalse();
        }
        assertThat(pace.isTooSlow(36_000 * 1024, 36_070_000)).isTrue();
    }

    @Test
    void theNextCommandBeginsAnew() {
        assertThat(pace.isTooSlow(1, 0)).isFalse();
        pace.taken();
        assertThat(pace.isTooSlow(1, 100_000)).isFalse();
        assertThat(pace.isTooSlow(1, 170_000)).isTrue();
    }
}
