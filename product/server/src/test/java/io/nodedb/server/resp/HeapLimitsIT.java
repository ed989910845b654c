package io.nodedb.server.resp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.RespValue;
import io.nodedb.server.resp.probe.ServerProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients can make a server with 512 MiB of heap hold there. */
@Timeout(300)
class HeapLimitsIT {
    /** A bound on a hang, not an expectation. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final int MIB = 1 << 20;

    /** Of 1 MiB each: more than one answer may have, which is 72 MiB with this heap. */
    private static final int TOO_MANY = 100;

    private static final int MANY = 30;

    /** Members and fields have at most 32 KiB. */
    private static final int MEMBER_BYTES = 30 << 10;

    private static final int TOO_MANY_MEMBERS = 3_000;

    @TempDir private Path folder;

    private static String bytes(int count) {
        return "x".repeat(count);
    }

    private static String[] repeated(List<String> first, int times, String... again) {
        List<String> words = new ArrayList<>(first);
        for (int i = 0; i < times; i++) {
            Collections.addAll(words, again);
        }
        return words.toArray(String[]::new);
    }

    private static RespValue queue(RespConnection client, int size) {
        return client.call("SET", "key", bytes(size));
    }

    private static void begin(RespConnection client) {
        assertThat(client.call("MULTI")).hasToString("+OK");
    }

    private static void assertRefused(RespConnection client) {
        begin(client);
        assertThat(queue(client, 8 * MIB).toString()).startsWith("-OOM the transactions of all");
        assertThat(client.call("EXEC").toString()).startsWith("-EXECABORT");
    }

    private static void assertTaken(RespConnection client) {
        begin(client);
        assertThat(queue(client, 8 * MIB)).hasToString("+QUEUED");
        assertThat(client.call("EXEC")).hasToString("[+OK]");
    }

    @Test
    void transactionsOfAllClientsTogetherHoldNoMoreThanAShareOfTheHeap() {
        try (ServerProcess server = ServerProcess.startWith(folder);
                RespConnection second = RespConnection.open(server.endpoint());
                RespConnection third = RespConnection.open(server.endpoint())) {
            try (RespConnection first = RespConnection.open(server.endpoint())) {
                for (RespConnection each : List.of(first, second)) {
                    begin(each);
                    assertThat(queue(each, 30 * MIB)).hasToString("+QUEUED");
                }
                assertRefused(third);
                assertThat(second.call("DISCARD")).hasToString("+OK");
                assertTaken(third);
                begin(second);
                assertThat(queue(second, 30 * MIB)).hasToString("+QUEUED");
                assertRefused(third);
                assertThat(second.call("RESET")).hasToString("+RESET");
                assertTaken(third);
                begin(second);
                assertThat(queue(second, 30 * MIB)).hasToString("+QUEUED");
                assertRefused(third);
                assertThat(second.call("EXEC")).hasToString("[+OK]");
                assertTaken(third);
                begin(second);
                assertThat(queue(second, 30 * MIB)).hasToString("+QUEUED");
                assertRefused(third);
            }
            // The first has gone with what it had queued, as soon as the server notices.
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            begin(third);
            while (queue(third, 8 * MIB).toString().startsWith("-OOM")) {
                assertThat(System.nanoTime() - deadline).as("nothing came free").isNegative();
                assertThat(third.call("DISCARD")).hasToString("+OK");
                begin(third);
            }
            assertThat(third.call("EXEC")).hasToString("[+OK]");
        }
    }

    @Test
    void answersThatWouldFillTheHeapAreErrorsAndChangeNothing() {
        try (ServerProcess server = ServerProcess.startWith(folder);
                RespConnection client = RespConnection.open(server.endpoint())) {
            String large = bytes(MIB);
            client.call("SET", "string1", large);
            client.call("HSET", "hash", "field", large);
            String member = bytes(MEMBER_BYTES);
            client.call("SADD", "set", member);
            client.call("ZADD", "sorted", "1", member);
            for (int i = 0; i < TOO_MANY; i++) {
                client.call("RPUSH", "list", large);
            }
            for (int i = 0; i < TOO_MANY_MEMBERS; i++) {
                client.call("SADD", "manifold", i + member);
            }
            client.call("RPUSH", "ids", "1");
            String values = Integer.toString(-TOO_MANY);
            String members = Integer.toString(-TOO_MANY_MEMBERS);
            for (String[] words :
                    List.of(
                            repeated(List.of("MGET"), TOO_MANY, "string1"),
                            repeated(List.of("HMGET", "hash"), TOO_MANY, "field"),
                            repeated(List.of("SORT", "ids"), TOO_MANY, "GET", "string*"),
                            new String[] {"HRANDFIELD", "hash", values, "WITHVALUES"},
                            new String[] {"SRANDMEMBER", "set", members},
                            new String[] {"ZRANDMEMBER", "sorted", members},
                            new String[] {"LRANGE", "list", "0", "-1"},
                            new String[] {"SMEMBERS", "manifold"},
                            new String[] {"SUNION", "manifold", "set"},
                            new String[] {"LPOP", "list", Integer.toString(TOO_MANY)},
                            new String[] {
                                "SPOP", "manifold", Integer.toString(TOO_MANY_MEMBERS)
                            })) {
                assertThat(client.call(words).toString())
                        .as(words[0])
                        .matches("(?s)-[A-Z]+ .*too large: limit_bytes=.*");
            }
            assertThat(client.call("LLEN", "list")).isEqualTo(new RespValue.Int(TOO_MANY));
            assertThat(client.call("SCARD", "manifold"))
                    .isEqualTo(new RespValue.Int(TOO_MANY_MEMBERS));
            String[] fits = repeated(List.of("HMGET", "hash"), MANY, "field");
            assertThat(client.call(fits).elements()).hasSize(MANY);
            begin(client);
            for (int i = 0; i < 4; i++) {
                assertThat(client.call(fits)).hasToString("+QUEUED");
            }
            assertThat(client.call("EXEC").toString()).contains("too large: limit_bytes=");
            assertThat(client.call("LPOP", "list", Integer.toString(MANY)).elements())
                    .hasSize(MANY);
        }
    }
}
