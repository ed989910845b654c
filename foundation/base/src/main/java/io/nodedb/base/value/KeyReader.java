package io.nodedb.base.value;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a key of {@link KeyWriter} column by column. A key holds what its values compare by, so
 * what comes back compares as equal to what was written: numbers are INT8 when they are whole and
 * fit, else DECIMAL; intervals have days and microseconds; objects have their fields sorted. {@link
 * #next(KeyOrder, Type)} gives a number the column's type back.
 *
 * <p>Failures: {@link ErrorCode#DATA_CORRUPTED} for bytes that no writer wrote. Owned by one
 * thread.
 */
public final class KeyReader {
    private final byte[] key;
    private int position;
    private int mask;

    public KeyReader(byte[] key) {
        this(key, 0);
    }

    /** Reads the columns that begin at a place in {@code key}. */
    public KeyReader(byte[] key, int from) {
        this.key = key;
        position = from;
    }

    /** Where the next column begins. */
    public int position() {
        return position;
    }

    public boolean hasNext() {
        return position < key.length;
    }

    /** The next column's value. */
    public Value next(KeyOrder order) {
        mask = 0;
        int first = peek();
        if (first == (order.areNullsFirst() ? KeyWriter.NULL_FIRST : KeyWriter.NULL_LAST)) {
            position++;
            return Value.NULL;
        }
        mask = order.isDescending() ? 0xFF : 0;
        return read(0);
    }

    /** The next column's value as one of the column's type. */
    public Value next(KeyOrder order, Type type) {
        Value value = next(order);
        return value instanceof Value.Numeric number && type.tag().isNumber()
                ? NumberCasts.cast(number, Type.of(type.tag()))
                : value;
    }

    private Value read(int depth) {
        if (depth > Value.MAX_NESTING) {
            throw corrupted("it is nested too deep");
        }
        return switch (take()) {
            case 0x10 -> Value.of(take() != 0);
            case 0x20 -> readNumber();
            case 0x30 -> Value.of(readText());
            case 0x38 -> new Value.Bytes(readEscaped());
            case 0x40 -> new Value.Uuid(takeLong(), takeLong());
            case 0x50 -> new Value.Date((int) takeNumber(Integer.BYTES) ^ Integer.MIN_VALUE);
            case 0x58 -> readTime();
            case 0x60 -> new Value.Timestamp(takeFlipped());
            case 0x68 -> new Value.TimestampTz(takeFlipped());
            case 0x70 -> readInterval();
            case 0x80 -> readArray(depth);
            case 0x88 -> readDocument(depth);
            case 0xF0 -> Value.NULL;
            default -> throw corrupted("the class of a value is unknown");
        };
    }

    private Value readTime() {
        long micros = takeFlipped();
        if (micros < 0 || micros > Moments.DAY_MICROS) {
            throw corrupted("a time is not within a day");
        }
        return new Value.Time(micros);
    }

    private Value readInterval() {
        long days = takeFlipped();
        long micros = takeFlipped();
        if (micros < 0 || micros >= Moments.DAY_MICROS || Math.abs(days) > 1L << 40) {
            throw corrupted("an interval is out of bounds");
        }
        return new IntervalSpan(days, micros).toInterval();
    }

    private Value readArray(int depth) {
        List<Value> elements = new ArrayList<>();
        while (peek() != KeyWriter.END) {
            elements.add(read(depth + 1));
        }
        position++;
        return new Value.Array(elements);
    }

    private Value readDocument(int depth) {
        Map<String, Value> fields = new LinkedHashMap<>();
        while (take() == KeyWriter.FIELD) {
            fields.put(readText(), read(depth + 1));
        }
        return new Value.Document(fields);
    }

    private String readText() {
        byte[] utf8 = readEscaped();
        return Utf8.decode(utf8, 0, utf8.length);
    }

    private byte[] readEscaped() {
        ByteWriter bytes = new ByteWriter();
        while (true) {
            int next = take();
            if (next == 0) {
                int marker = take();
                if (marker == KeyWriter.END) {
                    return bytes.toByteArray();
                }
                if (marker != KeyWriter.ESCAPED_ZERO) {
                    throw corrupted("an escape is unknown");
                }
            }
            bytes.putByte(next);
        }
    }

    private Value readNumber() {
        int head = take();
        if (head == KeyWriter.NAN) {
            return Value.Decimal.NAN;
        }
        if (head == KeyWriter.INFINITY) {
            return Value.Decimal.INFINITY;
        }
        if (head == KeyWriter.MINUS_INFINITY) {
            return Value.Decimal.NEGATIVE_INFINITY;
        }
        BigInteger floor = readFloor(head);
        StringBuilder digits = new StringBuilder();
        for (int pair = take(); pair != 0; pair = take()) {
            if (pair > 100) {
                throw corrupted("a pair of digits is out of bounds");
            }
            digits.append((char) ('0' + (pair - 1) / 10)).append((char) ('0' + (pair - 1) % 10));
        }
        if (digits.length() > Value.Decimal.MAX_SCALE + 1
                || floor.bitLength() > Value.Decimal.MAX_INTEGER_DIGITS * 4) {
            throw corrupted("a number has too many digits");
        }
        if (digits.isEmpty() && floor.bitLength() < Long.SIZE) {
            return Value.of(floor.longValue());
        }
        BigDecimal whole = new BigDecimal(floor);
        return digits.isEmpty()
                ? Value.of(whole)
                : Value.of(whole.add(new BigDecimal("0." + digits)).stripTrailingZeros());
    }

    private BigInteger readFloor(int head) {
        boolean negative = head < KeyWriter.POSITIVE;
        int length;
        if (head == KeyWriter.LONG_POSITIVE || head == KeyWriter.LONG_NEGATIVE) {
            int stored = (int) takeNumber(Integer.BYTES);
            length = negative ? ~stored : stored;
        } else {
            length = negative ? KeyWriter.NEGATIVE - head : head - KeyWriter.POSITIVE;
        }
        if (length < 0 || length > key.length - position) {
            throw corrupted("a number reaches past the end");
        }
        byte[] bytes = new byte[length + 1];
        bytes[0] = (byte) (negative ? -1 : 0);
        for (int i = 1; i <= length; i++) {
            bytes[i] = (byte) take();
        }
        return new BigInteger(bytes);
    }

    private long takeFlipped() {
        return takeLong() ^ Long.MIN_VALUE;
    }

    private long takeLong() {
        return takeNumber(Long.BYTES);
    }

    private long takeNumber(int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | take();
        }
        return value;
    }

    private int take() {
        int next = peek();
        position++;
        return next;
    }

    private int peek() {
        if (position >= key.length) {
            throw corrupted("it ends early");
        }
        return (key[position] ^ mask) & 0xFF;
    }

    private NodeDbException corrupted(String what) {
        return new NodeDbException(
                ErrorCode.DATA_CORRUPTED,
                "A key can't be read: " + what + " offset=" + position + ".");
    }
}
