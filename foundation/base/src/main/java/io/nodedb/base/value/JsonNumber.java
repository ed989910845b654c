package io.nodedb.base.value;

import io.nodedb.base.value.Value.Numeric;

/**
 * Which number a JSON number is: INT8 when it is written without point and exponent and fits;
 * FLOAT8 when the double's shortest digits are the same value, so that nothing is lost; else
 * DECIMAL. See decision 0021.
 */
public final class JsonNumber {
    private static final int MAX_LONG_DIGITS = 18;

    private JsonNumber() {}

    /** {@code text} is a number by JSON's grammar. */
    public static Numeric read(String text) {
        boolean whole = true;
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            whole &= next == '-' || (next >= '0' && next <= '9');
        }
        if (whole && text.length() <= MAX_LONG_DIGITS) {
            return Value.of(Long.parseLong(text));
        }
        Value.Decimal exact = NumberText.readDecimal(text);
        if (whole) {
            return exact.digits().unscaledValue().bitLength() < Long.SIZE
                    ? Value.of(exact.digits().longValue())
                    : exact;
        }
        double nearest = exact.doubleValue();
        boolean same =
                Double.isFinite(nearest)
                        && exact.digits().compareTo(FloatText.decimalOf(nearest)) == 0;
        return same ? Value.of(nearest) : exact;
    }
}
