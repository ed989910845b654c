package io.nodedb.storage.rows.block;

import java.util.Arrays;

/**
 * The bytes by which rows are sorted: the keyspace, big-endian in four bytes, then the key.
 * Compared as unsigned bytes, a shorter one before its extensions.
 */
public final class RowKey {
    /** Bytes of the keyspace before the key. */
    public static final int PREFIX_BYTES = 4;

    private RowKey() {}

    /** Writes a keyspace to the start of {@code target}. */
    public static void putKeyspace(int keyspace, byte[] target) {
        target[0] = (byte) (keyspace >>> 24);
        target[1] = (byte) (keyspace >>> 16);
        target[2] = (byte) (keyspace >>> 8);
        target[3] = (byte) keyspace;
    }

    /** The keyspace of a row key. */
    public static int keyspace(byte[] rowKey) {
        return rowKey[0] << 24
                | (rowKey[1] & 0xFF) << 16
                | (rowKey[2] & 0xFF) << 8
                | (rowKey[3] & 0xFF);
    }

    /** A new row key. */
    public static byte[] of(int keyspace, byte[] key, int offset, int length) {
        byte[] rowKey = new byte[PREFIX_BYTES + length];
        putKeyspace(keyspace, rowKey);
        System.arraycopy(key, offset, rowKey, PREFIX_BYTES, length);
        return rowKey;
    }

    /** The row key at which the next keyspace begins: the end of this one. */
    public static byte[] endOf(int keyspace) {
        byte[] rowKey = new byte[PREFIX_BYTES];
        putKeyspace(keyspace + 1, rowKey);
        return rowKey;
    }

    public static int compare(byte[] a, int aLength, byte[] b, int bLength) {
        return Arrays.compareUnsigned(a, 0, aLength, b, 0, bLength);
    }

    public static int compare(byte[] a, byte[] b) {
        return Arrays.compareUnsigned(a, b);
    }
}
