package io.nodedb.data.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.settings.EventSettings;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import io.nodedb.base.settings.WalSettings;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CoreSettingsTest {
    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    private static long nanos(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void everyNumberComesFromTheSettingOfItsName() {
        CoreSettings core =
                CoreSettings.from(
                        Settings.defaults()
                                .with(RuntimeSettings.TASKS_PER_TURN, 101)
                                .with(RuntimeSettings.BACKGROUND_TURN_SHARE, 102)
                                .with(RuntimeSettings.LOCAL_QUEUE, 128)
                                .with(WalSettings.WAL_UNACKNOWLEDGED, 256)
                                .with(RuntimeSettings.POLL_TIMEOUT, seconds(103))
                                .with(RuntimeSettings.SPIN, Duration.ofNanos(104))
                                .with(RuntimeSettings.QUANTUM, Duration.ofNanos(10_500))
                                .with(WalSettings.CHECKPOINT_INTERVAL, seconds(106))
                                .with(WalSettings.CHECKPOINT_IDLE, seconds(127))
                                .with(WalSettings.CHECKPOINT_WAL, 107L << 20)
                                .with(EventSettings.HEARTBEAT_MIN, seconds(8))
                                .with(EventSettings.HEARTBEAT_MAX, seconds(9)));
        assertThat(core.tasksPerTurn()).isEqualTo(101);
        assertThat(core.backgroundShare()).isEqualTo(102);
        assertThat(core.queueCapacity()).isEqualTo(128);
        assertThat(core.unacknowledgedBatches()).isEqualTo(256);
        assertThat(core.pollTimeout()).isEqualTo(nanos(103));
        assertThat(core.spin()).isEqualTo(104);
        assertThat(core.quantum()).isEqualTo(10_500);
        assertThat(core.checkpointInterval()).isEqualTo(nanos(106));
        assertThat(core.checkpointIdle()).isEqualTo(nanos(127));
        assertThat(core.checkpointWalBytes()).isEqualTo(107L << 20);
        assertThat(core.heartbeatMin()).isEqualTo(nanos(8));
        assertThat(core.heartbeatMax()).isEqualTo(nanos(9));
    }

    @Test
    void everyNumberOfPanicIsolationComesFromTheSettingOfItsName() {
        CoreSettings core =
                CoreSettings.from(
                        Settings.defaults()
                                .with(RuntimeSettings.WATCHDOG_FAILURES, 110)
                                .with(RuntimeSettings.WATCHDOG_WINDOW, seconds(111))
                                .with(RuntimeSettings.DEGRADED_TIME, seconds(112))
                                .with(RuntimeSettings.JOB_PAUSE, seconds(113))
                                .with(RuntimeSettings.POISON_FAILURES, 114)
                                .with(RuntimeSettings.FINGERPRINTS, 115)
                                .with(RuntimeSettings.POISON_WINDOW, seconds(116))
                                .with(RuntimeSettings.LEASE, seconds(122)));
        assertThat(core.watchdogFailures()).isEqualTo(110);
        assertThat(core.watchdogWindow()).isEqualTo(nanos(111));
        assertThat(core.degradedTime()).isEqualTo(nanos(112));
        assertThat(core.jobPause()).isEqualTo(nanos(113));
        assertThat(core.poisonFailures()).isEqualTo(114);
        assertThat(core.fingerprints()).isEqualTo(115);
        assertThat(core.refusalTime()).isEqualTo(nanos(116));
        assertThat(core.leaseTime()).isEqualTo(nanos(122));
    }

    @Test
    void everyNumberOfMaintenanceAndIdempotencyComesFromTheSettingOfItsName() {
        CoreSettings core =
                CoreSettings.from(
                        Settings.defaults()
                                .with(RuntimeSettings.MAINTENANCE_SHARE, 17)
                                .with(RuntimeSettings.MAINTENANCE_SLICE, Duration.ofNanos(118_000))
                                .with(RuntimeSettings.MAINTENANCE_IO, 119L << 10)
                                .with(RuntimeSettings.COMPACTION_INTERVAL, seconds(120))
                                .with(RuntimeSettings.TOMBSTONE_RATIO, 0.125)
                                .with(RuntimeSettings.IDEMPOTENCY_KEEP, seconds(123))
                                .with(RuntimeSettings.IDEMPOTENCY_RESULT, 124L));
        assertThat(core.maintenanceShare()).isEqualTo(17);
        assertThat(core.maintenanceSlice()).isEqualTo(118_000);
        assertThat(core.maintenanceIo()).isEqualTo(119L << 10);
        assertThat(core.compactionInterval()).isEqualTo(nanos(120));
        assertThat(core.tombstoneRatio()).isEqualTo(0.125);
        assertThat(core.idempotencyKeepMillis()).isEqualTo(123_000);
        assertThat(core.idempotencyResultBytes()).isEqualTo(124);
        assertThat(core.idempotencyKeyBytes()).isEqualTo(256);
    }
}
