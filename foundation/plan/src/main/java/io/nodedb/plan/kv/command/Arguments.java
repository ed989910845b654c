package io.nodedb.plan.kv.command;

import io.nodedb.base.errors.Check;
import java.util.Arrays;

/**
 * The arguments of a command, without its name, as byte strings that lie one after another in a
 * reused array. Whoever holds the call owns it.
 */
public final class Arguments {
    /** Kept when a call is reset; a larger array is given up. */
    private static final int KEPT_BYTES = 64 * 1024;

    private static final int KEPT_ARGUMENTS = 1024;

    private byte[] bytes = new byte[128];
    private int[] ends = new int[8];
    private int count;
    private int length;

    public int count() {
        return count;
    }

    /** All of them, in a row; replaced when it grows. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where an argument begins in {@link #bytes}. */
    public int offset(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    /** Length of an argument in bytes. */
    public int length(int index) {
        Check.that(index < count, "an argument's number", count, index);
        return ends[index] - offset(index);
    }

    /** Bytes of all arguments. */
    public int totalLength() {
        return length;
    }

    /** Appends an argument. */
    public void add(byte[] source, int offset, int size) {
        int at = claim(size);
        System.arraycopy(source, offset, bytes, at, size);
    }

    public void add(byte[] argument) {
        add(argument, 0, argument.length);
    }

    /** Appends an argument of {@code size} bytes to be filled by the caller; its offset. */
    public int claim(int size) {
        int at = length;
        int end = Math.addExact(at, size);
        if (end > bytes.length) {
            bytes =
                    Arrays.copyOf(
                            bytes,
                            (int)
                                    Math.min(
                                            Integer.MAX_VALUE - 8L,
                                            Math.max(end, 2L * bytes.length)));
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
        }
        ends[count++] = end;
        length = end;
        return at;
    }

    /** A copy of an argument. */
    public byte[] copy(int index) {
        int from = offset(index);
        return Arrays.copyOfRange(bytes, from, from + length(index));
    }

    /** Appends all of another's. */
    public void addAll(Arguments other) {
        for (int i = 0; i < other.count; i++) {
            add(other.bytes, other.offset(i), other.length(i));
        }
    }

    /** Is an argument this word, in ASCII letters of either case? {@code word} is in upper case. */
    public boolean isWord(int index, String word) {
        int size = length(index);
        if (size != word.length()) {
            return false;
        }
        int from = offset(index);
        for (int i = 0; i < size; i++) {
            int letter = bytes[from + i];
            int upper = letter >= 'a' && letter <= 'z' ? letter - ('a' - 'A') : letter;
            if (upper != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Forgets all. */
    public void clear() {
        count = 0;
        length = 0;
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[128];
        }
        if (ends.length > KEPT_ARGUMENTS) {
            ends = new int[8];
        }
    }
}
