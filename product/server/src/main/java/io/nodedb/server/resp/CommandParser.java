package io.nodedb.server.resp;

import io.netty.buffer.ByteBuf;
import io.nodedb.base.ownership.ControlPlane;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes commands out of a buffer: arrays of bulk strings, or words on a line. A command that is not
 * whole yet is gone on with where it stopped. Places of arguments are relative to the command's
 * first byte, so the buffer may move between calls.
 *
 * <p>Belongs to one connection. Source: Redis serialization protocol specification.
 */
@ControlPlane
final class CommandParser {
    enum Result {
        /** {@link #count} arguments, the command's name first. */
        COMMAND,
        /** Nothing to do, such as an empty line. */
        NOTHING,
        /** More bytes are needed. */
        MORE,
        /** {@link #error} tells; the connection can't go on. */
        BROKEN
    }

    private static final int MAX_HEAD_BYTES = 32;
    private static final int NONE = -1;

    /** Before the client has told its password; as Redis does since 7.0. */
    private static final int STRANGERS_ARGUMENTS = 10;

    private static final int STRANGERS_BULK_BYTES = 16 << 10;

    /** Longest array of places that is kept between commands. */
    private static final int KEPT = 1024;

    private final RespLimits limits;
    private int[] starts = new int[16];
    private int[] lengths = new int[16];
    private int count;
    private int expected = NONE;
    private int bulk = NONE;
    private int at;
    private int missing;
    private boolean isStranger;
    private @Nullable String error;

    CommandParser(RespLimits limits) {
        this.limits = limits;
    }

    /** From now on small commands only are taken, or, with false, any within the limits. */
    void setStranger(boolean on) {
        isStranger = on;
    }

    /** Arguments of the command, its name included. */
    int count() {
        return count;
    }

    /** Where an argument begins, from the command's first byte. */
    int start(int index) {
        return starts[index];
    }

    int length(int index) {
        return lengths[index];
    }

    /** Bytes of the whole command. */
    int consumed() {
        return at;
    }

    /** How many more bytes are surely needed; to make room for them at once. */
    int missing() {
        return missing;
    }

    /** Why the connection can't go on. */
    String error() {
        return error == null ? "" : error;
    }

    /** The next command begins at the buffer's reader index. */
    void next() {
        count = 0;
        expected = NONE;
        bulk = NONE;
        at = 0;
        missing = 0;
        if (starts.length > KEPT) {
            starts = new int[16];
            lengths = new int[16];
        }
    }

    /** Goes on with the command at the buffer's reader index, which it does not move. */
    Result parse(ByteBuf in) {
        int begin = in.readerIndex();
        int available = in.readableBytes();
        if (available == 0) {
            return Result.MORE;
        }
        if (expected == NONE) {
            if (in.getByte(begin) != '*') {
                return InlineWords.parse(this, in, limits);
            }
            int end = endOfLine(in, begin, 1, available);
            if (end < 0) {
                return available > limits.maxInlineBytes()
                        ? broken("too big mbulk count string")
                        : Result.MORE;
            }
            long elements = number(in, begin + 1, begin + end);
            if (elements > limits.maxArguments() || elements == Long.MIN_VALUE) {
                return broken("invalid multibulk length");
            }
            if (isStranger && elements > STRANGERS_ARGUMENTS) {
                return broken("unauthenticated multibulk length");
            }
            at = end + 2;
            if (elements <= 0) {
                return Result.NOTHING;
            }
            expected = (int) elements;
        }
        while (count < expected) {
            if (bulk == NONE) {
                Result head = bulkHead(in, begin, available);
                if (head != Result.COMMAND) {
                    return head;
                }
            }
            if ((long) at + bulk + 2 > available) {
                missing = at + bulk + 2 - available;
                return Result.MORE;
            }
            add(at, bulk);
            at += bulk + 2;
            bulk = NONE;
        }
        return Result.COMMAND;
    }

    private Result bulkHead(ByteBuf in, int begin, int available) {
        if (at >= available) {
            missing = 0;
            return Result.MORE;
        }
        byte first = in.getByte(begin + at);
        int end = endOfLine(in, begin, at, available);
        if (end < 0) {
            return available - at > limits.maxInlineBytes()
                    ? broken("too big bulk count string")
                    : Result.MORE;
        }
        if (first != '$') {
            return broken("expected '$', got '" + (char) (first & 0xFF) + "'");
        }
        long length = number(in, begin + at + 1, begin + end);
        if (length < 0 || length > limits.maxBulkBytes()) {
            return broken("invalid bulk length");
        }
        if (isStranger && length > STRANGERS_BULK_BYTES) {
            return broken("unauthenticated bulk length");
        }
        if (end + 2L + length > limits.maxCommandBytes()) {
            return broken("invalid bulk length");
        }
        at = end + 2;
        bulk = (int) length;
        return Result.COMMAND;
    }

    /** Offset of the carriage return of the line that {@code from} is in, or -1. */
    private static int endOfLine(ByteBuf in, int begin, int from, int available) {
        int found = in.indexOf(begin + from, begin + available, (byte) '\r');
        return found < 0 || found + 1 >= begin + available ? -1 : found - begin;
    }

    /** A decimal number; {@link Long#MIN_VALUE} when there is none. */
    private static long number(ByteBuf in, int from, int to) {
        int length = to - from;
        if (length == 0 || length > MAX_HEAD_BYTES) {
            return Long.MIN_VALUE;
        }
        boolean negative = in.getByte(from) == '-';
        int i = negative ? from + 1 : from;
        if (i == to || to - i > 18) {
            return Long.MIN_VALUE;
        }
        long value = 0;
        for (; i < to; i++) {
            int digit = in.getByte(i) - '0';
            if (digit < 0 || digit > 9) {
                return Long.MIN_VALUE;
            }
            value = value * 10 + digit;
        }
        return negative ? -value : value;
    }

    /** Notes an argument. */
    void add(int start, int length) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            lengths = Arrays.copyOf(lengths, 2 * count);
        }
        starts[count] = start;
        lengths[count] = length;
        count++;
    }

    /** Notes how many bytes the command has. */
    void consumed(int bytes) {
        at = bytes;
    }

    Result broken(String what) {
        error = "Protocol error: " + what;
        return Result.BROKEN;
    }
}
