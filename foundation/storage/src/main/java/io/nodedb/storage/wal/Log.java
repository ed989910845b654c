package io.nodedb.storage.wal;

/**
 * The log of one partition: its commits under dense indexes from 1. The seam at which a consensus
 * log can take the place of this one. Callable from every thread; a cursor belongs to one.
 */
public interface Log {
    int partition();

    /** The last index given out, 0 before the first. */
    long lastIndex();

    /**
     * The commits with an index of at least {@code fromLogIndex}; LSN_TOO_OLD when the log no
     * longer reaches back so far.
     */
    CommitCursor cursor(long fromLogIndex, ReadLimit limit);
}
