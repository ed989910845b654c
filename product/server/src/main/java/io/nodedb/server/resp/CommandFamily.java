package io.nodedb.server.resp;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.KeyPlaces;
import io.nodedb.plan.kv.command.Reply;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code COMMAND}: what clients ask to learn what the server knows. */
@Immutable
final class CommandFamily {
    private static final int DETAILS = 10;

    private CommandFamily() {}

    static List<CommandEntry> commands() {
        return List.of(CommandEntry.local("command", -1, CommandFamily::command));
    }

    private static void command(RespConnection connection, CommandInput input) {
        CommandTable table = connection.server().dispatcher().table();
        Reply reply = connection.build();
        if (input.count() == 1) {
            all(table.all(), reply);
            connection.reply(reply);
            return;
        }
        switch (input.word(1)) {
            case "COUNT" -> reply.integer(table.all().size());
            case "LIST" -> {
                reply.array(table.all().size());
                table.all().forEach(entry -> reply.bulk(entry.name()));
            }
            case "INFO" -> {
                if (input.count() == 2) {
                    all(table.all(), reply);
                } else {
                    reply.array(input.count() - 2);
                    for (int i = 2; i < input.count(); i++) {
                        details(table.named(input.text(i).toLowerCase(Locale.ROOT)), reply);
                    }
                }
            }
            case "DOCS" -> reply.map(0);
            case "GETKEYS" -> {
                keys(connection, input, table);
                return;
            }
            default -> {
                connection.replyError(ServerFamily.unknownSubcommand("command", input));
                return;
            }
        }
        connection.reply(reply);
    }

    private static void all(Collection<CommandEntry> entries, Reply reply) {
        reply.array(entries.size());
        entries.forEach(entry -> details(entry, reply));
    }

    private static void details(@Nullable CommandEntry entry, Reply reply) {
        if (entry == null) {
            reply.nullArray();
            return;
        }
        Command engine = entry.engine();
        reply.array(DETAILS);
        reply.bulk(entry.name());
        reply.integer(entry.arity());
        reply.set(1);
        reply.status(engine == null ? "fast" : engine.writes() ? "write" : "readonly");
        KeyPlaces keys = engine == null ? KeyPlaces.NONE : engine.keys();
        reply.integer(keys.first());
        reply.integer(engine == null ? 0 : keys.last());
        reply.integer(engine == null ? 0 : keys.step());
        reply.set(0);
        reply.array(0);
        reply.array(0);
        reply.array(0);
    }

    private static void keys(RespConnection connection, CommandInput input, CommandTable table) {
        if (input.count() < 3) {
            connection.replyError(ErrorTexts.wrongNumber("command|getkeys"));
            return;
        }
        CommandEntry entry = table.named(input.text(2).toLowerCase(Locale.ROOT));
        Command engine = entry == null ? null : entry.engine();
        if (entry == null) {
            connection.replyError("ERR Invalid command specified");
            return;
        }
        if (engine == null) {
            connection.replyError("ERR The command has no key arguments");
            return;
        }
        CommandInput named = input.from(2);
        if (!entry.accepts(named.count())) {
            connection.replyError("ERR Invalid number of arguments specified for command");
            return;
        }
        int count = KeyRouter.keyCount(engine.keys(), named);
        Reply reply = connection.build();
        reply.array(count);
        for (int i = 0; i < count; i++) {
            reply.bulk(named.bytes(KeyRouter.keyPlace(engine.keys(), named, i)));
        }
        connection.reply(reply);
    }
}
