package io.nodedb.base.ids;

/** Partition numbers: data partitions count from 0; the system partition holds the catalog. */
public final class Partitions {
    /**
     * The partition of the catalog: collections, tombstones, slot map. Written like any other;
     * replayed first.
     */
    public static final int SYSTEM = 0xFFFF;

    /** Most data partitions that a database may have: one per slot. */
    public static final int MAX = Slots.COUNT;

    private Partitions() {}

    /** The folder of a partition below the database's directory. */
    public static String directory(int partition) {
        return partition == SYSTEM ? "catalog" : String.format("p%04d", partition);
    }
}
