package io.nodedb.kv;

import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.memory.SlabAllocator;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.bytes.LittleEndian;
import java.util.Arrays;

/**
 * Versions of keys in slab blocks, by address:
 *
 * <pre>
 *  0 i64 stamp     the commit's LSN; while pending, minus the batch sequence
 *  8 i64 previous  address of the version before, 0 when there is none
 * 16 u32 value length
 * 20 u16 key length
 * 22 u8  flags     {@link #DELETED} | {@link #TIMED} | {@link #IN_CHECKPOINT} | {@link #QUEUED}
 * 23 u8  form      {@link ValueForm}
 *    with TIMED only:
 * 24 i64 expiry, milliseconds since 1970
 * 32 i64 next in its slot of the expiry wheel
 * 40 i64 before it there; see {@link ExpiryWheel}
 *    key, value
 * </pre>
 */
@CoreOwned
final class EntryStore {
    /** The key is gone from this version on. */
    static final int DELETED = 1;

    /** Has an expiry and a place in the wheel. */
    static final int TIMED = 2;

    /** A checkpoint may hold a version of this key, so its deletion must reach a checkpoint too. */
    static final int IN_CHECKPOINT = 4;

    /** The key stands in a {@link VersionQueue}. */
    static final int QUEUED = 8;

    static final int HEADER_BYTES = 24;
    static final int TIMED_HEADER_BYTES = 48;

    private static final int STAMP = 0;
    private static final int PREVIOUS = 8;
    private static final int SHAPE = 16;
    private static final int FLAGS = 22;
    private static final int FORM = 23;

    /** Bytes of two keys that are compared at once. */
    private static final int COMPARED_BYTES = 64;

    private static final int EXPIRE_AT = 24;
    private static final int TIMER_NEXT = 32;
    private static final int TIMER_BEFORE = 40;

    private final SlabAllocator slabs;
    private final byte[] compared = new byte[COMPARED_BYTES];
    private byte[] keyScratch = new byte[256];

    EntryStore(SlabAllocator slabs) {
        this.slabs = slabs;
    }

    /**
     * A new version with no predecessor. Never refused: memory was made sure of before the write
     * was decided.
     */
    long create(
            long stamp,
            int flags,
            int form,
            long expireAtMillis,
            byte[] bytes,
            int keyOffset,
            int keyLength,
            int valueOffset,
            int valueLength) {
        int allFlags = expireAtMillis != 0 ? flags | TIMED : flags;
        int header = headerBytes(allFlags);
        long entry = slabs.allocateBeyondLimit(header + keyLength + valueLength);
        slabs.putLong(entry, STAMP, stamp);
        slabs.putLong(entry, PREVIOUS, 0);
        slabs.putLong(
                entry,
                SHAPE,
                (long) form << 56 | (long) allFlags << 48 | (long) keyLength << 32 | valueLength);
        if (expireAtMillis != 0) {
            slabs.putLong(entry, EXPIRE_AT, expireAtMillis);
            slabs.putLong(entry, TIMER_NEXT, 0);
            slabs.putLong(entry, TIMER_BEFORE, 0);
        }
        slabs.copyIn(bytes, keyOffset, keyLength, entry, header);
        slabs.copyIn(bytes, valueOffset, valueLength, entry, header + keyLength);
        return entry;
    }

    /** A copy of a version that is in no timer's list; 0 when the memory is refused. */
    long copyOf(long entry) {
        long shape = slabs.getLong(entry, SHAPE);
        int bytes = bytes(shape);
        long copy = slabs.allocate(bytes);
        if (copy == SlabAllocator.NONE) {
            return 0;
        }
        slabs.copy(entry, 0, copy, 0, bytes);
        if (((int) (shape >>> 48) & TIMED) != 0) {
            slabs.putLong(copy, TIMER_NEXT, 0);
            slabs.putLong(copy, TIMER_BEFORE, 0);
        }
        return copy;
    }

    /** Stands in a timer's list. */
    boolean isArmed(long entry) {
        return has(entry, TIMED) && timerBefore(entry) != 0;
    }

    void free(long entry) {
        slabs.free(entry, bytes(slabs.getLong(entry, SHAPE)));
    }

    /** Reads a version's head. @return what is of no meaning */
    long touch(long entry) {
        return slabs.getLong(entry, SHAPE);
    }

    long stamp(long entry) {
        return slabs.getLong(entry, STAMP);
    }

    void setStamp(long entry, long stamp) {
        slabs.putLong(entry, STAMP, stamp);
    }

    long previous(long entry) {
        return slabs.getLong(entry, PREVIOUS);
    }

    void setPrevious(long entry, long previous) {
        slabs.putLong(entry, PREVIOUS, previous);
    }

    int flags(long entry) {
        return slabs.getByte(entry, FLAGS);
    }

    /** How the value is encoded, see {@link ValueForm}. */
    int form(long entry) {
        return slabs.getByte(entry, FORM) & 0xFF;
    }

    boolean has(long entry, int flag) {
        return (flags(entry) & flag) != 0;
    }

    void setFlags(long entry, int flags) {
        slabs.putByte(entry, FLAGS, (byte) flags);
    }

    /** Milliseconds since 1970; 0 when it does not expire. */
    long expireAt(long entry) {
        return has(entry, TIMED) ? slabs.getLong(entry, EXPIRE_AT) : 0;
    }

    long timerNext(long entry) {
        return slabs.getLong(entry, TIMER_NEXT);
    }

    void setTimerNext(long entry, long next) {
        slabs.putLong(entry, TIMER_NEXT, next);
    }

    long timerBefore(long entry) {
        return slabs.getLong(entry, TIMER_BEFORE);
    }

    void setTimerBefore(long entry, long before) {
        slabs.putLong(entry, TIMER_BEFORE, before);
    }

    /** A value is there and has not expired at {@code nowMillis}. */
    boolean isLive(long entry, long nowMillis) {
        int flags = flags(entry);
        if ((flags & (DELETED | TIMED)) == 0) {
            return true;
        }
        return (flags & DELETED) == 0 && slabs.getLong(entry, EXPIRE_AT) > nowMillis;
    }

    int keyLength(long entry) {
        return keyLengthOf(slabs.getLong(entry, SHAPE));
    }

    int valueLength(long entry) {
        return (int) slabs.getLong(entry, SHAPE);
    }

    /** Bytes of a version: header, key and value. */
    int versionBytes(long entry) {
        return bytes(slabs.getLong(entry, SHAPE));
    }

    boolean keyEquals(long entry, byte[] key, int offset, int length) {
        long shape = slabs.getLong(entry, SHAPE);
        return keyLengthOf(shape) == length
                && slabs.equalsBytes(entry, headerOf(shape), key, offset, length);
    }

    boolean valueEquals(long entry, byte[] value, int length) {
        long shape = slabs.getLong(entry, SHAPE);
        return (int) shape == length
                && slabs.equalsBytes(entry, headerOf(shape) + keyLengthOf(shape), value, 0, length);
    }

    boolean valueEquals(long entry, byte[] value, int from, int length) {
        long shape = slabs.getLong(entry, SHAPE);
        return (int) shape == length
                && slabs.equalsBytes(
                        entry, headerOf(shape) + keyLengthOf(shape), value, from, length);
    }

    void copyKey(long entry, byte[] target, int targetOffset) {
        long shape = slabs.getLong(entry, SHAPE);
        slabs.copyOut(entry, headerOf(shape), target, targetOffset, keyLengthOf(shape));
    }

    void copyValue(long entry, byte[] target, int targetOffset) {
        copyValue(entry, 0, target, targetOffset, valueLength(entry));
    }

    /** Copies {@code length} bytes of the value, beginning at {@code from}. */
    void copyValue(long entry, int from, byte[] target, int targetOffset, int length) {
        long shape = slabs.getLong(entry, SHAPE);
        slabs.copyOut(
                entry, headerOf(shape) + keyLengthOf(shape) + from, target, targetOffset, length);
    }

    /** Eight bytes of the key, little-endian. */
    long keyLong(long entry, int from) {
        int at = headerOf(slabs.getLong(entry, SHAPE)) + from;
        return slabs.getLong(entry, at);
    }

    /** Eight bytes of the value, little-endian. */
    long valueLong(long entry, int from) {
        long shape = slabs.getLong(entry, SHAPE);
        slabs.copyOut(entry, headerOf(shape) + keyLengthOf(shape) + from, compared, 0, Long.BYTES);
        return LittleEndian.getLong(compared, 0);
    }

    /** Copies {@code length} bytes of the key, beginning at {@code from}. */
    void copyKey(long entry, int from, byte[] target, int targetOffset, int length) {
        slabs.copyOut(
                entry, headerOf(slabs.getLong(entry, SHAPE)) + from, target, targetOffset, length);
    }

    /** Compares the rest of the key, behind {@code from}, with bytes, byte by byte, unsigned. */
    int compareKey(long entry, int from, byte[] bytes, int offset, int length) {
        long shape = slabs.getLong(entry, SHAPE);
        int header = headerOf(shape) + from;
        int keyLength = keyLengthOf(shape) - from;
        int common = Math.min(keyLength, length);
        for (int at = 0; at < common; at += COMPARED_BYTES) {
            int part = Math.min(COMPARED_BYTES, common - at);
            slabs.copyOut(entry, header + at, compared, 0, part);
            int order =
                    Arrays.compareUnsigned(
                            compared, 0, part, bytes, offset + at, offset + at + part);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(keyLength, length);
    }

    /** The {@link KeyHash} of the key, which is left in {@link #keyScratch()}. */
    long keyHash(long entry) {
        long shape = slabs.getLong(entry, SHAPE);
        int length = keyLengthOf(shape);
        if (length > keyScratch.length) {
            keyScratch = new byte[Math.max(length, 2 * keyScratch.length)];
        }
        slabs.copyOut(entry, headerOf(shape), keyScratch, 0, length);
        return KeyHash.of(keyScratch, 0, length);
    }

    /** The key that {@link #keyHash} has read last. */
    byte[] keyScratch() {
        return keyScratch;
    }

    /**
     * The newest version, from {@code head} back, that is committed at or before {@code lsn}; 0
     * when none.
     */
    long visibleAt(long head, long lsn) {
        long entry = head;
        while (entry != 0) {
            long stamp = stamp(entry);
            if (stamp > 0 && stamp <= lsn) {
                return entry;
            }
            entry = previous(entry);
        }
        return 0;
    }

    private static int headerBytes(int flags) {
        return (flags & TIMED) != 0 ? TIMED_HEADER_BYTES : HEADER_BYTES;
    }

    private static int headerOf(long shape) {
        return headerBytes((int) (shape >>> 48));
    }

    private static int keyLengthOf(long shape) {
        return (int) (shape >>> 32) & 0xFFFF;
    }

    private static int bytes(long shape) {
        return headerOf(shape) + keyLengthOf(shape) + (int) shape;
    }
}
