package io.nodedb.server.resp;

import io.netty.buffer.ByteBuf;
import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.plan.kv.command.Reply;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes {@link Reply} elements as RESP2 or RESP3. A reply may come in pieces that end anywhere: a
 * head that is not whole is kept for the next piece.
 *
 * <p>Belongs to one connection, whose replies are encoded one after another.
 */
@ControlPlane
final class ReplyEncoder {
    private static final int MAX_HEAD_BYTES = 9;
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] NULL_2 = ascii("$-1\r\n");
    private static final byte[] NULL_ARRAY_2 = ascii("*-1\r\n");
    private static final byte[] NULL_3 = ascii("_\r\n");
    private static final byte[] OK = ascii("+OK\r\n");

    private final byte[] head = new byte[MAX_HEAD_BYTES];
    private int headLength;
    private int textLeft;
    private boolean inText;
    private boolean resp3;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    boolean isResp3() {
        return resp3;
    }

    void useResp3(boolean on) {
        resp3 = on;
    }

    /** Between two replies. */
    boolean isBetween() {
        return !inText && headLength == 0;
    }

    /** A whole reply, or the next piece of one. */
    void encode(byte[] bytes, int from, int length, ByteBuf out) {
        int at = from;
        int end = from + length;
        while (at < end) {
            if (inText) {
                int piece = Math.min(textLeft, end - at);
                out.writeBytes(bytes, at, piece);
                at += piece;
                textLeft -= piece;
                endText(out);
            } else if (headLength > 0) {
                head[headLength++] = bytes[at++];
                if (headLength == headBytes(head[0])) {
                    headLength = 0;
                    element(head, 0, out);
                }
            } else if (end - at < headBytes(bytes[at])) {
                headLength = end - at;
                System.arraycopy(bytes, at, head, 0, headLength);
                at = end;
            } else {
                element(bytes, at, out);
                at += headBytes(bytes[at]);
            }
        }
    }

    private void endText(ByteBuf out) {
        if (textLeft == 0) {
            inText = false;
            crlf(out);
        }
    }

    private static int headBytes(byte tag) {
        return switch (tag) {
            case Reply.STATUS,
                    Reply.ERROR,
                    Reply.BULK,
                    Reply.ARRAY,
                    Reply.SET,
                    Reply.PUSH,
                    Reply.MAP,
                    Reply.PAIRS ->
                    5;
            case Reply.INTEGER, Reply.DOUBLE -> 9;
            case Reply.NULL, Reply.NULL_ARRAY, Reply.TRUE, Reply.FALSE, Reply.PAIR -> 1;
            default -> {
                Check.that(false, "a reply's tag", tag);
                yield 1;
            }
        };
    }

    private void element(byte[] bytes, int at, ByteBuf out) {
        switch (bytes[at]) {
            case Reply.STATUS -> text('+', bytes, at, out);
            case Reply.ERROR -> text('-', bytes, at, out);
            case Reply.BULK -> {
                int length = (int) INT.get(bytes, at + 1);
                number('$', length, out);
                text(length, out);
            }
            case Reply.INTEGER -> number(':', (long) LONG.get(bytes, at + 1), out);
            case Reply.DOUBLE -> real(Double.longBitsToDouble((long) LONG.get(bytes, at + 1)), out);
            case Reply.NULL -> out.writeBytes(resp3 ? NULL_3 : NULL_2);
            case Reply.NULL_ARRAY -> out.writeBytes(resp3 ? NULL_3 : NULL_ARRAY_2);
            case Reply.TRUE -> bool(true, out);
            case Reply.FALSE -> bool(false, out);
            case Reply.ARRAY -> number('*', (int) INT.get(bytes, at + 1), out);
            case Reply.SET -> number(resp3 ? '~' : '*', (int) INT.get(bytes, at + 1), out);
            case Reply.PUSH -> number(resp3 ? '>' : '*', (int) INT.get(bytes, at + 1), out);
            case Reply.MAP -> {
                long pairs = (int) INT.get(bytes, at + 1);
                number(resp3 ? '%' : '*', resp3 ? pairs : 2 * pairs, out);
            }
            case Reply.PAIRS -> {
                long pairs = (int) INT.get(bytes, at + 1);
                number('*', resp3 ? pairs : 2 * pairs, out);
            }
            case Reply.PAIR -> {
                if (resp3) {
                    number('*', 2, out);
                }
            }
            default -> Check.that(false, "a reply's tag", bytes[at]);
        }
    }

    private void text(char mark, byte[] bytes, int at, ByteBuf out) {
        out.writeByte(mark);
        text((int) INT.get(bytes, at + 1), out);
    }

    private void text(int length, ByteBuf out) {
        textLeft = length;
        inText = true;
        endText(out);
    }

    private void bool(boolean value, ByteBuf out) {
        if (resp3) {
            out.writeByte('#').writeByte(value ? 't' : 'f');
            crlf(out);
        } else {
            number(':', value ? 1 : 0, out);
        }
    }

    private void real(double value, ByteBuf out) {
        String text = RealText.of(value);
        if (resp3) {
            out.writeByte(',');
        } else {
            number('$', text.length(), out);
        }
        out.writeCharSequence(text, StandardCharsets.US_ASCII);
        crlf(out);
    }

    /** The number of a mark, and the end of its line. */
    static void number(char mark, long value, ByteBuf out) {
        out.writeByte(mark);
        if (value >= 0 && value < 10) {
            out.writeByte('0' + (int) value);
        } else {
            decimal(value, out);
        }
        crlf(out);
    }

    private static void decimal(long value, ByteBuf out) {
        if (value == Long.MIN_VALUE) {
            out.writeCharSequence(Long.toString(value), StandardCharsets.US_ASCII);
            return;
        }
        long rest = value;
        if (rest < 0) {
            out.writeByte('-');
            rest = -rest;
        }
        int digits = 1;
        for (long limit = 10; digits < 19 && rest >= limit; limit *= 10) {
            digits++;
        }
        out.ensureWritable(digits);
        int end = out.writerIndex() + digits;
        for (int i = end - 1; i >= end - digits; i--) {
            out.setByte(i, '0' + (int) (rest % 10));
            rest /= 10;
        }
        out.writerIndex(end);
    }

    static void crlf(ByteBuf out) {
        out.writeShort('\r' << 8 | '\n');
    }

    /** The most frequent reply. */
    static void ok(ByteBuf out) {
        out.writeBytes(OK);
    }
}
