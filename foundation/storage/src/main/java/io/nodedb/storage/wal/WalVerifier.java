package io.nodedb.storage.wal;

import io.nodedb.base.settings.Settings;
import io.nodedb.base.settings.WalSettings;
import io.nodedb.os.disk.Disk;
import java.io.IOException;

/** Checks a closed log without changing a byte. */
public final class WalVerifier {
    private WalVerifier() {}

    /**
     * Reads every group and record.
     *
     * @param knownSyncedLsn the highest LSN that a checkpoint contains: the log must reach it
     * @throws io.nodedb.base.errors.NodeDbException DATA_CORRUPTED with file and offset of the
     *     first damage
     */
    public static RecoveredLog verify(
            Disk disk, String directory, long databaseId, long knownSyncedLsn) throws IOException {
        int segmentBytes = Math.toIntExact(Settings.defaults().get(WalSettings.WAL_SEGMENT));
        return new WalRecovery(disk, directory, databaseId).run(knownSyncedLsn, segmentBytes);
    }
}
