package io.nodedb.server.resp.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.RespValue;
import io.nodedb.server.resp.probe.ServerProcess;
import io.nodedb.server.resp.probe.Words;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands over partitions are atomic among each other and among commands on single keys: whoever
 * looks sees every element once, and all of them succeed.
 */
@Timeout(300)
class PartitionsConcurrencyIT {
    private static final int PARTITIONS = 5;
    private static final int KEYS = 6;
    private static final int ELEMENTS = 40;
    private static final int MOVERS = 4;
    private static final int MOVES = 400;

    @TempDir static Path folder;

    private static @Nullable ServerProcess server;

    @BeforeAll
    static void startServer() {
        server = ServerProcess.startPartitioned(folder, PARTITIONS);
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    private static RespConnection open() {
        return RespConnection.open(server.endpoint());
    }

    private static List<String> keys(String prefix) {
        return IntStream.range(0, KEYS).mapToObj(i -> prefix + i).toList();
    }

    /** A client's work, with its own connection and choices. */
    private interface Work {
        void run(RespConnection client, SplittableRandom random);
    }

    /** Runs work in several clients while {@code look} is repeated, once at least. */
    private static void whileMoving(Work work, Work look) {
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            CompletableFuture<Void> looking =
                    CompletableFuture.runAsync(
                            () -> {
                                try (RespConnection client = open()) {
                                    do {
                                        look.run(client, new SplittableRandom(0));
                                    } while (!over.get());
                                }
                            },
                            threads);
            List<CompletableFuture<Void>> moving = new ArrayList<>();
            for (int i = 0; i < MOVERS; i++) {
                SplittableRandom random = new SplittableRandom(i);
                moving.add(
                        CompletableFuture.runAsync(
                                () -> {
                                    try (RespConnection client = open()) {
                                        for (int j = 0; j < MOVES; j++) {
                                            work.run(client, random);
                                        }
                                    }
                                },
                                threads));
            }
            try {
                moving.forEach(CompletableFuture::join);
            } finally {
                over.set(true);
            }
            looking.join();
        }
    }

    private static long sum(RespValue counts) {
        return counts.elements().stream().mapToLong(count -> Long.parseLong(count.asText())).sum();
    }

    private static RespValue inOneTransaction(RespConnection client, List<Words> commands) {
        List<Words> all = new ArrayList<>();
        all.add(Words.of("MULTI"));
        all.addAll(commands);
        all.add(Words.of("EXEC"));
        return client.pipeline(all).getLast();
    }

    private static void assertNoError(RespValue reply) {
        assertThat(reply).isNotInstanceOf(RespValue.Failure.class);
    }

    @Test
    void listElementsAreMovedOnceAndNeverLost() {
        List<String> lists = keys("list");
        try (RespConnection client = open()) {
            for (int i = 0; i < ELEMENTS; i++) {
                client.call("RPUSH", lists.get(i % KEYS), "e" + i);
            }
        }
        whileMoving(
                (client, random) -> {
                    String from = lists.get(random.nextInt(KEYS));
                    String to = lists.get(random.nextInt(KEYS));
                    switch (random.nextInt(3)) {
                        case 0 -> assertNoError(client.call("RPOPLPUSH", from, to));
                        case 1 -> assertNoError(client.call("LMOVE", from, to, "LEFT", "LEFT"));
                        default -> {
                            // Not atomic, and in the way of those that are.
                            RespValue taken = client.call("RPOP", from);
                            if (!(taken instanceof RespValue.Null)) {
                                client.call("RPUSH", to, taken.asText());
                            }
                        }
                    }
                },
                (client, _) ->
                        assertThat(
                                        sum(
                                                inOneTransaction(
                                                        client,
                                                        lists.stream()
                                                                .map(list -> Words.of("LLEN", list))
                                                                .toList())))
                                .isBetween((long) ELEMENTS - MOVERS, (long) ELEMENTS));
        try (RespConnection client = open()) {
            List<String> left = new ArrayList<>();
            for (String list : lists) {
                client.call("LRANGE", list, "0", "-1")
                        .elements()
                        .forEach(element -> left.add(element.asText()));
            }
            assertThat(left).doesNotHaveDuplicates().hasSize(ELEMENTS);
        }
    }

    @Test
    void unionsSeeEveryMovingMember() {
        List<String> sets = keys("set");
        try (RespConnection client = open()) {
            for (int i = 0; i < ELEMENTS; i++) {
                client.call("SADD", sets.get(i % KEYS), "m" + i);
            }
        }
        List<String> union = new ArrayList<>(List.of("SUNION"));
        union.addAll(sets);
        List<String> store = new ArrayList<>(List.of("SUNIONSTORE", "all"));
        store.addAll(sets);
        whileMoving(
                (client, random) ->
                        assertNoError(
                                client.call(
                                        "SMOVE",
                                        sets.get(random.nextInt(KEYS)),
                                        sets.get(random.nextInt(KEYS)),
                                        "m" + random.nextInt(ELEMENTS))),
                (client, _) -> {
                    assertThat(client.call(new Words(union)).elements()).hasSize(ELEMENTS);
                    assertThat(
                                    sum(
                                            inOneTransaction(
                                                    client,
                                                    sets.stream()
                                                            .map(set -> Words.of("SCARD", set))
                                                            .toList())))
                            .isEqualTo(ELEMENTS);
                });
        try (RespConnection client = open()) {
            assertThat(client.call(new Words(store))).isEqualTo(new RespValue.Int(ELEMENTS));
        }
    }

    @Test
    void keysAreRenamedWithoutBeingLostOrDoubled() {
        List<String> names = keys("name");
        try (RespConnection client = open()) {
            client.call("SET", names.getFirst(), "one");
        }
        List<String> exists = new ArrayList<>(List.of("EXISTS"));
        exists.addAll(names);
        whileMoving(
                (client, random) -> {
                    RespValue reply =
                            client.call(
                                    "RENAME",
                                    names.get(random.nextInt(KEYS)),
                                    names.get(random.nextInt(KEYS)));
                    assertThat(reply.asText()).matches("OK|-ERR no such key");
                },
                (client, _) ->
                        assertThat(client.call(new Words(exists))).isEqualTo(new RespValue.Int(1)));
    }

    @Test
    void nothingThatIsWrittenWhileAUnionIsComputedIsLost() {
        Set<String> added = ConcurrentHashMap.newKeySet();
        List<String> store = new ArrayList<>(List.of("SUNIONSTORE", "united", "united"));
        store.addAll(keys("more"));
        whileMoving(
                (client, random) -> {
                    String member = Long.toHexString(random.nextLong());
                    if (random.nextBoolean()) {
                        assertNoError(client.call("SADD", "united", member));
                        added.add(member);
                    } else {
                        assertNoError(client.call(new Words(store)));
                    }
                },
                (client, _) ->
                        assertThat(client.call(new Words(store)).asText()).containsOnlyDigits());
        try (RespConnection client = open()) {
            assertThat(client.call("SMEMBERS", "united").elements().stream().map(RespValue::asText))
                    .containsExactlyInAnyOrderElementsOf(added);
        }
    }

    @Test
    void watchedKeyThatChangesEndsTransactionOverPartitions() {
        try (RespConnection client = open();
                RespConnection other = open()) {
            client.call("SADD", "watched a", "1");
            client.call("SADD", "watched b", "2");
            client.call("WATCH", "watched a", "watched b");
            other.call("SADD", "watched a", "3");
            Words union = Words.of("SUNIONSTORE", "watched c", "watched a", "watched b");
            assertThat(inOneTransaction(client, List.of(union))).isInstanceOf(RespValue.Null.class);
            assertThat(client.call("EXISTS", "watched c")).isEqualTo(new RespValue.Int(0));
            assertThat(inOneTransaction(client, List.of(union)).elements())
                    .containsExactly(new RespValue.Int(3));
        }
    }

    @Test
    void keysThatMoveBetweenDatabasesAreInOneOfThem() {
        List<String> keys = keys("wanders");
        try (RespConnection client = open()) {
            client.call("SELECT", "0");
            keys.forEach(key -> client.call("SET", key, "of " + key, "EX", "10000"));
        }
        whileMoving(
                (client, random) -> {
                    int from = random.nextInt(2);
                    assertNoError(client.call("SELECT", Integer.toString(from)));
                    String key = keys.get(random.nextInt(KEYS));
                    assertNoError(client.call("MOVE", key, Integer.toString(1 - from)));
                },
                (client, random) -> {
                    // What is read in the first database may be in the second a moment later.
                    for (String database : List.of("0", "1")) {
                        assertNoError(client.call("SELECT", database));
                        for (String key : keys) {
                            RespValue value = client.call("GET", key);
                            assertThat(value)
                                    .isIn(new RespValue.Bulk("of " + key), RespValue.Null.STRING);
                        }
                    }
                });
        try (RespConnection client = open()) {
            for (String key : keys) {
                client.call("SELECT", "0");
                boolean here = !client.call("EXISTS", key).equals(new RespValue.Int(0));
                client.call("SELECT", "1");
                boolean there = !client.call("EXISTS", key).equals(new RespValue.Int(0));
                assertThat(here).as(key).isNotEqualTo(there);
                client.call("SELECT", here ? "0" : "1");
                assertThat(client.call("GET", key)).isEqualTo(new RespValue.Bulk("of " + key));
                assertThat(Long.parseLong(client.call("TTL", key).asText())).isPositive();
            }
        }
    }

    @Test
    void copyToADatabaseThatIsEmptiedMeanwhileIsMade() {
        List<String> keys = keys("copied");
        try (RespConnection client = open()) {
            keys.forEach(key -> client.call("SET", key, "of " + key));
        }
        whileMoving(
                (client, random) -> {
                    String key = keys.get(random.nextInt(KEYS));
                    assertThat(client.call("COPY", key, key, "DB", "3", "REPLACE"))
                            .isEqualTo(new RespValue.Int(1));
                },
                (client, random) -> {
                    assertNoError(client.call("SELECT", "3"));
                    assertNoError(client.call("FLUSHDB"));
                });
        try (RespConnection client = open()) {
            assertThat(client.call("COPY", keys.getFirst(), "last", "DB", "3"))
                    .isEqualTo(new RespValue.Int(1));
            client.call("SELECT", "3");
            assertThat(client.call("GET", "last"))
                    .isEqualTo(new RespValue.Bulk("of " + keys.getFirst()));
        }
    }
}
