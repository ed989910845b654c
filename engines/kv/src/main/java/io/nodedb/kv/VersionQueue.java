package io.nodedb.kv;

import io.nodedb.base.memory.SlabAllocator;
import io.nodedb.base.ownership.CoreOwned;

/**
 * Keys to look at again, first in first out: the hash of each and the LSN since when it waits. Off
 * the heap, in blocks of 4 KiB:
 *
 * <pre>
 *  0 i64 address of the next block, 0 in the last
 *  8 hash i64, LSN i64, up to 255 times
 * </pre>
 */
@CoreOwned
final class VersionQueue {
    private static final int BLOCK_BYTES = 4096;
    private static final int RECORD_BYTES = 16;
    private static final int HEADER_BYTES = 8;
    private static final int END = HEADER_BYTES + 255 * RECORD_BYTES;

    private final SlabAllocator slabs;
    private long first;
    private long last;
    private int readAt = HEADER_BYTES;
    private int writeAt = END;
    private long size;

    VersionQueue(SlabAllocator slabs) {
        this.slabs = slabs;
    }

    long size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(long hash, long lsn) {
        if (writeAt == END) {
            addBlock();
        }
        slabs.putLong(last, writeAt, hash);
        slabs.putLong(last, writeAt + 8, lsn);
        writeAt += RECORD_BYTES;
        size++;
    }

    /** The hash of the first record; the queue is not empty. */
    long firstHash() {
        return slabs.getLong(first, readAt);
    }

    /** The LSN of the first record; the queue is not empty. */
    long firstLsn() {
        return slabs.getLong(first, readAt + 8);
    }

    void removeFirst() {
        readAt += RECORD_BYTES;
        size--;
        if (size == 0) {
            free();
        } else if (readAt == END) {
            long next = slabs.getLong(first, 0);
            slabs.free(first, BLOCK_BYTES);
            first = next;
            readAt = HEADER_BYTES;
        }
    }

    /** Forgets all records and frees the blocks. */
    void free() {
        while (first != 0) {
            long next = slabs.getLong(first, 0);
            slabs.free(first, BLOCK_BYTES);
            first = next;
        }
        last = 0;
        readAt = HEADER_BYTES;
        writeAt = END;
        size = 0;
    }

    private void addBlock() {
        long block = slabs.allocateBeyondLimit(BLOCK_BYTES);
        slabs.putLong(block, 0, 0);
        if (last == 0) {
            first = block;
        } else {
            slabs.putLong(last, 0, block);
        }
        last = block;
        writeAt = HEADER_BYTES;
    }
}
