package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;

/**
 * Matches bytes against a pattern: {@code *} is any row of bytes, {@code ?} any byte, {@code [a-c]}
 * and {@code [^a-c]} a byte that is or is not among others, a backslash takes the next byte as it
 * is. Time is at most the product of both lengths.
 */
@CoreOwned
final class GlobPattern {
    private byte[] pattern = {};
    private int from;
    private int end;

    /** Where the byte class that {@link #inClass} has looked at ends. */
    private int classEnd;

    void set(byte[] bytes, int offset, int length) {
        pattern = bytes;
        from = offset;
        end = offset + length;
    }

    boolean matches(byte[] text, int offset, int length) {
        int at = from;
        int textAt = offset;
        int textEnd = offset + length;
        int starAt = -1;
        int starText = 0;
        while (textAt < textEnd) {
            if (at < end && pattern[at] == '*') {
                starAt = ++at;
                starText = textAt;
            } else if (at < end && matchesOne(at, text[textAt])) {
                at = afterOne(at);
                textAt++;
            } else if (starAt >= 0) {
                // The last star takes one byte more.
                at = starAt;
                textAt = ++starText;
            } else {
                return false;
            }
        }
        while (at < end && pattern[at] == '*') {
            at++;
        }
        return at == end;
    }

    private boolean matchesOne(int at, byte letter) {
        return switch (pattern[at]) {
            case '?' -> true;
            case '[' -> inClass(at, letter);
            case '\\' -> (at + 1 < end ? pattern[at + 1] : pattern[at]) == letter;
            default -> pattern[at] == letter;
        };
    }

    private int afterOne(int at) {
        return switch (pattern[at]) {
            case '[' -> {
                inClass(at, (byte) 0);
                yield classEnd;
            }
            case '\\' -> at + 1 < end ? at + 2 : at + 1;
            default -> at + 1;
        };
    }

    private boolean inClass(int open, byte letter) {
        int at = open + 1;
        boolean inverted = at < end && pattern[at] == '^';
        if (inverted) {
            at++;
        }
        int value = letter & 0xFF;
        boolean found = false;
        while (at < end && pattern[at] != ']') {
            if (pattern[at] == '\\' && at + 1 < end) {
                found |= (pattern[at + 1] & 0xFF) == value;
                at += 2;
            } else if (at + 2 < end && pattern[at + 1] == '-') {
                int low = Math.min(pattern[at] & 0xFF, pattern[at + 2] & 0xFF);
                int high = Math.max(pattern[at] & 0xFF, pattern[at + 2] & 0xFF);
                found |= value >= low && value <= high;
                at += 3;
            } else {
                found |= (pattern[at] & 0xFF) == value;
                at++;
            }
        }
        classEnd = Math.min(end, at + 1);
        return found != inverted;
    }
}
