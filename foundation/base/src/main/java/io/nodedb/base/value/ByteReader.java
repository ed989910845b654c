package io.nodedb.base.value;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;

/**
 * Reads what {@link ByteWriter} wrote from a part of an array. Every step is checked against the
 * end: bytes that are cut or changed end in {@link ErrorCode#DATA_CORRUPTED} with the offset, never
 * in a read outside the part or in an allocation of an unchecked length. Owned by one thread.
 */
public final class ByteReader {
    private final byte[] bytes;
    private final int start;
    private final int end;
    private int position;

    public ByteReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    public ByteReader(byte[] bytes, int from, int length) {
        this.bytes = bytes;
        start = from;
        end = from + length;
        position = from;
    }

    public int remaining() {
        return end - position;
    }

    public int getByte() {
        need(1);
        return bytes[position++] & 0xFF;
    }

    public int getInt() {
        need(Integer.BYTES);
        int value = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            value = value << 8 | (bytes[position++] & 0xFF);
        }
        return value;
    }

    public long getLong() {
        return (long) getInt() << 32 | (getInt() & 0xFFFF_FFFFL);
    }

    public long getVarint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int next = getByte();
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw corrupted("a varint is too long");
    }

    public long getSignedVarint() {
        long value = getVarint();
        return value >>> 1 ^ -(value & 1);
    }

    /** A varint that counts things of at least one byte each, so it can't exceed what is left. */
    public int getCount() {
        long count = getVarint();
        if (count < 0 || count > remaining()) {
            throw corrupted("a length reaches past the end: length=" + count);
        }
        return (int) count;
    }

    public byte[] getBytes(int length) {
        need(length);
        byte[] copy = new byte[length];
        System.arraycopy(bytes, position, copy, 0, length);
        position += length;
        return copy;
    }

    public String getText() {
        int length = getCount();
        String text = Utf8.decode(bytes, position, length);
        position += length;
        return text;
    }

    /** The error that names this place. */
    public NodeDbException corrupted(String what) {
        return new NodeDbException(
                ErrorCode.DATA_CORRUPTED,
                "Bytes of a value can't be read: " + what + " offset=" + (position - start) + ".");
    }

    private void need(int length) {
        if (length < 0 || length > end - position) {
            throw corrupted("they end early: wanted=" + length + " left=" + (end - position));
        }
    }
}
