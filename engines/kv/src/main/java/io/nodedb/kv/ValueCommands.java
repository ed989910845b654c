package io.nodedb.kv;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Outcome;
import io.nodedb.storage.bytes.LittleEndian;

/**
 * Whole values of any type as bytes, so that a command can be computed elsewhere and its result be
 * written back. The bytes never outlive the process that made them:
 *
 * <pre>
 *   0   type u8, code of {@link ValueType}
 *   1   expiry of the key i64, milliseconds since 1970, 0 for none
 *   9   a string's bytes, or its elements one after another, in a list's order:
 *         list        length u32, bytes
 *         set         length u32, member
 *         sorted set  length u32, member, score f64
 *         hash        length u32, field, length u32, value, expiry i64
 * </pre>
 */
@CoreOwned
final class ValueCommands {
    private static final int EXPIRY = 1;
    private static final int CONTENT = 9;
    private static final byte[] NO_VALUE = {};

    private final Elements elements;
    private final ListElements list;
    private byte[] bytes = new byte[256];
    private int length;

    ValueCommands(Elements elements, ListElements list) {
        this.elements = elements;
        this.list = list;
    }

    /** VALUE_READ. */
    int read(CommandRun run) {
        long present = run.find(0);
        if (present == 0) {
            return run.nil();
        }
        ValueType type = run.table.typeOf(present);
        length = 0;
        int head = claim(CONTENT);
        bytes[head] = (byte) type.code();
        LittleEndian.putLong(bytes, head + EXPIRY, run.entries().expireAt(present));
        boolean fits =
                switch (type) {
                    case STRING -> readString(run, present);
                    case LIST -> readList(run, present);
                    case SET, SORTED_SET, HASH -> readElements(run, present, type);
                };
        if (fits) {
            run.reply.bulk(bytes, 0, length);
        }
        forget();
        return fits
                ? Outcome.DONE
                : run.tooLarge("the value is too large to be copied", KvLimits.COPIED_BYTES);
    }

    private boolean readString(CommandRun run, long present) {
        int at = claim(run.entries().valueLength(present));
        run.entries().copyValue(present, bytes, at);
        return length <= KvLimits.COPIED_BYTES;
    }

    private boolean readList(CommandRun run, long present) {
        list.openVersion(run, present);
        for (long i = 0; i < list.size(); i++) {
            byte[] value = list.copy(i);
            add(value, 0, value.length);
            if (length > KvLimits.COPIED_BYTES) {
                return false;
            }
        }
        return true;
    }

    private boolean readElements(CommandRun run, long present, ValueType type) {
        elements.openVersion(run, present, type);
        elements.rewind();
        while (elements.next()) {
            add(elements.element(), elements.elementFrom(), elements.elementLength());
            if (type == ValueType.SORTED_SET) {
                addLong(Double.doubleToRawLongBits(elements.score()));
            } else if (type == ValueType.HASH) {
                int valueLength = elements.valueLength();
                int at = claim(Integer.BYTES + valueLength);
                LittleEndian.putInt(bytes, at, valueLength);
                elements.copyValue(bytes, at + Integer.BYTES);
                addLong(elements.expireAt());
            }
            if (length > KvLimits.COPIED_BYTES) {
                return false;
            }
        }
        return true;
    }

    private void add(byte[] source, int from, int size) {
        int at = claim(Integer.BYTES + size);
        LittleEndian.putInt(bytes, at, size);
        System.arraycopy(source, from, bytes, at + Integer.BYTES, size);
    }

    private void addLong(long value) {
        int at = claim(Long.BYTES);
        LittleEndian.putLong(bytes, at, value);
    }

    /** Where room for so many bytes begins; the array may be another then. */
    private int claim(int size) {
        int at = length;
        length += size;
        if (length > bytes.length) {
            bytes = java.util.Arrays.copyOf(bytes, Math.max(length, 2 * bytes.length));
        }
        return at;
    }

    private void forget() {
        if (bytes.length > PackedElements.MAX_BYTES * 8) {
            bytes = new byte[256];
        }
    }

    /** VALUE_WRITE. */
    int write(CommandRun run) {
        byte[] source = run.arguments.bytes();
        int from = run.arguments.offset(1);
        int end = from + run.arguments.length(1);
        Check.that(end - from >= CONTENT, "a whole value", end - from);
        ValueType type = ValueType.ofCode(source[from]);
        long expireAt = LittleEndian.getLong(source, from + EXPIRY);
        int content = from + CONTENT;
        switch (type) {
            case STRING -> run.put(0, source, content, end - content, expireAt, run.find(0));
            case LIST -> writeList(run, source, content, end, expireAt);
            case SET, SORTED_SET, HASH -> writeElements(run, type, source, content, end, expireAt);
        }
        return run.ok();
    }

    private void writeList(CommandRun run, byte[] source, int content, int end, long expireAt) {
        list.openReplacing(run, 0);
        list.expireReplacedAt(expireAt);
        int at = content;
        while (at < end) {
            int size = LittleEndian.getInt(source, at);
            list.pushLast(source, at + Integer.BYTES, size);
            at += Integer.BYTES + size;
        }
        list.finish();
    }

    private void writeElements(
            CommandRun run, ValueType type, byte[] source, int content, int end, long expireAt) {
        elements.openReplacing(run, 0, type);
        elements.expireReplacedAt(expireAt);
        int at = content;
        while (at < end) {
            int size = LittleEndian.getInt(source, at);
            int element = at + Integer.BYTES;
            at = element + size;
            if (type == ValueType.HASH) {
                int valueLength = LittleEndian.getInt(source, at);
                int value = at + Integer.BYTES;
                at = value + valueLength;
                elements.put(
                        source,
                        element,
                        size,
                        source,
                        value,
                        valueLength,
                        LittleEndian.getLong(source, at));
                at += Long.BYTES;
            } else if (type == ValueType.SORTED_SET) {
                elements.putScore(
                        source,
                        element,
                        size,
                        Double.longBitsToDouble(LittleEndian.getLong(source, at)));
                at += Double.BYTES;
            } else {
                elements.put(source, element, size, NO_VALUE, 0, 0, 0);
            }
        }
        elements.finish();
    }
}
