package io.nodedb.plan.document;

import io.nodedb.base.ids.KeyHash;
import io.nodedb.plan.Call;
import org.jspecify.annotations.Nullable;

/**
 * One page of a scan over a range of keys in one partition of an ordered collection. A scan is one
 * such call after another, at one snapshot: the next begins behind the last key of the page before.
 */
public final class RangeScanCall extends Call {
    public int collection;

    /** Partition to scan. */
    public int partition;

    public ScanDirection direction = ScanDirection.FORWARD;

    /** First key of the range; null is the collection's beginning. Only read. */
    public byte @Nullable [] from;

    /** The key behind the range, not part of it; null is the collection's end. Only read. */
    public byte @Nullable [] to;

    /** The last key of the page before, in the scan's direction; null starts. Only read. */
    public byte @Nullable [] after;

    /** Rows at which the page ends. */
    public int maxEntries = 256;

    /** Bytes at which the page ends; it holds at least one row. */
    public int maxBytes = 64 * 1024;

    public boolean withValues;

    /**
     * The page: per row key length u32, value length u32 (0 without values), the version's LSN i64
     * (negative while it is not durable), key bytes, value bytes; little-endian.
     */
    public byte[] page = {};

    public int pageLength;
    public int entries;

    /** No row of the range is left behind this page. */
    public boolean finished;

    /** Engine scratch: the page was begun in an earlier quantum and goes on. */
    public boolean resumable;

    /** Engine scratch, kept for the next page. */
    public @Nullable Object scratch;

    @Override
    public boolean writes() {
        return false;
    }

    @Override
    public int operation() {
        return 5;
    }

    @Override
    public int collection() {
        return collection;
    }

    @Override
    public long valuesHash() {
        long hash = (partition * 31L + maxEntries) * 31 + direction.name().hashCode();
        return ((hash * 31 + hash(from)) * 31 + hash(to)) * 31 + hash(after);
    }

    private static long hash(byte @Nullable [] key) {
        return key == null ? 7 : KeyHash.of(key);
    }

    @Override
    public void reset() {
        collection = 0;
        partition = 0;
        direction = ScanDirection.FORWARD;
        from = null;
        to = null;
        after = null;
        maxEntries = 256;
        maxBytes = 64 * 1024;
        withValues = false;
        scratch = null;
        resetAnswer();
    }

    /** Forgets the answer only. */
    public void resetAnswer() {
        pageLength = 0;
        entries = 0;
        finished = false;
        resumable = false;
    }
}
