package io.nodedb.kv;

import io.nodedb.base.errors.Check;
import io.nodedb.base.memory.SlabAllocator;
import io.nodedb.base.ownership.CoreOwned;

/**
 * Elements of a structure in order, with their ranks: a B+ tree whose inner nodes count what lies
 * below them. An element is a sort key (signed) and the address of its version; elements of one
 * sort key are in the order of the bytes of their own keys. Every operation visits one node per
 * level. Off the heap, in nodes of 1 KiB:
 *
 * <pre>
 *  0 u16 records
 *  2 u8  1 in a leaf
 * 16 leaf:  sort key i64, version i64; up to 63 times
 *    inner: child i64, elements below i64, its first sort key i64, its first version i64; 31 times
 * </pre>
 *
 * <p>A node that falls below a quarter joins a neighbour when both fit one node.
 */
@CoreOwned
final class OrderTree {
    static final int NODE_BYTES = 1024;

    /** Tells which elements come first: true for a first part of all, false for the rest. */
    interface Cut {
        boolean isBefore(long sort, long entry);
    }

    private static final int HEADER_BYTES = 16;
    private static final int LEAF_BYTES = 16;
    private static final int CHILD_BYTES = 32;
    private static final int LEAF_RECORDS = (NODE_BYTES - HEADER_BYTES) / LEAF_BYTES;
    private static final int CHILD_RECORDS = (NODE_BYTES - HEADER_BYTES) / CHILD_BYTES;

    /** More than 15 to the power of 15 elements. */
    private static final int MAX_LEVELS = 16;

    private static final int ELEMENTS = 8;
    private static final int SORT = 16;
    private static final int ENTRY = 24;

    private final SlabAllocator slabs;
    private final EntryStore entries;
    private long root;
    private long size;

    /** The way to the place that was looked for last: nodes, and the record in each. */
    private final long[] nodes = new long[MAX_LEVELS];

    private final int[] slots = new int[MAX_LEVELS];
    private int leafLevel;

    private byte[] probe = new byte[64];
    private int probeLength;
    private boolean probeRead;

    private long gapNode;
    private int gapSlot;
    private long steps;

    OrderTree(SlabAllocator slabs, EntryStore entries) {
        this.slabs = slabs;
        this.entries = entries;
    }

    long size() {
        return size;
    }

    /** Records looked at so far: what an operation costs. */
    long steps() {
        return steps;
    }

    void insert(long sort, long entry) {
        size++;
        if (root == 0) {
            root = newNode(true);
            openGap(root, 0);
            putElement(gapNode, gapSlot, sort, entry);
            return;
        }
        descend(sort, entry);
        long right = openGap(nodes[leafLevel], slots[leafLevel]);
        putElement(gapNode, gapSlot, sort, entry);
        for (int level = leafLevel - 1; level >= 0; level--) {
            refresh(nodes[level], slots[level]);
            right = right == 0 ? 0 : insertChild(nodes[level], slots[level] + 1, right);
        }
        if (right != 0) {
            long left = root;
            root = newNode(false);
            insertChild(root, 0, left);
            insertChild(root, 1, right);
        }
    }

    /** Takes an element out, which must be there. */
    void remove(long sort, long entry) {
        find(sort, entry);
        size--;
        closeGap(nodes[leafLevel], slots[leafLevel]);
        for (int level = leafLevel - 1; level >= 0; level--) {
            long child = nodes[level + 1];
            if (count(child) == 0) {
                slabs.free(child, NODE_BYTES);
                closeGap(nodes[level], slots[level]);
            } else {
                refresh(nodes[level], slots[level]);
                if (count(child) < capacity(child) / 4) {
                    join(nodes[level], slots[level]);
                }
            }
        }
        while (root != 0 && (count(root) == 0 || (!isLeaf(root) && count(root) == 1))) {
            long child = count(root) == 0 ? 0 : child(root, 0);
            slabs.free(root, NODE_BYTES);
            root = child;
        }
    }

    /** Another version takes an element's place in the order. */
    void replace(long sort, long before, long after) {
        find(sort, before);
        putElement(nodes[leafLevel], slots[leafLevel], sort, after);
        for (int level = leafLevel - 1; level >= 0; level--) {
            refresh(nodes[level], slots[level]);
        }
    }

    /** How many elements come before one that is there. */
    long rankOf(long sort, long entry) {
        find(sort, entry);
        long rank = slots[leafLevel];
        for (int level = 0; level < leafLevel; level++) {
            for (int i = 0; i < slots[level]; i++) {
                steps++;
                rank += elements(nodes[level], i);
            }
        }
        return rank;
    }

    /** How many elements a cut has before it. */
    long countBefore(Cut cut) {
        long rank = 0;
        long node = root;
        while (node != 0) {
            int from = 0;
            int to = count(node);
            while (from < to) {
                int middle = (from + to) >>> 1;
                steps++;
                if (cut.isBefore(sort(node, middle), entry(node, middle))) {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            if (isLeaf(node)) {
                return rank + from;
            }
            // The cut lies in the last child that begins before it.
            for (int i = 0; i < from - 1; i++) {
                steps++;
                rank += elements(node, i);
            }
            node = from == 0 ? 0 : child(node, from - 1);
        }
        return rank;
    }

    /** The leaf of a rank that exists; {@link #slotOfRank} is the element's record there. */
    long leafOfRank(long rank) {
        Check.that(rank >= 0 && rank < size, "a rank that exists", size, rank);
        long rest = rank;
        long node = root;
        while (!isLeaf(node)) {
            int i = 0;
            while (rest >= elements(node, i)) {
                steps++;
                rest -= elements(node, i++);
            }
            node = child(node, i);
        }
        gapSlot = (int) rest;
        return node;
    }

    int slotOfRank() {
        return gapSlot;
    }

    /** Records of a node. */
    int count(long node) {
        return slabs.getShort(node, 0);
    }

    /** The version of an element of a leaf; the first one below a child. */
    long entry(long node, int slot) {
        return isLeaf(node)
                ? slabs.getLong(node, HEADER_BYTES + LEAF_BYTES * slot + 8)
                : slabs.getLong(node, HEADER_BYTES + CHILD_BYTES * slot + ENTRY);
    }

    /** The sort key of an element of a leaf; the first one below a child. */
    long sort(long node, int slot) {
        return isLeaf(node)
                ? slabs.getLong(node, HEADER_BYTES + LEAF_BYTES * slot)
                : slabs.getLong(node, HEADER_BYTES + CHILD_BYTES * slot + SORT);
    }

    /** Frees at most {@code most} nodes on the way to an empty tree; false when nothing is left. */
    boolean free(int most) {
        for (int i = 0; i < most && root != 0; i++) {
            freeLastLeaf();
        }
        size = 0;
        return root != 0;
    }

    private void freeLastLeaf() {
        long parent = 0;
        long node = root;
        while (!isLeaf(node) && count(node) > 0) {
            parent = node;
            node = child(node, count(node) - 1);
        }
        slabs.free(node, NODE_BYTES);
        if (parent == 0) {
            root = 0;
        } else {
            slabs.putShort(parent, 0, (short) (count(parent) - 1));
        }
    }

    /** Finds the way to where an element stands or belongs. */
    private void descend(long sort, long entry) {
        probeRead = false;
        long node = root;
        int level = 0;
        while (true) {
            int from = 0;
            int to = count(node);
            boolean leaf = isLeaf(node);
            while (from < to) {
                int middle = (from + to) >>> 1;
                steps++;
                int order = compare(node, middle, sort, entry);
                if (order < 0 || (order == 0 && !leaf)) {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            nodes[level] = node;
            if (leaf) {
                slots[level] = from;
                leafLevel = level;
                return;
            }
            slots[level] = Math.max(0, from - 1);
            node = child(node, slots[level]);
            level++;
        }
    }

    private void find(long sort, long entry) {
        Check.that(root != 0, "an element that is there", entry);
        descend(sort, entry);
        long leaf = nodes[leafLevel];
        int slot = slots[leafLevel];
        Check.that(
                slot < count(leaf) && entry(leaf, slot) == entry,
                "an element that is there",
                entry);
    }

    private int compare(long node, int slot, long sort, long entry) {
        int order = Long.compare(sort(node, slot), sort);
        if (order != 0) {
            return order;
        }
        long other = entry(node, slot);
        if (other == entry) {
            return 0;
        }
        if (!probeRead) {
            probeLength = entries.keyLength(entry) - ValueForm.ID_BYTES;
            if (probe.length < probeLength) {
                probe = new byte[Math.max(probeLength, 2 * probe.length)];
            }
            entries.copyKey(entry, ValueForm.ID_BYTES, probe, 0, probeLength);
            probeRead = true;
        }
        return entries.compareKey(other, ValueForm.ID_BYTES, probe, 0, probeLength);
    }

    private long newNode(boolean leaf) {
        long node = slabs.allocateBeyondLimit(NODE_BYTES);
        slabs.putLong(node, 0, leaf ? 1L << 16 : 0);
        return node;
    }

    private boolean isLeaf(long node) {
        return slabs.getByte(node, 2) != 0;
    }

    private int capacity(long node) {
        return isLeaf(node) ? LEAF_RECORDS : CHILD_RECORDS;
    }

    private int recordBytes(long node) {
        return isLeaf(node) ? LEAF_BYTES : CHILD_BYTES;
    }

    private long child(long node, int slot) {
        return slabs.getLong(node, HEADER_BYTES + CHILD_BYTES * slot);
    }

    private long elements(long node, int slot) {
        return slabs.getLong(node, HEADER_BYTES + CHILD_BYTES * slot + ELEMENTS);
    }

    private void putElement(long leaf, int slot, long sort, long entry) {
        int at = HEADER_BYTES + LEAF_BYTES * slot;
        slabs.putLong(leaf, at, sort);
        slabs.putLong(leaf, at + 8, entry);
    }

    private long insertChild(long node, int slot, long child) {
        long right = openGap(node, slot);
        slabs.putLong(gapNode, HEADER_BYTES + CHILD_BYTES * gapSlot, child);
        refresh(gapNode, gapSlot);
        return right;
    }

    /** Tells a node anew what lies below one of its children. */
    private void refresh(long node, int slot) {
        long child = child(node, slot);
        int records = count(child);
        if (records == 0) {
            return;
        }
        long below = records;
        if (!isLeaf(child)) {
            below = 0;
            for (int i = 0; i < records; i++) {
                below += elements(child, i);
            }
        }
        int at = HEADER_BYTES + CHILD_BYTES * slot;
        slabs.putLong(node, at + ELEMENTS, below);
        slabs.putLong(node, at + SORT, sort(child, 0));
        slabs.putLong(node, at + ENTRY, entry(child, 0));
    }

    /**
     * Makes room for a record at {@link #gapSlot} of {@link #gapNode}; the new node to the right
     * when the node was full, otherwise 0. What is added at an end starts a node of its own, so
     * that rows of appended elements fill theirs.
     */
    private long openGap(long node, int slot) {
        int records = count(node);
        int bytes = recordBytes(node);
        long right = 0;
        gapNode = node;
        gapSlot = slot;
        if (records == capacity(node)) {
            int kept = slot == records ? records : slot == 0 ? 0 : records / 2;
            right = newNode(isLeaf(node));
            slabs.copy(
                    node,
                    HEADER_BYTES + kept * bytes,
                    right,
                    HEADER_BYTES,
                    (records - kept) * bytes);
            slabs.putShort(right, 0, (short) (records - kept));
            slabs.putShort(node, 0, (short) kept);
            if (slot > kept || slot == records) {
                gapNode = right;
                gapSlot = slot - kept;
            }
        }
        int there = count(gapNode);
        int at = HEADER_BYTES + gapSlot * bytes;
        slabs.copy(gapNode, at, gapNode, at + bytes, (there - gapSlot) * bytes);
        slabs.putShort(gapNode, 0, (short) (there + 1));
        return right;
    }

    private void closeGap(long node, int slot) {
        int records = count(node);
        int bytes = recordBytes(node);
        int at = HEADER_BYTES + slot * bytes;
        slabs.copy(node, at + bytes, node, at, (records - slot - 1) * bytes);
        slabs.putShort(node, 0, (short) (records - 1));
    }

    /** Joins a child with a neighbour if both fit one node. */
    private void join(long node, int slot) {
        if (slot + 1 < count(node) && joinRight(node, slot)) {
            return;
        }
        if (slot > 0) {
            joinRight(node, slot - 1);
        }
    }

    private boolean joinRight(long node, int slot) {
        long left = child(node, slot);
        long right = child(node, slot + 1);
        int records = count(left);
        int more = count(right);
        if (records + more > capacity(left)) {
            return false;
        }
        int bytes = recordBytes(left);
        slabs.copy(right, HEADER_BYTES, left, HEADER_BYTES + records * bytes, more * bytes);
        slabs.putShort(left, 0, (short) (records + more));
        slabs.free(right, NODE_BYTES);
        closeGap(node, slot + 1);
        refresh(node, slot);
        return true;
    }
}
