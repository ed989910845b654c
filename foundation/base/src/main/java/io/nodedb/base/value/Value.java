package io.nodedb.base.value;

import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Immutable;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One SQL value. Java's {@code equals} is of representation: an {@code Int4} is no {@code Int8} and
 * 1.0 is not 1.00. What SQL calls equal, less and greater is {@link ValueOrder}'s.
 *
 * <p>NULL is one value, in a column as in a nested document. Arrays of SQL and of JSON are one,
 * too: how they are written as text is a matter of the {@link Type}.
 */
@Immutable
public sealed interface Value {
    /** Arrays and objects lie in each other at most so deep, as recursion has to end. */
    int MAX_NESTING = 100;

    @SuppressWarnings("ClassInitializationDeadlock") // nobody else can make or touch a Null first
    Value NULL = new Null();

    TypeTag tag();

    default boolean isNull() {
        return false;
    }

    static Bool of(boolean value) {
        return value ? Bool.TRUE : Bool.FALSE;
    }

    static Int4 of(int value) {
        return new Int4(value);
    }

    static Int8 of(long value) {
        return new Int8(value);
    }

    static Float8 of(double value) {
        return new Float8(value);
    }

    static Text of(String value) {
        return new Text(value);
    }

    static Decimal of(BigDecimal value) {
        return Decimal.of(value);
    }

    /** The only NULL. */
    final class Null implements Value {
        private Null() {}

        @Override
        public TypeTag tag() {
            return TypeTag.NULL;
        }

        @Override
        public boolean isNull() {
            return true;
        }

        @Override
        public String toString() {
            return "NULL";
        }
    }

    /** Take one from {@link Value#of(boolean)}. */
    record Bool(boolean value) implements Value {
        public static final Bool TRUE = new Bool(true);
        public static final Bool FALSE = new Bool(false);

        @Override
        public TypeTag tag() {
            return TypeTag.BOOL;
        }
    }

    /** What all numbers can tell; {@code longValue} is meant for integers. */
    sealed interface Numeric extends Value {
        long longValue();

        /** The nearest double. */
        double doubleValue();

        /** The exact value by which the number is ordered; only when {@link #isFinite}. */
        BigDecimal decimalValue();

        default boolean isFinite() {
            return true;
        }
    }

    /** An integer of two bytes. */
    record Int2(short value) implements Numeric {
        @Override
        public TypeTag tag() {
            return TypeTag.INT2;
        }

        @Override
        public long longValue() {
            return value;
        }

        @Override
        public double doubleValue() {
            return value;
        }

        @Override
        public BigDecimal decimalValue() {
            return BigDecimal.valueOf(value);
        }
    }

    /** An integer of four bytes. */
    record Int4(int value) implements Numeric {
        @Override
        public TypeTag tag() {
            return TypeTag.INT4;
        }

        @Override
        public long longValue() {
            return value;
        }

        @Override
        public double doubleValue() {
            return value;
        }

        @Override
        public BigDecimal decimalValue() {
            return BigDecimal.valueOf(value);
        }
    }

    /** An integer of eight bytes. */
    record Int8(long value) implements Numeric {
        @Override
        public TypeTag tag() {
            return TypeTag.INT8;
        }

        @Override
        public long longValue() {
            return value;
        }

        @Override
        public double doubleValue() {
            return (double) value;
        }

        @Override
        public BigDecimal decimalValue() {
            return BigDecimal.valueOf(value);
        }
    }

    /** IEEE 754 single precision; ordered as the double it widens to. */
    record Float4(float value) implements Numeric {
        @Override
        public TypeTag tag() {
            return TypeTag.FLOAT4;
        }

        @Override
        public long longValue() {
            return (long) value;
        }

        @Override
        public double doubleValue() {
            return value;
        }

        @Override
        public BigDecimal decimalValue() {
            return FloatText.decimalOf(value);
        }

        @Override
        public boolean isFinite() {
            return Float.isFinite(value);
        }
    }

    /** IEEE 754 double precision. */
    record Float8(double value) implements Numeric {
        @Override
        public TypeTag tag() {
            return TypeTag.FLOAT8;
        }

        @Override
        public long longValue() {
            return (long) value;
        }

        @Override
        public double doubleValue() {
            return value;
        }

        @Override
        public BigDecimal decimalValue() {
            return FloatText.decimalOf(value);
        }

        @Override
        public boolean isFinite() {
            return Double.isFinite(value);
        }
    }

    /**
     * An exact decimal number with its display scale, or NaN or an infinity. {@code digits} counts
     * only when the form is finite.
     */
    record Decimal(BigDecimal digits, Form form) implements Numeric {
        /** As PostgreSQL's numeric: digits before and after the point. */
        public static final int MAX_INTEGER_DIGITS = 131_072;

        public static final int MAX_SCALE = 16_383;

        public static final Decimal NAN = new Decimal(BigDecimal.ZERO, Form.NAN);
        public static final Decimal INFINITY = new Decimal(BigDecimal.ZERO, Form.INFINITY);
        public static final Decimal NEGATIVE_INFINITY =
                new Decimal(BigDecimal.ZERO, Form.NEGATIVE_INFINITY);

        /** What the number is; the number stands in formats. */
        public enum Form {
            FINITE(0),
            NAN(1),
            INFINITY(2),
            NEGATIVE_INFINITY(3);

            private final int number;

            Form(int number) {
                this.number = number;
            }

            int number() {
                return number;
            }

            static Form ofNumber(int number) {
                return switch (number) {
                    case 0 -> FINITE;
                    case 1 -> NAN;
                    case 2 -> INFINITY;
                    default -> NEGATIVE_INFINITY;
                };
            }
        }

        /** A finite number; {@link ErrorCode#OVERFLOW} when it is beyond numeric's bounds. */
        public static Decimal of(BigDecimal digits) {
            // the bound first: setScale of 1e2000000000 would build the digits
            if (digits.signum() != 0
                    && (long) digits.precision() - digits.scale() > MAX_INTEGER_DIGITS) {
                throw new NodeDbException(
                        ErrorCode.OVERFLOW, "The value overflows the numeric format.");
            }
            if (digits.scale() > MAX_SCALE) {
                throw new NodeDbException(
                        ErrorCode.OVERFLOW,
                        "A numeric has at most 16383 digits after the point: scale="
                                + digits.scale()
                                + ".");
            }
            if (digits.signum() == 0 && digits.scale() < 0) {
                return new Decimal(BigDecimal.ZERO, Form.FINITE);
            }
            return new Decimal(digits.scale() < 0 ? digits.setScale(0) : digits, Form.FINITE);
        }

        @Override
        public TypeTag tag() {
            return TypeTag.DECIMAL;
        }

        @Override
        public long longValue() {
            return digits.longValue();
        }

        @Override
        public double doubleValue() {
            return switch (form) {
                case FINITE -> digits.doubleValue();
                case NAN -> Double.NaN;
                case INFINITY -> Double.POSITIVE_INFINITY;
                case NEGATIVE_INFINITY -> Double.NEGATIVE_INFINITY;
            };
        }

        @Override
        public BigDecimal decimalValue() {
            return digits;
        }

        @Override
        public boolean isFinite() {
            return form == Form.FINITE;
        }
    }

    /** Characters; TEXT, VARCHAR and JSON's strings alike. */
    record Text(String value) implements Value {
        @Override
        public TypeTag tag() {
            return TypeTag.TEXT;
        }
    }

    /** Bytes, which nobody changes: what goes in and comes out of {@link #toArray} is copied. */
    final class Bytes implements Value {
        private final byte[] bytes;

        public Bytes(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        public int length() {
            return bytes.length;
        }

        public byte[] toArray() {
            return bytes.clone();
        }

        /** The bytes themselves, for the readers of this package only. */
        byte[] shared() {
            return bytes;
        }

        @Override
        public TypeTag tag() {
            return TypeTag.BYTEA;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "Bytes[" + BytesText.write(bytes) + "]";
        }
    }

    /** A UUID by its two halves; ordered as 16 unsigned bytes. */
    record Uuid(long high, long low) implements Value {
        public static Uuid of(java.util.UUID uuid) {
            return new Uuid(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
        }

        @Override
        public TypeTag tag() {
            return TypeTag.UUID;
        }
    }

    /** Days since 1970-01-01 in the Gregorian calendar, or an infinity. */
    record Date(int days) implements Value {
        public static final int INFINITY = Integer.MAX_VALUE;
        public static final int NEGATIVE_INFINITY = Integer.MIN_VALUE;

        public boolean isFinite() {
            return days != INFINITY && days != NEGATIVE_INFINITY;
        }

        @Override
        public TypeTag tag() {
            return TypeTag.DATE;
        }
    }

    /** Microseconds since midnight, up to and including 24:00. */
    record Time(long micros) implements Value {
        public Time {
            Check.that(micros >= 0 && micros <= Moments.DAY_MICROS, "time is in a day", micros);
        }

        @Override
        public TypeTag tag() {
            return TypeTag.TIME;
        }
    }

    /** Microseconds since 1970-01-01 00:00 of an unnamed place's clock, or an infinity. */
    record Timestamp(long micros) implements Value {
        public static final long INFINITY = Long.MAX_VALUE;
        public static final long NEGATIVE_INFINITY = Long.MIN_VALUE;

        public boolean isFinite() {
            return micros != INFINITY && micros != NEGATIVE_INFINITY;
        }

        @Override
        public TypeTag tag() {
            return TypeTag.TIMESTAMP;
        }
    }

    /** Microseconds since 1970-01-01 00:00 UTC, or an infinity: an instant. */
    record TimestampTz(long micros) implements Value {
        public boolean isFinite() {
            return micros != Timestamp.INFINITY && micros != Timestamp.NEGATIVE_INFINITY;
        }

        @Override
        public TypeTag tag() {
            return TypeTag.TIMESTAMPTZ;
        }
    }

    /**
     * Months, days and microseconds, each with its own sign; ordered as if a month had 30 days and
     * a day 24 hours.
     */
    record Interval(int months, int days, long micros) implements Value {
        @Override
        public TypeTag tag() {
            return TypeTag.INTERVAL;
        }
    }

    /** Elements in their order, of any types; NULL is one of {@link Value#NULL}. */
    record Array(List<Value> elements) implements Value {
        public Array {
            elements = List.copyOf(elements);
        }

        @Override
        public TypeTag tag() {
            return TypeTag.ARRAY;
        }
    }

    /** Fields in the order in which they were written; the order does not count for equality. */
    record Document(Map<String, Value> fields) implements Value {
        public Document {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }

        public Optional<Value> field(String name) {
            return Optional.ofNullable(fields.get(name));
        }

        @Override
        public TypeTag tag() {
            return TypeTag.JSON;
        }
    }
}
