package io.nodedb.storage.wal;

import io.nodedb.base.ownership.Shared;

/**
 * How far the log has come. The writer sets it, everybody may read it.
 *
 * <p>Per group, in this order: {@code ackingLsn}; then the acknowledgements; then {@code
 * durableLsn}. So a core that is asked to read at a durable LSN finds every acknowledgement up to
 * it in its ring.
 */
@Shared("volatile fields with one writer")
public final class WalProgress {
    private volatile long ackingLsn;
    private volatile long durableLsn;
    private volatile long durablePosition;
    private volatile long syncedLsn;
    private volatile long syncedPosition;

    WalProgress(long lsn, long position) {
        acking(lsn);
        durable(lsn, position);
        synced(lsn, position);
    }

    void acking(long lsn) {
        ackingLsn = lsn;
    }

    void durable(long lsn, long position) {
        durablePosition = position;
        durableLsn = lsn;
    }

    void synced(long lsn, long position) {
        syncedPosition = position;
        syncedLsn = lsn;
    }

    /** Acknowledgements up to this LSN are in the cores' rings or about to be. */
    public long ackingLsn() {
        return ackingLsn;
    }

    /**
     * Every commit up to this LSN is as lasting as it asked for, and acknowledged: the snapshot of
     * a new reader.
     */
    public long durableLsn() {
        return durableLsn;
    }

    /** Global position after the group of {@link #durableLsn()}. */
    public long durablePosition() {
        return durablePosition;
    }

    /** Every commit up to this LSN survives a power loss. */
    public long syncedLsn() {
        return syncedLsn;
    }

    /** Global position below which everything survives a power loss. */
    public long syncedPosition() {
        return syncedPosition;
    }
}
