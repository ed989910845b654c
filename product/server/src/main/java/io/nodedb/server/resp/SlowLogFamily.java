package io.nodedb.server.resp;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.plan.kv.command.Reply;
import io.nodedb.server.resp.CommandEntry.Flag;
import java.util.List;

/** {@code SLOWLOG}. */
@Immutable
final class SlowLogFamily {
    private static final int DEFAULT_COUNT = 10;

    private SlowLogFamily() {}

    static List<CommandEntry> commands() {
        return List.of(CommandEntry.local("slowlog", -2, SlowLogFamily::slowLog, Flag.SUBCOMMANDS));
    }

    private static void slowLog(RespConnection connection, CommandInput input) {
        SlowLog log = connection.server().slowLog();
        switch (input.word(1)) {
            case "LEN" -> {
                if (ServerFamily.hasWords(connection, input, "slowlog", 2)) {
                    Reply reply = connection.build();
                    reply.integer(log.size());
                    connection.reply(reply);
                }
            }
            case "RESET" -> {
                if (ServerFamily.hasWords(connection, input, "slowlog", 2)) {
                    log.clear();
                    connection.replyOk();
                }
            }
            case "GET" -> get(connection, input, log);
            default -> connection.replyError(ServerFamily.unknownSubcommand("slowlog", input));
        }
    }

    private static void get(RespConnection connection, CommandInput input, SlowLog log) {
        if (input.count() > 3) {
            connection.replyError(ServerFamily.unknownOrWrongNumber("slowlog", input));
            return;
        }
        long count = DEFAULT_COUNT;
        if (input.count() == 3) {
            Long wanted = KeyspaceFamily.signed(input.text(2));
            if (wanted == null || wanted < -1) {
                connection.replyError("ERR count should be greater than or equal to -1");
                return;
            }
            count = wanted == -1 ? SlowLog.MOST : wanted;
        }
        List<SlowLog.Entry> entries = log.newest((int) Math.min(count, SlowLog.MOST));
        Reply reply = connection.build();
        reply.array(entries.size());
        for (SlowLog.Entry entry : entries) {
            reply.array(6);
            reply.integer(entry.id());
            reply.integer(entry.epochSeconds());
            reply.integer(entry.micros());
            reply.array(entry.arguments().size());
            entry.arguments().forEach(reply::bulk);
            reply.bulk(entry.address());
            reply.bulk(entry.name());
        }
        connection.reply(reply);
    }
}
