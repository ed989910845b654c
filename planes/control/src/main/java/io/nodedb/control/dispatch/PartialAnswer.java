package io.nodedb.control.dispatch;

import io.nodedb.base.errors.Check;
import java.util.Arrays;

/**
 * Puts an answer that came in parts together again. Parts come in order and without gaps; the sum
 * is bounded by {@link #MAX_BYTES}. Owned by the lane thread until the answer is complete.
 */
public final class PartialAnswer {
    /** Largest answer in parts: the largest value that an engine stores. */
    public static final int MAX_BYTES = 64 * 1024 * 1024;

    private static final int FIRST_BYTES = 128 * 1024;

    private byte[] bytes = {};
    private int length;
    private int parts;

    /** Appends part number {@code sequence}, counted from 0. */
    void append(byte[] part, int partLength, int sequence) {
        Check.that(sequence == parts, "partial answers come in order", parts, sequence);
        Check.that(
                partLength <= MAX_BYTES - length,
                "a partial answer stays below its bound",
                MAX_BYTES,
                (long) length + partLength);
        if (length + partLength > bytes.length) {
            int doubled = Math.min(MAX_BYTES, Math.max(FIRST_BYTES, 2 * bytes.length));
            bytes = Arrays.copyOf(bytes, Math.max(doubled, length + partLength));
        }
        System.arraycopy(part, 0, bytes, length, partLength);
        length += partLength;
        parts++;
    }

    /** Gives the whole answer away, which must have the length that the core announced. */
    byte[] take(int announcedLength) {
        Check.that(
                length == announcedLength,
                "all parts of an answer have come",
                announcedLength,
                length);
        byte[] whole = bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
        clear();
        return whole;
    }

    boolean isEmpty() {
        return parts == 0;
    }

    int length() {
        return length;
    }

    void clear() {
        bytes = new byte[0];
        length = 0;
        parts = 0;
    }
}
