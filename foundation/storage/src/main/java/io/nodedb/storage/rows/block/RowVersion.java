package io.nodedb.storage.rows.block;

/** Kinds of versions, and the order of their stamps. */
public final class RowVersion {
    public static final int PUT = 1;
    public static final int DELETE = 2;

    /** Kept for operands that are merged when read; nothing writes it yet. */
    public static final int MERGE_RESERVED = 3;

    /** Above every LSN: pending versions are newer than committed ones. */
    private static final long PENDING = 1L << 62;

    private RowVersion() {}

    /**
     * A number that is the greater the newer the version: an LSN is itself, a pending version's
     * stamp (minus its batch's sequence) lies above all LSNs.
     */
    public static long age(long stamp) {
        return stamp >= 0 ? stamp : PENDING - stamp;
    }

    /** The stamp of an {@link #age}. */
    public static long stampOfAge(long age) {
        return age < PENDING ? age : PENDING - age;
    }

    /** The age bound of a read: 0 reads the newest version. */
    public static long bound(long readLsn) {
        return readLsn == 0 ? Long.MAX_VALUE : readLsn;
    }
}
