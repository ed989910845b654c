package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The versions of an ordered structure's elements by rank: of the newest ones by the structure's
 * order, at a snapshot by sorting what it sees, because the order knows only the newest.
 */
@CoreOwned
final class OrderedView {
    private final @Nullable OrderCursor cursor;
    private final long[] versions;
    private final long size;
    private long cursorRank;

    private OrderedView(@Nullable OrderCursor cursor, long[] versions, long size) {
        this.cursor = cursor;
        this.versions = versions;
        this.size = size;
    }

    static OrderedView of(Structure structure, CommandRun run) {
        OrderTree order = structure.order;
        if (run.readLsn() == 0 && order != null) {
            return new OrderedView(new OrderCursor(order, 0), new long[0], order.size());
        }
        long[] versions = SnapshotOrder.versions(structure, run);
        return new OrderedView(null, versions, versions.length);
    }

    long size() {
        return size;
    }

    /** The version of a rank that exists; going on by one in either direction is cheap. */
    long version(long rank) {
        OrderCursor at = cursor;
        if (at == null) {
            return versions[(int) rank];
        }
        if (rank == cursorRank + 1) {
            at.next();
        } else if (rank == cursorRank - 1) {
            at.previous();
        } else if (rank != cursorRank) {
            at.seek(rank);
        }
        cursorRank = rank;
        return at.entry();
    }

    /** The rank of an element's version. */
    long rankOf(Structure structure, long version) {
        OrderTree order = structure.order;
        if (cursor != null && order != null) {
            return order.rankOf(structure.sortOf(version), version);
        }
        for (int i = 0; i < versions.length; i++) {
            if (versions[i] == version) {
                return i;
            }
        }
        return -1;
    }

    /** How many elements a cut has before it. */
    long countBefore(Structure structure, OrderTree.Cut cut) {
        OrderTree order = structure.order;
        if (cursor != null && order != null) {
            return order.countBefore(cut);
        }
        int count = 0;
        while (count < versions.length
                && cut.isBefore(structure.sortOf(versions[count]), versions[count])) {
            count++;
        }
        return count;
    }

    @Override
    public String toString() {
        return "size=" + size + " sorted=" + Arrays.toString(versions);
    }
}
