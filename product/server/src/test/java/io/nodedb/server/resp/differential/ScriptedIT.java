package io.nodedb.server.resp.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nodedb.server.resp.probe.RedisProcess;
import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.RespValue;
import io.nodedb.server.resp.probe.ServerProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands about the server and the connection, which random comparison leaves out: the same lines
 * get the same replies.
 */
class ScriptedIT {
    private static final int PARTITIONS = 3;

    /** Their entries in the slow log are compared. */
    private static final Set<String> ON_KEYS =
            Set.of("SET", "GET", "MSET", "RPUSH", "LPUSH", "KEYS", "DBSIZE", "SUNIONSTORE");

    @TempDir static Path folder;

    private static @Nullable RedisProcess redis;
    private static @Nullable ServerProcess tested;

    @BeforeAll
    static void startBoth() {
        assumeTrue(RedisProcess.program("redis-server").isPresent(), RedisProcess.MISSING);
        redis = RedisProcess.start(folder);
        tested = ServerProcess.startPartitioned(folder.resolve("tested"), PARTITIONS);
    }

    @AfterAll
    static void stopBoth() {
        if (redis != null) {
            redis.close();
        }
        if (tested != null) {
            tested.close();
        }
    }

    private static ScriptedPair pair() {
        return new ScriptedPair(redis.endpoint(), tested.endpoint());
    }

    private static void scripted(String... lines) {
        try (ScriptedPair pair = pair()) {
            pair.run(lines);
        }
    }

    @Test
    void slowLogIsAskedForAsInRedis() {
        scripted(
                "a CONFIG SET slowlog-log-slower-than -1",
                "a SLOWLOG RESET",
                "a SLOWLOG LEN",
                "a SLOWLOG GET",
                "a SLOWLOG GET 0",
                "a SLOWLOG GET -2",
                "a SLOWLOG GET x",
                "a SLOWLOG GET 1 2",
                "a SLOWLOG LEN x",
                "a SLOWLOG RESET x",
                "a SLOWLOG NOPE",
                "a SLOWLOG",
                "a CONFIG SET slowlog-log-slower-than 10000");
    }

    @Test
    void slowCommandsAreKeptAsInRedis() {
        try (ScriptedPair pair = pair()) {
            pair.run(
                    "a SLOWLOG RESET",
                    "a CLIENT SETNAME slow",
                    "a CONFIG SET slowlog-log-slower-than 0",
                    "a SET k v",
                    "a GET k",
                    "a MSET a 1 b 2 c 3 d 4",
                    "a LPUSH k wrong type",
                    "a KEYS nothing",
                    "a DBSIZE",
                    "a SUNIONSTORE d s1 s2 s3 s4 s5",
                    "a SET long " + "x".repeat(1_000),
                    "a RPUSH list" + " x".repeat(30),
                    "a RPUSH list" + " x".repeat(31),
                    "a CONFIG SET slowlog-log-slower-than -1");
            assertThat(slowOnKeys(pair.tested("a"))).isEqualTo(slowOnKeys(pair.redis("a")));
            pair.run(
                    "a SLOWLOG RESET",
                    "a SLOWLOG LEN",
                    "a CONFIG SET slowlog-log-slower-than 10000");
        }
    }

    /** Words and client's name of the slow commands on keys, each entry with the form of all. */
    private static List<String> slowOnKeys(RespConnection client) {
        List<String> entries = new ArrayList<>();
        for (RespValue entry : client.call("SLOWLOG", "GET", "-1").elements()) {
            List<RespValue> parts = entry.elements();
            assertThat(parts).hasSize(6);
            assertThat(parts.subList(0, 3)).allMatch(part -> part instanceof RespValue.Int);
            assertThat(parts.get(4).asText()).matches("127\\.0\\.0\\.1:\\d+");
            if (ON_KEYS.contains(parts.get(3).elements().getFirst().asText())) {
                entries.add(parts.get(3) + " " + parts.get(5));
            }
        }
        return entries;
    }

    @Test
    void slowTransactionIsOneEntry() {
        try (ScriptedPair pair = pair()) {
            RespConnection client = pair.tested("a");
            pair.run(
                    "a CONFIG SET slowlog-log-slower-than 0",
                    "a MULTI",
                    "a SET k v",
                    "a PING",
                    "a GET k",
                    "a EXEC",
                    "a CONFIG SET slowlog-log-slower-than 10000");
            List<RespValue> entry = client.call("SLOWLOG", "GET", "1").elements();
            assertThat(entry.getFirst().elements().get(3))
                    .hasToString("[\"EXEC\" \"SET k v\" \"PING\" \"GET k\"]");
            pair.run("a SLOWLOG RESET");
        }
    }

    @Test
    void clientsAreNamed() {
        scripted(
                "a CLIENT",
                "a CLIENT NOPE",
                "a CLIENT GETNAME",
                "a CLIENT GETNAME x",
                "a CLIENT SETNAME",
                "a CLIENT SETNAME a b",
                "a CLIENT SETNAME one",
                "a CLIENT GETNAME",
                "a CLIENT SETNAME b\u0001d",
                "a CLIENT SETNAME b\nd",
                "a CLIENT GETNAME",
                "a CLIENT SETNAME ''",
                "a CLIENT GETNAME",
                "a CLIENT ID x");
    }

    @Test
    void clientsChooseTheirReplies() {
        scripted(
                "a CLIENT NO-EVICT",
                "a CLIENT NO-EVICT on",
                "a CLIENT NO-EVICT OFF",
                "a CLIENT NO-EVICT x",
                "a CLIENT REPLY",
                "a CLIENT REPLY x",
                "a CLIENT REPLY ON",
                "a! CLIENT REPLY SKIP",
                "a! PING",
                "a ECHO 1",
                "a! CLIENT REPLY SKIP",
                "a! GET none",
                "a ECHO 2",
                "a! CLIENT REPLY OFF",
                "a! PING",
                "a! NOSUCH",
                "a! CLIENT REPLY SKIP",
                "a! GET none",
                "a CLIENT REPLY ON",
                "a ECHO 3",
                "a CLIENT GETREDIR",
                "a CLIENT GETREDIR x",
                "a CLIENT UNPAUSE",
                "a CLIENT UNPAUSE x");
    }

    @Test
    void clientsAreKilledByFilters() {
        scripted(
                "a CLIENT KILL",
                "a CLIENT KILL x",
                "a CLIENT KILL 127.0.0.1:1",
                "a CLIENT KILL ID",
                "a CLIENT KILL ID x",
                "a CLIENT KILL ID 0",
                "a CLIENT KILL ID -1",
                "a CLIENT KILL ID 99999",
                "a CLIENT KILL ID 99999 TYPE normal",
                "a CLIENT KILL TYPE x",
                "a CLIENT KILL TYPE pubsub",
                "a CLIENT KILL TYPE master",
                "a CLIENT KILL TYPE replica",
                "a CLIENT KILL TYPE slave",
                "a CLIENT KILL USER nobody",
                "a CLIENT KILL USER default ID 99999",
                "a CLIENT KILL ADDR 127.0.0.1:1",
                "a CLIENT KILL LADDR 127.0.0.1:1",
                "a CLIENT KILL ADDR 127.0.0.1:1 SKIPME",
                "a CLIENT KILL ADDR 127.0.0.1:1 SKIPME maybe",
                "a CLIENT KILL ADDR 127.0.0.1:1 SKIPME yes",
                "a CLIENT KILL ADDR 127.0.0.1:1 SKIPME no",
                "a CLIENT KILL NOPE x",
                "a CLIENT KILL a b c",
                "b SUBSCRIBE news",
                "c PING",
                "a CLIENT KILL TYPE pubsub",
                "b.",
                "a CLIENT KILL TYPE normal ADDR 127.0.0.1:1 SKIPME no",
                "a CLIENT KILL SKIPME yes TYPE normal",
                "c.",
                "a PING",
                "a CLIENT KILL SKIPME no",
                "a.");
    }

    @Test
    void clientsAreListedByFilters() {
        scripted(
                "a CLIENT LIST x",
                "a CLIENT LIST TYPE",
                "a CLIENT LIST TYPE x",
                "a CLIENT LIST TYPE normal x",
                "a CLIENT LIST TYPE pubsub",
                "a CLIENT LIST TYPE master",
                "a CLIENT LIST TYPE replica",
                "a CLIENT LIST ID",
                "a CLIENT LIST ID x",
                "a CLIENT LIST ID 0",
                "a CLIENT LIST ID 99999 99998",
                "a CLIENT LIST ID -1",
                "a CLIENT INFO x",
                "a CLIENT UNBLOCK",
                "a CLIENT UNBLOCK x",
                "a CLIENT UNBLOCK 0",
                "a CLIENT UNBLOCK -1",
                "a CLIENT UNBLOCK 99999 x",
                "a CLIENT UNBLOCK 99999 timeout",
                "a CLIENT UNBLOCK 99999 error x");
        try (ScriptedPair pair = pair()) {
            pair.run("b CLIENT SETNAME listener", "b SUBSCRIBE news");
            for (RespConnection client : List.of(pair.redis("a"), pair.tested("a"))) {
                String id = client.call("CLIENT", "ID").asText();
                assertThat(client.call("CLIENT", "LIST", "ID", id, "99999").asText().lines())
                        .singleElement()
                        .asString()
                        .startsWith("id=" + id + " ");
                assertThat(client.call("CLIENT", "LIST", "TYPE", "pubsub").asText().lines())
                        .singleElement()
                        .asString()
                        .contains(" name=listener ");
                assertThat(client.call("CLIENT", "LIST", "TYPE", "normal").asText())
                        .contains("id=" + id + " ")
                        .doesNotContain(" name=listener ");
            }
        }
    }

    @Test
    void clientInfoHasFieldsOfRedisInItsOrder() {
        try (ScriptedPair pair = pair()) {
            pair.run("a CLIENT SETNAME me", "a SELECT 2");
            assertSameFields(pair);
            pair.run("a HELLO 3", "a PSUBSCRIBE n*", "a SUBSCRIBE b", "a SUBSCRIBE c");
            assertSameFields(pair);
            pair.run("a RESET");
            assertSameFields(pair);
        }
    }

    private static void assertSameFields(ScriptedPair pair) {
        Map<String, String> expected = fields(pair.redis("a"));
        Map<String, String> actual = fields(pair.tested("a"));
        List<String> common = expected.keySet().stream().filter(actual::containsKey).toList();
        actual.keySet().removeAll(Set.of("lib-name", "lib-ver"));
        assertThat(actual.keySet()).containsExactlyElementsOf(common);
        for (String same :
                List.of("name", "flags", "db", "sub", "psub", "multi", "cmd", "user", "resp")) {
            assertThat(actual).as(same).containsEntry(same, expected.get(same));
        }
    }

    private static Map<String, String> fields(RespConnection client) {
        Map<String, String> fields = new LinkedHashMap<>();
        String info =
                switch (client.call("CLIENT", "INFO")) {
                    case RespValue.Verbatim(String _, String text) -> text;
                    case RespValue reply -> reply.asText();
                };
        for (String field : info.strip().split(" ", -1)) {
            String[] parts = field.split("=", 2);
            fields.put(parts[0], parts[1]);
        }
        return fields;
    }

    @Test
    void debugIsRefused() {
        try (ScriptedPair pair = pair()) {
            assertThat(pair.tested("a").call("DEBUG", "SLEEP", "0").toString())
                    .startsWith("-ERR DEBUG command not allowed.");
            pair.run("a DEBUG", "a PING");
        }
    }

    @Test
    void commandsAreAskedForAsInRedis() {
        scripted(
                "a COMMAND COUNT x",
                "a COMMAND INFO nosuch",
                "a COMMAND GETKEYS",
                "a COMMAND GETKEYS get",
                "a COMMAND GETKEYS ping",
                "a COMMAND GETKEYS get x",
                "a COMMAND GETKEYS get x y",
                "a COMMAND GETKEYS nosuch x",
                "a COMMAND GETKEYS echo x",
                "a COMMAND GETKEYS mset a 1 b 2",
                "a COMMAND GETKEYS mset a 1 b",
                "a COMMAND GETKEYS zunionstore d 2 a b",
                "a COMMAND GETKEYS zunion 2 a b",
                "a COMMAND GETKEYS zunion 3 a b",
                "a COMMAND GETKEYS zunion x a b",
                "a COMMAND GETKEYS zunion 0 a b",
                "a COMMAND GETKEYS lmpop 2 a b left",
                "a COMMAND GETKEYS blmpop 1 2 a b left",
                "a COMMAND GETKEYS sort x",
                "a COMMAND GETKEYS blpop a b 0",
                "a COMMAND GETKEYS rename a b",
                "a COMMAND GETKEYS exists a b c",
                "a COMMAND GETKEYS watch a b",
                "a COMMAND GETKEYS move a 1",
                "a COMMAND GETKEYS copy a b",
                "a COMMAND GETKEYS bitop and d a b",
                "a COMMAND NOPE",
                "a COMMAND LIST x",
                "a COMMAND LIST FILTERBY x y",
                "a COMMAND LIST FILTERBY MODULE nosuch",
                "a COMMAND LIST FILTERBY PATTERN nosuch*",
                "a COMMAND LIST FILTERBY PATTERN SET",
                "a COMMAND LIST FILTERBY PATTERN unwatc[h]",
                "a COMMAND DOCS nosuch");
    }

    @Test
    void commandsHaveTheArgumentsAndKeysOfRedis() {
        try (ScriptedPair pair = pair()) {
            Map<String, String> expected = signatures(pair.redis("a"));
            Map<String, String> actual = signatures(pair.tested("a"));
            actual.keySet().retainAll(expected.keySet());
            expected.keySet().retainAll(actual.keySet());
            assertThat(actual).isEqualTo(expected).hasSizeGreaterThan(150);
        }
    }

    /** Name, arity and places of keys of all commands. */
    private static Map<String, String> signatures(RespConnection client) {
        Map<String, String> signatures = new TreeMap<>();
        for (RespValue command : client.call("COMMAND").elements()) {
            List<RespValue> parts = command.elements();
            assertThat(parts).hasSize(10);
            signatures.put(parts.getFirst().asText(), parts.get(1) + " " + parts.subList(3, 6));
        }
        return signatures;
    }

    @Test
    void theServerIsAskedAsInRedis() {
        scripted(
                "a LATENCY",
                "a LATENCY LATEST",
                "a LATENCY LATEST x",
                "a LATENCY HISTORY",
                "a LATENCY HISTORY x",
                "a LATENCY GRAPH x",
                "a LATENCY RESET",
                "a LATENCY RESET x",
                "a LATENCY NOPE",
                "a ACL",
                "a ACL WHOAMI",
                "a ACL WHOAMI x",
                "a ACL USERS",
                "a ACL NOPE",
                "a ROLE",
                "a TIME x");
        try (ScriptedPair pair = pair()) {
            for (RespConnection client : List.of(pair.redis("a"), pair.tested("a"))) {
                List<RespValue> time = client.call("TIME").elements();
                assertThat(time).hasSize(2).allMatch(part -> part instanceof RespValue.Bulk);
                assertThat(time.get(0).asText()).matches("\\d{10}");
                assertThat(time.get(1).asText()).matches("\\d{1,6}");
            }
        }
    }

    @Test
    void greetingIsThatOfRedis() {
        scripted(
                "a HELLO",
                "a HELLO 2",
                "a HELLO x",
                "a HELLO 1",
                "a HELLO 4",
                "a HELLO -1",
                "a HELLO 9223372036854775807",
                "a HELLO 99999999999999999999",
                "a HELLO 2 x",
                "a HELLO 2 SETNAME",
                "a HELLO 2 SETNAME b\u0001d",
                "a HELLO 2 AUTH x",
                "a HELLO 2 AUTH x y",
                "a HELLO 2 AUTH default y",
                "a HELLO 2 SETNAME n SETNAME m",
                "a CLIENT GETNAME",
                "a HELLO 3 SETNAME three AUTH default y",
                "a CLIENT GETNAME",
                "a HGETALL none",
                "a HELLO",
                "a HELLO 4",
                "a HGETALL none",
                "a HELLO 2",
                "a HGETALL none",
                "a AUTH",
                "a AUTH x",
                "a AUTH x y",
                "a AUTH default y",
                "a AUTH x y z");
    }

    @Test
    void resetBeginsAnew() {
        scripted(
                "a RESET x",
                "b SELECT 3",
                "b CLIENT SETNAME n",
                "b MULTI",
                "b SET x 1",
                "b RESET",
                "b CLIENT GETNAME",
                "b EXEC",
                "b SET here 1",
                "a GET here",
                "a GET x",
                "b HELLO 3",
                "b RESET",
                "b HGETALL none",
                "b MONITOR",
                "b RESET",
                "a PING",
                "b PING",
                "b SUBSCRIBE news",
                "b PSUBSCRIBE n*",
                "b RESET",
                "a PUBLISH news x",
                "b GET none",
                "b! CLIENT REPLY OFF",
                "b RESET",
                "b PING");
    }

    @Test
    void resetForgetsWatchedKeys() {
        scripted(
                "a SET w 1",
                "b WATCH w",
                "b RESET",
                "a SET w 2",
                "b MULTI",
                "b SET w 3",
                "b EXEC",
                "a GET w",
                "b WATCH w",
                "b MULTI",
                "b RESET",
                "a SET w 4",
                "b MULTI",
                "b SET w 5",
                "b EXEC");
    }

    @Test
    void execThatIsRefusedEndsTheTransaction() {
        scripted(
                "a EXEC x",
                "a MULTI",
                "a SET k v",
                "a EXEC x",
                "a EXEC",
                "a GET k",
                "a MULTI",
                "a DISCARD x",
                "a EXEC",
                "a MULTI",
                "a MULTI x",
                "a EXEC",
                "a MULTI",
                "a RESET x",
                "a EXEC",
                "a MULTI",
                "a NOSUCH",
                "a EXEC");
    }

    @Test
    void quitEndsTheConnection() {
        scripted(
                "a QUIT",
                "a.",
                "b QUIT x",
                "b.",
                "c MULTI",
                "c QUIT",
                "c.",
                "d SUBSCRIBE x",
                "d QUIT",
                "d.");
    }

    @Test
    void whatAListenerMayDoIsAsInRedis() {
        scripted(
                "a UNSUBSCRIBE",
                "a PUNSUBSCRIBE",
                "a UNSUBSCRIBE x",
                "a PUNSUBSCRIBE x",
                "a SUBSCRIBE",
                "a PSUBSCRIBE",
                "a SUBSCRIBE news",
                "a GET k",
                "a get k",
                "a NOSUCH",
                "a GET",
                "a MULTI",
                "a EXEC",
                "a DISCARD",
                "a AUTH x",
                "a HELLO 3",
                "a CLIENT ID",
                "a CONFIG GET x",
                "a PUBLISH news x",
                "a PING",
                "a PING x",
                "a PING x y",
                "a SUBSCRIBE news",
                "a PSUBSCRIBE n*",
                "a UNSUBSCRIBE none",
                "a PUNSUBSCRIBE none",
                "b PUBLISH news hello",
                "a?",
                "a?",
                "a UNSUBSCRIBE",
                "a GET k",
                "a PUNSUBSCRIBE",
                "a GET k",
                "a SUBSCRIBE b c",
                "a?",
                "a UNSUBSCRIBE c b",
                "a?",
                "a SET k v");
    }

    @Test
    void listenersOfResp3DoAsTheyLike() {
        scripted(
                "a HELLO 3",
                "a UNSUBSCRIBE",
                "a SUBSCRIBE news",
                "a SET k v",
                "a GET k",
                "a PING",
                "a PING hi",
                "a MULTI",
                "a GET k",
                "a EXEC",
                "b PUBLISH news hello",
                "a?",
                "a UNSUBSCRIBE",
                "a PUNSUBSCRIBE");
    }

    @Test
    void settingsAreRead() {
        scripted(
                "a CONFIG",
                "a CONFIG NOPE",
                "a CONFIG GET",
                "a CONFIG GET nosuch",
                "a CONFIG GET slowlog-max-len",
                "a CONFIG GET SLOWLOG-MAX-LEN",
                "a CONFIG GET SLOWLOG-MAX*",
                "a CONFIG GET slowlog-max-l?n slowlog-m*",
                "a CONFIG GET slowlog-log-slower-th[a]n",
                "a CONFIG GET save",
                "a CONFIG GET timeout",
                "a CONFIG GET maxmemory-policy",
                "a CONFIG REWRITE",
                "a CONFIG REWRITE x",
                "a CONFIG RESETSTAT",
                "a CONFIG RESETSTAT x");
    }

    @Test
    void settingsAreSetTogetherOrNotAtAll() {
        scripted(
                "a CONFIG SET slowlog-max-len 128 slowlog-log-slower-than 10000",
                "a CONFIG SET",
                "a CONFIG SET x",
                "a CONFIG SET nosuch 1",
                "a CONFIG SET NoSuch 1",
                "a CONFIG SET nosuch 1 other",
                "a CONFIG SET slowlog-max-len 10 nosuch 1",
                "a CONFIG GET slowlog-max-len",
                "a CONFIG SET slowlog-max-len 10 slowlog-max-len 11",
                "a CONFIG SET slowlog-max-len 10 SLOWLOG-MAX-LEN 11",
                "a CONFIG SET slowlog-max-len 10 slowlog-log-slower-than x",
                "a CONFIG SET slowlog-log-slower-than x slowlog-max-len 10",
                "a CONFIG SET slowlog-log-slower-than x databases 5",
                "a CONFIG SET slowlog-log-slower-than x slowlog-log-slower-than 1",
                "a CONFIG GET slowlog-max-len",
                "a CONFIG SET databases 5",
                "a CONFIG SET slowlog-max-len 10 databases 5",
                "a CONFIG SET slowlog-max-len 128 slowlog-log-slower-than",
                "a CONFIG GET slowlog-max-len",
                "a CONFIG SET slowlog-max-len -1",
                "a CONFIG SET slowlog-max-len x",
                "a CONFIG SET slowlog-max-len ''",
                "a CONFIG SET slowlog-log-slower-than -2",
                "a CONFIG SET slowlog-log-slower-than -1",
                "a CONFIG GET slowlog-log-slower-than",
                "a CONFIG SET slowlog-log-slower-than 10000",
                "a CONFIG SET appendfsync x",
                "a CONFIG SET appendfsync ALWAYS",
                "a CONFIG GET appendfsync",
                "a CONFIG SET appendfsync no",
                "a CONFIG SET appendfsync everysec",
                "a CONFIG GET appendfsync");
    }

    @Test
    void databasesAreSelectedByTheirNumbers() {
        scripted(
                "a SELECT x",
                "a SELECT 1x",
                "a SELECT ''",
                "a SELECT +1",
                "a SELECT 01",
                "a SELECT -0",
                "a SELECT -1",
                "a SELECT 99999",
                "a SELECT 99999999999",
                "a SELECT 9999999999999999999999",
                "a SELECT 15",
                "a SELECT");
    }
}
