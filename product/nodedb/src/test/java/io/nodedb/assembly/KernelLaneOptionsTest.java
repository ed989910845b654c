package io.nodedb.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import io.nodedb.bridge.lane.LaneOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class KernelLaneOptionsTest {
    @Test
    void everyOptionOfALaneComesFromTheSettingOfItsName() {
        Settings settings =
                Settings.defaults()
                        .with(RuntimeSettings.RING_CAPACITY, 512)
                        .with(RuntimeSettings.CHUNKS_PER_PORT, 11)
                        .with(RuntimeSettings.CHUNK_BYTES, 12L << 10)
                        .with(RuntimeSettings.CHUNKS_PER_REQUEST, 3)
                        .with(RuntimeSettings.RING_TENANT_SHARE, 41)
                        .with(RuntimeSettings.RING_SLOW, 71)
                        .with(RuntimeSettings.RING_STOP, 83)
                        .with(RuntimeSettings.LEASE, Duration.ofSeconds(21))
                        .with(RuntimeSettings.TRACKER_GRACE, Duration.ofMillis(250));
        LaneOptions options = Kernel.laneOptions(settings);
        assertThat(options.requests()).isEqualTo(512);
        assertThat(options.chunks()).isEqualTo(11);
        assertThat(options.chunkBytes()).isEqualTo(12 << 10);
        assertThat(options.chunksPerRequest()).isEqualTo(3);
        assertThat(options.tenantSharePercent()).isEqualTo(41);
        assertThat(options.slowPercent()).isEqualTo(71);
        assertThat(options.stopPercent()).isEqualTo(83);
        assertThat(options.leaseNanos()).isEqualTo(21_000_000_000L);
        assertThat(options.graceNanos()).isEqualTo(250_000_000L);
    }
}
