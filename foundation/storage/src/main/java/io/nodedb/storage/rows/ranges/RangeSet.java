package io.nodedb.storage.rows.ranges;

import io.nodedb.base.ownership.Immutable;
import java.util.List;

/** Committed deletions of ranges, as background jobs and manifests need them. */
@Immutable
public record RangeSet(List<RangeDeletion> deletions) {
    public static final RangeSet EMPTY = new RangeSet(List.of());

    public RangeSet {
        deletions = List.copyOf(deletions);
    }

    /**
     * The LSN of the oldest deletion that covers a key and is newer than {@code lsn}: when the
     * version ceased to be visible for that reason. {@link Long#MAX_VALUE} when there is none.
     */
    public long oldestAbove(byte[] rowKey, int length, long lsn) {
        long oldest = Long.MAX_VALUE;
        for (RangeDeletion deletion : deletions) {
            if (deletion.lsn() > lsn
                    && deletion.lsn() < oldest
                    && deletion.covers(rowKey, length)) {
                oldest = deletion.lsn();
            }
        }
        return oldest;
    }

    /** True when a purged keyspace holds the key. */
    public boolean isPurged(byte[] rowKey, int length) {
        for (RangeDeletion deletion : deletions) {
            if (deletion.lsn() == RangeDeletion.PURGED && deletion.covers(rowKey, length)) {
                return true;
            }
        }
        return false;
    }

    /** The newest id of a deletion here; 0 when there is none. */
    public long highestId() {
        long highest = 0;
        for (RangeDeletion deletion : deletions) {
            highest = Math.max(highest, deletion.id());
        }
        return highest;
    }

    public boolean isEmpty() {
        return deletions.isEmpty();
    }
}
