package io.nodedb.base.value;

import io.nodedb.base.value.Value.Numeric;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The total order of all values, and the hash that agrees with it. Values of different types are
 * ordered by type ({@link TypeTag#keyClass}), so a comparison never fails; NULL is last.
 *
 * <p>Numbers compare by value whatever their types. NaN equals itself and is greater than all other
 * numbers; -0 equals 0. A float that is no integer stands for the shortest decimal that reads back
 * as that double, so that 0.1 from a JSON text equals the SQL literal 0.1; see decision 0020. Text
 * compares by code point. Objects compare as the list of their fields sorted by key.
 *
 * <p>Source: PostgreSQL's comparison operators within a type.
 */
public final class ValueOrder {
    private static final double TWO_TO_63 = 0x1p63;

    private ValueOrder() {}

    /** Negative, zero or positive; total and transitive over all values. */
    public static int compare(Value a, Value b) {
        int byType = Integer.compare(a.tag().keyClass(), b.tag().keyClass());
        if (byType != 0) {
            return byType;
        }
        return switch (a) {
            case Value.Null _ -> 0;
            case Value.Bool x -> Boolean.compare(x.value(), ((Value.Bool) b).value());
            case Numeric x -> compareNumbers(x, (Numeric) b);
            case Value.Text x -> compareText(x.value(), ((Value.Text) b).value());
            case Value.Bytes x -> Arrays.compareUnsigned(x.shared(), ((Value.Bytes) b).shared());
            case Value.Uuid x -> compareUuids(x, (Value.Uuid) b);
            case Value.Date x -> Integer.compare(x.days(), ((Value.Date) b).days());
            case Value.Time x -> Long.compare(x.micros(), ((Value.Time) b).micros());
            case Value.Timestamp x -> Long.compare(x.micros(), ((Value.Timestamp) b).micros());
            case Value.TimestampTz x -> Long.compare(x.micros(), ((Value.TimestampTz) b).micros());
            case Value.Interval x -> IntervalSpan.compare(x, (Value.Interval) b);
            case Value.Array x -> compareArrays(x.elements(), ((Value.Array) b).elements());
            case Value.Document x -> compareDocuments(x, (Value.Document) b);
        };
    }

    public static boolean equal(Value a, Value b) {
        return compare(a, b) == 0;
    }

    /** Equal values have equal hashes. */
    public static int hash(Value value) {
        return switch (value) {
            case Value.Null _ -> 0;
            case Numeric x -> hashNumber(x);
            case Value.Interval x -> IntervalSpan.hash(x);
            case Value.Array x -> {
                int hash = 1;
                for (Value element : x.elements()) {
                    hash = 31 * hash + hash(element);
                }
                yield hash;
            }
            case Value.Document x -> {
                int hash = 0;
                for (Map.Entry<String, Value> field : x.fields().entrySet()) {
                    hash += 31 * field.getKey().hashCode() ^ hash(field.getValue());
                }
                yield hash;
            }
            case Value.Bool _,
                    Value.Text _,
                    Value.Bytes _,
                    Value.Uuid _,
                    Value.Date _,
                    Value.Time _,
                    Value.Timestamp _,
                    Value.TimestampTz _ ->
                    value.hashCode();
        };
    }

    /** Orders by code point: UTF-16 puts U+E000 to U+FFFF after the surrogates. */
    public static int compareText(String a, String b) {
        int shared = Math.min(a.length(), b.length());
        for (int i = 0; i < shared; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean bothHigh = x >= Character.MIN_SURROGATE && y >= Character.MIN_SURROGATE;
                return bothHigh ? rotated(x) - rotated(y) : x - y;
            }
        }
        return a.length() - b.length();
    }

    private static int rotated(char unit) {
        return Character.isSurrogate(unit) ? unit + 0x2000 : unit - 0x800;
    }

    /** PostgreSQL's order of floats: NaN last and equal to itself, no negative zero. */
    public static int compareDoubles(double a, double b) {
        return Double.compare(a + 0.0, b + 0.0);
    }

    public static int compareNumbers(Numeric a, Numeric b) {
        boolean wholeA = a.tag().isInteger();
        boolean wholeB = b.tag().isInteger();
        if (wholeA && wholeB) {
            return Long.compare(a.longValue(), b.longValue());
        }
        if ((a.tag().isFloat() && b.tag().isFloat()) || !a.isFinite() || !b.isFinite()) {
            return compareWithSpecial(a, b);
        }
        if (wholeA && b.tag().isFloat()) {
            return compareLongDouble(a.longValue(), b.doubleValue());
        }
        if (wholeB && a.tag().isFloat()) {
            return -compareLongDouble(b.longValue(), a.doubleValue());
        }
        return a.decimalValue().compareTo(b.decimalValue());
    }

    /** A finite decimal's double can be infinite; it must not equal infinity then. */
    private static int compareWithSpecial(Numeric a, Numeric b) {
        double x = a.isFinite() && !a.tag().isFloat() ? 0 : a.doubleValue();
        double y = b.isFinite() && !b.tag().isFloat() ? 0 : b.doubleValue();
        return compareDoubles(x, y);
    }

    private static int compareLongDouble(long a, double b) {
        if (b >= TWO_TO_63) {
            return -1;
        }
        if (b < -TWO_TO_63) {
            return 1;
        }
        long whole = (long) Math.floor(b);
        return a != whole ? Long.compare(a, whole) : whole == b ? 0 : -1;
    }

    private static int hashNumber(Numeric number) {
        if (number.tag().isInteger()) {
            return Long.hashCode(number.longValue());
        }
        double nearest = number.doubleValue();
        if (number instanceof Value.Decimal decimal && decimal.isFinite()) {
            BigDecimal digits = decimal.digits();
            if (nearest >= -TWO_TO_63
                    && nearest <= TWO_TO_63
                    && (digits.scale() == 0 || digits.stripTrailingZeros().scale() <= 0)
                    && digits.toBigInteger().bitLength() < Long.SIZE) {
                return Long.hashCode(digits.longValue());
            }
        } else if (nearest >= -TWO_TO_63 && nearest < TWO_TO_63 && nearest == Math.rint(nearest)) {
            return Long.hashCode((long) nearest);
        }
        return Double.hashCode(nearest);
    }

    private static int compareUuids(Value.Uuid a, Value.Uuid b) {
        int high = Long.compareUnsigned(a.high(), b.high());
        return high != 0 ? high : Long.compareUnsigned(a.low(), b.low());
    }

    private static int compareArrays(List<Value> a, List<Value> b) {
        int shared = Math.min(a.size(), b.size());
        for (int i = 0; i < shared; i++) {
            int order = compare(a.get(i), b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    private static int compareDocuments(Value.Document a, Value.Document b) {
        Iterator<String> left = sortedKeys(a).iterator();
        Iterator<String> right = sortedKeys(b).iterator();
        while (left.hasNext() && right.hasNext()) {
            String x = left.next();
            String y = right.next();
            int order = compareText(x, y);
            if (order == 0) {
                order = compare(valueOf(a, x), valueOf(b, y));
            }
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.fields().size(), b.fields().size());
    }

    private static Value valueOf(Value.Document document, String key) {
        return document.field(key).orElse(Value.NULL);
    }

    static List<String> sortedKeys(Value.Document document) {
        return document.fields().keySet().stream().sorted(ValueOrder::compareText).toList();
    }
}
