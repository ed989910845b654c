package io.nodedb.kv;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/**
 * Scores as text: integers without point, others with the fewest digits that tell them, with an
 * exponent when they have more than 21 places.
 */
final class ScoreText {
    /** Whole numbers below this are exact. */
    private static final double EXACT = 1L << 53;

    private static final int PLAIN_EXPONENT = 21;
    private static final int PLAIN_PLACES = 7;

    private ScoreText() {}

    static byte[] of(double score) {
        return text(score).getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(double score) {
        if (Double.isInfinite(score)) {
            return score > 0 ? "inf" : "-inf";
        }
        if (score == 0) {
            return 1 / score < 0 ? "-0" : "0";
        }
        if (score == Math.rint(score) && Math.abs(score) < EXACT) {
            return Long.toString((long) score);
        }
        BigDecimal shortest = new BigDecimal(Double.toString(score)).stripTrailingZeros();
        String digits = shortest.unscaledValue().abs().toString();
        int exponent = digits.length() - shortest.scale();
        String sign = score < 0 ? "-" : "";
        if (exponent <= PLAIN_EXPONENT && exponent > -PLAIN_PLACES + 1) {
            return shortest.toPlainString();
        }
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        int power = exponent - 1;
        return sign + digits.charAt(0) + fraction + "e" + (power < 0 ? "" : "+") + power;
    }
}
