package io.nodedb.plan.expression;

import static io.nodedb.plan.expression.Arguments.big;
import static io.nodedb.plan.expression.Arguments.text;
import static io.nodedb.plan.expression.Arguments.whole;
import static io.nodedb.plan.expression.Functions.nullable;
import static io.nodedb.plan.expression.Functions.strict;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Casting;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Utf8;
import io.nodedb.base.value.Value;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** Functions on text, by characters (code points), as PostgreSQL defines them. */
final class StringFunctions {
    /** A result beyond any document is refused before it is built. */
    private static final int MAX_LENGTH = 64 << 20;

    private StringFunctions() {}

    static void define() {
        for (String name : new String[] {"length", "char_length", "character_length"}) {
            strict(name + "(text) int", (a, _) -> Value.of(count(text(a, 0))));
        }
        strict("length(bytea) int", (a, _) -> Value.of(((Value.Bytes) a[0]).length()));
        strict("octet_length(text) int", (a, _) -> Value.of(Utf8.encode(text(a, 0)).length));
        strict("octet_length(bytea) int", (a, _) -> Value.of(((Value.Bytes) a[0]).length()));
        strict("lower(text) text", (a, _) -> Value.of(text(a, 0).toLowerCase(Locale.ROOT)));
        strict("upper(text) text", (a, _) -> Value.of(text(a, 0).toUpperCase(Locale.ROOT)));
        strict("initcap(text) text", (a, _) -> Value.of(initcap(text(a, 0))));
        strict("reverse(text) text", (a, _) -> Value.of(reverse(text(a, 0))));
        strict("repeat(text, int) text", (a, _) -> Value.of(repeat(text(a, 0), whole(a, 1))));
        strict(
                "ascii(text) int",
                (a, _) -> Value.of(text(a, 0).isEmpty() ? 0 : text(a, 0).codePointAt(0)));
        strict("chr(int) text", (a, _) -> chr(whole(a, 0)));
        strict("md5(text) text", (a, _) -> Value.of(md5(Utf8.encode(text(a, 0)))));
        strict("md5(bytea) text", (a, _) -> Value.of(md5(((Value.Bytes) a[0]).toArray())));
        strict("to_hex(int) text", (a, _) -> Value.of(Integer.toHexString(whole(a, 0))));
        strict("to_hex(bigint) text", (a, _) -> Value.of(Long.toHexString(big(a, 0))));
        defineParts();
        defineTrims();
        nullable("concat(any...) text", (a, e) -> Value.of(joined("", a, 0, e)));
        nullable(
                "concat_ws(text, any...) text",
                (a, e) -> a[0].isNull() ? Value.NULL : Value.of(joined(text(a, 0), a, 1, e)));
    }

    private static void defineParts() {
        for (String name : new String[] {"substring", "substr"}) {
            strict(
                    name + "(text, int) text",
                    (a, _) -> Value.of(substring(text(a, 0), whole(a, 1), Integer.MAX_VALUE)));
            strict(
                    name + "(text, int, int) text",
                    (a, _) -> {
                        if (whole(a, 2) < 0) {
                            throw new NodeDbException(
                                    ErrorCode.SUBSTRING_ERROR,
                                    "negative substring length not allowed.");
                        }
                        return Value.of(substring(text(a, 0), whole(a, 1), whole(a, 2)));
                    });
        }
        strict("left(text, int) text", (a, _) -> Value.of(left(text(a, 0), whole(a, 1))));
        strict("right(text, int) text", (a, _) -> Value.of(right(text(a, 0), whole(a, 1))));
        strict("strpos(text, text) int", (a, _) -> Value.of(position(text(a, 0), text(a, 1))));
        strict("position(text, text) int", (a, _) -> Value.of(position(text(a, 1), text(a, 0))));
        strict(
                "starts_with(text, text) bool",
                (a, _) -> Value.of(text(a, 0).startsWith(text(a, 1))));
        strict(
                "replace(text, text, text) text",
                (a, _) ->
                        Value.of(
                                text(a, 1).isEmpty()
                                        ? text(a, 0)
                                        : text(a, 0).replace(text(a, 1), text(a, 2))));
        strict(
                "translate(text, text, text) text",
                (a, _) -> Value.of(translate(text(a, 0), text(a, 1), text(a, 2))));
        strict(
                "split_part(text, text, int) text",
                (a, _) -> Value.of(splitPart(text(a, 0), text(a, 1), whole(a, 2))));
        strict("lpad(text, int) text", (a, _) -> Value.of(pad(text(a, 0), whole(a, 1), " ", true)));
        strict(
                "rpad(text, int) text",
                (a, _) -> Value.of(pad(text(a, 0), whole(a, 1), " ", false)));
        strict(
                "lpad(text, int, text) text",
                (a, _) -> Value.of(pad(text(a, 0), whole(a, 1), text(a, 2), true)));
        strict(
                "rpad(text, int, text) text",
                (a, _) -> Value.of(pad(text(a, 0), whole(a, 1), text(a, 2), false)));
    }

    private static void defineTrims() {
        for (String name : new String[] {"trim", "btrim"}) {
            strict(name + "(text) text", (a, _) -> Value.of(trim(text(a, 0), " ", true, true)));
            strict(
                    name + "(text, text) text",
                    (a, _) -> Value.of(trim(text(a, 0), text(a, 1), true, true)));
        }
        strict("ltrim(text) text", (a, _) -> Value.of(trim(text(a, 0), " ", true, false)));
        strict(
                "ltrim(text, text) text",
                (a, _) -> Value.of(trim(text(a, 0), text(a, 1), true, false)));
        strict("rtrim(text) text", (a, _) -> Value.of(trim(text(a, 0), " ", false, true)));
        strict(
                "rtrim(text, text) text",
                (a, _) -> Value.of(trim(text(a, 0), text(a, 1), false, true)));
    }

    private static int count(String text) {
        return text.codePointCount(0, text.length());
    }

    /** Characters {@code from} (0 is the first) up to {@code to}, within the text. */
    private static String slice(String text, int from, int to) {
        if (from >= to) {
            return "";
        }
        int start = text.offsetByCodePoints(0, from);
        return text.substring(start, text.offsetByCodePoints(start, to - from));
    }

    /** Counts from 1; a start before the text uses up length. */
    private static String substring(String text, int start, int length) {
        int size = count(text);
        long end = length == Integer.MAX_VALUE ? size + 1L : (long) start + length;
        return slice(text, Math.clamp(start - 1L, 0, size), Math.clamp(end - 1, 0, size));
    }

    private static String left(String text, int length) {
        int size = count(text);
        long end = length < 0 ? (long) size + length : length;
        return slice(text, 0, Math.clamp(end, 0, size));
    }

    private static String right(String text, int length) {
        int size = count(text);
        long start = length < 0 ? -(long) length : (long) size - length;
        return slice(text, Math.clamp(start, 0, size), size);
    }

    private static int position(String text, String part) {
        int at = text.indexOf(part);
        return at < 0 ? 0 : text.codePointCount(0, at) + 1;
    }

    private static String trim(String text, String set, boolean left, boolean right) {
        int[] points = text.codePoints().toArray();
        int from = 0;
        int to = points.length;
        while (left && from < to && set.indexOf(points[from]) >= 0) {
            from++;
        }
        while (right && to > from && set.indexOf(points[to - 1]) >= 0) {
            to--;
        }
        return new String(points, from, to - from);
    }

    private static String translate(String text, String from, String to) {
        int[] sources = from.codePoints().toArray();
        int[] targets = to.codePoints().toArray();
        StringBuilder result = new StringBuilder();
        text.codePoints()
                .forEach(point -> {
                    int at = 0;
                    while (at < sources.length && sources[at] != point) {
                        at++;
                    }
                    if (at == sources.length) {
                        result.appendCodePoint(point);
                    } else if (at < targets.length) {
                        result.appendCodePoint(targets[at]);
                    }
                });
        return result.toString();
    }

    /** Counts from 1, or from the end with a negative number. */
    private static String splitPart(String text, String separator, int number) {
        if (number == 0) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT, "field position must not be zero.");
        }
        if (text.isEmpty()) {
            return "";
        }
        String[] parts =
                separator.isEmpty()
                        ? new String[] {text}
                        : text.split(java.util.regex.Pattern.quote(separator), -1);
        int index = number > 0 ? number - 1 : parts.length + number;
        return index < 0 || index >= parts.length ? "" : parts[index];
    }

    private static String pad(String text, int length, String fill, boolean atLeft) {
        int size = count(text);
        if (length <= size || fill.isEmpty()) {
            return slice(text, 0, Math.clamp(length, 0, size));
        }
        requireLength((long) length);
        int missing = length - size;
        int fillSize = count(fill);
        String padding = fill.repeat(missing / fillSize) + slice(fill, 0, missing % fillSize);
        return atLeft ? padding + text : text + padding;
    }

    private static String repeat(String text, int times) {
        requireLength((long) text.length() * Math.max(0, times));
        return text.repeat(Math.max(0, times));
    }

    private static void requireLength(long length) {
        if (length > MAX_LENGTH) {
            throw new NodeDbException(
                    ErrorCode.PROGRAM_LIMIT, "requested length too large: length=" + length + ".");
        }
    }

    private static String reverse(String text) {
        return new StringBuilder(text).reverse().toString();
    }

    private static String initcap(String text) {
        StringBuilder result = new StringBuilder();
        boolean[] inWord = {false};
        text.codePoints()
                .forEach(point -> {
                    result.appendCodePoint(
                            inWord[0]
                                    ? Character.toLowerCase(point)
                                    : Character.toUpperCase(point));
                    inWord[0] = Character.isLetterOrDigit(point);
                });
        return result.toString();
    }

    private static Value chr(int point) {
        if (point == 0) {
            throw new NodeDbException(ErrorCode.PROGRAM_LIMIT, "null character not permitted.");
        }
        boolean surrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
        if (!Character.isValidCodePoint(point) || surrogate) {
            throw new NodeDbException(
                    ErrorCode.PROGRAM_LIMIT, "requested character not valid: code=" + point + ".");
        }
        return Value.of(Character.toString(point));
    }

    private static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has MD5", impossible);
        }
    }

    private static String joined(
            String separator, Value[] values, int from, Evaluation evaluation) {
        StringBuilder result = new StringBuilder();
        boolean first = true;
        for (int i = from; i < values.length; i++) {
            if (values[i].isNull()) {
                continue;
            }
            result.append(first ? "" : separator);
            first = false;
            Type type = Casting.typeOf(values[i]);
            result.append(evaluation.casting().write(values[i], type));
        }
        return result.toString();
    }
}
