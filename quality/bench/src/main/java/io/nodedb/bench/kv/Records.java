package io.nodedb.bench.kv;

import io.nodedb.base.ownership.Immutable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Keys and values that follow from a number and a version, so that every byte that is read can be
 * checked without a copy of the data. Keys are 16 bytes in an order that looks random; values have
 * no pattern that compresses.
 *
 * <pre>
 *   key    mixed number u64 | number u64
 *   value  word 0 | word 1 | ... | word n, cut to the length; a word is mixed from number, version
 *          and its place
 * </pre>
 */
@Immutable
public record Records(int valueBytes) {
    public static final int KEY_BYTES = 2 * Long.BYTES;

    private static final long WORD_STEP = 0x9E37_79B9_7F4A_7C15L;
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Writes the key of a number. */
    public void key(long number, byte[] into) {
        LONG.set(into, 0, mix(number));
        LONG.set(into, Long.BYTES, number);
    }

    /** Writes the value of a number in a version. */
    public void value(long number, long version, byte[] into) {
        long word = seed(number, version);
        int at = 0;
        for (; at + Long.BYTES <= valueBytes; at += Long.BYTES) {
            word += WORD_STEP;
            LONG.set(into, at, mix(word));
        }
        long rest = mix(word + WORD_STEP);
        for (; at < valueBytes; at++) {
            into[at] = (byte) rest;
            rest >>>= Byte.SIZE;
        }
    }

    /** True when {@code value} is the number's in that version, to the last byte. */
    public boolean matches(long number, long version, byte[] value) {
        if (value.length != valueBytes) {
            return false;
        }
        long word = seed(number, version);
        int at = 0;
        for (; at + Long.BYTES <= valueBytes; at += Long.BYTES) {
            word += WORD_STEP;
            if ((long) LONG.get(value, at) != mix(word)) {
                return false;
            }
        }
        long rest = mix(word + WORD_STEP);
        for (; at < valueBytes; at++) {
            if (value[at] != (byte) rest) {
                return false;
            }
            rest >>>= Byte.SIZE;
        }
        return true;
    }

    private static long seed(long number, long version) {
        return mix(number) + mix(~version);
    }

    /** The finaliser of SplitMix64: every bit of the input moves half of the output's. */
    public static long mix(long bits) {
        long z = (bits ^ (bits >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }
}
