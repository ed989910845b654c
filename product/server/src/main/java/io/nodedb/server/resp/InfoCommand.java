package io.nodedb.server.resp;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.bridge.lane.Durability;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.Reply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code INFO}: sections of lines {@code name:value}. */
@Immutable
final class InfoCommand {
    private static final List<String> DEFAULT =
            List.of(
                    "server",
                    "clients",
                    "memory",
                    "persistence",
                    "stats",
                    "replication",
                    "cpu",
                    "keyspace");

    private InfoCommand() {}

    static void info(RespConnection connection, CommandInput input) {
        List<String> wanted = new ArrayList<>();
        for (int i = 1; i < input.count(); i++) {
            String section = input.text(i).toLowerCase(Locale.ROOT);
            if (section.equals("all")
                    || section.equals("everything")
                    || section.equals("default")) {
                wanted.addAll(DEFAULT);
            } else {
                wanted.add(section);
            }
        }
        List<String> sections = wanted.isEmpty() ? DEFAULT : wanted;
        PendingReply reply = connection.append();
        if (sections.contains("keyspace")) {
            new KeyCounts(connection, reply, sections).ask();
        } else {
            answer(connection, reply, sections, Map.of());
        }
    }

    private static void answer(
            RespConnection connection,
            PendingReply reply,
            List<String> sections,
            Map<Integer, Long> keys) {
        StringBuilder text = new StringBuilder();
        RespServer server = connection.server();
        for (String section : DEFAULT) {
            if (sections.contains(section)) {
                text.append(text.isEmpty() ? "" : "\r\n")
                        .append("# ")
                        .append(section.substring(0, 1).toUpperCase(Locale.ROOT))
                        .append(section.substring(1))
                        .append("\r\n");
                section(server, section, keys, text);
            }
        }
        Reply answer = connection.build();
        answer.bulk(text.toString());
        connection.answerUnlessGone(reply, answer);
    }

    private static void section(
            RespServer server, String section, Map<Integer, Long> keys, StringBuilder text) {
        switch (section) {
            case "server" -> server(server, text);
            case "clients" -> {
                line(text, "connected_clients", server.clients().open());
                line(text, "maxclients", server.maxConnections());
                line(text, "blocked_clients", server.clients().blocked());
            }
            case "memory" -> {
                line(text, "used_memory", server.memoryUsedBytes());
                line(text, "maxmemory", server.memoryLimitBytes());
                line(text, "maxmemory_policy", "noeviction");
            }
            case "persistence" -> {
                line(text, "loading", 0);
                line(text, "aof_enabled", 1);
                line(text, "rdb_bgsave_in_progress", 0);
                boolean sync = server.durability() == Durability.SYNC;
                line(text, "durability", sync ? "sync" : "async");
            }
            case "stats" -> {
                line(text, "total_connections_received", server.clients().accepted());
                line(text, "rejected_connections", server.clients().refused());
                line(text, "total_commands_processed", server.statistics().commands());
                line(text, "total_error_replies", server.statistics().errors());
                line(text, "pubsub_channels", server.pubSub().channels());
                line(text, "pubsub_patterns", server.pubSub().patterns());
            }
            case "replication" -> {
                line(text, "role", "master");
                line(text, "connected_slaves", 0);
            }
            case "cpu" -> cpu(text);
            case "keyspace" ->
                    keys.forEach((number, count) -> {
                        if (count > 0) {
                            line(text, "db" + number, "keys=" + count + ",expires=0,avg_ttl=0");
                        }
                    });
            default -> {}
        }
    }

    private static void server(RespServer server, StringBuilder text) {
        long uptime = (server.time().epochMillis() - server.startedMillis()) / 1000;
        line(text, "redis_version", RespServer.REDIS_VERSION);
        line(text, "redis_mode", "standalone");
        line(text, "server_name", "nodedb");
        line(
                text,
                "os",
                System.getProperty("os.name", "") + " " + System.getProperty("os.arch", ""));
        line(text, "arch_bits", 64);
        line(text, "process_id", ProcessHandle.current().pid());
        line(text, "java_version", System.getProperty("java.version", ""));
        line(text, "uptime_in_seconds", uptime);
        line(text, "uptime_in_days", uptime / 86_400);
    }

    private static void cpu(StringBuilder text) {
        ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .ifPresent(used -> line(text, "used_cpu_user", used.toMillis() / 1000.0));
    }

    private static void line(StringBuilder text, String name, Object value) {
        text.append(name).append(':').append(value).append("\r\n");
    }

    /** Counts the keys of every database, each partition its own. */
    private static final class KeyCounts implements PartAnswer {
        private final RespConnection connection;
        private final PendingReply reply;
        private final List<String> sections;
        private final Map<Integer, Long> keys = new LinkedHashMap<>();
        private final List<CollectionInfo> databases;
        private int database;
        private int partition;

        KeyCounts(RespConnection connection, PendingReply reply, List<String> sections) {
            this.connection = connection;
            this.reply = reply;
            this.sections = sections;
            databases =
                    connection.server().control().catalog().state().collections().stream()
                            .filter(Databases::isServed)
                            .filter(info -> Databases.isDatabase(info.name()))
                            .sorted(java.util.Comparator.comparingInt(KeyCounts::numberOf))
                            .toList();
        }

        private static int numberOf(CollectionInfo info) {
            return Databases.number(info.name());
        }

        void ask() {
            if (database == databases.size()) {
                answer(connection, reply, sections, keys);
                return;
            }
            connection
                    .lane()
                    .parts()
                    .send(
                            partition,
                            databases.get(database).id(),
                            Command.DBSIZE,
                            arguments -> {},
                            this);
        }

        @Override
        public void answered(Reply part) {
            keys.merge(
                    numberOf(databases.get(database)), new ReplyReader(part).integer(), Long::sum);
            next();
        }

        @Override
        public void failed(ErrorCode code, @Nullable String message) {
            next();
        }

        private void next() {
            partition++;
            if (partition == connection.lane().router().partitions()) {
                partition = 0;
                database++;
            }
            ask();
        }
    }
}
