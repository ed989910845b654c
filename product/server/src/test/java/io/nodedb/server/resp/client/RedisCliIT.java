package io.nodedb.server.resp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nodedb.server.resp.probe.RedisProcess;
import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code redis-cli} in the ways that people use it. */
class RedisCliIT {
    @TempDir static Path folder;

    private static @Nullable ServerProcess server;

    @BeforeAll
    static void startServer() {
        assumeTrue(RedisProcess.program("redis-cli").isPresent(), RedisProcess.MISSING);
        server = ServerProcess.start(folder.resolve("server"));
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void empty() {
        assertThat(run("FLUSHALL")).containsExactly("OK");
    }

    /** What one prints that is given no input and ends well. */
    private static List<String> run(String... arguments) {
        return runWith("", arguments);
    }

    private static List<String> runWith(String input, String... arguments) {
        try (RedisCli cli = RedisCli.startWith(input, folder, server.endpoint(), arguments)) {
            return cli.linesUntilExit(0);
        }
    }

    @Test
    void oneShotPrintsRawReplies() {
        assertThat(run("SET", "k", "two words")).containsExactly("OK");
        assertThat(run("GET", "k")).containsExactly("two words");
        assertThat(run("RPUSH", "l", "a", "b")).containsExactly("2");
        assertThat(run("LRANGE", "l", "0", "-1")).containsExactly("a", "b");
        assertThat(run("--csv", "LRANGE", "l", "0", "-1")).containsExactly("\"a\",\"b\"");
        assertThat(run("PING")).containsExactly("PONG");
        assertThat(run("-n", "0", "DBSIZE")).containsExactly("2");
    }

    @Test
    void formattedRepliesNameTheirTypes() {
        assertThat(run("--no-raw", "SET", "k", "v\n")).containsExactly("OK");
        assertThat(run("--no-raw", "GET", "k")).containsExactly("\"v\\n\"");
        assertThat(run("--no-raw", "GET", "absent")).containsExactly("(nil)");
        assertThat(run("--no-raw", "RPUSH", "l", "a", "b")).containsExactly("(integer) 2");
        assertThat(run("--no-raw", "LRANGE", "l", "0", "-1"))
                .containsExactly("1) \"a\"", "2) \"b\"");
        assertThat(run("--no-raw", "LRANGE", "none", "0", "-1")).containsExactly("(empty array)");
        assertThat(run("--no-raw", "LPUSH", "k", "x"))
                .containsExactly(
                        "(error) WRONGTYPE Operation against a key holding the wrong kind of value");
        assertThat(run("--no-raw", "NOSUCH", "a"))
                .containsExactly(
                        "(error) ERR unknown command 'NOSUCH', with args beginning with: 'a' ");
    }

    @Test
    void errorsGiveTheExitStatusThatIsAskedFor() {
        assertThat(run("SET", "k", "v")).containsExactly("OK");
        try (RedisCli cli = RedisCli.start(folder, server.endpoint(), "-e", "LPUSH", "k", "x")) {
            assertThat(cli.linesUntilExit(1).getFirst()).startsWith("WRONGTYPE");
        }
    }

    @Test
    void resp3RepliesKeepTheirTypes() {
        assertThat(run("-3", "HSET", "h", "f", "v", "g", "w")).containsExactly("2");
        assertThat(run("-3", "--no-raw", "HGETALL", "h"))
                .containsExactlyInAnyOrder("1# \"f\" => \"v\"", "2# \"g\" => \"w\"");
        assertThat(run("-3", "ZADD", "z", "1.5", "a")).containsExactly("1");
        assertThat(run("-3", "--no-raw", "ZRANGE", "z", "0", "-1", "WITHSCORES"))
                .containsExactly("1) 1) \"a\"", "   2) (double) 1.5");
        assertThat(run("-3", "--no-raw", "SMEMBERS", "none")).containsExactly("(empty set)");
        assertThat(run("-3", "--no-raw", "GET", "absent")).containsExactly("(nil)");
    }

    @Test
    void jsonOfRepliesIsWhatJsonReadersTake() {
        assertThat(run("RPUSH", "l", "a", "b")).containsExactly("2");
        assertThat(run("HSET", "h", "f", "v")).containsExactly("1");
        assertThat(run("--json", "LRANGE", "l", "0", "-1")).containsExactly("[\"a\",\"b\"]");
        assertThat(run("-3", "--json", "HGETALL", "h")).containsExactly("{\"f\":\"v\"}");
        assertThat(run("--json", "GET", "absent")).containsExactly("null");
    }

    @Test
    void scriptOnStandardInputRunsLineByLine() {
        assertThat(runWith("SET x 1\nINCR x\n\nGET x\nMULTI\nSET x 9\nEXEC\nLPUSH x 1\nGET x\n"))
                .contains("2", "QUEUED", "9")
                .startsWith("OK", "2", "2", "OK", "QUEUED", "OK")
                .endsWith("9");
        assertThat(runWith("from stdin", "-x", "SET", "k")).containsExactly("OK");
        assertThat(run("GET", "k")).containsExactly("from stdin");
    }

    @Test
    void pipeLoadsInBulk() {
        StringBuilder commands = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            String key = "key:" + i;
            commands.append("*3\r\n$3\r\nSET\r\n$").append(key.length()).append("\r\n");
            commands.append(key).append("\r\n$1\r\nv\r\n");
        }
        assertThat(runWith(commands.toString(), "--pipe")).contains("errors: 0, replies: 20000");
        assertThat(run("DBSIZE")).containsExactly("20000");
        try (RedisCli cli =
                RedisCli.startWith(
                        "SET k v\r\nLPUSH k x\r\n", folder, server.endpoint(), "--pipe")) {
            assertThat(cli.linesUntilExit(1)).contains("errors: 1, replies: 2");
        }
    }

    @Test
    void commandIsRepeated() {
        assertThat(run("-r", "3", "-i", "0", "INCR", "n")).containsExactly("1", "2", "3");
    }

    @Test
    void scanListsTheKeysOfAPattern() {
        List<String> keys = IntStream.range(0, 300).mapToObj(i -> "user:" + i).toList();
        load(keys);
        assertThat(run("SET", "other", "v")).containsExactly("OK");
        assertThat(run("--scan", "--pattern", "user:*")).containsExactlyInAnyOrderElementsOf(keys);
    }

    private static void load(List<String> keys) {
        StringBuilder commands = new StringBuilder();
        keys.forEach(key -> commands.append("SET ").append(key).append(" v\r\n"));
        assertThat(runWith(commands.toString(), "--pipe"))
                .contains("errors: 0, replies: " + keys.size());
    }

    @Test
    void bigKeysAreFound() {
        assertThat(run("SET", "text", "x".repeat(50))).containsExactly("OK");
        assertThat(run("RPUSH", "list", "a", "b", "c")).containsExactly("3");
        assertThat(run("HSET", "hash", "f", "v")).containsExactly("1");
        assertThat(run("ZADD", "zset", "1", "a", "2", "b")).containsExactly("2");
        assertThat(run("SADD", "set", "a")).containsExactly("1");
        assertThat(run("--bigkeys"))
                .contains(
                        "Sampled 5 keys in the keyspace!",
                        "Biggest string found '\"text\"' has 50 bytes",
                        "Biggest   list found '\"list\"' has 3 items",
                        "Biggest   hash found '\"hash\"' has 1 fields",
                        "Biggest   zset found '\"zset\"' has 2 members",
                        "Biggest    set found '\"set\"' has 1 members");
        assertThat(run("--memkeys")).contains("Sampled 5 keys in the keyspace!");
    }

    @Test
    void statCountsKeysAndClients() {
        assertThat(run("SET", "k", "v")).containsExactly("OK");
        try (RedisCli cli = RedisCli.start(folder, server.endpoint(), "--stat", "-i", "0.01")) {
            assertThat(cli.nextLine()).contains("data").contains("load");
            assertThat(cli.nextLine()).contains("keys", "mem", "clients", "requests");
            assertThat(cli.nextLine().strip()).matches("1\\s+[0-9.]+[BKMG]\\s+\\d+\\s+.*\\d.*");
        }
    }

    @Test
    void latencyIsSampled() {
        assertThat(run("--latency", "-i", "0.2"))
                .singleElement()
                .asString()
                .matches("\\d+ \\d+ \\d+\\.\\d+ \\d+");
    }

    @Test
    void monitorShowsWhatOthersSend() {
        try (RedisCli cli = RedisCli.start(folder, server.endpoint(), "MONITOR")) {
            assertThat(cli.nextLine()).isEqualTo("OK");
            assertThat(run("SET", "k", "a\"b\n")).containsExactly("OK");
            String line = cli.nextLine();
            while (!line.contains("\"SET\"")) {
                line = cli.nextLine();
            }
            assertThat(line)
                    .matches(
                            "\\d+\\.\\d{6} \\[0 127\\.0\\.0\\.1:\\d+\\] \"SET\" \"k\" \"a\\\\\"b\\\\n\"");
        }
    }

    @Test
    void subscriberHearsWhatIsPublished() {
        try (RedisCli cli = RedisCli.start(folder, server.endpoint(), "SUBSCRIBE", "news");
                RespConnection other = RespConnection.open(server.endpoint())) {
            assertThat(List.of(cli.nextLine(), cli.nextLine(), cli.nextLine()))
                    .containsExactly("subscribe", "news", "1");
            other.call("PUBLISH", "news", "hello");
            assertThat(List.of(cli.nextLine(), cli.nextLine(), cli.nextLine()))
                    .containsExactly("message", "news", "hello");
        }
    }

    @Test
    void databaseIsChosenByNumber() {
        assertThat(run("-n", "3", "SET", "k", "in three")).containsExactly("OK");
        assertThat(run("-n", "3", "GET", "k")).containsExactly("in three");
        assertThat(run("GET", "k")).containsExactly("");
    }

    @Test
    void delimitersAndTaggedInputAreTaken() {
        assertThat(run("RPUSH", "l", "a", "b", "c")).containsExactly("3");
        assertThat(run("-d", ", ", "LRANGE", "l", "0", "-1")).containsExactly("a, b, c");
        assertThat(run("-D", "!", "LRANGE", "l", "0", "-1")).containsExactly("a", "b", "c!");
        assertThat(runWith("from stdin", "-X", "tag", "SET", "k", "tag")).containsExactly("OK");
        assertThat(run("GET", "k")).containsExactly("from stdin");
    }

    @Test
    void latencyIsDrawnUntilItIsStopped() {
        try (RedisCli cli =
                RedisCli.start(folder, server.endpoint(), "--latency-dist", "-i", "0.1")) {
            assertThat(cli.nextLine()).startsWith("----");
            assertThat(cli.nextLine()).contains("milliseconds");
        }
        assertThat(run("PING")).containsExactly("PONG");
    }

    @Test
    void hotKeysAreRefusedAsWithoutAnEvictionPolicy() {
        assertThat(run("SET", "k", "v")).containsExactly("OK");
        try (RedisCli cli = RedisCli.start(folder, server.endpoint(), "--hotkeys")) {
            assertThat(cli.linesUntilExit(1))
                    .anyMatch(line -> line.contains("An LFU maxmemory policy is not selected"));
        }
    }

    /** There are no replicas here: who asks for a copy is told so, and hangs on nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"--rdb copy.rdb", "--functions-rdb copy.rdb", "--replica"})
    void copiesAreRefusedClearly(String mode) {
        assumeTrue(ServerProcess.isNodeDb(), "Redis has replicas");
        try (RedisCli cli = RedisCli.start(folder, server.endpoint(), mode.split(" ", -1))) {
            assertThat(cli.linesUntilExit(1))
                    .anyMatch(line -> line.contains("ERR unknown command 'REPLCONF'"))
                    .last()
                    .asString()
                    .containsAnyOf("SYNC with master failed", "aborting");
        }
        assertThat(run("PING")).containsExactly("PONG");
    }

    @Test
    void scriptFilesAreRefusedClearly() throws IOException {
        assumeTrue(ServerProcess.isNodeDb(), "Redis has scripts");
        Path script = Files.writeString(folder.resolve("script.lua"), "return 1");
        assertThat(run("--eval", script.toString(), "key", ",", "argument").getFirst())
                .startsWith("ERR unknown command 'EVAL'");
    }

    @Test
    void serverIsNoNodeOfACluster() {
        String address = server.endpoint().host() + ":" + server.endpoint().port();
        try (RedisCli cli =
                RedisCli.start(folder, server.endpoint(), "--cluster", "info", address)) {
            assertThat(cli.linesUntilExit(1))
                    .anyMatch(line -> line.contains("is not configured as a cluster node"));
        }
    }

    @Test
    void quotedJsonHasBytesAsEscapes() {
        assertThat(runWith("\u00e9\u0001", "-x", "SET", "k")).containsExactly("OK");
        assertThat(run("--quoted-json", "GET", "k")).containsExactly("\"\\\\xe9\\\\x01\"");
    }

    @Test
    void scriptsAreNotThere() {
        try (RedisCli cli = RedisCli.start(folder, server.endpoint(), "EVAL", "return 1", "0")) {
            assertThat(cli.linesUntilExit(0).getFirst()).startsWith("ERR unknown command 'EVAL'");
        }
    }

    @Test
    void patternsAreListenedTo() {
        try (RedisCli cli = RedisCli.start(folder, server.endpoint(), "PSUBSCRIBE", "n*");
                RespConnection other = RespConnection.open(server.endpoint())) {
            assertThat(List.of(cli.nextLine(), cli.nextLine(), cli.nextLine()))
                    .containsExactly("psubscribe", "n*", "1");
            other.call("PUBLISH", "news", "hello");
            assertThat(List.of(cli.nextLine(), cli.nextLine(), cli.nextLine(), cli.nextLine()))
                    .containsExactly("pmessage", "n*", "news", "hello");
        }
    }

    @Test
    void whoWaitsIsServed() {
        try (RedisCli cli = RedisCli.start(folder, server.endpoint(), "BLPOP", "queue", "0")) {
            assertThat(run("RPUSH", "queue", "v")).containsExactly("1");
            assertThat(cli.linesUntilExit(0)).containsExactly("queue", "v");
        }
    }
}
