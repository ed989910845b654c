package io.nodedb.server.resp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nodedb.server.resp.probe.Endpoint;
import io.nodedb.server.resp.probe.RedisProcess;
import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.RespValue;
import io.nodedb.server.resp.probe.ServerProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person who types commands into {@code redis-cli} at a terminal. */
class RedisCliTerminalIT {
    private static final Pattern CLIENT_ID = Pattern.compile("(?<=\"id\" => \\(integer\\) )\\d+");

    @TempDir static Path folder;

    private static @Nullable ServerProcess server;

    @BeforeAll
    static void startServer() {
        assumeTrue(Terminal.isThere(), Terminal.MISSING);
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
        try (RespConnection client = RespConnection.open(server.endpoint())) {
            assertThat(client.call("FLUSHALL")).isEqualTo(new RespValue.Simple("OK"));
        }
    }

    private static Terminal open(String... arguments) {
        return Terminal.open(folder, server.endpoint(), arguments);
    }

    private static String prompt(String state) {
        Endpoint endpoint = server.endpoint();
        return endpoint.host() + ":" + endpoint.port() + state + "> ";
    }

    @Test
    void everyCommandIsAnsweredInHumanForm() {
        try (Terminal terminal = open()) {
            assertThat(terminal.prompt()).isEqualTo(prompt(""));
            assertThat(terminal.enter("set k v")).isEqualTo("OK");
            assertThat(terminal.enter("get k")).isEqualTo("\"v\"");
            assertThat(terminal.enter("get none")).isEqualTo("(nil)");
            assertThat(terminal.enter("incr n")).isEqualTo("(integer) 1");
            assertThat(terminal.enter("3 incr n"))
                    .isEqualTo("(integer) 2\n(integer) 3\n(integer) 4");
            assertThat(terminal.enter("set text \"a\\x00\\n\\\"b\"")).isEqualTo("OK");
            assertThat(terminal.enter("get text")).isEqualTo("\"a\\x00\\n\\\"b\"");
            assertThat(terminal.enter("rpush l a b")).isEqualTo("(integer) 2");
            assertThat(terminal.enter("lrange l 0 -1")).isEqualTo("1) \"a\"\n2) \"b\"");
            assertThat(terminal.enter("lrange none 0 -1")).isEqualTo("(empty array)");
            assertThat(terminal.enter("lpush k x"))
                    .isEqualTo(
                            "(error) WRONGTYPE Operation against a key holding the wrong kind of"
                                    + " value");
            assertThat(terminal.enter("get"))
                    .isEqualTo("(error) ERR wrong number of arguments for 'get' command");
            assertThat(terminal.enter("nosuch a"))
                    .isEqualTo(
                            "(error) ERR unknown command 'nosuch', with args beginning with: 'a'");
            assertThat(terminal.enter("set k \"open")).isEqualTo("Invalid argument(s)");
            assertThat(terminal.enter("get k")).isEqualTo("\"v\"");
            assertThat(terminal.leave("exit")).isZero();
        }
    }

    @Test
    void promptTellsTheTransaction() {
        try (Terminal terminal = open()) {
            assertThat(terminal.enter("multi")).isEqualTo("OK");
            assertThat(terminal.prompt()).isEqualTo(prompt("(TX)"));
            assertThat(terminal.enter("set k 1")).isEqualTo("QUEUED");
            assertThat(terminal.enter("incr k")).isEqualTo("QUEUED");
            assertThat(terminal.prompt()).isEqualTo(prompt("(TX)"));
            assertThat(terminal.enter("exec")).isEqualTo("1) OK\n2) (integer) 2");
            assertThat(terminal.prompt()).isEqualTo(prompt(""));
            assertThat(terminal.enter("multi")).isEqualTo("OK");
            assertThat(terminal.enter("discard")).isEqualTo("OK");
            assertThat(terminal.prompt()).isEqualTo(prompt(""));
            assertThat(terminal.enter("exec")).isEqualTo("(error) ERR EXEC without MULTI");
            assertThat(terminal.enter("multi")).isEqualTo("OK");
            assertThat(terminal.enter("nosuch")).contains("unknown command");
            assertThat(terminal.enter("exec")).startsWith("(error) EXECABORT");
            assertThat(terminal.prompt()).isEqualTo(prompt(""));
            assertThat(terminal.leave("quit")).isZero();
        }
    }

    @Test
    void promptTellsTheDatabase() {
        try (Terminal terminal = open()) {
            assertThat(terminal.enter("select 1")).isEqualTo("OK");
            assertThat(terminal.prompt()).isEqualTo(prompt("[1]"));
            assertThat(terminal.enter("set k one")).isEqualTo("OK");
            assertThat(terminal.enter("multi")).isEqualTo("OK");
            assertThat(terminal.prompt()).isEqualTo(prompt("[1](TX)"));
            assertThat(terminal.enter("get k")).isEqualTo("QUEUED");
            assertThat(terminal.enter("exec")).isEqualTo("1) \"one\"");
            assertThat(terminal.enter("select -1"))
                    .isEqualTo("(error) ERR DB index is out of range");
            assertThat(terminal.prompt()).isEqualTo(prompt("[1]"));
            assertThat(terminal.enter("select 0")).isEqualTo("OK");
            assertThat(terminal.prompt()).isEqualTo(prompt(""));
            assertThat(terminal.enter("get k")).isEqualTo("(nil)");
        }
        try (Terminal terminal = open("-n", "1")) {
            assertThat(terminal.prompt()).isEqualTo(prompt("[1]"));
            assertThat(terminal.enter("get k")).isEqualTo("\"one\"");
        }
    }

    @Test
    void subscriberListensUntilInterrupted() {
        try (Terminal terminal = open();
                RespConnection other = RespConnection.open(server.endpoint())) {
            assertThat(terminal.enterUntil("subscribe news", "3) (integer) 1\n"))
                    .isEqualTo(
                            """
                            Reading messages... (press Ctrl-C to quit)
                            1) "subscribe"
                            2) "news"
                            3) (integer) 1\
                            """);
            assertThat(other.call("PUBLISH", "news", "hello")).isEqualTo(new RespValue.Int(1));
            assertThat(terminal.until("\"hello\"\n")).endsWith("2) \"news\"\n3) \"hello\"");
            assertThat(terminal.interrupt()).startsWith("^C");
            // It has connected anew, and the server has forgotten the old connection.
            assertThat(terminal.enter("ping")).isEqualTo("PONG");
            assertThat(terminal.enter("pubsub numsub news"))
                    .isEqualTo("1) \"news\"\n2) (integer) 0");
        }
    }

    @Test
    void monitorShowsCommandsUntilInterrupted() {
        try (Terminal terminal = open();
                RespConnection other = RespConnection.open(server.endpoint())) {
            assertThat(terminal.enterUntil("monitor", "OK\n")).isEqualTo("OK");
            assertThat(other.call("SET", "k", "v")).isEqualTo(new RespValue.Simple("OK"));
            assertThat(terminal.until("\"SET\" \"k\" \"v\"\n")).contains("[0 127.0.0.1:");
            assertThat(terminal.interrupt()).startsWith("^C");
            assertThat(terminal.enter("get k")).isEqualTo("\"v\"");
        }
    }

    @Test
    void whoWaitsCanBeInterrupted() {
        try (Terminal terminal = open();
                RespConnection other = RespConnection.open(server.endpoint())) {
            assertThat(other.call("RPUSH", "queue", "a")).isEqualTo(new RespValue.Int(1));
            assertThat(terminal.enter("blpop queue 0")).isEqualTo("1) \"queue\"\n2) \"a\"");
            assertThat(terminal.enter("blpop queue 0.001")).startsWith("(nil)");
            assertThat(terminal.enter("ping")).isEqualTo("PONG");
        }
    }

    @Test
    void helpAndHintsDoNoHarm() {
        try (Terminal terminal = open()) {
            assertThat(terminal.enter("help")).contains("redis-cli", "To get help about Redis");
            assertThat(terminal.enter("help @string")).doesNotContain("rror");
            assertThat(terminal.enter("help nosuch")).isEmpty();
            assertThat(terminal.enter("command docs get")).doesNotContain("(error)");
            // While these are typed, hints are asked for at every letter.
            assertThat(terminal.enter("hset h f v")).isEqualTo("(integer) 1");
            assertThat(terminal.enter("config get save")).doesNotContain("(error)");
            assertThat(terminal.enter("hgetall h")).isEqualTo("1) \"f\"\n2) \"v\"");
            assertThat(terminal.leave("exit")).isZero();
        }
    }

    @Test
    void protocolIsChangedInTheSession() {
        try (Terminal terminal = open()) {
            assertThat(terminal.enter("hset h f v")).isEqualTo("(integer) 1");
            assertThat(terminal.enter("hello 3")).startsWith("1# \"server\" => \"redis\"");
            assertThat(terminal.enter("hgetall h")).isEqualTo("1# \"f\" => \"v\"");
            assertThat(terminal.enter("hello 2")).startsWith("1) \"server\"");
            assertThat(terminal.enter("hgetall h")).isEqualTo("1) \"f\"\n2) \"v\"");
        }
    }

    /** All that a session shows, held against what a real Redis lets it show. */
    @Test
    void sessionLooksAsWithRedis() {
        assumeTrue(RedisProcess.program("redis-server").isPresent(), RedisProcess.MISSING);
        List<String> lines =
                List.of(
                        "set k v ex 100",
                        "set k v nx",
                        "mget k none",
                        "setrange k 5 x",
                        "get k",
                        "hset h f v",
                        "hgetall h",
                        "hgetall none",
                        "zadd z 1.5 a inf b",
                        "zrange z 0 -1 withscores",
                        "zscore z b",
                        "lpush l 1 2 3",
                        "lpop l 2",
                        "blmpop 0.01 2 none other left",
                        "type h",
                        "multi",
                        "lrange l 0 -1",
                        "incr l",
                        "select",
                        "exec",
                        "multi",
                        "smembers none",
                        "incr l",
                        "exec",
                        "watch k",
                        "set k w",
                        "multi",
                        "get k",
                        "exec",
                        "select 99999",
                        "select x",
                        "select 2",
                        "dbsize",
                        "get k",
                        "hello 3",
                        "zadd z 1.5 a",
                        "zrange z 0 -1 withscores",
                        "hset h f v",
                        "hgetall h",
                        "sadd s a",
                        "smembers s",
                        "get none",
                        "lrange none 0 -1",
                        "exists none",
                        "hello 4",
                        "reset",
                        "client getname",
                        "unsubscribe",
                        "object encoding none",
                        "GETX k",
                        "incr");
        try (RedisProcess redis = RedisProcess.start(folder.resolve("redis"))) {
            assertThat(session(server.endpoint(), lines))
                    .containsExactlyElementsOf(session(redis.endpoint(), lines));
        }
    }

    private static List<String> session(Endpoint endpoint, List<String> lines) {
        List<String> shown = new ArrayList<>();
        try (Terminal terminal = Terminal.open(folder, endpoint)) {
            for (String line : lines) {
                String answer = CLIENT_ID.matcher(terminal.enter(line)).replaceFirst("");
                String prompt = terminal.prompt().replace(":" + endpoint.port(), "");
                shown.add(line + " -> " + answer + " -> " + prompt);
            }
        }
        return shown;
    }
}
