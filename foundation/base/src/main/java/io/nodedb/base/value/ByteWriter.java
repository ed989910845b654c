package io.nodedb.base.value;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A growing array of bytes. Fixed-width numbers are big-endian; a varint is unsigned LEB128. Owned
 * by one thread; {@link #clear} keeps the memory for the next use.
 */
public final class ByteWriter {
    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes = new byte[64];
    private int size;

    public ByteWriter clear() {
        size = 0;
        return this;
    }

    public int size() {
        return size;
    }

    public ByteWriter putByte(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
        return this;
    }

    public ByteWriter putInt(int value) {
        ensure(Integer.BYTES);
        INTS.set(bytes, size, value);
        size += Integer.BYTES;
        return this;
    }

    public ByteWriter putLong(long value) {
        ensure(Long.BYTES);
        LONGS.set(bytes, size, value);
        size += Long.BYTES;
        return this;
    }

    /** Up to ten bytes, fewer for small numbers; negative ones take ten. */
    public ByteWriter putVarint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            putByte((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        return putByte((int) rest);
    }

    /** As {@link #putVarint}, short for small negative numbers, too. */
    public ByteWriter putSignedVarint(long value) {
        return putVarint((value << 1) ^ (value >> 63));
    }

    public ByteWriter putBytes(byte[] source) {
        return putBytes(source, 0, source.length);
    }

    public ByteWriter putBytes(byte[] source, int from, int length) {
        ensure(length);
        System.arraycopy(source, from, bytes, size, length);
        size += length;
        return this;
    }

    /** A varint of the length, then UTF-8. */
    public ByteWriter putText(String text) {
        byte[] utf8 = Utf8.encode(text);
        return putVarint(utf8.length).putBytes(utf8);
    }

    /** The low {@code width} bytes of a number, the lowest first. */
    public ByteWriter putLittleEndian(long value, int width) {
        ensure(width);
        setLittleEndian(size, value, width);
        size += width;
        return this;
    }

    /** Overwrites what was written at {@code position} before. */
    public void setLittleEndian(int position, long value, int width) {
        for (int i = 0; i < width; i++) {
            bytes[position + i] = (byte) (value >>> (8 * i));
        }
    }

    /** The byte that was written at {@code position}. */
    public int byteAt(int position) {
        return bytes[position] & 0xFF;
    }

    /** Moves what was written from {@code position} on, so that {@code inserted} lies before it. */
    public void insert(int position, ByteWriter inserted) {
        ensure(inserted.size);
        System.arraycopy(bytes, position, bytes, position + inserted.size, size - position);
        System.arraycopy(inserted.bytes, 0, bytes, position, inserted.size);
        size += inserted.size;
    }

    /** Compares two parts of what was written as unsigned bytes. */
    public int compareParts(int fromA, int lengthA, int fromB, int lengthB) {
        return Arrays.compareUnsigned(bytes, fromA, fromA + lengthA, bytes, fromB, fromB + lengthB);
    }

    /** Complements all bytes from {@code from} on, which reverses their order. */
    public void complement(int from) {
        for (int i = from; i < size; i++) {
            bytes[i] = (byte) ~bytes[i];
        }
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** A copy of a part of what was written. */
    public byte[] copy(int from, int length) {
        return Arrays.copyOfRange(bytes, from, from + length);
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            long doubled = Math.max(2L * bytes.length, (long) size + more);
            bytes = Arrays.copyOf(bytes, (int) Math.min(doubled, Integer.MAX_VALUE - 8));
        }
    }
}
