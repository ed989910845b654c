package io.nodedb.server.resp;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.Glob;
import io.nodedb.plan.kv.command.KeyPlaces;
import io.nodedb.plan.kv.command.Reply;
import io.nodedb.server.resp.CommandEntry.Flag;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code COMMAND}: what clients ask to learn what the server knows. */
@Immutable
final class CommandFamily {
    private static final int DETAILS = 10;
    private static final int LIST_WORDS_WITH_FILTER = 5;

    private CommandFamily() {}

    static List<CommandEntry> commands() {
        return List.of(CommandEntry.local("command", -1, CommandFamily::command, Flag.SUBCOMMANDS));
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
            case "COUNT" -> {
                if (!ServerFamily.hasWords(connection, input, "command", 2)) {
                    return;
                }
                reply.integer(table.all().size());
            }
            case "LIST" -> {
                list(connection, input, table);
                return;
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

    private static void list(RespConnection connection, CommandInput input, CommandTable table) {
        List<String> names = table.all().stream().map(CommandEntry::name).toList();
        if (input.count() == LIST_WORDS_WITH_FILTER && input.isWord(2, "FILTERBY")) {
            byte[] filter = lower(input.text(4));
            switch (input.word(3)) {
                case "PATTERN" ->
                        names = names.stream().filter(name -> matches(filter, name)).toList();
                case "MODULE" -> names = List.of();
                case "ACLCAT" -> {
                    connection.replyError("ERR there are no categories of commands: ACLCAT");
                    return;
                }
                default -> {
                    connection.replyError(ErrorTexts.SYNTAX);
                    return;
                }
            }
        } else if (input.count() != 2) {
            connection.replyError(ErrorTexts.SYNTAX);
            return;
        }
        Reply reply = connection.build();
        reply.array(names.size());
        names.forEach(reply::bulk);
        connection.reply(reply);
    }

    private static byte[] lower(String pattern) {
        return pattern.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
    }

    private static boolean matches(byte[] pattern, String name) {
        return Glob.matches(pattern, name.getBytes(StandardCharsets.US_ASCII));
    }

    private static void all(Collection<CommandEntry> entries, Reply reply) {
        reply.array(entries.size());
        entries.forEach(entry -> details(entry, reply));
    }

    private static void details(@Nullable CommandEntry entry, Reply reply) {
        if (entry == null) {
            reply.nil();
            return;
        }
        Command engine = entry.engine();
        reply.array(DETAILS);
        reply.bulk(entry.name());
        reply.integer(entry.arity());
        reply.set(1);
        reply.status(engine == null ? "fast" : engine.writes() ? "write" : "readonly");
        KeyRange keys = KeyRange.of(entry);
        reply.integer(keys.first());
        reply.integer(keys.last());
        reply.integer(keys.step());
        reply.set(0);
        reply.array(0);
        reply.array(0);
        reply.array(0);
    }

    /** Of a command that the connection answers itself. */
    private static void localKeys(
            RespConnection connection, CommandInput named, CommandEntry entry) {
        KeyRange keys = KeyRange.of(entry);
        if (keys.first() == 0) {
            connection.replyError("ERR The command has no key arguments");
            return;
        }
        if (!entry.accepts(named.count())) {
            connection.replyError("ERR Invalid number of arguments specified for command");
            return;
        }
        int last = keys.last() < 0 ? named.count() + keys.last() : keys.last();
        Reply reply = connection.build();
        reply.array(last - keys.first() + 1);
        for (int i = keys.first(); i <= last; i++) {
            reply.bulk(named.bytes(i));
        }
        connection.reply(reply);
    }

    private static void keys(RespConnection connection, CommandInput input, CommandTable table) {
        if (input.count() < 4) {
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
            localKeys(connection, input.from(2), entry);
            return;
        }
        CommandInput named = input.from(2);
        if (!entry.accepts(named.count())) {
            connection.replyError("ERR Invalid number of arguments specified for command");
            return;
        }
        int count = KeyRouter.keyCount(engine.keys(), named);
        if (engine.keys().counted() && count == (engine.keys().destination() ? 1 : 0)) {
            connection.replyError("ERR Invalid arguments specified for command");
            return;
        }
        Reply reply = connection.build();
        reply.array(count);
        for (int i = 0; i < count; i++) {
            reply.bulk(named.bytes(KeyRouter.keyPlace(engine.keys(), named, i)));
        }
        connection.reply(reply);
    }

    /**
     * Places of a command's keys as clients are told; zeros when there are none, or when an
     * argument tells their number.
     *
     * @param last negative: from the end
     */
    private record KeyRange(int first, int last, int step) {
        static KeyRange of(CommandEntry entry) {
            Command engine = entry.engine();
            if (engine != null) {
                KeyPlaces keys = engine.keys();
                return keys.counted() && !keys.destination()
                        ? new KeyRange(0, 0, 0)
                        : new KeyRange(keys.first(), keys.last(), keys.step());
            }
            return switch (entry.name()) {
                case "watch" -> new KeyRange(1, -1, 1);
                case "move" -> new KeyRange(1, 1, 1);
                default -> new KeyRange(0, 0, 0);
            };
        }
    }
}
