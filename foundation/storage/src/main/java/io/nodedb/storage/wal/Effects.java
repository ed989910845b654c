package io.nodedb.storage.wal;

import io.nodedb.base.errors.Check;
import io.nodedb.storage.bytes.LittleEndian;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the operations of one section ({@link EffectFormat}) into a byte array that grows and is
 * reused. Values that do not lie in a heap array are written by {@link #append} followed by the
 * owner's copies to {@link #keyOffset()}, {@link #valueOffset()} and {@link #priorOffset()}.
 *
 * <p>Single-threaded. Allocates only while growing; {@link #reset} keeps the array.
 */
public final class Effects {
    /** Largest section: one array, with room for the record around it. */
    public static final int MAX_BYTES = 1 << 30;

    private byte[] bytes;
    private int length;
    private int count;
    private int last;
    private int keyOffset;
    private int valueOffset;
    private int priorOffset;

    public Effects(int initialBytes) {
        this.bytes = new byte[initialBytes];
    }

    /** Appends a PUT; {@code expireAtMillis} 0 means that the value does not expire. */
    public void put(
            int engine,
            int collection,
            int schemaVersion,
            byte[] key,
            int keyFrom,
            int keyLength,
            byte[] value,
            int valueFrom,
            int valueLength,
            long expireAtMillis) {
        int flags = expireAtMillis != 0 ? EffectFormat.HAS_EXPIRY : 0;
        append(
                EffectFormat.PUT,
                flags,
                engine,
                collection,
                schemaVersion,
                keyLength,
                valueLength,
                0,
                expireAtMillis);
        System.arraycopy(key, keyFrom, bytes, keyOffset, keyLength);
        System.arraycopy(value, valueFrom, bytes, valueOffset, valueLength);
    }

    /** As {@link #put}, with the value before; {@code prior} null means that there was none. */
    public void putWithPrior(
            int engine,
            int collection,
            int schemaVersion,
            byte[] key,
            int keyFrom,
            int keyLength,
            byte[] value,
            int valueFrom,
            int valueLength,
            long expireAtMillis,
            byte @Nullable [] prior,
            int priorFrom,
            int priorLength) {
        int flags = priorFlags(prior) | (expireAtMillis != 0 ? EffectFormat.HAS_EXPIRY : 0);
        append(
                EffectFormat.PUT,
                flags,
                engine,
                collection,
                schemaVersion,
                keyLength,
                valueLength,
                prior == null ? 0 : priorLength,
                expireAtMillis);
        System.arraycopy(key, keyFrom, bytes, keyOffset, keyLength);
        System.arraycopy(value, valueFrom, bytes, valueOffset, valueLength);
        if (prior != null) {
            System.arraycopy(prior, priorFrom, bytes, priorOffset, priorLength);
        }
    }

    /** Appends a DELETE; {@code flags} is 0 or {@link EffectFormat#EXPIRED}. */
    public void delete(
            int engine,
            int collection,
            int schemaVersion,
            int flags,
            byte[] key,
            int keyFrom,
            int keyLength) {
        append(EffectFormat.DELETE, flags, engine, collection, schemaVersion, keyLength, 0, 0, 0);
        System.arraycopy(key, keyFrom, bytes, keyOffset, keyLength);
    }

    /** As {@link #delete}, with the value before; {@code prior} null means that there was none. */
    public void deleteWithPrior(
            int engine,
            int collection,
            int schemaVersion,
            int flags,
            byte[] key,
            int keyFrom,
            int keyLength,
            byte @Nullable [] prior,
            int priorFrom,
            int priorLength) {
        append(
                EffectFormat.DELETE,
                flags | priorFlags(prior),
                engine,
                collection,
                schemaVersion,
                keyLength,
                0,
                prior == null ? 0 : priorLength,
                0);
        System.arraycopy(key, keyFrom, bytes, keyOffset, keyLength);
        if (prior != null) {
            System.arraycopy(prior, priorFrom, bytes, priorOffset, priorLength);
        }
    }

    private static int priorFlags(byte @Nullable [] prior) {
        return prior == null
                ? EffectFormat.HAS_PRIOR
                : EffectFormat.HAS_PRIOR | EffectFormat.PRIOR_EXISTED;
    }

    /**
     * Appends an operation whose key, value and prior the caller copies into {@link #bytes()} at
     * the three offsets; they are undefined until then.
     */
    public void append(
            int kind,
            int flags,
            int engine,
            int collection,
            int schemaVersion,
            int keyLength,
            int valueLength,
            int priorLength,
            long expireAtMillis) {
        Check.that((keyLength | valueLength | priorLength) >= 0, "effect lengths are not negative");
        long operationBytes = EffectFormat.bytes(flags, keyLength, valueLength, priorLength);
        ensureRoom(operationBytes);
        int at = length;
        LittleEndian.putInt(bytes, at + EffectFormat.BYTES_OFFSET, (int) operationBytes);
        bytes[at + EffectFormat.KIND_OFFSET] = (byte) kind;
        bytes[at + EffectFormat.FLAGS_OFFSET] = (byte) flags;
        bytes[at + EffectFormat.ENGINE_OFFSET] = (byte) engine;
        bytes[at + EffectFormat.FORM_OFFSET] = 0;
        last = at;
        LittleEndian.putInt(bytes, at + EffectFormat.COLLECTION_OFFSET, collection);
        LittleEndian.putInt(bytes, at + EffectFormat.SCHEMA_VERSION_OFFSET, schemaVersion);
        LittleEndian.putInt(bytes, at + EffectFormat.KEY_LENGTH_OFFSET, keyLength);
        LittleEndian.putInt(bytes, at + EffectFormat.VALUE_LENGTH_OFFSET, valueLength);
        LittleEndian.putInt(bytes, at + EffectFormat.PRIOR_LENGTH_OFFSET, priorLength);
        keyOffset = at + EffectFormat.HEADER_BYTES;
        if ((flags & EffectFormat.HAS_EXPIRY) != 0) {
            LittleEndian.putLong(bytes, keyOffset, expireAtMillis);
            keyOffset += EffectFormat.EXPIRY_BYTES;
        }
        valueOffset = keyOffset + keyLength;
        priorOffset = valueOffset + valueLength;
        length = at + (int) operationBytes;
        count++;
    }

    /** Sets the form of the last appended operation, which is 0 without. */
    public void setForm(int form) {
        bytes[last + EffectFormat.FORM_OFFSET] = (byte) form;
    }

    private void ensureRoom(long more) {
        long needed = length + more;
        Check.that(needed <= MAX_BYTES, "a section stays below its limit", MAX_BYTES, needed);
        if (needed > bytes.length) {
            long doubled = Math.min(MAX_BYTES, bytes.length * 2L);
            bytes = Arrays.copyOf(bytes, (int) Math.max(needed, doubled));
        }
    }

    /** Where the key of the last appended operation belongs. */
    public int keyOffset() {
        return keyOffset;
    }

    /** Where the value of the last appended operation belongs. */
    public int valueOffset() {
        return valueOffset;
    }

    /** Where the prior value of the last appended operation belongs. */
    public int priorOffset() {
        return priorOffset;
    }

    /** The encoded operations: valid up to {@link #length()}, until the next append. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** Number of operations. */
    public int count() {
        return count;
    }

    /** Forgets all operations, keeps the array. */
    public void reset() {
        length = 0;
        count = 0;
    }

    /** The present end, for {@link #rollback}. */
    public long mark() {
        return (long) count << 32 | length;
    }

    /** Forgets what was appended after {@link #mark} gave {@code mark}. */
    public void rollback(long mark) {
        int markedLength = (int) mark;
        Check.that(markedLength <= length, "a mark lies before the end", length, markedLength);
        length = markedLength;
        count = (int) (mark >>> 32);
    }
}
