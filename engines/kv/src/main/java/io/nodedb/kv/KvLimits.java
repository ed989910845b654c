package io.nodedb.kv;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.engine.ExecutionContext;
import io.nodedb.engine.Outcome;

/** What a key and a value may measure. */
public final class KvLimits {
    /** Longest key: it must fit a header's 16-bit length and be cheap to compare. */
    public static final int KEY_BYTES = 32 * 1024;

    /** Longest value: it must fit one slab block and one log transaction. */
    public static final int VALUE_BYTES = 64 * 1024 * 1024;

    /** Most bytes that one command takes to write: a record of effects has room for no more. */
    static final long COMMAND_BYTES = 256L << 20;

    /**
     * Largest value that is copied for a command over several partitions: it is held on the heap.
     */
    static final int COPIED_BYTES = 128 << 20;

    private KvLimits() {}

    static boolean exceedsValue(long bytes) {
        return bytes > VALUE_BYTES;
    }

    /** {@link Outcome#DONE}, or the number of INVALID_ARGUMENT with the limit named. */
    static int check(int keyLength, int valueLength, ExecutionContext context) {
        if (keyLength > KEY_BYTES) {
            return context.fail(
                    ErrorCode.INVALID_ARGUMENT,
                    "the key is too long: bytes=" + keyLength + " limit=" + KEY_BYTES);
        }
        if (valueLength > VALUE_BYTES) {
            return context.fail(
                    ErrorCode.INVALID_ARGUMENT,
                    "the value is too long: bytes=" + valueLength + " limit=" + VALUE_BYTES);
        }
        return Outcome.DONE;
    }
}
