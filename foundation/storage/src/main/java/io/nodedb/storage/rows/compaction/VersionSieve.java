package io.nodedb.storage.rows.compaction;

import io.nodedb.storage.rows.VersionHorizon;
import io.nodedb.storage.rows.ranges.RangeSet;

/**
 * Decides which versions of a key are written again: the newest, and every older one that a
 * registered snapshot sees. Asked for one key's versions after another, newest first. One thread.
 */
final class VersionSieve {
    private static final long NONE = Long.MAX_VALUE;

    private final VersionHorizon horizon;
    private final RangeSet ranges;
    private long newerLsn = NONE;
    private boolean purged;
    private long rangesApplied;

    VersionSieve(VersionHorizon horizon, RangeSet ranges) {
        this.horizon = horizon;
        this.ranges = ranges;
        this.rangesApplied = ranges.highestId();
    }

    /** The next key begins. */
    void startKey(byte[] rowKey, int length) {
        newerLsn = NONE;
        purged = !ranges.isEmpty() && ranges.isPurged(rowKey, length);
    }

    /** Whether this version stays. */
    boolean keeps(byte[] rowKey, int length, long lsn) {
        if (purged || lsn == newerLsn) {
            return false;
        }
        long until = newerLsn;
        newerLsn = lsn;
        boolean covered = false;
        if (!ranges.isEmpty()) {
            long deleted = ranges.oldestAbove(rowKey, length, lsn);
            covered = deleted != NONE;
            until = Math.min(until, deleted);
        }
        boolean kept = until == NONE || horizon.needed(lsn, until);
        if (kept && covered) {
            // A deletion of a range has not done its work here, so none counts as applied.
            rangesApplied = 0;
        }
        return kept;
    }

    /** Is there a snapshot that is older than this version? */
    boolean isOfInterest(long lsn) {
        return horizon.needed(0, lsn);
    }

    /** What {@link io.nodedb.storage.rows.segment.SegmentInfo#rangesApplied} is to say. */
    long rangesApplied() {
        return rangesApplied;
    }
}
