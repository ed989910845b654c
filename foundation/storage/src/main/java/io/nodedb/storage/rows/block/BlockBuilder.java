package io.nodedb.storage.rows.block;

import io.nodedb.base.errors.Check;
import io.nodedb.storage.bytes.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Fills a block with versions in order: keys ascending, a key's versions newest first. Index blocks
 * have the same form; their entries are (last key, last LSN) of a data block and its place.
 *
 * <pre>
 *    0 u64 LSN of the first entry
 *    8     entries:
 *            varint key bytes shared with the entry before
 *            varint key bytes that follow
 *            varint zigzag(LSN - first LSN)
 *            varint value bytes * 4 + kind (1 value, 2 deletion, 3 kept for merge operands)
 *            key bytes, value bytes
 *          u32 offset of each restart: an entry that shares nothing
 *   end    u32 number of restarts
 * </pre>
 *
 * One thread.
 */
public final class BlockBuilder {
    /** A restart every so many entries: a search decodes half of these. */
    static final int RESTART_EVERY = 16;

    static final int HEADER_BYTES = 8;

    /** Longest four varints. */
    private static final int MAX_ENTRY_OVERHEAD = 5 + 5 + 10 + 5;

    private byte[] bytes;
    private int length = HEADER_BYTES;
    private int[] restarts = new int[16];
    private int restartCount;
    private int entries;
    private long baseLsn;
    private byte[] lastKey = new byte[64];
    private int lastKeyLength;
    private long lastLsn;

    public BlockBuilder(int expectedBytes) {
        bytes = new byte[expectedBytes + 1024];
    }

    /** Appends a version; it must sort behind the one before. */
    public void add(
            byte[] key,
            int keyLength,
            long lsn,
            int kind,
            MemorySegment value,
            long valueAt,
            int valueLength) {
        int shared = 0;
        if (entries == 0) {
            baseLsn = lsn;
            LittleEndian.putLong(bytes, 0, lsn);
        }
        if (entries % RESTART_EVERY == 0) {
            addRestart();
        } else {
            int mismatch = Arrays.mismatch(lastKey, 0, lastKeyLength, key, 0, keyLength);
            shared = mismatch < 0 ? keyLength : mismatch;
        }
        reserve(MAX_ENTRY_OVERHEAD + keyLength + valueLength);
        putVarint(shared);
        putVarint(keyLength - shared);
        long delta = lsn - baseLsn;
        putVarint(delta << 1 ^ delta >> 63);
        putVarint((long) valueLength << 2 | kind);
        System.arraycopy(key, shared, bytes, length, keyLength - shared);
        length += keyLength - shared;
        MemorySegment.copy(value, ValueLayout.JAVA_BYTE, valueAt, bytes, length, valueLength);
        length += valueLength;
        if (lastKey.length < keyLength) {
            lastKey = new byte[Math.max(keyLength, 2 * lastKey.length)];
        }
        System.arraycopy(key, shared, lastKey, shared, keyLength - shared);
        lastKeyLength = keyLength;
        lastLsn = lsn;
        entries++;
    }

    /** Appends the list of restarts. @return bytes of the block */
    public int finish() {
        Check.that(entries > 0, "a block has entries");
        reserve((restartCount + 1) * Integer.BYTES);
        for (int i = 0; i < restartCount; i++) {
            LittleEndian.putInt(bytes, length, restarts[i]);
            length += Integer.BYTES;
        }
        LittleEndian.putInt(bytes, length, restartCount);
        length += Integer.BYTES;
        return length;
    }

    public byte[] bytes() {
        return bytes;
    }

    /** Bytes so far. */
    public int length() {
        return length;
    }

    public boolean isEmpty() {
        return entries == 0;
    }

    public int entries() {
        return entries;
    }

    public byte[] lastKey() {
        return lastKey;
    }

    public int lastKeyLength() {
        return lastKeyLength;
    }

    public long lastLsn() {
        return lastLsn;
    }

    /** Starts the next block. */
    public void clear() {
        length = HEADER_BYTES;
        restartCount = 0;
        entries = 0;
        lastKeyLength = 0;
    }

    private void addRestart() {
        if (restartCount == restarts.length) {
            restarts = Arrays.copyOf(restarts, 2 * restartCount);
        }
        restarts[restartCount++] = length;
    }

    private void reserve(int more) {
        int needed = Math.addExact(length, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
        }
    }

    private void putVarint(long value) {
        length = Varint.put(bytes, length, value);
    }
}
