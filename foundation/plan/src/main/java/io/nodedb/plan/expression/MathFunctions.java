package io.nodedb.plan.expression;

import static io.nodedb.plan.expression.Arguments.big;
import static io.nodedb.plan.expression.Arguments.real;
import static io.nodedb.plan.expression.Arguments.whole;
import static io.nodedb.plan.expression.Functions.strict;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;
import io.nodedb.base.value.Value.Decimal;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.function.DoubleUnaryOperator;

/**
 * Functions on numbers. Logarithms, exponentials and powers are computed in float8; on numeric
 * arguments PostgreSQL computes them to more digits.
 */
final class MathFunctions {
    private static final int MAX_ROUNDING_SCALE = 2_000;

    private MathFunctions() {}

    static void define() {
        strict("abs(int2) int2", (a, _) -> NumberMath.whole(Math.abs(big(a, 0)), Type.INT2));
        strict("abs(int) int", (a, _) -> NumberMath.whole(Math.abs(big(a, 0)), Type.INT4));
        strict("abs(bigint) bigint", (a, _) -> big(a, 0) < 0 ? NumberMath.negate(a[0]) : a[0]);
        strict("abs(float) float", (a, _) -> Value.of(Math.abs(real(a, 0))));
        strict("abs(numeric) numeric", (a, _) -> signum(a[0]) < 0 ? NumberMath.negate(a[0]) : a[0]);
        strict("sign(float) float", (a, _) -> Value.of(sign(real(a, 0))));
        strict("sign(numeric) numeric", (a, _) -> sign((Decimal) a[0]));
        defineRounding();
        defineDivision();
        define("exp", MathFunctions::exp);
        strict("ln(float) float", (a, _) -> Value.of(Math.log(positive(real(a, 0)))));
        for (String name : new String[] {"log", "log10"}) {
            strict(name + "(float) float", (a, _) -> Value.of(Math.log10(positive(real(a, 0)))));
        }
        for (String name : new String[] {"power", "pow"}) {
            strict(
                    name + "(float, float) float",
                    (a, _) -> Value.of(NumberMath.power(real(a, 0), real(a, 1))));
        }
        strict("sqrt(float) float", (a, _) -> Value.of(Math.sqrt(notNegative(real(a, 0)))));
        strict("sqrt(numeric) numeric", (a, _) -> sqrt((Decimal) a[0]));
        define("cbrt", Math::cbrt);
        define("sin", Math::sin);
        define("cos", Math::cos);
        define("tan", Math::tan);
        define("atan", Math::atan);
        define("asin", value -> Math.asin(withinOne(value)));
        define("acos", value -> Math.acos(withinOne(value)));
        define("degrees", value -> value / (Math.PI / 180));
        define("radians", value -> value * (Math.PI / 180));
        strict("atan2(float, float) float", (a, _) -> Value.of(Math.atan2(real(a, 0), real(a, 1))));
        strict("pi() float", (_, _) -> Value.of(Math.PI));
    }

    private static void define(String name, DoubleUnaryOperator body) {
        strict(name + "(float) float", (a, _) -> Value.of(body.applyAsDouble(real(a, 0))));
    }

    private static void defineRounding() {
        for (String name : new String[] {"ceil", "ceiling"}) {
            strict(name + "(float) float", (a, _) -> Value.of(Math.ceil(real(a, 0))));
            strict(name + "(numeric) numeric", (a, _) -> rounded(a[0], 0, RoundingMode.CEILING));
        }
        strict("floor(float) float", (a, _) -> Value.of(Math.floor(real(a, 0))));
        strict("floor(numeric) numeric", (a, _) -> rounded(a[0], 0, RoundingMode.FLOOR));
        strict("round(float) float", (a, _) -> Value.of(Math.rint(real(a, 0))));
        strict("round(numeric) numeric", (a, _) -> rounded(a[0], 0, RoundingMode.HALF_UP));
        strict(
                "round(numeric, int) numeric",
                (a, _) -> rounded(a[0], whole(a, 1), RoundingMode.HALF_UP));
        strict(
                "trunc(float) float",
                (a, _) -> {
                    double value = real(a, 0);
                    return Value.of(value < 0 ? Math.ceil(value) : Math.floor(value));
                });
        strict("trunc(numeric) numeric", (a, _) -> rounded(a[0], 0, RoundingMode.DOWN));
        strict(
                "trunc(numeric, int) numeric",
                (a, _) -> rounded(a[0], whole(a, 1), RoundingMode.DOWN));
    }

    private static void defineDivision() {
        for (String type : new String[] {"int2", "int", "bigint", "numeric"}) {
            strict(
                    "mod(" + type + ", " + type + ") " + type,
                    (a, _) ->
                            NumberMath.apply(
                                    Operator.MODULO, (Value.Numeric) a[0], (Value.Numeric) a[1]));
        }
        strict(
                "div(numeric, numeric) numeric",
                (a, _) -> {
                    Decimal x = (Decimal) a[0];
                    Decimal y = (Decimal) a[1];
                    if (!x.isFinite() || !y.isFinite() || y.digits().signum() == 0) {
                        return NumberMath.apply(Operator.DIVIDE, x, y);
                    }
                    return Decimal.of(x.digits().divideToIntegralValue(y.digits()).setScale(0));
                });
        strict(
                "gcd(int, int) int",
                (a, _) -> NumberMath.whole(gcd(big(a, 0), big(a, 1)), Type.INT4));
        strict("gcd(bigint, bigint) bigint", (a, _) -> Value.of(gcd(big(a, 0), big(a, 1))));
        strict(
                "lcm(int, int) int",
                (a, _) -> NumberMath.whole(lcm(big(a, 0), big(a, 1)), Type.INT4));
        strict("gcd(numeric, numeric) numeric", (a, _) -> gcd((Decimal) a[0], (Decimal) a[1]));
        strict("lcm(numeric, numeric) numeric", (a, _) -> lcm((Decimal) a[0], (Decimal) a[1]));
        strict("lcm(bigint, bigint) bigint", (a, _) -> Value.of(lcm(big(a, 0), big(a, 1))));
    }

    private static int signum(Value value) {
        Decimal decimal = (Decimal) value;
        return switch (decimal.form()) {
            case FINITE -> decimal.digits().signum();
            case NEGATIVE_INFINITY -> -1;
            case NAN, INFINITY -> 1;
        };
    }

    /** PostgreSQL's sign of NaN and of -0 is 0. */
    private static double sign(double value) {
        return value > 0 ? 1 : value < 0 ? -1 : 0;
    }

    private static Value sign(Decimal value) {
        return value.form() == Decimal.Form.NAN
                ? value
                : Decimal.of(BigDecimal.valueOf(signum(value)));
    }

    private static Value rounded(Value value, int digits, RoundingMode mode) {
        Decimal decimal = (Decimal) value;
        if (!decimal.isFinite()) {
            return decimal;
        }
        int scale = Math.clamp(digits, -MAX_ROUNDING_SCALE, MAX_ROUNDING_SCALE);
        BigDecimal rounded = decimal.digits().setScale(scale, mode);
        return Decimal.of(scale < 0 ? rounded.setScale(0) : rounded);
    }

    private static double exp(double value) {
        double result = Math.exp(value);
        if (Double.isInfinite(result) && !Double.isInfinite(value)) {
            throw new NodeDbException(ErrorCode.OVERFLOW, "value out of range: overflow.");
        }
        if (result == 0 && !Double.isInfinite(value)) {
            throw new NodeDbException(ErrorCode.OVERFLOW, "value out of range: underflow.");
        }
        return result;
    }

    private static double positive(double value) {
        if (value == 0) {
            throw new NodeDbException(
                    ErrorCode.INVALID_LOGARITHM, "cannot take logarithm of zero.");
        }
        if (value < 0) {
            throw new NodeDbException(
                    ErrorCode.INVALID_LOGARITHM, "cannot take logarithm of a negative number.");
        }
        return value;
    }

    private static double notNegative(double value) {
        if (value < 0) {
            throw new NodeDbException(
                    ErrorCode.INVALID_POWER, "cannot take square root of a negative number.");
        }
        return value;
    }

    private static double withinOne(double value) {
        if (value < -1 || value > 1) {
            throw new NodeDbException(ErrorCode.OVERFLOW, "input is out of range.");
        }
        return value;
    }

    /** With PostgreSQL's scale: 16 significant digits, and no fewer than the argument shows. */
    private static Value sqrt(Decimal value) {
        if (!value.isFinite()) {
            notNegative(value.doubleValue());
            return value;
        }
        BigDecimal digits = value.digits();
        notNegative(digits.signum());
        if (digits.signum() == 0) {
            return Decimal.of(BigDecimal.ZERO.setScale(Math.max(15, digits.scale())));
        }
        int weight = (NumberMath.groupWeight(digits) + 1) * 4 / 2 - 1;
        int scale = Math.clamp(Math.max(16L - weight, digits.scale()), 0, 1_000);
        int precision = Math.max(1, digits.precision() / 2 + scale + 8);
        BigDecimal root = digits.sqrt(new MathContext(precision, RoundingMode.DOWN));
        return Decimal.of(root.setScale(scale, RoundingMode.HALF_UP));
    }

    private static long gcd(long a, long b) {
        long x = a;
        long y = b;
        while (y != 0) {
            long rest = y == -1 ? 0 : x % y;
            x = y;
            y = rest;
        }
        if (x == Long.MIN_VALUE) {
            throw NumberMath.outOfRange(Type.INT8);
        }
        return Math.abs(x);
    }

    /** Of the numbers of units of the finer scale. */
    private static Value gcd(Decimal a, Decimal b) {
        if (!a.isFinite() || !b.isFinite()) {
            return Decimal.NAN;
        }
        int scale = Math.max(a.digits().scale(), b.digits().scale());
        BigInteger x = a.digits().setScale(scale).unscaledValue();
        BigInteger y = b.digits().setScale(scale).unscaledValue();
        return Decimal.of(new BigDecimal(x.gcd(y), scale));
    }

    private static Value lcm(Decimal a, Decimal b) {
        if (!a.isFinite() || !b.isFinite()) {
            return Decimal.NAN;
        }
        int scale = Math.max(a.digits().scale(), b.digits().scale());
        BigInteger x = a.digits().setScale(scale).unscaledValue();
        BigInteger y = b.digits().setScale(scale).unscaledValue();
        BigInteger units =
                x.signum() == 0 || y.signum() == 0
                        ? BigInteger.ZERO
                        : x.divide(x.gcd(y)).multiply(y).abs();
        return Decimal.of(new BigDecimal(units, scale));
    }

    private static long lcm(long a, long b) {
        if (a == 0 || b == 0) {
            return 0;
        }
        long product = NumberMath.longs(Operator.MULTIPLY, a / gcd(a, b), b);
        return product < 0 ? NumberMath.longs(Operator.SUBTRACT, 0, product) : product;
    }
}
