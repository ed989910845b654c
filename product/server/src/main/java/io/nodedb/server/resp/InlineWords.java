package io.nodedb.server.resp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.server.resp.CommandParser.Result;

/**
 * A command as a person types it: words on a line, in single or double quotes where they contain
 * spaces, with C's escapes in double quotes. The unquoted words are written over the line in the
 * buffer, which never makes them longer.
 */
@ControlPlane
final class InlineWords {
    private InlineWords() {}

    static Result parse(CommandParser parser, ByteBuf in, RespLimits limits) {
        int begin = in.readerIndex();
        int newline = in.indexOf(begin, in.writerIndex(), (byte) '\n');
        int length = newline < 0 ? in.readableBytes() : newline - begin;
        if (length > limits.maxInlineBytes()) {
            return parser.broken("too big inline request");
        }
        if (newline < 0) {
            return Result.MORE;
        }
        int end = newline > begin && in.getByte(newline - 1) == '\r' ? newline - 1 : newline;
        ByteBuf words = Unpooled.buffer(Math.max(1, end - begin));
        int read = begin;
        while (true) {
            while (read < end && isSpace(in.getByte(read))) {
                read++;
            }
            if (read == end) {
                break;
            }
            int from = words.writerIndex();
            read = word(in, read, end, words);
            if (read < 0) {
                return parser.broken("unbalanced quotes in request");
            }
            parser.add(from, words.writerIndex() - from);
        }
        in.setBytes(begin, words, 0, words.writerIndex());
        parser.consumed(newline + 1 - begin);
        return parser.count() == 0 ? Result.NOTHING : Result.COMMAND;
    }

    /** Copies one word without its quotes; where it ends, or -1 when a quote is not closed. */
    private static int word(ByteBuf in, int from, int end, ByteBuf out) {
        int read = from;
        byte quote = 0;
        while (read < end) {
            byte next = in.getByte(read);
            if (quote == 0) {
                if (isSpace(next)) {
                    return read;
                }
                if (next == '"' || next == '\'') {
                    quote = next;
                } else {
                    out.writeByte(next);
                }
                read++;
            } else if (next == quote) {
                // A closing quote ends the word.
                return read + 1 == end || isSpace(in.getByte(read + 1)) ? read + 1 : -1;
            } else if (next == '\\' && read + 1 < end) {
                read = escaped(in, read, end, quote, out);
            } else {
                out.writeByte(next);
                read++;
            }
        }
        return quote == 0 ? read : -1;
    }

    private static int escaped(ByteBuf in, int at, int end, byte quote, ByteBuf out) {
        byte next = in.getByte(at + 1);
        if (quote == '\'') {
            if (next == '\'') {
                out.writeByte('\'');
                return at + 2;
            }
            out.writeByte('\\');
            return at + 1;
        }
        if (next == 'x' && at + 3 < end) {
            int high = Character.digit(in.getByte(at + 2), 16);
            int low = Character.digit(in.getByte(at + 3), 16);
            if (high >= 0 && low >= 0) {
                out.writeByte(high << 4 | low);
                return at + 4;
            }
        }
        out.writeByte(
                switch (next) {
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    case 'b' -> '\b';
                    case 'a' -> 7;
                    default -> next;
                });
        return at + 2;
    }

    private static boolean isSpace(byte letter) {
        return letter == ' ' || (letter >= '\t' && letter <= '\r') || letter == 0;
    }
}
