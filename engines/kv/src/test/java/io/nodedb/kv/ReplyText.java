package io.nodedb.kv;

import io.nodedb.plan.kv.command.Reply;
import io.nodedb.storage.bytes.LittleEndian;
import java.nio.charset.StandardCharsets;

/**
 * A reply as one line of text, as transcripts hold it: aggregates are told as protocol 2 sends
 * them.
 */
final class ReplyText {
    private final byte[] bytes;
    private final StringBuilder text = new StringBuilder();
    private int at;

    private ReplyText(byte[] bytes) {
        this.bytes = bytes;
    }

    static String of(byte[] reply) {
        ReplyText reader = new ReplyText(reply);
        reader.element();
        if (reader.at != reply.length) {
            throw new AssertionError("one reply, but then " + (reply.length - reader.at));
        }
        return reader.text.toString();
    }

    private void element() {
        byte tag = bytes[at++];
        switch (tag) {
            case Reply.STATUS -> text.append('+').append(string());
            case Reply.ERROR -> text.append('-').append(string());
            case Reply.BULK -> text.append(quote(string()));
            case Reply.INTEGER -> {
                text.append(LittleEndian.getLong(bytes, at));
                at += 8;
            }
            case Reply.PAIR -> element();
            case Reply.DOUBLE -> {
                text.append(quote(score(Double.longBitsToDouble(LittleEndian.getLong(bytes, at)))));
                at += 8;
            }
            case Reply.NULL -> text.append("nil");
            case Reply.NULL_ARRAY -> text.append("nil-array");
            case Reply.ARRAY -> elements(length(), "[", "]");
            case Reply.SET -> elements(length(), "[", "]");
            case Reply.MAP, Reply.PAIRS -> elements(2 * length(), "[", "]");
            default -> throw new AssertionError("tag " + tag);
        }
    }

    /** As protocol 2 sends a double. */
    private static String score(double value) {
        return new String(ScoreText.of(value), java.nio.charset.StandardCharsets.US_ASCII);
    }

    private void elements(int count, String open, String close) {
        text.append(open);
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : " ");
            element();
        }
        text.append(close);
    }

    /** A bulk string as it is told here. */
    static String quote(String string) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < string.length(); i++) {
            char letter = string.charAt(i);
            if (letter == '"' || letter == '\\') {
                text.append('\\').append(letter);
            } else if (letter < 0x20 || letter > 0x7e) {
                text.append("\\x").append(String.format("%02x", (int) letter));
            } else {
                text.append(letter);
            }
        }
        return text.append('"').toString();
    }

    private int length() {
        int length = LittleEndian.getInt(bytes, at);
        at += 4;
        return length;
    }

    private String string() {
        int length = length();
        at += length;
        return new String(bytes, at - length, length, StandardCharsets.ISO_8859_1);
    }
}
