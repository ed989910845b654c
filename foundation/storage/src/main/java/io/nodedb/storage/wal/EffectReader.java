package io.nodedb.storage.wal;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.storage.bytes.LittleEndian;

/**
 * Flyweight that moves over the operations of one section ({@link EffectFormat}). Every length is
 * checked against the section before it is used; a section that contradicts itself is
 * DATA_CORRUPTED. Single-threaded, reusable, allocates nothing.
 */
public final class EffectReader {
    private static final byte[] NOTHING = new byte[0];

    private byte[] buffer = NOTHING;
    private int next;
    private int end;
    private int at;
    private int keyOffset;
    private int keyLength;
    private int valueLength;
    private int priorLength;

    /** Stands before the first operation of a section; returns this. */
    public EffectReader wrap(byte[] bytes, int offset, int length) {
        buffer = bytes;
        next = offset;
        end = offset + length;
        return this;
    }

    /** Moves to the next operation; false at the end of the section. */
    public boolean next() {
        if (next == end) {
            return false;
        }
        at = next;
        int remaining = end - at;
        if (remaining < EffectFormat.HEADER_BYTES) {
            throw corrupted("operation header", remaining);
        }
        int operationBytes = LittleEndian.getInt(buffer, at + EffectFormat.BYTES_OFFSET);
        keyLength = LittleEndian.getInt(buffer, at + EffectFormat.KEY_LENGTH_OFFSET);
        valueLength = LittleEndian.getInt(buffer, at + EffectFormat.VALUE_LENGTH_OFFSET);
        priorLength = LittleEndian.getInt(buffer, at + EffectFormat.PRIOR_LENGTH_OFFSET);
        if ((keyLength | valueLength | priorLength) < 0
                || operationBytes > remaining
                || operationBytes
                        != EffectFormat.bytes(flags(), keyLength, valueLength, priorLength)) {
            throw corrupted("operation lengths", operationBytes);
        }
        keyOffset = at + EffectFormat.HEADER_BYTES + (hasExpiry() ? EffectFormat.EXPIRY_BYTES : 0);
        next = at + operationBytes;
        return true;
    }

    private NodeDbException corrupted(String what, int value) {
        return new NodeDbException(
                ErrorCode.DATA_CORRUPTED,
                "A section of effects contradicts itself: what="
                        + what
                        + " value="
                        + value
                        + " remaining="
                        + (end - at));
    }

    /** The array that all offsets refer to. */
    public byte[] buffer() {
        return buffer;
    }

    /** Where the operation itself starts, for copying it whole. */
    public int operationOffset() {
        return at;
    }

    public int operationBytes() {
        return next - at;
    }

    public int kind() {
        return LittleEndian.getUnsignedByte(buffer, at + EffectFormat.KIND_OFFSET);
    }

    public int flags() {
        return LittleEndian.getUnsignedByte(buffer, at + EffectFormat.FLAGS_OFFSET);
    }

    public int engine() {
        return LittleEndian.getUnsignedByte(buffer, at + EffectFormat.ENGINE_OFFSET);
    }

    /** How the engine has encoded the value; 0 for plain bytes. */
    public int form() {
        return LittleEndian.getUnsignedByte(buffer, at + EffectFormat.FORM_OFFSET);
    }

    /** Does this write a part of a key's value, under a key that only the engine knows? */
    public boolean isPart() {
        return (form() & EffectFormat.PART) != 0;
    }

    public int collection() {
        return LittleEndian.getInt(buffer, at + EffectFormat.COLLECTION_OFFSET);
    }

    public int schemaVersion() {
        return LittleEndian.getInt(buffer, at + EffectFormat.SCHEMA_VERSION_OFFSET);
    }

    public boolean hasExpiry() {
        return (flags() & EffectFormat.HAS_EXPIRY) != 0;
    }

    /** Milliseconds since 1970; 0 when the value does not expire. */
    public long expireAtMillis() {
        return hasExpiry() ? LittleEndian.getLong(buffer, at + EffectFormat.HEADER_BYTES) : 0;
    }

    public int keyOffset() {
        return keyOffset;
    }

    public int keyLength() {
        return keyLength;
    }

    public int valueOffset() {
        return keyOffset + keyLength;
    }

    public int valueLength() {
        return valueLength;
    }

    /** Was the value before recorded (which includes: that there was none)? */
    public boolean hasPrior() {
        return (flags() & EffectFormat.HAS_PRIOR) != 0;
    }

    /** With {@link #hasPrior()}: was there a value before? */
    public boolean priorExisted() {
        return (flags() & EffectFormat.PRIOR_EXISTED) != 0;
    }

    public int priorOffset() {
        return valueOffset() + valueLength;
    }

    public int priorLength() {
        return priorLength;
    }

    /** Is this a delete because the key's time had run out? */
    public boolean expired() {
        return (flags() & EffectFormat.EXPIRED) != 0;
    }
}
