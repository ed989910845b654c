package io.nodedb.plan.expression;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;
import io.nodedb.base.value.Value.Decimal;
import io.nodedb.base.value.Value.Numeric;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Arithmetic on numbers with PostgreSQL's results: integers overflow with 22003, division by zero
 * is 22012, floats that leave their range are 22003, decimals keep PostgreSQL's scales.
 */
final class NumberMath {
    /** PostgreSQL's least number of significant digits of a quotient. */
    private static final int MIN_SIGNIFICANT_DIGITS = 16;

    /** PostgreSQL counts numeric's digits in groups of four. */
    private static final int GROUP = 4;

    private static final int MAX_DISPLAY_SCALE = 1_000;

    private NumberMath() {}

    static Value apply(Operator operator, Numeric a, Numeric b) {
        if (operator == Operator.POWER) {
            return Value.of(power(a.doubleValue(), b.doubleValue()));
        }
        Type type = TypeRules.number(Type.of(a.tag()), Type.of(b.tag()));
        return switch (type.tag()) {
            case INT2, INT4, INT8 -> whole(longs(operator, a.longValue(), b.longValue()), type);
            case FLOAT4 -> float4(operator, a, b);
            case FLOAT8 -> {
                if (operator == Operator.MODULO) {
                    throw TypeRules.undefined(Type.of(a.tag()), "%", Type.of(b.tag()));
                }
                yield Value.of(doubles(operator, a.doubleValue(), b.doubleValue()));
            }
            default -> decimals(operator, decimal(a), decimal(b));
        };
    }

    static Value whole(long value, Type type) {
        return switch (type.tag()) {
            case INT2 ->
                    new Value.Int2((short) value(value, type, Short.MIN_VALUE, Short.MAX_VALUE));
            case INT4 -> Value.of((int) value(value, type, Integer.MIN_VALUE, Integer.MAX_VALUE));
            default -> Value.of(value);
        };
    }

    /** {@code value}, when it fits an integer type. */
    static long checked(long value, Type type) {
        return switch (type.tag()) {
            case INT2 -> value(value, type, Short.MIN_VALUE, Short.MAX_VALUE);
            case INT4 -> value(value, type, Integer.MIN_VALUE, Integer.MAX_VALUE);
            default -> value;
        };
    }

    private static long value(long value, Type type, long least, long most) {
        if (value < least || value > most) {
            throw outOfRange(type);
        }
        return value;
    }

    static long longs(Operator operator, long a, long b) {
        try {
            return switch (operator) {
                case ADD -> Math.addExact(a, b);
                case SUBTRACT -> Math.subtractExact(a, b);
                case MULTIPLY -> Math.multiplyExact(a, b);
                case DIVIDE -> Math.divideExact(a, requireNotZero(b));
                default -> b == -1 ? 0 : a % requireNotZero(b);
            };
        } catch (ArithmeticException overflow) {
            throw new NodeDbException(ErrorCode.OVERFLOW, "bigint out of range.", overflow);
        }
    }

    private static long requireNotZero(long divisor) {
        if (divisor == 0) {
            throw divisionByZero();
        }
        return divisor;
    }

    static double doubles(Operator operator, double a, double b) {
        double result =
                switch (operator) {
                    case ADD -> a + b;
                    case SUBTRACT -> a - b;
                    case MULTIPLY -> a * b;
                    default -> {
                        if (b == 0 && !Double.isNaN(a)) {
                            throw divisionByZero();
                        }
                        yield a / b;
                    }
                };
        if (Double.isInfinite(result) && !Double.isInfinite(a) && !Double.isInfinite(b)) {
            throw new NodeDbException(ErrorCode.OVERFLOW, "value out of range: overflow.");
        }
        boolean product = operator == Operator.MULTIPLY && b != 0;
        boolean quotient = operator == Operator.DIVIDE && !Double.isInfinite(b);
        if (result == 0 && a != 0 && (product || quotient)) {
            throw new NodeDbException(ErrorCode.OVERFLOW, "value out of range: underflow.");
        }
        return result;
    }

    private static Value float4(Operator operator, Numeric a, Numeric b) {
        if (operator == Operator.MODULO) {
            throw TypeRules.undefined(Type.FLOAT4, "%", Type.FLOAT4);
        }
        double exact = doubles(operator, a.doubleValue(), b.doubleValue());
        float result = (float) exact;
        if (Float.isInfinite(result) && !Double.isInfinite(exact)) {
            throw new NodeDbException(ErrorCode.OVERFLOW, "value out of range: overflow.");
        }
        if (result == 0 && exact != 0) {
            throw new NodeDbException(ErrorCode.OVERFLOW, "value out of range: underflow.");
        }
        return new Value.Float4(result);
    }

    static double power(double base, double exponent) {
        if (base < 0 && !Double.isInfinite(exponent) && exponent != Math.rint(exponent)) {
            throw new NodeDbException(
                    ErrorCode.INVALID_POWER,
                    "a negative number raised to a non-integer power yields a complex result.");
        }
        if (base == 0 && exponent < 0) {
            throw new NodeDbException(
                    ErrorCode.INVALID_POWER, "zero raised to a negative power is undefined.");
        }
        if (base == 1 || exponent == 0) {
            return 1;
        }
        double result = Math.pow(base, exponent);
        boolean finite = Double.isFinite(base) && Double.isFinite(exponent);
        if (finite && Double.isInfinite(result)) {
            throw new NodeDbException(ErrorCode.OVERFLOW, "value out of range: overflow.");
        }
        if (finite && result == 0 && base != 0) {
            throw new NodeDbException(ErrorCode.OVERFLOW, "value out of range: underflow.");
        }
        return result;
    }

    static Decimal decimal(Numeric number) {
        return number instanceof Decimal decimal ? decimal : Decimal.of(number.decimalValue());
    }

    private static Value decimals(Operator operator, Decimal a, Decimal b) {
        boolean divides = operator == Operator.DIVIDE || operator == Operator.MODULO;
        if (a.form() == Decimal.Form.NAN || b.form() == Decimal.Form.NAN) {
            return Decimal.NAN;
        }
        if (divides && b.isFinite() && b.digits().signum() == 0) {
            throw divisionByZero();
        }
        if (!a.isFinite() || !b.isFinite()) {
            return infinite(operator, a, b);
        }
        BigDecimal x = a.digits();
        BigDecimal y = b.digits();
        return Decimal.of(
                switch (operator) {
                    case ADD -> x.add(y);
                    case SUBTRACT -> x.subtract(y);
                    case MULTIPLY -> product(x, y);
                    case DIVIDE -> x.divide(y, quotientScale(x, y), RoundingMode.HALF_UP);
                    default -> x.remainder(y).setScale(Math.max(x.scale(), y.scale()));
                });
    }

    private static BigDecimal product(BigDecimal x, BigDecimal y) {
        BigDecimal exact = x.multiply(y);
        return exact.scale() <= Decimal.MAX_SCALE
                ? exact
                : exact.setScale(Decimal.MAX_SCALE, RoundingMode.HALF_UP);
    }

    /** With an infinity the doubles of the signs tell the result. */
    private static Value infinite(Operator operator, Decimal a, Decimal b) {
        double x = a.isFinite() ? a.digits().signum() : a.doubleValue();
        double y = b.isFinite() ? b.digits().signum() : b.doubleValue();
        double result =
                switch (operator) {
                    case ADD -> x + y;
                    case SUBTRACT -> x - y;
                    case MULTIPLY -> x * y;
                    case DIVIDE -> x / y;
                    default -> Double.isInfinite(x) ? Double.NaN : Double.NEGATIVE_INFINITY * 0;
                };
        if (operator == Operator.MODULO && a.isFinite()) {
            return a;
        }
        if (Double.isNaN(result)) {
            return Decimal.NAN;
        }
        if (Double.isInfinite(result)) {
            return result > 0 ? Decimal.INFINITY : Decimal.NEGATIVE_INFINITY;
        }
        return Decimal.of(BigDecimal.ZERO);
    }

    /**
     * PostgreSQL's select_div_scale: 16 significant digits, and no fewer than the operands show.
     */
    private static int quotientScale(BigDecimal x, BigDecimal y) {
        int weight = groupWeight(x) - groupWeight(y);
        if (firstGroup(x) <= firstGroup(y)) {
            weight--;
        }
        int scale = MIN_SIGNIFICANT_DIGITS - weight * GROUP;
        return Math.min(
                Math.max(Math.max(scale, 0), Math.max(x.scale(), y.scale())), MAX_DISPLAY_SCALE);
    }

    static int groupWeight(BigDecimal value) {
        return value.signum() == 0
                ? 0
                : Math.floorDiv(value.precision() - value.scale() - 1, GROUP);
    }

    private static int firstGroup(BigDecimal value) {
        return value.signum() == 0
                ? 0
                : value.abs()
                        .movePointLeft(GROUP * groupWeight(value))
                        .setScale(0, RoundingMode.DOWN)
                        .intValue();
    }

    static Value negate(Value value) {
        return switch (value) {
            case Value.Null _ -> value;
            case Value.Int2 x -> whole(-(long) x.value(), Type.INT2);
            case Value.Int4 x -> whole(-(long) x.value(), Type.INT4);
            case Value.Int8 x -> Value.of(longs(Operator.SUBTRACT, 0, x.value()));
            case Value.Float4 x -> new Value.Float4(-x.value());
            case Value.Float8 x -> Value.of(-x.value());
            case Decimal x ->
                    switch (x.form()) {
                        case FINITE -> Decimal.of(x.digits().negate());
                        case NAN -> x;
                        case INFINITY -> Decimal.NEGATIVE_INFINITY;
                        case NEGATIVE_INFINITY -> Decimal.INFINITY;
                    };
            case Value.Interval x -> TimeMath.negate(x);
            default ->
                    throw new NodeDbException(
                            ErrorCode.UNDEFINED_FUNCTION,
                            "operator does not exist: - "
                                    + io.nodedb.base.value.Casting.typeOf(value).sqlName()
                                    + ".");
        };
    }

    static NodeDbException divisionByZero() {
        return new NodeDbException(ErrorCode.DIVISION_BY_ZERO, "division by zero.");
    }

    static NodeDbException outOfRange(Type type) {
        return new NodeDbException(ErrorCode.OVERFLOW, type.sqlName() + " out of range.");
    }
}
