package io.nodedb.kv;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/**
 * Scores as text, as protocol 2 has them: 17 significant digits without zeros at the end, with an
 * exponent when it is below -4 or above 16 ({@code %.17g} in C).
 */
final class ScoreText {
    private static final int DIGITS = 17;
    private static final int LEAST_PLAIN_EXPONENT = -4;

    /** Whole numbers below this have no more digits than are shown. */
    private static final double WHOLE = 1e15;

    private ScoreText() {}

    static byte[] of(double score) {
        return text(score).getBytes(StandardCharsets.US_ASCII);
    }

    /** As scans tell them: whole numbers that fit 63 bits with all their digits. */
    static byte[] scanned(double score) {
        if (isNegativeZero(score)) {
            return of(score);
        }
        boolean whole = score == Math.rint(score) && Math.abs(score) <= Long.MAX_VALUE / 2.0;
        return whole ? Long.toString((long) score).getBytes(StandardCharsets.US_ASCII) : of(score);
    }

    private static String text(double score) {
        if (Double.isInfinite(score)) {
            return score > 0 ? "inf" : "-inf";
        }
        if (isNegativeZero(score)) {
            return "-0";
        }
        if (score == Math.rint(score) && Math.abs(score) < WHOLE) {
            return Long.toString((long) score);
        }
        BigDecimal shown =
                new BigDecimal(score)
                        .round(new MathContext(DIGITS, RoundingMode.HALF_EVEN))
                        .stripTrailingZeros();
        String digits = shown.unscaledValue().abs().toString();
        int exponent = digits.length() - shown.scale() - 1;
        if (exponent >= LEAST_PLAIN_EXPONENT && exponent < DIGITS) {
            return shown.toPlainString();
        }
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        int power = Math.abs(exponent);
        return (score < 0 ? "-" : "")
                + digits.charAt(0)
                + fraction
                + (exponent < 0 ? "e-" : "e+")
                + (power < 10 ? "0" : "")
                + power;
    }

    private static boolean isNegativeZero(double score) {
        return score == 0 && 1 / score < 0;
    }
}
