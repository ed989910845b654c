package io.nodedb.storage.rows.compaction;

import io.nodedb.storage.rows.block.RowKey;
import io.nodedb.storage.rows.block.RowVersion;
import io.nodedb.storage.rows.segment.SegmentWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes versions in order, from a memtable or a merge, and writes those that stay. A deletion is
 * held back until an older version of its key stays too; when none does and nothing older lies
 * below, the deletion has done its work and goes. Only when it is its key's newest version and some
 * snapshot is older, it stays: a transaction that reads there and writes the key must find that
 * somebody has written it since. One thread.
 */
final class SievedWriter {
    /** Where the files come from: asked only between two keys. */
    interface Output {
        /** The file that the key's versions go to. */
        SegmentWriter writerFor(byte[] rowKey, int length) throws IOException;

        /** True when no level below the output may hold an older version of the key. */
        boolean nothingBelow(byte[] rowKey, int length);
    }

    private final VersionSieve sieve;
    private final Output output;
    private byte[] key = new byte[64];
    private int keyLength = -1;
    private @Nullable SegmentWriter writer;
    private long[] heldBack = new long[4];
    private int heldBackCount;
    private long dropped;

    SievedWriter(VersionSieve sieve, Output output) {
        this.sieve = sieve;
        this.output = output;
    }

    void add(
            byte[] rowKey,
            int length,
            long lsn,
            int kind,
            MemorySegment value,
            long valueAt,
            int valueLength)
            throws IOException {
        if (length != keyLength || RowKey.compare(rowKey, length, key, keyLength) != 0) {
            finishKey();
            startKey(rowKey, length);
        }
        if (!sieve.keeps(key, keyLength, lsn)) {
            dropped++;
        } else if (kind == RowVersion.DELETE) {
            holdBack(lsn);
        } else {
            writeHeldBack();
            writer().add(key, keyLength, lsn, kind, value, valueAt, valueLength);
        }
    }

    /** No further versions. */
    void finishKey() throws IOException {
        if (heldBackCount > 0) {
            if (output.nothingBelow(key, keyLength)) {
                int stay = writer == null && sieve.isOfInterest(heldBack[0]) ? 1 : 0;
                dropped += heldBackCount - stay;
                heldBackCount = stay;
            }
            writeHeldBack();
        }
        writer = null;
    }

    /** Versions that were not written again. */
    long dropped() {
        return dropped;
    }

    private void startKey(byte[] rowKey, int length) {
        if (key.length < length) {
            key = new byte[Math.max(length, 2 * key.length)];
        }
        System.arraycopy(rowKey, 0, key, 0, length);
        keyLength = length;
        sieve.startKey(key, keyLength);
    }

    private void holdBack(long lsn) {
        if (heldBackCount == heldBack.length) {
            heldBack = Arrays.copyOf(heldBack, 2 * heldBackCount);
        }
        heldBack[heldBackCount++] = lsn;
    }

    private void writeHeldBack() throws IOException {
        for (int i = 0; i < heldBackCount; i++) {
            writer().add(key, keyLength, heldBack[i], RowVersion.DELETE, MemorySegment.NULL, 0, 0);
        }
        heldBackCount = 0;
    }

    private SegmentWriter writer() throws IOException {
        SegmentWriter open = writer;
        if (open == null) {
            open = output.writerFor(key, keyLength);
            writer = open;
        }
        return open;
    }
}
