package io.nodedb.control.port;

import io.nodedb.storage.wal.CommitPort;

/** The log as the Control Plane sees it. */
public interface LogPort {
    /** The coordinator's way to the WAL writer; its coordinator side is the lane thread's. */
    CommitPort commits();

    /** The LSN up to which commits are being acknowledged; never behind {@link #durableLsn()}. */
    long ackingLsn();

    /** The LSN up to which every commit was acknowledged. */
    long durableLsn();

    /**
     * The LSN up to which the log is synced; behind {@link #durableLsn()} only under async commits.
     */
    long syncedLsn();
}
