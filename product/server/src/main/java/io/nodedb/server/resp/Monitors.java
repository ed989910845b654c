package io.nodedb.server.resp;

import io.nodedb.base.ownership.Shared;
import io.nodedb.plan.kv.command.Reply;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** The clients that are told every command. Costs one look at a list while there are none. */
@Shared("copied on write")
final class Monitors {
    private static final int SHOWN_BYTES = 1024;
    private static final long MICROS_PER_SECOND = 1_000_000;

    private final List<RespConnection> all = new CopyOnWriteArrayList<>();

    void add(RespConnection connection) {
        all.add(connection);
    }

    void remove(RespConnection connection) {
        all.remove(connection);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** A client runs a command. */
    void tell(RespConnection client, CommandInput input) {
        java.time.Instant now = java.time.Instant.now();
        StringBuilder line = new StringBuilder();
        line.append(now.getEpochSecond())
                .append('.')
                .append(
                        String.format(
                                Locale.ROOT, "%06d", now.getNano() / 1000 % MICROS_PER_SECOND))
                .append(" [")
                .append(client.state().database())
                .append(' ')
                .append(client.state().address())
                .append(']');
        for (int i = 0; i < input.count(); i++) {
            line.append(' ');
            quote(input, i, line);
        }
        Reply message = new Reply();
        message.status(line.toString());
        for (RespConnection monitor : all) {
            monitor.pushFrom(client, message);
        }
    }

    private static void quote(CommandInput input, int index, StringBuilder line) {
        line.append('"');
        int length = Math.min(input.length(index), SHOWN_BYTES);
        for (int i = 0; i < length; i++) {
            int letter = input.buffer().getByte(input.offset(index) + i) & 0xFF;
            switch (letter) {
                case '"', '\\' -> line.append('\\').append((char) letter);
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (letter >= ' ' && letter < 127) {
                        line.append((char) letter);
                    } else {
                        line.append(String.format(Locale.ROOT, "\\x%02x", letter));
                    }
                }
            }
        }
        line.append('"');
    }
}
