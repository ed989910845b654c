package io.nodedb.storage.rows.block;

/** Numbers of variable length: seven bits a byte, the lowest first, the high bit says "more". */
public final class Varint {
    private Varint() {}

    /** Writes an unsigned number. @return the offset behind it */
    public static int put(byte[] target, int offset, long value) {
        int at = offset;
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            target[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        target[at++] = (byte) rest;
        return at;
    }
}
