package io.nodedb.kv;

/**
 * A 64-bit integer written in decimal, as counters are stored: an optional minus sign and digits,
 * nothing else. Holds the last number read or written; allocates nothing.
 */
final class DecimalInteger {
    /** {@code -9223372036854775808}. */
    static final int MAX_BYTES = 20;

    private final byte[] bytes = new byte[MAX_BYTES];
    private int start = MAX_BYTES;
    private long value;

    /** Reads a number; false when the bytes are none or it does not fit. */
    boolean parse(byte[] text, int length) {
        if (length == 0 || length > MAX_BYTES) {
            return false;
        }
        boolean negative = text[0] == '-';
        int at = negative ? 1 : 0;
        if (at == length) {
            return false;
        }
        // Negative numbers reach one further than positive ones, so the sum is kept negative.
        long sum = 0;
        for (; at < length; at++) {
            int digit = text[at] - '0';
            if (digit < 0 || digit > 9 || sum < Long.MIN_VALUE / 10) {
                return false;
            }
            sum *= 10;
            if (sum < Long.MIN_VALUE + digit) {
                return false;
            }
            sum -= digit;
        }
        if (!negative && sum == Long.MIN_VALUE) {
            return false;
        }
        value = negative ? sum : -sum;
        return true;
    }

    long value() {
        return value;
    }

    /** Writes a number; {@link #bytes}, {@link #start} and {@link #length} give the text. */
    void format(long number) {
        value = number;
        int at = MAX_BYTES;
        long rest = number > 0 ? -number : number;
        do {
            bytes[--at] = (byte) ('0' - rest % 10);
            rest /= 10;
        } while (rest != 0);
        if (number < 0) {
            bytes[--at] = '-';
        }
        start = at;
    }

    byte[] bytes() {
        return bytes;
    }

    int start() {
        return start;
    }

    int length() {
        return MAX_BYTES - start;
    }
}
