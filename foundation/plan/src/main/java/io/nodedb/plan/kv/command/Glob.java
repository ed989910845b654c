package io.nodedb.plan.kv.command;

import io.nodedb.base.ownership.Immutable;

/**
 * Patterns over byte strings as {@code KEYS} and {@code PSUBSCRIBE} use them: {@code *} any bytes,
 * {@code ?} one byte, {@code [abc]}, {@code [^a]} and {@code [a-c]} one byte of or not of a set,
 * backslash the next byte itself. Matching takes time proportional to pattern times text at most.
 */
@Immutable
public final class Glob {
    private static final int NONE = -1;

    private Glob() {}

    /** Does the whole text match? */
    public static boolean matches(
            byte[] pattern,
            int patternFrom,
            int patternLength,
            byte[] text,
            int textFrom,
            int textLength) {
        int p = patternFrom;
        int patternEnd = patternFrom + patternLength;
        int t = textFrom;
        int textEnd = textFrom + textLength;
        int afterStar = NONE;
        int retryAt = NONE;
        while (true) {
            if (p < patternEnd && pattern[p] == '*') {
                // What the star takes grows by one byte at each retry; only the last star matters.
                afterStar = p + 1;
                retryAt = t;
                p++;
                continue;
            }
            if (p == patternEnd ? t == textEnd : false) {
                return true;
            }
            if (p < patternEnd && t < textEnd) {
                int next = one(pattern, p, patternEnd, text[t]);
                if (next != NONE) {
                    p = next;
                    t++;
                    continue;
                }
            }
            if (afterStar == NONE || retryAt >= textEnd) {
                return false;
            }
            p = afterStar;
            retryAt++;
            t = retryAt;
        }
    }

    /** Matches one byte; where the pattern goes on, or {@link #NONE}. */
    private static int one(byte[] pattern, int at, int end, byte letter) {
        return switch (pattern[at]) {
            case '?' -> at + 1;
            case '[' -> set(pattern, at, end, letter);
            case '\\' -> {
                int literal = at + 1 < end ? at + 1 : at;
                yield pattern[literal] == letter ? literal + 1 : NONE;
            }
            default -> pattern[at] == letter ? at + 1 : NONE;
        };
    }

    private static int set(byte[] pattern, int from, int end, byte letter) {
        int at = from + 1;
        boolean negated = at < end && pattern[at] == '^';
        if (negated) {
            at++;
        }
        boolean found = false;
        // A set that is not closed ends with the pattern.
        while (at < end && pattern[at] != ']') {
            if (pattern[at] == '\\' && at + 1 < end) {
                found |= pattern[at + 1] == letter;
                at += 2;
            } else if (at + 2 < end && pattern[at + 1] == '-') {
                int low = Math.min(pattern[at] & 0xFF, pattern[at + 2] & 0xFF);
                int high = Math.max(pattern[at] & 0xFF, pattern[at + 2] & 0xFF);
                found |= (letter & 0xFF) >= low && (letter & 0xFF) <= high;
                at += 3;
            } else {
                found |= pattern[at] == letter;
                at++;
            }
        }
        return found == negated ? NONE : Math.min(at + 1, end);
    }

    /** As above, over whole arrays. */
    public static boolean matches(byte[] pattern, byte[] text) {
        return matches(pattern, 0, pattern.length, text, 0, text.length);
    }
}
