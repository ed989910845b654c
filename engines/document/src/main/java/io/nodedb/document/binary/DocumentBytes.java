package io.nodedb.document.binary;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Utf8;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The bytes of one document with positions from its start, each read checked against its end. Owned
 * by its view.
 */
final class DocumentBytes {
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;
    private int length;

    void wrap(MemorySegment newSegment, long newOffset, int newLength) {
        segment = newSegment;
        offset = newOffset;
        length = newLength;
    }

    int length() {
        return length;
    }

    int getByte(int position) {
        need(position, 1);
        return segment.get(ValueLayout.JAVA_BYTE, offset + position) & 0xFF;
    }

    long getLong(int position) {
        need(position, Long.BYTES);
        return segment.get(LONG, offset + position);
    }

    int getInt(int position) {
        need(position, Integer.BYTES);
        return segment.get(INT, offset + position);
    }

    /** A number of 1, 2 or 4 bytes; one of 4 can be negative when it is corrupted. */
    int getLittleEndian(int position, int width) {
        need(position, width);
        return switch (width) {
            case 1 -> segment.get(ValueLayout.JAVA_BYTE, offset + position) & 0xFF;
            case 2 -> segment.get(SHORT, offset + position) & 0xFFFF;
            default -> segment.get(INT, offset + position);
        };
    }

    long getVarint(int position) {
        long value = 0;
        for (int i = 0; i < 10; i++) {
            int next = getByte(position + i);
            value |= (long) (next & 0x7F) << (7 * i);
            if (next < 0x80) {
                return value;
            }
        }
        throw corrupted("a varint is too long", position);
    }

    long getSignedVarint(int position) {
        long value = getVarint(position);
        return (value >>> 1) ^ -(value & 1);
    }

    int varintBytes(int position) {
        int size = 1;
        while (getByte(position + size - 1) >= 0x80) {
            size++;
        }
        return size;
    }

    /** A varint that is the length of what follows it. */
    int getLength(int position) {
        long size = getVarint(position);
        if (size < 0 || size > length) {
            throw corrupted("a length reaches past the end", position);
        }
        return checkedLength(position + varintBytes(position), (int) size);
    }

    /** {@code size}, when so many bytes lie from {@code position} on. */
    int checkedLength(int position, int size) {
        need(position, size);
        return size;
    }

    int compare(int position, int size, byte[] key) {
        int shared = Math.min(size, key.length);
        need(position, size);
        for (int i = 0; i < shared; i++) {
            int left = segment.get(ValueLayout.JAVA_BYTE, offset + position + i) & 0xFF;
            int right = key[i] & 0xFF;
            if (left != right) {
                return left - right;
            }
        }
        return size - key.length;
    }

    byte[] getBytes(int position, int size) {
        need(position, size);
        byte[] copy = new byte[size];
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, offset + position, copy, 0, size);
        return copy;
    }

    String getText(int position, int size) {
        return Utf8.decode(getBytes(position, size), 0, size);
    }

    NodeDbException corrupted(String what, int position) {
        return new NodeDbException(
                ErrorCode.DATA_CORRUPTED,
                "A document can't be read: "
                        + what
                        + ": offset="
                        + position
                        + " length="
                        + length
                        + ".");
    }

    private void need(int position, int size) {
        if (position < 0 || size < 0 || size > length - position) {
            throw corrupted("it ends early", position);
        }
    }
}
