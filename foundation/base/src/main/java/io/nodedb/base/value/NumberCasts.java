package io.nodedb.base.value;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Value.Decimal;
import io.nodedb.base.value.Value.Numeric;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Casts among the numeric types as PostgreSQL's: decimals round half away from zero, floats half to
 * even; what does not fit is {@link ErrorCode#OVERFLOW}.
 */
final class NumberCasts {
    /** PostgreSQL prints a float with so many digits on its way to numeric. */
    private static final MathContext FLOAT8_DIGITS = new MathContext(15, RoundingMode.HALF_EVEN);

    private static final MathContext FLOAT4_DIGITS = new MathContext(6, RoundingMode.HALF_EVEN);

    private NumberCasts() {}

    static Value cast(Numeric number, Type target) {
        return switch (target.tag()) {
            case INT2 ->
                    new Value.Int2((short) whole(number, target, Short.MIN_VALUE, Short.MAX_VALUE));
            case INT4 ->
                    Value.of((int) whole(number, target, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case INT8 -> Value.of(whole(number, target, Long.MIN_VALUE, Long.MAX_VALUE));
            case FLOAT4 -> float4(number);
            case FLOAT8 -> float8(number);
            default -> limited(decimal(number), target);
        };
    }

    private static long whole(Numeric number, Type target, long least, long most) {
        if (number.tag().isInteger()) {
            return inRange(number.longValue(), target, least, most);
        }
        if (number instanceof Decimal decimal) {
            if (!decimal.isFinite()) {
                throw new NodeDbException(
                        ErrorCode.UNSUPPORTED,
                        "cannot convert "
                                + TextOutput.plain(decimal)
                                + " to "
                                + target.sqlName()
                                + ".");
            }
            BigDecimal rounded = decimal.digits().setScale(0, RoundingMode.HALF_UP);
            if (rounded.unscaledValue().bitLength() >= Long.SIZE) {
                throw outOfRange(target);
            }
            return inRange(rounded.longValue(), target, least, most);
        }
        double rounded = Math.rint(number.doubleValue());
        if (!(rounded >= -0x1p63 && rounded < 0x1p63)) {
            throw outOfRange(target);
        }
        return inRange((long) rounded, target, least, most);
    }

    private static long inRange(long value, Type target, long least, long most) {
        if (value < least || value > most) {
            throw outOfRange(target);
        }
        return value;
    }

    private static Value float4(Numeric number) {
        if (number instanceof Value.Float4) {
            return number;
        }
        float value =
                number instanceof Decimal decimal && decimal.isFinite()
                        ? decimal.digits().floatValue()
                        : number.tag().isInteger()
                                ? (float) number.longValue()
                                : (float) number.doubleValue();
        boolean tooLarge = number.isFinite() && Float.isInfinite(value);
        if (tooLarge || (value == 0 && number.isFinite() && signum(number) != 0)) {
            throw outOfRange(Type.FLOAT4);
        }
        return new Value.Float4(value);
    }

    private static int signum(Numeric number) {
        return number instanceof Decimal decimal
                ? decimal.digits().signum()
                : (int) Math.signum(number.doubleValue());
    }

    private static Value float8(Numeric number) {
        double value = number.doubleValue();
        boolean tooLarge = number.isFinite() && Double.isInfinite(value);
        if (tooLarge || (value == 0 && number.isFinite() && signum(number) != 0)) {
            throw outOfRange(Type.FLOAT8);
        }
        return Value.of(value);
    }

    static Decimal decimal(Numeric number) {
        if (number instanceof Decimal decimal) {
            return decimal;
        }
        if (number.tag().isInteger()) {
            return Decimal.of(BigDecimal.valueOf(number.longValue()));
        }
        double value = number.doubleValue();
        if (Double.isNaN(value)) {
            return Decimal.NAN;
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? Decimal.INFINITY : Decimal.NEGATIVE_INFINITY;
        }
        if (value == 0) {
            return Decimal.of(BigDecimal.ZERO);
        }
        MathContext digits = number instanceof Value.Float4 ? FLOAT4_DIGITS : FLOAT8_DIGITS;
        return Decimal.of(new BigDecimal(value).round(digits).stripTrailingZeros());
    }

    /** Rounds to the scale of DECIMAL(p,s) and holds it to the precision. */
    static Decimal limited(Decimal value, Type target) {
        if (target.length() == Type.UNLIMITED || value.form() == Decimal.Form.NAN) {
            return value;
        }
        if (!value.isFinite()) {
            throw fieldOverflow(target);
        }
        BigDecimal rounded = value.digits().setScale(target.scale(), RoundingMode.HALF_UP);
        if (rounded.signum() != 0 && rounded.precision() > target.length()) {
            throw fieldOverflow(target);
        }
        return new Decimal(rounded, Decimal.Form.FINITE);
    }

    private static NodeDbException fieldOverflow(Type target) {
        return new NodeDbException(
                ErrorCode.OVERFLOW,
                "numeric field overflow: precision="
                        + target.length()
                        + " scale="
                        + target.scale()
                        + ".");
    }

    static NodeDbException outOfRange(Type target) {
        return new NodeDbException(ErrorCode.OVERFLOW, target.sqlName() + " out of range.");
    }
}
