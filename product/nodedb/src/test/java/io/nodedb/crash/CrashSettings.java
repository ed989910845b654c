package io.nodedb.crash;

import io.nodedb.base.settings.EventSettings;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import io.nodedb.base.settings.WalSettings;
import java.time.Duration;

/** Numbers so small that segments, checkpoints and gaps come many times in a second. */
final class CrashSettings {
    static final String COLLECTION = "data";
    static final int ACTORS = 4;
    static final int ACCOUNTS = 8;
    static final long FIRST_BALANCE = 1_000;

    private CrashSettings() {}

    static Settings settings(int cores) {
        return Settings.defaults()
                .with(RuntimeSettings.PARTITIONS, 3)
                .with(RuntimeSettings.DATA_CORES, cores)
                .with(EventSettings.EVENT_RING, 8)
                .with(WalSettings.WAL_SEGMENT, 256L << 10)
                .with(WalSettings.WAL_RING, 64L << 10)
                .with(WalSettings.WAL_GROUP, 64L << 10)
                .with(WalSettings.CHECKPOINT_INTERVAL, Duration.ofMillis(100));
    }
}
