package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;

/**
 * Reads places of bits: not negative, and in a byte that a string may have. {@code #3} counts in
 * fields of the same width. Holds the last place that was read.
 */
@CoreOwned
final class BitOffset {
    static final String INVALID = "ERR bit offset is not an integer or out of range";

    private long value;

    long value() {
        return value;
    }

    /**
     * Reads an argument; false when it is no place.
     *
     * @param fieldBits width of a field, 0 where fields are not counted
     */
    boolean read(CommandRun run, int argument, int fieldBits) {
        byte[] bytes = run.arguments.bytes();
        int from = run.arguments.offset(argument);
        int length = run.arguments.length(argument);
        boolean fields = fieldBits > 0 && length > 0 && bytes[from] == '#';
        if (!run.parsed.isInteger(bytes, fields ? from + 1 : from, fields ? length - 1 : length)) {
            return false;
        }
        long read = run.parsed.integer();
        long limit = 8L * KvLimits.VALUE_BYTES;
        if (read < 0 || read >= limit) {
            return false;
        }
        value = fields ? read * fieldBits : read;
        // The field's last bit must have room as well.
        return value + Math.max(fieldBits, 1) <= limit;
    }
}
