package io.nodedb.base.value;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Floats as PostgreSQL writes them: the shortest digits that read back as the same number, plain
 * from 0.0001 up to 15 (float8) or 6 (float4) digits before the point, else with an exponent of at
 * least two digits.
 */
final class FloatText {
    private static final int FLOAT8_PLAIN_DIGITS = 15;
    private static final int FLOAT4_PLAIN_DIGITS = 6;
    private static final int SMALLEST_PLAIN_EXPONENT = -4;

    private FloatText() {}

    static String write(double value) {
        if (!Double.isFinite(value) || value == 0) {
            return special(value);
        }
        BigDecimal digits = shortest(value);
        return write(digits, FLOAT8_PLAIN_DIGITS);
    }

    /**
     * As {@link #write(double)}, but a whole number beyond 2^53 with all of its digits, so that the
     * text is exactly {@link #decimalOf}.
     */
    static String writeExact(double value) {
        return !Double.isFinite(value) || value == 0
                ? special(value)
                : write(decimalOf(value).stripTrailingZeros(), FLOAT8_PLAIN_DIGITS);
    }

    static String write(float value) {
        if (!Float.isFinite(value) || value == 0) {
            return special(value);
        }
        BigDecimal digits = new BigDecimal(Float.toString(value)).stripTrailingZeros();
        if (digits.precision() == 2) {
            BigDecimal one = digits.round(new java.math.MathContext(1));
            digits = one.floatValue() == value ? one : digits;
        }
        return write(digits, FLOAT4_PLAIN_DIGITS);
    }

    /** The exact value of an integral float; else the shortest decimal that reads back as it. */
    static BigDecimal decimalOf(double value) {
        return value == Math.rint(value)
                ? new BigDecimal(value)
                : new BigDecimal(Double.toString(value));
    }

    /** Java gives at least two digits, which is one too many for 5e-324. */
    private static BigDecimal shortest(double value) {
        BigDecimal digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        if (digits.precision() == 2) {
            BigDecimal one = digits.round(new java.math.MathContext(1));
            return one.doubleValue() == value ? one : digits;
        }
        return digits;
    }

    private static String special(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        return value > 0 ? "Infinity" : "-Infinity";
    }

    private static String write(BigDecimal value, int plainDigits) {
        BigInteger unscaled = value.unscaledValue().abs();
        String digits = unscaled.toString();
        int exponent = digits.length() - 1 - value.scale();
        if (exponent >= SMALLEST_PLAIN_EXPONENT && exponent < plainDigits) {
            return value.toPlainString();
        }
        StringBuilder text = new StringBuilder();
        if (value.signum() < 0) {
            text.append('-');
        }
        text.append(digits.charAt(0));
        if (digits.length() > 1) {
            text.append('.').append(digits, 1, digits.length());
        }
        text.append('e').append(exponent < 0 ? '-' : '+');
        int size = Math.abs(exponent);
        return text.append(size < 10 ? "0" : "").append(size).toString();
    }
}
