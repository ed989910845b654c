package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Horizon;

/**
 * Which versions of a partition must stay: for snapshots, for checkpoints, for answers under way.
 */
@CoreOwned
final class Retention {
    final PinnedVersions pinned = new PinnedVersions();
    private final Horizon horizon;
    private long publishedLsn;
    private long stampedLsn;

    Retention(Horizon horizon) {
        this.horizon = horizon;
    }

    /**
     * Someone still reads the version that was committed at the one and superseded at the other.
     */
    boolean needed(long version, long fromLsn, long toLsn) {
        return horizon.needed(fromLsn, toLsn) || pinned.isPinned(version);
    }

    /** A snapshot is registered that lies below a commit. */
    boolean snapshotBefore(long lsn) {
        return horizon.needed(0, lsn);
    }

    /** Every commit up to here is in a published checkpoint. */
    long publishedLsn() {
        return publishedLsn;
    }

    void published(long lsn) {
        publishedLsn = Math.max(publishedLsn, lsn);
    }

    /** The highest LSN that was ever stamped or loaded. */
    long stampedLsn() {
        return stampedLsn;
    }

    void stamped(long lsn) {
        stampedLsn = Math.max(stampedLsn, lsn);
    }
}
