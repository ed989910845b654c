package io.nodedb.storage.wal;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ids.Lsn;
import io.nodedb.base.ownership.WalOwned;
import java.util.ArrayList;
import java.util.List;

/**
 * Knows what of the log is still needed: for each segment its last LSN and the lowest group that
 * its COMMITs refer to, and the first group of each undecided transaction. Recovery and the writer
 * feed it the same records, so a restart changes nothing but this: what was undecided is aborted.
 */
@WalOwned
final class Retention {
    private static final class Use {
        final Segment segment;
        long lastLsn;
        long neededFrom = Long.MAX_VALUE;

        Use(Segment segment) {
            this.segment = segment;
        }
    }

    private final List<Use> uses = new ArrayList<>();
    private final TransactionPositions undecided = new TransactionPositions();

    /** A segment becomes the last one of the log. */
    void append(Segment segment) {
        uses.add(new Use(segment));
    }

    void removeOldest() {
        uses.remove(0);
    }

    /** A new incarnation begins: nobody is left who could decide what is undecided. */
    void abortUndecided() {
        undecided.clear();
    }

    int undecided() {
        return undecided.size();
    }

    /** A PART or PREPARE stands in the group at {@code groupPosition}. */
    void prepared(long txnId, long groupPosition) {
        undecided.putFirst(txnId, groupPosition);
    }

    /** Position of the group with the transaction's first PART or PREPARE; forgets it. */
    long decided(long txnId) {
        return undecided.remove(txnId);
    }

    /** The segment being written now holds a COMMIT that refers back to a position. */
    void needs(long position) {
        Use last = uses.get(uses.size() - 1);
        last.neededFrom = Math.min(last.neededFrom, position);
    }

    /** The segment being written now reaches up to this LSN. */
    void reached(long lsn) {
        uses.get(uses.size() - 1).lastLsn = lsn;
    }

    /**
     * How many of the oldest segments may go. {@code cutLsn}: nothing at or below it is needed for
     * recovery. {@code pinnedLsn}: somebody still reads above it, which counts for what is neither
     * among more than {@code keepBytes} nor older than {@code keepSinceMillis}.
     */
    int removable(long cutLsn, long pinnedLsn, long keepBytes, long keepSinceMillis) {
        Check.that(!uses.isEmpty(), "the log has a segment");
        int last = uses.size() - 1;
        long bytes = 0;
        for (Use use : uses) {
            bytes += use.segment.bytes();
        }
        int kept = 0;
        while (kept < last) {
            Use use = uses.get(kept);
            boolean pinned =
                    use.lastLsn > pinnedLsn
                            && bytes <= keepBytes
                            && Lsn.millis(use.lastLsn) >= keepSinceMillis;
            if (use.lastLsn > cutLsn || pinned) {
                break;
            }
            bytes -= use.segment.bytes();
            kept++;
        }
        long neededFrom = undecided.lowest();
        for (int i = last; i >= kept; i--) {
            neededFrom = Math.min(neededFrom, uses.get(i).neededFrom);
        }
        while (kept > 0 && neededFrom < uses.get(kept).segment.base()) {
            kept--;
            neededFrom = Math.min(neededFrom, uses.get(kept).neededFrom);
        }
        return kept;
    }
}
