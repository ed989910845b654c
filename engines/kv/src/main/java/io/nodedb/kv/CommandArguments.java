package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.plan.kv.command.Arguments;

/**
 * Reads numbers from text as Redis does: integers of 64 bits without plus sign, blanks or leading
 * zeros, so that each number has one text. Holds what was read last; reading integers allocates
 * nothing.
 */
@CoreOwned
final class CommandArguments {
    private long integer;
    private double number;

    /** The number that {@link #isInteger} has found. */
    long integer() {
        return integer;
    }

    /** The number that {@link #isNumber} has found. */
    double number() {
        return number;
    }

    /** Is an argument an integer? */
    boolean isInteger(Arguments arguments, int index) {
        return isInteger(arguments.bytes(), arguments.offset(index), arguments.length(index));
    }

    /** Are these bytes an integer? */
    boolean isInteger(byte[] text, int from, int length) {
        if (length == 0 || length > DecimalInteger.MAX_BYTES) {
            return false;
        }
        int at = from;
        int end = from + length;
        boolean negative = text[at] == '-';
        if (negative) {
            at++;
        } else if (length == 1 && text[at] == '0') {
            integer = 0;
            return true;
        }
        if (at == end || text[at] < '1' || text[at] > '9') {
            return false;
        }
        // Negative numbers reach one further than positive ones, so the sum is kept negative.
        long sum = 0;
        for (; at < end; at++) {
            int digit = text[at] - '0';
            if (digit < 0 || digit > 9 || sum < Long.MIN_VALUE / 10) {
                return false;
            }
            sum *= 10;
            if (sum < Long.MIN_VALUE + digit) {
                return false;
            }
            sum -= digit;
        }
        if (!negative && sum == Long.MIN_VALUE) {
            return false;
        }
        integer = negative ? sum : -sum;
        return true;
    }

    /** Is an argument a double (infinities included, NaN not)? */
    boolean isNumber(Arguments arguments, int index) {
        return isNumber(arguments.bytes(), arguments.offset(index), arguments.length(index));
    }

    /** Are these bytes a double (infinities included, NaN not)? */
    boolean isNumber(byte[] text, int from, int length) {
        double read = FloatingText.parseDouble(text, from, length);
        number = read;
        return !Double.isNaN(read);
    }

    /** As {@link #isNumber}, as loosely as ranges' ends are read: no bytes are 0. */
    boolean isEnd(byte[] text, int from, int length) {
        number = length == 0 ? 0 : FloatingText.parseEnd(text, from, length);
        return !Double.isNaN(number);
    }
}
