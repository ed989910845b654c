package io.nodedb.base.ids;

/**
 * A key's hash falls in one of 1 024 slots; the catalog maps slots to partitions. Both functions
 * are part of the format on disk.
 */
public final class Slots {
    /** Number of slots; fixed for ever. */
    public static final int COUNT = 1024;

    private Slots() {}

    /**
     * Slot of a {@link KeyHash} value: its <em>low</em> ten bits, so that a partition's keys still
     * spread over all high bits (hash tables use those).
     */
    public static int ofHash(long keyHash) {
        return (int) keyHash & (COUNT - 1);
    }

    /**
     * The partition of a slot in a database created with {@code partitions} partitions and never
     * rebalanced.
     */
    public static int defaultPartition(int slot, int partitions) {
        return slot % partitions;
    }
}
