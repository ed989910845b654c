package io.nodedb.kv;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Floating-point numbers in the text forms that C's {@code strtod} takes: decimal with an optional
 * exponent, hexadecimal, and infinity, in letters of either case.
 */
final class FloatingText {
    /** Longer texts are refused, as Redis does; the largest long double has 4 933 digits. */
    static final int MAX_BYTES = 5 * 1024 - 1;

    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?(\\d++\\.?+\\d*+|\\.\\d++)([eE][+-]?\\d++)?");
    private static final Pattern HEXADECIMAL =
            Pattern.compile(
                    "[+-]?0[xX](\\p{XDigit}++\\.?+\\p{XDigit}*+|\\.\\p{XDigit}++)([pP][+-]?\\d++)?");
    private static final Pattern INFINITE =
            Pattern.compile("[+-]?inf(inity)?", Pattern.CASE_INSENSITIVE);

    private FloatingText() {}

    static boolean isDecimal(String text) {
        return DECIMAL.matcher(text).matches();
    }

    static boolean isHexadecimal(String text) {
        return HEXADECIMAL.matcher(text).matches();
    }

    static boolean isInfinite(String text) {
        return INFINITE.matcher(text).matches();
    }

    /** The number; NaN when the text is none, or none that a double can tell from 0 or infinity. */
    static double parseDouble(byte[] text, int from, int length) {
        if (length == 0 || length > MAX_BYTES) {
            return Double.NaN;
        }
        return parseDouble(new String(text, from, length, StandardCharsets.ISO_8859_1));
    }

    static double parseDouble(String text) {
        if (isInfinite(text)) {
            return text.charAt(0) == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        String javaText;
        if (isDecimal(text)) {
            javaText = text;
        } else if (isHexadecimal(text)) {
            // Java wants the exponent that C leaves out.
            javaText = text.indexOf('p') < 0 && text.indexOf('P') < 0 ? text + "p0" : text;
        } else {
            return Double.NaN;
        }
        double value = Double.parseDouble(javaText);
        boolean vanished = value == 0 && !isZero(text);
        return Double.isInfinite(value) || vanished ? Double.NaN : value;
    }

    /**
     * As above, but what is too large is infinite, what is too small 0, and spaces before it are
     * passed over: an end of a range.
     */
    static double parseEnd(byte[] bytes, int from, int length) {
        String whole = new String(bytes, from, length, StandardCharsets.ISO_8859_1);
        String text = whole.stripLeading();
        if (length > MAX_BYTES || !(isDecimal(text) || isHexadecimal(text))) {
            return text.length() > MAX_BYTES ? Double.NaN : parseDouble(text);
        }
        boolean needsExponent =
                isHexadecimal(text) && text.toLowerCase(Locale.ROOT).indexOf('p') < 0;
        return Double.parseDouble(needsExponent ? text + "p0" : text);
    }

    /** Is a number's text one of 0, whatever its exponent? */
    static boolean isZero(String text) {
        boolean hexadecimal = isHexadecimal(text);
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (hexadecimal ? letter == 'p' || letter == 'P' : letter == 'e' || letter == 'E') {
                break;
            }
            if (letter != 'x' && letter != 'X' && Character.digit(letter, 16) > 0) {
                return false;
            }
        }
        return true;
    }
}
