package io.nodedb.os.disk;

import io.nodedb.base.ownership.Shared;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The bytes of a file of a {@link MemoryDisk}, shared by its names and its open handles; given back
 * when the last of them goes. Blocks that were never written are not there and read as zeros, but
 * they count, so that allocated room stays room.
 */
@Shared("its own lock")
final class MemoryBytes {
    private static final int BLOCK_BYTES = 16 * 1024;

    /** Room is taken in steps of this size, as file systems do. */
    private static final long ACCOUNTING_BYTES = 4096;

    private static final byte[] ABSENT = {};

    private final MemoryCapacity capacity;
    private byte[][] blocks = {};
    private long size;
    private int references = 1;

    MemoryBytes(MemoryCapacity capacity) {
        this.capacity = capacity;
    }

    synchronized void retain() {
        references++;
    }

    synchronized void release() {
        references--;
        if (references == 0) {
            capacity.giveBack(accounted(size));
            blocks = new byte[0][];
            size = 0;
        }
    }

    synchronized long size() {
        return size;
    }

    /** False when there is no room; then nothing changed. */
    synchronized boolean extend(long newSize) {
        if (newSize <= size) {
            return true;
        }
        if (!capacity.take(accounted(newSize) - accounted(size))) {
            return false;
        }
        int needed = Math.toIntExact((newSize + BLOCK_BYTES - 1) / BLOCK_BYTES);
        int present = blocks.length;
        if (needed > present) {
            blocks = Arrays.copyOf(blocks, Math.max(needed, present + present / 2));
            Arrays.fill(blocks, present, blocks.length, ABSENT);
        }
        size = newSize;
        return true;
    }

    synchronized void truncate(long newSize) {
        capacity.giveBack(accounted(size) - accounted(newSize));
        size = newSize;
        int kept = Math.toIntExact((newSize + BLOCK_BYTES - 1) / BLOCK_BYTES);
        Arrays.fill(blocks, Math.min(kept, blocks.length), blocks.length, ABSENT);
        int inLast = (int) (newSize % BLOCK_BYTES);
        if (inLast != 0 && blocks[kept - 1] != ABSENT) {
            Arrays.fill(blocks[kept - 1], inLast, BLOCK_BYTES, (byte) 0);
        }
    }

    synchronized int read(long position, ByteBuffer target) {
        int total = (int) Math.max(0, Math.min(target.remaining(), size - position));
        for (int done = 0; done < total; ) {
            byte[] block = blocks[(int) ((position + done) / BLOCK_BYTES)];
            int offset = (int) ((position + done) % BLOCK_BYTES);
            int length = Math.min(total - done, BLOCK_BYTES - offset);
            if (block == ABSENT) {
                for (int i = 0; i < length; i++) {
                    target.put((byte) 0);
                }
            } else {
                target.put(block, offset, length);
            }
            done += length;
        }
        return total;
    }

    /** Writes all remaining bytes, or nothing when there is no room. */
    synchronized boolean write(long position, ByteBuffer source) {
        if (source.hasRemaining() && !extend(position + source.remaining())) {
            return false;
        }
        for (long at = position; source.hasRemaining(); ) {
            int index = (int) (at / BLOCK_BYTES);
            if (blocks[index] == ABSENT) {
                blocks[index] = new byte[BLOCK_BYTES];
            }
            int offset = (int) (at % BLOCK_BYTES);
            int length = Math.min(source.remaining(), BLOCK_BYTES - offset);
            source.get(blocks[index], offset, length);
            at += length;
        }
        return true;
    }

    private static long accounted(long size) {
        return (size + ACCOUNTING_BYTES - 1) / ACCOUNTING_BYTES * ACCOUNTING_BYTES;
    }
}
