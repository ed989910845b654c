package io.nodedb.bench.rows;

import java.io.IOException;

/**
 * A contestant: an embedded store of sorted rows, used by one thread. None writes a log: what is
 * measured is rows in memory, files and what merges them.
 */
interface SortedStore extends AutoCloseable {
    /** A value is not longer, so an array of this size takes any. */
    int ROOM = DocumentRows.MAX_BYTES;

    /** What a walk shows; the arrays are the store's. */
    @FunctionalInterface
    interface RowVisitor {
        void row(byte[] key, byte[] value, int valueLength);
    }

    /** Which way a walk goes. */
    enum Way {
        FORWARD,
        BACKWARD
    }

    /**
     * Puts rows 0 to {@code count}, version 0, into the empty store by the fastest way that it has
     * for sorted rows. They last when this returns.
     */
    void loadSorted(DocumentRows rows, long count) throws Exception;

    /** Writes one row; some hundred are a commit. */
    void put(byte[] key, byte[] value, int valueLength) throws Exception;

    /** Commits what is begun, and waits until all rows are in files and no merge is due. */
    void settle() throws Exception;

    /** Copies the value to {@code target}; returns its length, or -1. */
    int get(byte[] key, byte[] target) throws Exception;

    /** Walks all rows. */
    void walk(Way way, RowVisitor visitor) throws Exception;

    @Override
    void close() throws IOException;
}
