package io.nodedb.storage.rows;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.storage.rows.manifest.RowManifest;
import io.nodedb.storage.rows.segment.Levels;

/** What {@link RowStoreLoader} found: handed to the core that will own the store. */
@Immutable
public record RecoveredRows(RowManifest manifest, Levels levels, long nextFileNumber) {
    /** Replay may start behind it. */
    public long coveredLsn() {
        return manifest.coveredLsn();
    }

    /** The log was synced at least up to it, and new positions must start above it. */
    public long highestLsn() {
        return manifest.highestLsn();
    }
}
