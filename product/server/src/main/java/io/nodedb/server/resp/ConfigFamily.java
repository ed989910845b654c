package io.nodedb.server.resp;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.bridge.lane.Durability;
import io.nodedb.plan.kv.command.Glob;
import io.nodedb.plan.kv.command.Reply;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code CONFIG}: what Redis's tools ask for, under Redis's names, and {@code durability}. What is
 * set holds until the server ends; settings that last are the server's own.
 */
@Immutable
final class ConfigFamily {
    private ConfigFamily() {}

    static List<CommandEntry> commands() {
        return List.of(CommandEntry.local("config", -2, ConfigFamily::config));
    }

    private static void config(RespConnection connection, CommandInput input) {
        switch (input.word(1)) {
            case "GET" -> get(connection, input);
            case "SET" -> set(connection, input);
            case "RESETSTAT" -> {
                connection.server().statistics().reset();
                connection.replyOk();
            }
            case "REWRITE" ->
                    connection.replyError("ERR The server is running without a config file");
            default -> connection.replyError(ServerFamily.unknownSubcommand("config", input));
        }
    }

    private static Map<String, String> values(RespServer server) {
        boolean sync = server.durability() == Durability.SYNC;
        Map<String, String> values = new TreeMap<>();
        values.put("durability", sync ? "sync" : "async");
        values.put("appendfsync", sync ? "always" : "everysec");
        values.put("appendonly", "yes");
        values.put("save", "");
        values.put("databases", Integer.toString(Databases.MAX));
        values.put("maxclients", Integer.toString(server.maxConnections()));
        values.put("maxmemory", Long.toString(server.memoryLimitBytes()));
        values.put("maxmemory-policy", "noeviction");
        values.put("proto-max-bulk-len", Integer.toString(server.limits().maxBulkBytes()));
        values.put("slowlog-log-slower-than", Long.toString(server.slowLog().thresholdMicros()));
        values.put("slowlog-max-len", Integer.toString(server.slowLog().capacity()));
        values.put("timeout", Long.toString(server.idleMillis() / 1000));
        return values;
    }

    private static void get(RespConnection connection, CommandInput input) {
        if (input.count() < 3) {
            connection.replyError(ErrorTexts.wrongNumber("config|get"));
            return;
        }
        Map<String, String> found = new LinkedHashMap<>();
        Map<String, String> all = values(connection.server());
        for (int i = 2; i < input.count(); i++) {
            byte[] pattern =
                    input.text(i).toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
            all.forEach((name, value) -> {
                if (Glob.matches(pattern, name.getBytes(StandardCharsets.US_ASCII))) {
                    found.put(name, value);
                }
            });
        }
        Reply reply = connection.build();
        reply.map(found.size());
        found.forEach((name, value) -> {
            reply.bulk(name);
            reply.bulk(value);
        });
        connection.reply(reply);
    }

    private static void set(RespConnection connection, CommandInput input) {
        if (input.count() < 4 || input.count() % 2 != 0) {
            connection.replyError(ErrorTexts.wrongNumber("config|set"));
            return;
        }
        for (int i = 2; i < input.count(); i += 2) {
            String name = input.text(i).toLowerCase(Locale.ROOT);
            String refusal = set(connection.server(), name, input.text(i + 1));
            if (refusal != null) {
                connection.replyError(refusal);
                return;
            }
        }
        connection.replyOk();
    }

    /** Why it can't be set, or null when it is. */
    private static @org.jspecify.annotations.Nullable String set(
            RespServer server, String name, String value) {
        String lower = value.toLowerCase(Locale.ROOT);
        switch (name) {
            case "durability", "appendfsync" -> {
                switch (lower) {
                    case "sync", "always" -> server.setDurability(Durability.SYNC);
                    case "async", "everysec", "no" -> server.setDurability(Durability.ASYNC);
                    default -> {
                        return failed(name, "argument must be sync or async");
                    }
                }
            }
            case "slowlog-log-slower-than", "slowlog-max-len" -> {
                Long number = KeyspaceFamily.signed(value);
                if (number == null) {
                    return failed(name, "argument couldn't be parsed into an integer");
                }
                if (name.endsWith("len")) {
                    server.slowLog().setCapacity(Math.clamp(number, 0, SlowLog.MOST));
                } else {
                    server.slowLog().setThresholdMicros(number);
                }
            }
            default -> {
                return values(server).containsKey(name)
                        ? failed(name, "can't set immutable config")
                        : "ERR Unknown option or number of arguments for CONFIG SET - '"
                                + name
                                + "'";
            }
        }
        return null;
    }

    private static String failed(String name, String why) {
        return "ERR CONFIG SET failed (possibly related to argument '" + name + "') - " + why;
    }
}
