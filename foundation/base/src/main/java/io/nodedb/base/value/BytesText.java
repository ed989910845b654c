package io.nodedb.base.value;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** BYTEA as text: written as {@code \x} and hexadecimal; read from that or PostgreSQL's escapes. */
final class BytesText {
    private BytesText() {}

    static String write(byte[] bytes) {
        return "\\x" + HexFormat.of().formatHex(bytes);
    }

    static byte[] read(String text) {
        return text.startsWith("\\x") ? readHex(text) : readEscapes(text);
    }

    private static byte[] readHex(String text) {
        StringBuilder digits = new StringBuilder();
        for (int i = 2; i < text.length(); i++) {
            char next = text.charAt(i);
            if (Character.isWhitespace(next) && digits.length() % 2 == 0) {
                continue;
            }
            if (Character.digit(next, 16) < 0 || next > 'f') {
                throw invalid("invalid hexadecimal digit: \"" + next + "\"");
            }
            digits.append(next);
        }
        if (digits.length() % 2 != 0) {
            throw invalid("invalid hexadecimal data: odd number of digits");
        }
        return HexFormat.of().parseHex(digits);
    }

    private static byte[] readEscapes(String text) {
        byte[] source = text.getBytes(StandardCharsets.UTF_8);
        ByteWriter target = new ByteWriter();
        for (int i = 0; i < source.length; i++) {
            if (source[i] != '\\') {
                target.putByte(source[i]);
            } else if (i + 1 < source.length && source[i + 1] == '\\') {
                target.putByte('\\');
                i++;
            } else if (i + 3 < source.length && octal(source, i + 1) >= 0) {
                target.putByte(octal(source, i + 1));
                i += 3;
            } else {
                throw invalid("invalid input syntax for type bytea");
            }
        }
        return target.toByteArray();
    }

    /** The value of three octal digits, or -1. */
    private static int octal(byte[] source, int from) {
        int value = 0;
        for (int i = from; i < from + 3; i++) {
            int digit = source[i] - '0';
            if (digit < 0 || digit > 7) {
                return -1;
            }
            value = value * 8 + digit;
        }
        return value <= 0xFF ? value : -1;
    }

    private static NodeDbException invalid(String what) {
        return new NodeDbException(ErrorCode.INVALID_TEXT, what + ".");
    }
}
