package io.nodedb.storage.snapshot;

/**
 * A registered snapshot, to be reused by its owner for the next one. One thread at a time uses it:
 * the one that registered it, or whom that handed it to.
 */
public final class SnapshotHandle {
    /** {@link #slot()} of a handle that holds nothing. */
    public static final int NO_SLOT = -1;

    private int slot = NO_SLOT;
    private long lsn;

    /** The registry's slot, to be sent along with each read; {@link #NO_SLOT} when none is held. */
    public int slot() {
        return slot;
    }

    /** Every commit up to here, and none above it, is seen. */
    public long lsn() {
        return lsn;
    }

    /** True between registration and release, also when the snapshot has expired meanwhile. */
    public boolean isRegistered() {
        return slot != NO_SLOT;
    }

    void hold(int slot, long lsn) {
        this.slot = slot;
        this.lsn = lsn;
    }

    void clear() {
        slot = NO_SLOT;
    }
}
