package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.bytes.LittleEndian;

/**
 * A range of a string's bits, in Redis's order: bit 0 is the highest of byte 0. Counts and finds
 * bits, copying the string piece by piece.
 */
@CoreOwned
final class BitRange {
    private static final int PIECE_BYTES = 4096;

    /** Room for the last word's padding. */
    private final byte[] piece = new byte[PIECE_BYTES + Long.BYTES];

    private long first;
    private long last = -1;

    /** No bit lies in the range. */
    boolean isEmpty() {
        return first > last;
    }

    /** Sets the range: all of a string. */
    void whole(int bytes) {
        first = 0;
        last = 8L * bytes - 1;
    }

    /** Sets the range: inclusive places of bits or bytes; negative ones count from the end. */
    void set(long start, long end, boolean bits, int bytes) {
        long total = bits ? 8L * bytes : bytes;
        long from = Math.max(0, start < 0 ? total + start : start);
        long to = Math.min(Math.max(0, end < 0 ? total + end : end), total - 1);
        if (from > to) {
            first = 0;
            last = -1;
        } else {
            first = bits ? from : 8 * from;
            last = bits ? to : 8 * to + 7;
        }
    }

    /** How many bits of the range are set. */
    long count(EntryStore entries, long version) {
        long count = 0;
        for (int at = firstByte(); at <= lastByte(); at += PIECE_BYTES) {
            int length = read(entries, version, at, 0);
            for (int i = 0; i < length; i += Long.BYTES) {
                count += Long.bitCount(LittleEndian.getLong(piece, i));
            }
        }
        return count;
    }

    /** The place of the first bit in the range that is set, or clear; -1 when none is. */
    long find(EntryStore entries, long version, boolean set) {
        int flip = set ? 0 : 0xFF;
        for (int at = firstByte(); at <= lastByte(); at += PIECE_BYTES) {
            int length = read(entries, version, at, flip);
            for (int i = 0; i < length; i++) {
                if (piece[i] != 0) {
                    int leading = Integer.numberOfLeadingZeros(piece[i] & 0xFF) - 24;
                    return 8L * (at + i) + leading;
                }
            }
        }
        return -1;
    }

    /**
     * Reads the range's bytes from one on, flipped with a mask; bits outside the range and the rest
     * of the last word are clear.
     */
    private int read(EntryStore entries, long version, int from, int flip) {
        int length = Math.min(PIECE_BYTES, lastByte() - from + 1);
        entries.copyValue(version, from, piece, 0, length);
        for (int i = 0; i < length && flip != 0; i++) {
            piece[i] ^= (byte) flip;
        }
        if (from == firstByte()) {
            piece[0] &= (byte) (0xFF >>> (first & 7));
        }
        if (from + length - 1 == lastByte()) {
            piece[length - 1] &= (byte) (0xFF << (7 - (last & 7)));
        }
        LittleEndian.putLong(piece, length, 0);
        return length;
    }

    private int firstByte() {
        return (int) (first >> 3);
    }

    private int lastByte() {
        return (int) (last >> 3);
    }
}
