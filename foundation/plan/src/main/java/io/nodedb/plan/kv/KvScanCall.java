package io.nodedb.plan.kv;

import io.nodedb.plan.Call;

/**
 * One page of a scan over one partition of a collection, in the order of key hashes (unsigned). The
 * page holds whole hash buckets, so a stable key is neither missed nor repeated whatever resizes
 * happen between pages.
 */
public final class KvScanCall extends Call {
    public int collection;

    /** Partition to scan. */
    public int partition;

    /** First hash of the page, unsigned; 0 starts. */
    public long cursor;

    /** Stop after the bucket in which this many entries are reached. */
    public int maxEntries = 256;

    /** Stop after the bucket in which the page reaches this size. */
    public int maxBytes = 64 * 1024;

    public boolean withValues;

    /**
     * The page: per entry key length u32, value length u32 (0 without values), expiry i64, key
     * bytes, value bytes; little-endian.
     */
    public byte[] page = {};

    public int pageLength;
    public int entries;

    /** The next page's {@link #cursor}; meaningless when {@link #finished}. */
    public long nextCursor;

    public boolean finished;

    /**
     * Engine scratch: the page was begun in an earlier quantum and goes on at {@link #nextCursor}.
     */
    public boolean resumable;

    @Override
    public boolean writes() {
        return false;
    }

    @Override
    public int operation() {
        return 4;
    }

    @Override
    public int collection() {
        return collection;
    }

    @Override
    public long valuesHash() {
        return (cursor * 31 + partition) * 31 + maxEntries;
    }

    @Override
    public void reset() {
        collection = 0;
        partition = 0;
        cursor = 0;
        maxEntries = 256;
        maxBytes = 64 * 1024;
        withValues = false;
        resetAnswer();
    }

    /** Forgets the answer only. */
    public void resetAnswer() {
        pageLength = 0;
        entries = 0;
        nextCursor = 0;
        finished = false;
        resumable = false;
    }
}
