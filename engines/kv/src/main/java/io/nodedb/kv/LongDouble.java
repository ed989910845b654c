package io.nodedb.kv;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Floating-point numbers with 64 bits of mantissa, in which Redis counts by fractions: read from
 * text, added, and written without exponent, to 17 places behind the point. Every number is exactly
 * a decimal one, so it is kept as such and only rounded in binary after each step.
 */
final class LongDouble {
    private static final int MANTISSA_BITS = 64;

    /** Numbers from 2 to this power on are infinite. */
    private static final int END_EXPONENT = 16_384;

    /** The lowest bit that a number may have. */
    private static final int LOWEST_BIT = -16_445;

    private static final int PLACES = 17;

    /** Decimal exponents beyond it are infinite or vanish; to be told before computing powers. */
    private static final int DECIMAL_EXPONENT_LIMIT = 5_500;

    private LongDouble() {}

    /** What came of reading a text. */
    enum Kind {
        FINITE,
        INFINITE,
        INVALID
    }

    /** A text's number. */
    record Parsed(Kind kind, BigDecimal value) {
        private static final Parsed NOT_A_NUMBER = new Parsed(Kind.INVALID, BigDecimal.ZERO);
        private static final Parsed INFINITY = new Parsed(Kind.INFINITE, BigDecimal.ZERO);
    }

    /** Reads a number as C's {@code strtold}; what is too large or vanishes is invalid. */
    static Parsed parse(byte[] text, int from, int length) {
        if (length == 0 || length > FloatingText.MAX_BYTES) {
            return Parsed.NOT_A_NUMBER;
        }
        String letters = new String(text, from, length, StandardCharsets.ISO_8859_1);
        if (FloatingText.isInfinite(letters)) {
            return Parsed.INFINITY;
        }
        boolean decimal = FloatingText.isDecimal(letters);
        if (!decimal && !FloatingText.isHexadecimal(letters)) {
            return Parsed.NOT_A_NUMBER;
        }
        if (FloatingText.isZero(letters)) {
            return new Parsed(Kind.FINITE, BigDecimal.ZERO);
        }
        BigDecimal exact = decimal ? exactDecimal(letters) : exactHexadecimal(letters);
        BigDecimal rounded = exact == null ? null : round(exact);
        return rounded == null || rounded.signum() == 0
                ? Parsed.NOT_A_NUMBER
                : new Parsed(Kind.FINITE, rounded);
    }

    /** The sum; null when it is infinite. */
    static @Nullable BigDecimal add(BigDecimal one, BigDecimal other) {
        return round(one.add(other));
    }

    /** Without exponent and without zeros at the end. */
    static String format(BigDecimal value) {
        BigDecimal shown = value.setScale(PLACES, RoundingMode.HALF_EVEN);
        return shown.signum() == 0 ? "0" : shown.stripTrailingZeros().toPlainString();
    }

    private static @Nullable BigDecimal exactDecimal(String letters) {
        int mark = Math.max(letters.indexOf('e'), letters.indexOf('E'));
        int exponent = mark < 0 ? 0 : exponent(letters.substring(mark + 1));
        if (Math.abs(exponent) > DECIMAL_EXPONENT_LIMIT) {
            return null;
        }
        return new BigDecimal(mark < 0 ? letters : letters.substring(0, mark))
                .scaleByPowerOfTen(exponent);
    }

    private static @Nullable BigDecimal exactHexadecimal(String letters) {
        int mark = Math.max(letters.indexOf('p'), letters.indexOf('P'));
        int exponent = mark < 0 ? 0 : exponent(letters.substring(mark + 1));
        if (Math.abs(exponent) > 4 * DECIMAL_EXPONENT_LIMIT) {
            return null;
        }
        boolean negative = letters.charAt(0) == '-';
        int start = Character.isDigit(letters.charAt(0)) ? 2 : 3;
        String digits = letters.substring(start, mark < 0 ? letters.length() : mark);
        int point = digits.indexOf('.');
        int fraction = point < 0 ? 0 : digits.length() - point - 1;
        BigInteger mantissa = new BigInteger(digits.replace(".", ""), 16);
        BigDecimal value = timesPowerOfTwo(mantissa, exponent - 4 * fraction);
        return negative ? value.negate() : value;
    }

    /** An exponent, cut at what is beyond all limits. */
    private static int exponent(String digits) {
        BigInteger exponent = new BigInteger(digits);
        return exponent.bitLength() < 31 ? exponent.intValue() : Integer.MAX_VALUE;
    }

    /** The nearest number of this kind, to even when two are; null when it is infinite. */
    private static @Nullable BigDecimal round(BigDecimal exact) {
        if (exact.signum() == 0) {
            return BigDecimal.ZERO;
        }
        BigInteger numerator = exact.unscaledValue().abs();
        BigInteger denominator = BigInteger.ONE;
        if (exact.scale() > 0) {
            denominator = BigInteger.TEN.pow(exact.scale());
        } else {
            numerator = numerator.multiply(BigInteger.TEN.pow(-exact.scale()));
        }
        // One bit more or less than wanted, as the leading digits decide: seen after dividing.
        int lowest = numerator.bitLength() - denominator.bitLength() - MANTISSA_BITS;
        lowest = Math.max(lowest, LOWEST_BIT);
        BigInteger mantissa = divide(numerator, denominator, lowest);
        if (mantissa.bitLength() > MANTISSA_BITS) {
            lowest++;
            mantissa = divide(numerator, denominator, lowest);
            if (mantissa.bitLength() > MANTISSA_BITS) {
                // Rounded up to the next power of two, which needs a single bit.
                mantissa = mantissa.shiftRight(1);
                lowest++;
            }
        }
        if (lowest + mantissa.bitLength() > END_EXPONENT) {
            return null;
        }
        BigDecimal value = timesPowerOfTwo(mantissa, lowest);
        return exact.signum() < 0 ? value.negate() : value;
    }

    /** numerator / denominator / 2^{@code exponent}, rounded half to even. */
    private static BigInteger divide(BigInteger numerator, BigInteger denominator, int exponent) {
        BigInteger above = exponent < 0 ? numerator.shiftLeft(-exponent) : numerator;
        BigInteger below = exponent > 0 ? denominator.shiftLeft(exponent) : denominator;
        BigInteger[] parts = above.divideAndRemainder(below);
        int half = parts[1].shiftLeft(1).compareTo(below);
        boolean up = half > 0 || (half == 0 && parts[0].testBit(0));
        return up ? parts[0].add(BigInteger.ONE) : parts[0];
    }

    private static BigDecimal timesPowerOfTwo(BigInteger mantissa, int exponent) {
        if (exponent >= 0) {
            return new BigDecimal(mantissa.shiftLeft(exponent));
        }
        // m / 2^n is m * 5^n / 10^n.
        return new BigDecimal(mantissa.multiply(BigInteger.valueOf(5).pow(-exponent)), -exponent);
    }
}
