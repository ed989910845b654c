package io.nodedb.storage.rows.block;

import io.nodedb.base.errors.Check;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Moves over the entries of a decompressed block ({@link BlockBuilder} has the layout), which must
 * stay where it is while the cursor is used. One thread; reusable; allocates only while its key
 * grows.
 */
public final class BlockCursor {
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int NOWHERE = -1;

    private MemorySegment segment = MemorySegment.NULL;
    private long base;
    private int entriesEnd;
    private int restartsAt;
    private int restartCount;
    private long baseLsn;

    private int entryAt = NOWHERE;
    private int nextAt;
    private int at;
    private byte[] key = new byte[64];
    private int keyLength;
    private long lsn;
    private int kind;
    private int valueAt;
    private int valueLength;

    /** The run of entries from a restart on that {@link #previous} goes back through. */
    private final DecodedRun run = new DecodedRun();

    /** A block of {@code rawBytes} at {@code position}; the cursor stands nowhere. */
    public void reset(MemorySegment memory, long position, int rawBytes) {
        segment = memory;
        base = position;
        Check.that(rawBytes > BlockBuilder.HEADER_BYTES + 4, "a block has entries", rawBytes);
        restartCount = segment.get(INT, base + rawBytes - 4);
        restartsAt = rawBytes - 4 - 4 * restartCount;
        Check.that(
                restartCount > 0 && restartsAt > BlockBuilder.HEADER_BYTES,
                "restarts lie in their block",
                restartCount);
        entriesEnd = restartsAt;
        baseLsn = segment.get(LONG, base);
        entryAt = NOWHERE;
        run.clear();
    }

    /** To the first entry. */
    public boolean first() {
        nextAt = BlockBuilder.HEADER_BYTES;
        return next();
    }

    /** Before the first entry: {@link #next} moves to it. */
    public void rewind() {
        entryAt = NOWHERE;
        nextAt = BlockBuilder.HEADER_BYTES;
    }

    /** To the last entry. */
    public boolean last() {
        nextAt = restart(restartCount - 1);
        while (nextAt < entriesEnd) {
            decode();
        }
        return true;
    }

    /** To the entry behind; false at the end, where the cursor stands nowhere. */
    public boolean next() {
        if (nextAt >= entriesEnd) {
            entryAt = NOWHERE;
            return false;
        }
        decode();
        return true;
    }

    /** To the entry before; false at the start, where the cursor stands nowhere. */
    public boolean previous() {
        int end = entryAt;
        if (end <= BlockBuilder.HEADER_BYTES) {
            entryAt = NOWHERE;
            return false;
        }
        int index = run.indexOfEnd(end);
        if (index < 0) {
            decodeRunBefore(end);
            index = run.size() - 1;
        }
        take(index);
        return true;
    }

    /** Decodes the entries from the last restart before {@code end} up to there. */
    private void decodeRunBefore(int end) {
        int low = 0;
        int high = restartCount - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (restart(middle) < end) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        nextAt = restart(low);
        run.clear();
        do {
            decode();
            run.add(entryAt, nextAt, key, keyLength, lsn, kind, valueAt);
        } while (nextAt < end);
    }

    private void take(int index) {
        entryAt = run.start(index);
        nextAt = run.end(index);
        keyLength = run.keyLength(index);
        run.copyKey(index, key);
        lsn = run.lsn(index);
        kind = run.kind(index);
        valueAt = run.valueAt(index);
        valueLength = nextAt - valueAt;
    }

    /**
     * To the first entry at or behind (key, LSN): a greater key, or this key at an LSN of at most
     * {@code bound}. False when there is none; the cursor then stands nowhere.
     */
    public boolean seek(byte[] target, int targetLength, long bound) {
        int low = 0;
        int high = restartCount - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            nextAt = restart(middle);
            decode();
            if (precedes(target, targetLength, bound)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        nextAt = restart(low);
        while (nextAt < entriesEnd) {
            decode();
            if (!precedes(target, targetLength, bound)) {
                return true;
            }
        }
        entryAt = NOWHERE;
        return false;
    }

    private boolean precedes(byte[] target, int targetLength, long bound) {
        int order = RowKey.compare(key, keyLength, target, targetLength);
        return order < 0 || (order == 0 && lsn > bound);
    }

    public boolean isPositioned() {
        return entryAt != NOWHERE;
    }

    /** The present entry's row key; valid until the next move. */
    public byte[] key() {
        return key;
    }

    public int keyLength() {
        return keyLength;
    }

    public boolean keyEquals(byte[] other, int otherLength) {
        return keyLength == otherLength && RowKey.compare(key, keyLength, other, otherLength) == 0;
    }

    public long lsn() {
        return lsn;
    }

    public int kind() {
        return kind;
    }

    /** The memory that the value lies in, at {@link #valuePosition}. */
    public MemorySegment memory() {
        return segment;
    }

    public long valuePosition() {
        return base + valueAt;
    }

    public int valueLength() {
        return valueLength;
    }

    /** Copies the value to the start of {@code target}. */
    public void copyValue(byte[] target) {
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, base + valueAt, target, 0, valueLength);
    }

    /** A varint inside the value of an index entry, from {@code offset}; see {@link #varintEnd}. */
    public long valueVarint(int offset) {
        at = valueAt + offset;
        return varint();
    }

    /** Offset in the value behind the last {@link #valueVarint}. */
    public int varintEnd() {
        return at - valueAt;
    }

    private int restart(int index) {
        int offset = segment.get(INT, base + restartsAt + 4L * index);
        Check.that(
                offset >= BlockBuilder.HEADER_BYTES && offset < entriesEnd,
                "a restart lies among the entries",
                offset);
        return offset;
    }

    private void decode() {
        at = nextAt;
        int shared = (int) varint();
        int fresh = (int) varint();
        long zigzag = varint();
        long lengthAndKind = varint();
        int value = (int) (lengthAndKind >>> 2);
        Check.that(
                shared >= 0
                        && shared <= keyLength
                        && fresh >= 0
                        && value >= 0
                        && fresh <= entriesEnd - at
                        && value <= entriesEnd - at - fresh,
                "an entry lies in its block",
                nextAt);
        int newLength = shared + fresh;
        if (key.length < newLength) {
            byte[] longer = new byte[Math.max(newLength, 2 * key.length)];
            System.arraycopy(key, 0, longer, 0, shared);
            key = longer;
        }
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, base + at, key, shared, fresh);
        keyLength = newLength;
        lsn = baseLsn + (zigzag >>> 1 ^ -(zigzag & 1));
        kind = (int) lengthAndKind & 3;
        valueAt = at + fresh;
        valueLength = value;
        entryAt = nextAt;
        nextAt = valueAt + value;
    }

    private long varint() {
        byte next = segment.get(ValueLayout.JAVA_BYTE, base + at++);
        long value = next & 0x7F;
        for (int shift = 7; next < 0; shift += 7) {
            Check.that(shift < Long.SIZE, "a number has at most ten bytes", shift);
            next = segment.get(ValueLayout.JAVA_BYTE, base + at++);
            value |= (next & 0x7FL) << shift;
        }
        return value;
    }
}
