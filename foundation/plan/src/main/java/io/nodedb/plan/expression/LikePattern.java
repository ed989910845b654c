package io.nodedb.plan.expression;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Immutable;
import java.util.Locale;

/**
 * A pattern of LIKE, by code points: {@code %} is any text, {@code _} one character. Matching goes
 * back only to the last {@code %}, so it takes at most text times pattern steps.
 */
@Immutable
final class LikePattern {
    private static final int ANY_TEXT = -1;
    private static final int ANY_CHARACTER = -2;

    private final int[] steps;
    private final boolean ignoringCase;

    private LikePattern(int[] steps, boolean ignoringCase) {
        this.steps = steps;
        this.ignoringCase = ignoringCase;
    }

    /** {@code escape} is one character, or empty for none. */
    static LikePattern of(String pattern, String escape, boolean ignoringCase) {
        if (escape.codePointCount(0, escape.length()) > 1) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ESCAPE_CHARACTER,
                    "invalid escape string: \"" + escape + "\".");
        }
        int escaping = escape.isEmpty() ? ANY_TEXT : escape.codePointAt(0);
        int[] points = folded(pattern, ignoringCase).codePoints().toArray();
        int[] steps = new int[points.length];
        int count = 0;
        int at = 0;
        while (at < points.length) {
            int point = points[at];
            if (point == escaping) {
                at++;
                if (at == points.length) {
                    throw new NodeDbException(
                            ErrorCode.INVALID_ESCAPE,
                            "LIKE pattern must not end with escape character.");
                }
                steps[count++] = points[at];
            } else {
                steps[count++] = point == '%' ? ANY_TEXT : point == '_' ? ANY_CHARACTER : point;
            }
            at++;
        }
        return new LikePattern(java.util.Arrays.copyOf(steps, count), ignoringCase);
    }

    private static String folded(String text, boolean ignoringCase) {
        return ignoringCase ? text.toLowerCase(Locale.ROOT) : text;
    }

    boolean matches(String text) {
        int[] points = folded(text, ignoringCase).codePoints().toArray();
        int at = 0;
        int step = 0;
        int lastAny = -1;
        int lastStart = 0;
        while (at < points.length) {
            if (step < steps.length && steps[step] == ANY_TEXT) {
                lastAny = step++;
                lastStart = at;
            } else if (step < steps.length
                    && (steps[step] == ANY_CHARACTER || steps[step] == points[at])) {
                step++;
                at++;
            } else if (lastAny >= 0) {
                step = lastAny + 1;
                at = ++lastStart;
            } else {
                return false;
            }
        }
        while (step < steps.length && steps[step] == ANY_TEXT) {
            step++;
        }
        return step == steps.length;
    }
}
