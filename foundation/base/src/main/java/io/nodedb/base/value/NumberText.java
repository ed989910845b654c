package io.nodedb.base.value;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Value.Decimal;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads numbers, booleans and UUIDs from text as PostgreSQL's input functions do. */
final class NumberText {
    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,9})?");
    private static final Pattern INTEGER = Pattern.compile("[+-]?\\d+");

    private NumberText() {}

    static long readInteger(String text, Type type, long least, long most) {
        String number = text.strip();
        if (!INTEGER.matcher(number).matches()) {
            throw invalid(text, type);
        }
        try {
            long value = Long.parseLong(number);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException tooLong) {
            throw outOfRange(text, type, tooLong);
        }
        throw outOfRange(text, type, null);
    }

    static Decimal readDecimal(String text) {
        String number = text.strip();
        if (DECIMAL.matcher(number).matches()) {
            try {
                return Decimal.of(new BigDecimal(number));
            } catch (NumberFormatException exponentTooLarge) {
                throw outOfRange(text, Type.DECIMAL, exponentTooLarge);
            }
        }
        return switch (number.toLowerCase(Locale.ROOT)) {
            case "nan" -> Decimal.NAN;
            case "infinity", "+infinity", "inf", "+inf" -> Decimal.INFINITY;
            case "-infinity", "-inf" -> Decimal.NEGATIVE_INFINITY;
            default -> throw invalid(text, Type.DECIMAL);
        };
    }

    static double readDouble(String text) {
        String number = text.strip();
        if (!DECIMAL.matcher(number).matches()) {
            return readSpecial(text, Type.FLOAT8);
        }
        double value = Double.parseDouble(number);
        if (Double.isInfinite(value) || (value == 0 && hasDigits(number))) {
            throw outOfRange(text, Type.FLOAT8, null);
        }
        return value;
    }

    static float readFloat(String text) {
        String number = text.strip();
        if (!DECIMAL.matcher(number).matches()) {
            return (float) readSpecial(text, Type.FLOAT4);
        }
        float value = Float.parseFloat(number);
        if (Float.isInfinite(value) || (value == 0 && hasDigits(number))) {
            throw outOfRange(text, Type.FLOAT4, null);
        }
        return value;
    }

    /** Is there a digit other than 0 before the exponent? */
    private static boolean hasDigits(String number) {
        for (int i = 0; i < number.length(); i++) {
            char next = number.charAt(i);
            if (next == 'e' || next == 'E') {
                return false;
            }
            if (next >= '1' && next <= '9') {
                return true;
            }
        }
        return false;
    }

    private static double readSpecial(String text, Type type) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "nan" -> Double.NaN;
            case "infinity", "+infinity", "inf", "+inf" -> Double.POSITIVE_INFINITY;
            case "-infinity", "-inf" -> Double.NEGATIVE_INFINITY;
            default -> throw invalid(text, type);
        };
    }

    /** Any prefix of true, false, yes, no that says which; on, off, 1, 0. */
    static Value.Bool readBool(String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        return switch (word) {
            case "t", "tr", "tru", "true", "y", "ye", "yes", "on", "1" -> Value.Bool.TRUE;
            case "f", "fa", "fal", "fals", "false", "n", "no", "of", "off", "0" -> Value.Bool.FALSE;
            default -> throw invalid(text, Type.BOOL);
        };
    }

    /** 32 hexadecimal digits, with a hyphen after any four of them, in braces if one likes. */
    static Value.Uuid readUuid(String text) {
        String body = text;
        if (body.startsWith("{") && body.endsWith("}")) {
            body = body.substring(1, body.length() - 1);
        }
        long high = 0;
        long low = 0;
        int digits = 0;
        for (int i = 0; i < body.length(); i++) {
            char next = body.charAt(i);
            if (next == '-' && digits > 0 && digits % 4 == 0 && body.charAt(i - 1) != '-') {
                continue;
            }
            int digit = next > 'f' ? -1 : Character.digit(next, 16);
            if (digit < 0 || digits == 32) {
                throw invalid(text, Type.UUID);
            }
            if (digits < 16) {
                high = high << 4 | digit;
            } else {
                low = low << 4 | digit;
            }
            digits++;
        }
        if (digits != 32 || body.endsWith("-")) {
            throw invalid(text, Type.UUID);
        }
        return new Value.Uuid(high, low);
    }

    static NodeDbException invalid(String text, Type type) {
        return new NodeDbException(
                ErrorCode.INVALID_TEXT,
                "invalid input syntax for type " + type.sqlName() + ": \"" + text + "\".");
    }

    private static NodeDbException outOfRange(
            String text, Type type, @org.jspecify.annotations.Nullable Throwable cause) {
        return new NodeDbException(
                ErrorCode.OVERFLOW,
                "\"" + text + "\" is out of range for type " + type.sqlName() + ".",
                cause);
    }
}
