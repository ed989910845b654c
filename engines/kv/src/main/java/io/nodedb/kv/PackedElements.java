package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.bytes.LittleEndian;

/**
 * All elements of a small value, one after another:
 *
 * <pre>
 *  0 u16 elements
 *  then for each of
 *    a hash        field length, value length, field, value
 *    a set         member length, member
 *    a sorted set  member length, member, score f64 (never -0); in the order of scores, then members
 *    a list        length, element
 * </pre>
 *
 * Lengths are in base 128, lowest digit first, with the high bit on all but the last byte.
 */
@CoreOwned
final class PackedElements {
    /** More elements get a structure of their own, so that each can be found. */
    static final int MAX_ELEMENTS = 128;

    /** A larger value gets a structure, so that a write need not repeat all of it. */
    static final int MAX_BYTES = 8 * 1024;

    static final int HEADER_BYTES = 2;

    private int next;

    /** Elements of a packed value. */
    static int count(byte[] packed) {
        return LittleEndian.getUnsignedShort(packed, 0);
    }

    /** Most bytes of one element; a long, so that the sum can be compared. */
    static long bytes(ValueType type, int keyLength, int valueLength) {
        return switch (type) {
            case HASH ->
                    (long) lengthBytes(keyLength)
                            + lengthBytes(valueLength)
                            + keyLength
                            + valueLength;
            case SET -> (long) lengthBytes(keyLength) + keyLength;
            case SORTED_SET -> (long) lengthBytes(keyLength) + keyLength + Double.BYTES;
            case LIST -> (long) lengthBytes(valueLength) + valueLength;
            case STRING -> throw new AssertionError(type);
        };
    }

    /** Writes an element; where the next one belongs. */
    static int write(
            ValueType type,
            byte[] target,
            int at,
            byte[] key,
            int keyFrom,
            int keyLength,
            byte[] value,
            int valueFrom,
            int valueLength) {
        int to = at;
        if (type != ValueType.LIST) {
            to = writeLength(target, to, keyLength);
        }
        if (type == ValueType.HASH || type == ValueType.LIST) {
            to = writeLength(target, to, valueLength);
        }
        if (type != ValueType.LIST) {
            System.arraycopy(key, keyFrom, target, to, keyLength);
            to += keyLength;
        }
        if (type != ValueType.SET) {
            System.arraycopy(value, valueFrom, target, to, valueLength);
            to += valueLength;
        }
        return to;
    }

    /** Reads a length; {@link #next} is where it ends. */
    int readLength(byte[] packed, int at) {
        int length = 0;
        int shift = 0;
        int from = at;
        while (true) {
            int digit = packed[from++];
            length |= (digit & 0x7F) << shift;
            if (digit >= 0) {
                next = from;
                return length;
            }
            shift += 7;
        }
    }

    int next() {
        return next;
    }

    private static int writeLength(byte[] target, int at, int length) {
        int to = at;
        int rest = length;
        while (rest >= 0x80) {
            target[to++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        target[to++] = (byte) rest;
        return to;
    }

    private static int lengthBytes(int length) {
        return Math.max(1, (32 - Integer.numberOfLeadingZeros(length) + 6) / 7);
    }
}
