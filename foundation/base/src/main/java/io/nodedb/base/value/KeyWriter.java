package io.nodedb.base.value;

import io.nodedb.base.errors.Check;
import io.nodedb.base.value.Value.Numeric;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/**
 * Turns values into bytes whose unsigned lexicographic order is {@link ValueOrder}'s, one column
 * after the other, each with its {@link KeyOrder}. Equal values give equal bytes, whatever their
 * types; no key is the beginning of another one with as many columns. {@link KeyReader} reads them
 * back.
 *
 * <pre>
 * column      00 or FF                       NULL, first or last
 *             class payload                  all bytes complemented when descending
 * number      head floor pairs 00            class 20
 *   head      01 minus infinity, FD infinity, FE NaN
 *             80+n      floor at least 0, of n bytes (n up to 63), big-endian; 0 has none
 *             7F-n      floor below 0: the n bytes of -1-floor, complemented
 *             C0 / 3F   the same, with a length of four bytes before them (3F: complemented)
 *   pairs     the digits after the point, two in a byte, plus 1; no last pair of 00
 * text, bytes 00 is written 00 FF; the end is 00 01
 * bool        00 or 01
 * uuid        16 bytes
 * date        4 bytes, sign flipped; time and timestamps: 8 bytes, sign flipped
 * interval    days, then microseconds of the day, as 8 bytes, sign flipped ({@code IntervalSpan})
 * array       its elements' columns (NULL is F0), then 01
 * object      for each field, sorted by key: 02, key as text, column; then 01
 * </pre>
 *
 * <p>The fraction counts from the floor upward, so it ascends for negative numbers, too. Owned by
 * one thread; {@link #clear} keeps the memory. The layout is an on-disk format: it never changes.
 */
public final class KeyWriter {
    static final int NULL_FIRST = 0x00;
    static final int NULL_LAST = 0xFF;
    static final int END = 0x01;
    static final int FIELD = 0x02;
    static final int ESCAPED_ZERO = 0xFF;
    static final int MINUS_INFINITY = 0x01;
    static final int INFINITY = 0xFD;
    static final int NAN = 0xFE;
    static final int POSITIVE = 0x80;
    static final int NEGATIVE = 0x7F;
    static final int LONG_POSITIVE = 0xC0;
    static final int LONG_NEGATIVE = 0x3F;
    static final int MAX_SHORT_BYTES = 63;

    private final ByteWriter target = new ByteWriter();

    /** Forgets the key written so far. */
    public KeyWriter clear() {
        target.clear();
        return this;
    }

    public KeyWriter put(Value value, KeyOrder order) {
        if (value.isNull()) {
            target.putByte(order.areNullsFirst() ? NULL_FIRST : NULL_LAST);
            return this;
        }
        int from = target.size();
        put(value, 0);
        if (order.isDescending()) {
            target.complement(from);
        }
        return this;
    }

    /** As {@link #put} of an integer of any width, without an object. */
    public KeyWriter putLong(long value, KeyOrder order) {
        int from = target.size();
        target.putByte(TypeTag.INT8.keyClass());
        putWhole(value);
        target.putByte(0);
        if (order.isDescending()) {
            target.complement(from);
        }
        return this;
    }

    /** Bytes that stand before the columns as they are, such as an index's number. */
    public KeyWriter putInt(int prefix) {
        target.putInt(prefix);
        return this;
    }

    /** Columns that were written before, as they are. */
    public KeyWriter putKey(byte[] key) {
        target.putBytes(key);
        return this;
    }

    public int size() {
        return target.size();
    }

    public byte[] toByteArray() {
        return target.toByteArray();
    }

    private void put(Value value, int depth) {
        Check.that(depth <= Value.MAX_NESTING, "values are not nested too deep", depth);
        target.putByte(value.tag().keyClass());
        switch (value) {
            case Value.Null _ -> {}
            case Value.Bool x -> target.putByte(x.value() ? 1 : 0);
            case Numeric x -> putNumber(x);
            case Value.Text x -> putEscaped(Utf8.encode(x.value()));
            case Value.Bytes x -> putEscaped(x.shared());
            case Value.Uuid x -> target.putLong(x.high()).putLong(x.low());
            case Value.Date x -> target.putInt(x.days() ^ Integer.MIN_VALUE);
            case Value.Time x -> putFlipped(x.micros());
            case Value.Timestamp x -> putFlipped(x.micros());
            case Value.TimestampTz x -> putFlipped(x.micros());
            case Value.Interval x -> {
                IntervalSpan span = IntervalSpan.of(x);
                putFlipped(span.days());
                putFlipped(span.micros());
            }
            case Value.Array x -> {
                for (Value element : x.elements()) {
                    put(element, depth + 1);
                }
                target.putByte(END);
            }
            case Value.Document x -> {
                for (String key : ValueOrder.sortedKeys(x)) {
                    target.putByte(FIELD);
                    putEscaped(Utf8.encode(key));
                    put(x.field(key).orElse(Value.NULL), depth + 1);
                }
                target.putByte(END);
            }
        }
    }

    private void putFlipped(long value) {
        target.putLong(value ^ Long.MIN_VALUE);
    }

    private void putEscaped(byte[] bytes) {
        for (byte next : bytes) {
            target.putByte(next);
            if (next == 0) {
                target.putByte(ESCAPED_ZERO);
            }
        }
        target.putByte(0).putByte(END);
    }

    private void putNumber(Numeric number) {
        if (number.tag().isInteger()) {
            putWhole(number.longValue());
            target.putByte(0);
        } else if (number.isFinite()) {
            putDecimal(number.decimalValue());
        } else {
            double special = number.doubleValue();
            target.putByte(Double.isNaN(special) ? NAN : special > 0 ? INFINITY : MINUS_INFINITY);
        }
    }

    private void putWhole(long floor) {
        long size = floor < 0 ? ~floor : floor;
        int bytes = (Long.SIZE - Long.numberOfLeadingZeros(size) + 7) / 8;
        target.putByte(floor < 0 ? NEGATIVE - bytes : POSITIVE + bytes);
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            target.putByte((int) (floor >> shift));
        }
    }

    private void putDecimal(BigDecimal value) {
        BigDecimal floor = value.setScale(0, RoundingMode.FLOOR);
        BigInteger whole = floor.unscaledValue();
        if (whole.bitLength() < Long.SIZE) {
            putWhole(whole.longValue());
        } else {
            putBig(whole);
        }
        if (value.scale() > 0) {
            putPairs(value.subtract(floor));
        }
        target.putByte(0);
    }

    private void putBig(BigInteger floor) {
        boolean negative = floor.signum() < 0;
        byte[] bytes = floor.toByteArray();
        int skipped = bytes[0] == (negative ? -1 : 0) ? 1 : 0;
        int length = bytes.length - skipped;
        if (length <= MAX_SHORT_BYTES) {
            target.putByte(negative ? NEGATIVE - length : POSITIVE + length);
        } else {
            target.putByte(negative ? LONG_NEGATIVE : LONG_POSITIVE);
            target.putInt(negative ? ~length : length);
        }
        target.putBytes(bytes, skipped, length);
    }

    private void putPairs(BigDecimal fraction) {
        BigDecimal shortest =
                fraction.signum() == 0 ? BigDecimal.ZERO : fraction.stripTrailingZeros();
        int scale = shortest.scale();
        byte[] digits = shortest.unscaledValue().toString().getBytes(StandardCharsets.US_ASCII);
        int leading = scale - digits.length;
        for (int at = 0; at < scale; at += 2) {
            target.putByte(10 * digit(digits, at - leading) + digit(digits, at + 1 - leading) + 1);
        }
    }

    private static int digit(byte[] digits, int index) {
        return index < 0 || index >= digits.length ? 0 : digits[index] - '0';
    }
}
