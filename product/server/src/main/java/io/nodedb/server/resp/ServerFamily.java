package io.nodedb.server.resp;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.Reply;
import io.nodedb.server.resp.CommandEntry.Flag;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Commands about the server as a whole. */
@Immutable
final class ServerFamily {
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long MICROS_PER_MILLI = 1_000;

    private ServerFamily() {}

    static List<CommandEntry> commands() {
        List<CommandEntry> all = new ArrayList<>();
        all.add(CommandEntry.local("time", 1, ServerFamily::time));
        all.add(CommandEntry.local("lastsave", 1, ServerFamily::lastSave));
        all.add(CommandEntry.local("save", 1, ServerFamily::alwaysSaved));
        all.add(CommandEntry.local("bgsave", -1, ServerFamily::savesInBackground));
        all.add(CommandEntry.local("bgrewriteaof", 1, ServerFamily::rewritesInBackground));
        all.add(CommandEntry.local("debug", -2, ServerFamily::debug));
        all.add(
                CommandEntry.local(
                        "object", -2, ServerFamily::object, Flag.SUBCOMMANDS, Flag.NOT_IN_MULTI));
        all.add(
                CommandEntry.local(
                        "memory", -2, ServerFamily::memory, Flag.SUBCOMMANDS, Flag.NOT_IN_MULTI));
        all.add(CommandEntry.local("latency", -2, ServerFamily::latency, Flag.SUBCOMMANDS));
        all.add(CommandEntry.local("role", 1, ServerFamily::role));
        all.add(CommandEntry.local("wait", 3, ServerFamily::waitForReplicas));
        all.add(CommandEntry.local("acl", -2, ServerFamily::acl, Flag.SUBCOMMANDS));
        all.add(CommandEntry.local("info", -1, InfoCommand::info, Flag.NOT_IN_MULTI));
        all.addAll(CommandFamily.commands());
        all.addAll(ConfigFamily.commands());
        all.addAll(SlowLogFamily.commands());
        all.addAll(MonitorFamily.commands());
        return all;
    }

    static String unknownSubcommand(String command, CommandInput input) {
        return "ERR unknown subcommand '"
                + input.raw(1)
                + "'. Try "
                + command.toUpperCase(Locale.ROOT)
                + " HELP.";
    }

    static String unknownOrWrongNumber(String command, CommandInput input) {
        return "ERR unknown subcommand or wrong number of arguments for '"
                + input.raw(1)
                + "'. Try "
                + command.toUpperCase(Locale.ROOT)
                + " HELP.";
    }

    /** Does the command, with its name and its subcommand, have so many words? Else it is told. */
    static boolean hasWords(
            RespConnection connection, CommandInput input, String command, int count) {
        if (input.count() == count) {
            return true;
        }
        connection.replyError(wrongNumber(command, input));
        return false;
    }

    static String wrongNumber(String command, CommandInput input) {
        return ErrorTexts.wrongNumber(command + "|" + input.text(1).toLowerCase(Locale.ROOT));
    }

    private static void time(RespConnection connection, CommandInput input) {
        java.time.Instant now = java.time.Instant.now();
        long micros = now.getNano() / MICROS_PER_MILLI % MICROS_PER_SECOND;
        Reply reply = connection.build();
        reply.array(2);
        reply.bulk(Long.toString(now.getEpochSecond()));
        reply.bulk(Long.toString(micros));
        connection.reply(reply);
    }

    /** Every acknowledged write is saved; so the last save is now. */
    private static void lastSave(RespConnection connection, CommandInput input) {
        Reply reply = connection.build();
        reply.integer(connection.server().time().epochMillis() / 1000);
        connection.reply(reply);
    }

    private static void alwaysSaved(RespConnection connection, CommandInput input) {
        connection.replyOk();
    }

    private static void savesInBackground(RespConnection connection, CommandInput input) {
        status(connection, "Background saving started");
    }

    private static void rewritesInBackground(RespConnection connection, CommandInput input) {
        status(connection, "Background append only file rewriting started");
    }

    private static void status(RespConnection connection, String text) {
        Reply reply = connection.build();
        reply.status(text);
        connection.reply(reply);
    }

    /** Nothing that stops or damages the server for everybody. */
    private static void debug(RespConnection connection, CommandInput input) {
        connection.replyError(
                "ERR DEBUG command not allowed. It would stop or change the server for everybody;"
                        + " subcommand '"
                        + input.text(1)
                        + "'");
    }

    private static void object(RespConnection connection, CommandInput input) {
        Command command =
                switch (input.word(1)) {
                    case "ENCODING" -> Command.OBJECT_ENCODING;
                    case "IDLETIME" -> Command.OBJECT_IDLETIME;
                    case "REFCOUNT" -> Command.OBJECT_REFCOUNT;
                    case "FREQ" -> Command.OBJECT_FREQ;
                    default -> null;
                };
        if (command == null) {
            connection.replyError(unknownSubcommand("object", input));
        } else {
            sendSubcommand(connection, input, "object", command);
        }
    }

    private static void memory(RespConnection connection, CommandInput input) {
        switch (input.word(1)) {
            case "USAGE" -> sendSubcommand(connection, input, "memory", Command.MEMORY_USAGE);
            case "DOCTOR" -> {
                Reply reply = connection.build();
                reply.bulk("Memory is governed by one limit; see INFO memory and /metrics.");
                connection.reply(reply);
            }
            case "PURGE" -> connection.replyOk();
            default -> connection.replyError(unknownSubcommand("memory", input));
        }
    }

    private static void sendSubcommand(
            RespConnection connection, CommandInput input, String name, Command command) {
        if (!command.acceptsArguments(input.count() - 2)) {
            connection.replyError(wrongNumber(name, input));
            return;
        }
        connection.sendOrWait(command, input, 1);
    }

    private static void latency(RespConnection connection, CommandInput input) {
        String subcommand = input.word(1);
        boolean aboutOne = subcommand.equals("HISTORY") || subcommand.equals("GRAPH");
        boolean aboutAny = subcommand.equals("LATEST") || subcommand.equals("DOCTOR");
        if ((aboutOne && !hasWords(connection, input, "latency", 3))
                || (aboutAny && !hasWords(connection, input, "latency", 2))) {
            return;
        }
        Reply reply = connection.build();
        switch (subcommand) {
            case "LATEST", "HISTORY" -> reply.array(0);
            case "RESET" -> reply.integer(0);
            case "DOCTOR" -> reply.bulk("Latencies are histograms in /metrics.");
            case "GRAPH" -> {
                connection.replyError("ERR No samples available for event '" + input.raw(2) + "'");
                return;
            }
            default -> {
                connection.replyError(unknownSubcommand("latency", input));
                return;
            }
        }
        connection.reply(reply);
    }

    private static void role(RespConnection connection, CommandInput input) {
        Reply reply = connection.build();
        reply.array(3);
        reply.bulk("master");
        reply.integer(0);
        reply.array(0);
        connection.reply(reply);
    }

    /** There are no replicas yet: none has acknowledged anything. */
    private static void waitForReplicas(RespConnection connection, CommandInput input) {
        Long replicas = KeyspaceFamily.signed(input.text(1));
        Long timeout = KeyspaceFamily.signed(input.text(2));
        if (replicas == null) {
            connection.replyError(ErrorTexts.NOT_INTEGER);
            return;
        }
        if (timeout == null) {
            connection.replyError("ERR timeout is not an integer or out of range");
            return;
        }
        if (timeout < 0) {
            connection.replyError("ERR timeout is negative");
            return;
        }
        Reply reply = connection.build();
        reply.integer(0);
        connection.reply(reply);
    }

    private static void acl(RespConnection connection, CommandInput input) {
        switch (input.word(1)) {
            case "WHOAMI" -> {
                if (hasWords(connection, input, "acl", 2)) {
                    Reply reply = connection.build();
                    reply.bulk(Passwords.USER);
                    connection.reply(reply);
                }
            }
            case "USERS" -> {
                if (hasWords(connection, input, "acl", 2)) {
                    Reply reply = connection.build();
                    reply.array(1);
                    reply.bulk(Passwords.USER);
                    connection.reply(reply);
                }
            }
            default -> connection.replyError(unknownSubcommand("acl", input));
        }
    }
}
