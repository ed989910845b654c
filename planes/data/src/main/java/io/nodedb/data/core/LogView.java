package io.nodedb.data.core;

import io.nodedb.base.ownership.Shared;

/** What a core reads of the log's state; written by the WAL writer. */
@Shared("volatile reads")
public interface LogView {
    /** The LSN up to which commits are durable and acknowledged. */
    long durableLsn();

    /**
     * The LSN up to which commits survive power loss; behind {@link #durableLsn} for asynchronous
     * commits.
     */
    long syncedLsn();

    /** The log failed for good; only reads go on. */
    boolean failed();

    /** Why it failed. */
    String failure();

    /** New writes are refused because the disk is full. */
    boolean refusing();

    /** Where the log stands, in bytes; only differences mean something. */
    long position();
}
