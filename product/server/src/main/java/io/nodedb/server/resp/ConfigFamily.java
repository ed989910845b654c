package io.nodedb.server.resp;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.bridge.lane.Durability;
import io.nodedb.plan.kv.command.Glob;
import io.nodedb.plan.kv.command.Reply;
import io.nodedb.server.resp.CommandEntry.Flag;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code CONFIG}: what Redis's tools ask for, under Redis's names, and {@code durability}. What is
 * set holds until the server ends; settings that last are the server's own.
 */
@Immutable
final class ConfigFamily {
    private static final Set<String> CHANGEABLE =
            Set.of("durability", "appendfsync", "slowlog-max-len", "slowlog-log-slower-than");

    private static final String ONE_OF = "argument(s) must be one of the following: ";

    private ConfigFamily() {}

    static List<CommandEntry> commands() {
        return List.of(CommandEntry.local("config", -2, ConfigFamily::config, Flag.SUBCOMMANDS));
    }

    private static void config(RespConnection connection, CommandInput input) {
        switch (input.word(1)) {
            case "GET" -> get(connection, input);
            case "SET" -> set(connection, input);
            case "RESETSTAT" -> {
                if (ServerFamily.hasWords(connection, input, "config", 2)) {
                    connection.server().statistics().reset();
                    connection.replyOk();
                }
            }
            case "REWRITE" -> {
                if (ServerFamily.hasWords(connection, input, "config", 2)) {
                    connection.replyError("ERR The server is running without a config file");
                }
            }
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
            String asked = input.text(i);
            String lower = asked.toLowerCase(Locale.ROOT);
            String value = all.get(lower);
            if (value != null) {
                // A name is told as it was asked for.
                found.put(asked, value);
                continue;
            }
            byte[] pattern = lower.getBytes(StandardCharsets.UTF_8);
            all.forEach((name, each) -> {
                if (Glob.matches(pattern, name.getBytes(StandardCharsets.US_ASCII))) {
                    found.put(name, each);
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

    /** Sets all of them, or none and says why. */
    private static void set(RespConnection connection, CommandInput input) {
        if (input.count() < 4) {
            connection.replyError(ErrorTexts.wrongNumber("config|set"));
            return;
        }
        if (input.count() % 2 != 0) {
            connection.replyError(ErrorTexts.SYNTAX);
            return;
        }
        RespServer server = connection.server();
        String refusal = refusal(server, input);
        List<Runnable> changes = new ArrayList<>();
        for (int i = 2; i < input.count() && refusal == null; i += 2) {
            refusal = change(server, input.text(i), input.text(i + 1), changes);
        }
        if (refusal != null) {
            connection.replyError(refusal);
            return;
        }
        changes.forEach(Runnable::run);
        connection.replyOk();
    }

    /** What is wrong with the names, whatever the values are; or null. */
    private static @Nullable String refusal(RespServer server, CommandInput input) {
        Set<String> known = values(server).keySet();
        Set<String> named = new HashSet<>();
        for (int i = 2; i < input.count(); i += 2) {
            String name = input.text(i);
            String lower = name.toLowerCase(Locale.ROOT);
            if (!known.contains(lower)) {
                return "ERR Unknown option or number of arguments for CONFIG SET - '" + name + "'";
            }
            if (!CHANGEABLE.contains(lower)) {
                return failed(name, "can't set immutable config");
            }
            if (!named.add(lower)) {
                return failed(name, "duplicate parameter");
            }
        }
        return null;
    }

    /** Adds what sets it; or says why it can't be set. */
    private static @Nullable String change(
            RespServer server, String name, String value, List<Runnable> changes) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "durability" ->
                    switch (value.toLowerCase(Locale.ROOT)) {
                        case "sync" -> add(changes, () -> server.setDurability(Durability.SYNC));
                        case "async" -> add(changes, () -> server.setDurability(Durability.ASYNC));
                        default -> failed(name, ONE_OF + "sync, async");
                    };
            case "appendfsync" ->
                    switch (value.toLowerCase(Locale.ROOT)) {
                        case "always" -> add(changes, () -> server.setDurability(Durability.SYNC));
                        case "everysec", "no" ->
                                add(changes, () -> server.setDurability(Durability.ASYNC));
                        default -> failed(name, ONE_OF + "everysec, always, no");
                    };
            case "slowlog-max-len" -> {
                Long length = KeyspaceFamily.signed(value);
                yield length != null && length >= 0
                        ? add(changes, () -> server.slowLog().setCapacity(capacity(length)))
                        : notInRange(name, length, 0);
            }
            case "slowlog-log-slower-than" -> {
                Long micros = KeyspaceFamily.signed(value);
                yield micros != null && micros >= -1
                        ? add(changes, () -> server.slowLog().setThresholdMicros(micros))
                        : notInRange(name, micros, -1);
            }
            default -> throw new IllegalStateException("changeable, but not changed: " + name);
        };
    }

    private static int capacity(long length) {
        return (int) Math.min(length, SlowLog.MOST);
    }

    private static @Nullable String add(List<Runnable> changes, Runnable change) {
        changes.add(change);
        return null;
    }

    private static String notInRange(String name, @Nullable Long number, long least) {
        return failed(
                name,
                number == null
                        ? "argument couldn't be parsed into an integer"
                        : "argument must be between "
                                + least
                                + " and "
                                + Long.MAX_VALUE
                                + " inclusive");
    }

    private static String failed(String name, String why) {
        return "ERR CONFIG SET failed (possibly related to argument '" + name + "') - " + why;
    }
}
