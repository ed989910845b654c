package io.nodedb.server.resp;

import io.netty.buffer.ByteBuf;
import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.plan.kv.command.Arguments;
import java.nio.charset.StandardCharsets;

/**
 * The command that was just parsed, where it lies in the connection's buffer. Argument 0 is the
 * name. Valid until the command has been run; what must stay is copied.
 */
@ControlPlane
final class CommandInput {
    private final CommandParser parser;
    private final int skipped;
    private ByteBuf in;
    private int begin;

    CommandInput(CommandParser parser, ByteBuf in) {
        this(parser, in, 0);
    }

    private CommandInput(CommandParser parser, ByteBuf in, int skipped) {
        this.parser = parser;
        this.in = in;
        this.skipped = skipped;
    }

    /** The same without the first words: the one at {@code index} counts as the name. */
    CommandInput from(int index) {
        CommandInput rest = new CommandInput(parser, in, skipped + index);
        rest.begin = begin;
        return rest;
    }

    void at(ByteBuf buffer) {
        in = buffer;
        begin = buffer.readerIndex();
    }

    /** With the name. */
    int count() {
        return parser.count() - skipped;
    }

    int length(int index) {
        return parser.length(index + skipped);
    }

    ByteBuf buffer() {
        return in;
    }

    /** Where an argument begins in {@link #buffer}. */
    int offset(int index) {
        return begin + parser.start(index + skipped);
    }

    byte[] bytes(int index) {
        byte[] copy = new byte[length(index)];
        in.getBytes(offset(index), copy);
        return copy;
    }

    String text(int index) {
        return in.toString(offset(index), length(index), StandardCharsets.UTF_8);
    }

    /** A letter for each byte, for errors that repeat what was sent. */
    String raw(int index) {
        return in.toString(offset(index), length(index), StandardCharsets.ISO_8859_1);
    }

    /** A word in upper case, for options. */
    String word(int index) {
        return text(index).toUpperCase(java.util.Locale.ROOT);
    }

    boolean isWord(int index, String upperCase) {
        return length(index) == upperCase.length() && word(index).equals(upperCase);
    }

    /** Copies an argument's bytes. */
    void copy(int index, byte[] target, int at) {
        in.getBytes(offset(index), target, at, length(index));
    }

    /** Appends the arguments from one on. */
    void copyTo(Arguments arguments, int first) {
        for (int i = first; i < count(); i++) {
            int length = length(i);
            int at = arguments.claim(length);
            in.getBytes(offset(i), arguments.bytes(), at, length);
        }
    }
}
