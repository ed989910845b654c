package io.nodedb.server.resp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.plan.kv.command.Arguments;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A command that waits for EXEC, with its own copy of its arguments. */
@ControlPlane
final class QueuedCommand {
    private static final int OVERHEAD_BYTES = 128;
    private static final int OVERHEAD_BYTES_PER_ARGUMENT = 16;

    private final CommandEntry entry;
    private final ByteBuf frame;
    private final Arguments arguments = new Arguments();

    private QueuedCommand(CommandEntry entry, ByteBuf frame) {
        this.entry = entry;
        this.frame = frame;
    }

    static QueuedCommand of(CommandEntry entry, CommandInput input) {
        QueuedCommand queued = new QueuedCommand(entry, frame(entry, input));
        if (entry.engine() != null) {
            input.copyTo(queued.arguments, 1);
        }
        return queued;
    }

    /** What a connection answers itself is parsed again when its turn comes. */
    private static ByteBuf frame(CommandEntry entry, CommandInput input) {
        if (entry.local() == null || entry.engine() != null) {
            return Unpooled.EMPTY_BUFFER;
        }
        ByteBuf frame = Unpooled.buffer();
        ReplyEncoder.number('*', input.count(), frame);
        for (int i = 0; i < input.count(); i++) {
            ReplyEncoder.number('$', input.length(i), frame);
            frame.writeBytes(input.buffer(), input.offset(i), input.length(i));
            ReplyEncoder.crlf(frame);
        }
        return frame;
    }

    CommandEntry entry() {
        return entry;
    }

    /** Without the name. */
    Arguments arguments() {
        return arguments;
    }

    /** Name and arguments of a command on keys, with blanks between; of others the name. */
    byte[] line() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes(entry.name().toUpperCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < arguments.count() && line.size() <= SlowCommand.SHOWN_BYTES; i++) {
            line.write(' ');
            line.writeBytes(arguments.copy(i));
        }
        return line.toByteArray();
    }

    /** What a command will hold of the heap while it waits. */
    static long bytes(CommandInput input) {
        long bytes = OVERHEAD_BYTES;
        for (int i = 0; i < input.count(); i++) {
            bytes += OVERHEAD_BYTES_PER_ARGUMENT + input.length(i);
        }
        return bytes;
    }

    /** Runs what the connection answers itself. */
    void runLocally(RespConnection connection) {
        ConnectionCommand command = java.util.Objects.requireNonNull(entry.local());
        CommandParser parser = new CommandParser(connection.server().limits());
        CommandParser.Result parsed = parser.parse(frame);
        if (parsed != CommandParser.Result.COMMAND) {
            throw new IllegalStateException("a queued command is whole: " + parsed);
        }
        CommandInput input = new CommandInput(parser, frame);
        input.at(frame);
        command.run(connection, input);
    }
}
