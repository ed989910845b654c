package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;

/** Walks over an {@link OrderTree} by rank, in either direction, while nothing changes it. */
@CoreOwned
final class OrderCursor {
    private final OrderTree tree;
    private long leaf;
    private int slot;
    private long rank;

    OrderCursor(OrderTree tree, long rank) {
        this.tree = tree;
        seek(rank);
    }

    /** Goes to a rank; one that does not exist is past the end. */
    void seek(long toRank) {
        rank = toRank;
        leaf = 0;
        if (exists()) {
            leaf = tree.leafOfRank(rank);
            slot = tree.slotOfRank();
        }
    }

    boolean exists() {
        return rank >= 0 && rank < tree.size();
    }

    /** The version of the element. */
    long entry() {
        return tree.entry(leaf, slot);
    }

    long sort() {
        return tree.sort(leaf, slot);
    }

    void next() {
        rank++;
        slot++;
        if (slot >= tree.count(leaf)) {
            seek(rank);
        }
    }

    void previous() {
        rank--;
        slot--;
        if (slot < 0) {
            seek(rank);
        }
    }
}
