package io.nodedb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The public API over the whole database: its threads, its log, its files. */
@Timeout(120)
class NodeDbTest {
    private static final Settings SEVERAL_CORES =
            Settings.builder(RuntimeSettings.ALL)
                    .explicit("data_cores", "3")
                    .explicit("partitions", "5")
                    .build();

    @Test
    void everyOperationOfACollectionAnswersAsDocumented() {
        try (NodeDb db = NodeDb.inMemory()) {
            KeyValue kv = db.kv("things");
            assertThat(kv.get("a")).isNull();
            assertThat(kv.exists("a")).isFalse();
            kv.put("a", "1");
            assertThat(kv.get("a")).isEqualTo("1");
            assertThat(kv.put("a", "2", PutOptions.IF_ABSENT)).isFalse();
            assertThat(kv.put("a", "2", PutOptions.IF_PRESENT)).isTrue();
            assertThat(kv.put("b", "2", PutOptions.IF_PRESENT)).isFalse();
            assertThat(kv.increment("a", 40)).isEqualTo(42);
            assertThat(kv.compareAndPut("a", "41", "x")).isFalse();
            assertThat(kv.compareAndPut("a", "42", "x")).isTrue();
            assertThat(kv.getAndPut("a", "y")).isEqualTo("x");
            assertThat(kv.ttl("a")).isEmpty();
            assertThat(kv.expire("a", Duration.ofHours(1))).isTrue();
            assertThat(kv.ttl("a").orElseThrow()).isBetween(Duration.ZERO, Duration.ofHours(1));
            assertThat(kv.persist("a")).isTrue();
            assertThat(kv.ttl("a")).isEmpty();
            assertThat(kv.count()).isEqualTo(1);
            assertThat(kv.compareAndDelete("a", "x")).isFalse();
            assertThat(kv.getAndDelete("a")).isEqualTo("y");
            assertThat(kv.delete("a")).isFalse();
            assertThat(kv.count()).isZero();
            assertThatThrownBy(
                            () -> {
                                kv.put("text", "no number");
                                kv.increment("text", 1);
                            })
                    .isInstanceOfSatisfying(
                            NodeDbException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.TYPE_MISMATCH));
            assertThat(db.health().canWrite()).isTrue();
        }
    }

    @Test
    void valuesOfEverySizeComeBackWhole() {
        try (NodeDb db = NodeDb.inMemory()) {
            KeyValue kv = db.kv("blobs");
            Random random = new Random(5);
            for (int size : new int[] {0, 1, 15_000, 16_384, 16_385, 300_000, 5_000_000}) {
                byte[] value = new byte[size];
                random.nextBytes(value);
                kv.put("blob-" + size, value);
                assertThat(kv.getBytes("blob-" + size)).as("size=" + size).isEqualTo(value);
            }
        }
    }

    @Test
    void whatWasAcknowledgedIsThereAfterReopening(@TempDir Path directory) {
        Map<String, String> expected = new HashMap<>();
        for (int round = 0; round < 3; round++) {
            try (NodeDb db = NodeDb.open(directory)) {
                KeyValue kv = db.kv("things");
                assertThat(contents(kv)).isEqualTo(expected);
                for (int i = 0; i < 200; i++) {
                    String key = "key-" + (round * 100 + i);
                    kv.put(key, "round-" + round);
                    expected.put(key, "round-" + round);
                }
                kv.delete("key-" + round);
                expected.remove("key-" + round);
                assertThat(db.collections()).containsExactly("things");
            }
        }
    }

    @Test
    void scanIsConsistentWhileOthersWrite() {
        try (NodeDb db = NodeDb.inMemory(SEVERAL_CORES)) {
            KeyValue kv = db.kv("things");
            Map<String, String> expected = new HashMap<>();
            for (int i = 0; i < 2_000; i++) {
                kv.put("key-" + i, "v" + i);
                expected.put("key-" + i, "v" + i);
            }
            Map<String, String> found = new HashMap<>();
            try (Scan scan = kv.scan()) {
                for (Entry entry : scan) {
                    found.put(entry.keyText(), entry.valueText());
                    kv.delete(entry.keyText());
                    kv.put("new-" + entry.keyText(), "later");
                }
            }
            assertThat(found).isEqualTo(expected);
            assertThat(kv.count()).isEqualTo(2_000);
        }
    }

    @Test
    void transfersBetweenAccountsNeitherMakeNorLoseMoney() throws Exception {
        int accounts = 8;
        int threads = 4;
        int transfers = 40;
        try (NodeDb db = NodeDb.inMemory(SEVERAL_CORES)) {
            KeyValue kv = db.kv("accounts");
            for (int i = 0; i < accounts; i++) {
                kv.put("account-" + i, "100");
            }
            List<Thread> running = new ArrayList<>();
            List<Throwable> failures = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                Random random = new Random(t);
                running.add(
                        Thread.ofPlatform()
                                .start(() -> {
                                    try {
                                        for (int i = 0; i < transfers; i++) {
                                            transfer(db, random, accounts);
                                        }
                                    } catch (RuntimeException e) {
                                        synchronized (failures) {
                                            failures.add(e);
                                        }
                                    }
                                }));
            }
            for (Thread thread : running) {
                thread.join();
            }
            assertThat(failures).isEmpty();
            long sum = 0;
            for (String value : contents(kv).values()) {
                sum += Long.parseLong(value);
            }
            assertThat(sum).isEqualTo(100L * accounts);
        }
    }

    private static void transfer(NodeDb db, Random random, int accounts) {
        int from = random.nextInt(accounts);
        int to = (from + 1 + random.nextInt(accounts - 1)) % accounts;
        db.inTransaction(
                TransactionOptions.DEFAULTS.attempts(1_000),
                tx -> {
                    KeyValueOperations kv = tx.kv("accounts");
                    long sum = 0;
                    for (int i = 0; i < accounts; i++) {
                        sum += kv.increment("account-" + i, 0);
                    }
                    assertThat(sum).isEqualTo(100L * accounts);
                    kv.increment("account-" + from, -1);
                    kv.increment("account-" + to, 1);
                });
    }

    @Test
    void asynchronousCallsOfOneThreadTakeEffectInOrder() {
        try (NodeDb db = NodeDb.inMemory()) {
            AsyncKeyValue kv = db.kv("things").async();
            List<CompletableFuture<?>> calls = new ArrayList<>();
            byte[] key = bytes("key");
            for (int i = 0; i < 500; i++) {
                calls.add(kv.put(key, bytes("v" + i)).toCompletableFuture());
            }
            CompletableFuture<byte[]> last = kv.get(key).toCompletableFuture();
            CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)).join();
            assertThat(last.join()).isEqualTo(bytes("v499"));
        }
    }

    @Test
    void droppedCollectionComesBackAndPurgedOneDoesNot(@TempDir Path directory) {
        try (NodeDb db = NodeDb.open(directory)) {
            KeyValue kv = db.kv("things");
            kv.put("a", "1");
            db.drop("things");
            assertThat(db.collections()).isEmpty();
            assertThatThrownBy(() -> kv.get("a"))
                    .isInstanceOfSatisfying(
                            NodeDbException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
            db.undrop("things");
            assertThat(kv.get("a")).isEqualTo("1");
            db.purge("things");
            assertThat(db.kv("things").count()).isZero();
        }
        try (NodeDb db = NodeDb.open(directory)) {
            assertThat(db.kv("things").count()).isZero();
        }
    }

    @Test
    void secondOpeningOfADirectoryIsRefused(@TempDir Path directory) {
        try (NodeDb db = NodeDb.open(directory)) {
            assertThat(db.collections()).isEmpty();
            assertThatThrownBy(() -> NodeDb.open(directory))
                    .isInstanceOfSatisfying(
                            NodeDbException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_OPEN));
        }
    }

    @Test
    void closedDatabaseRefusesCalls() {
        NodeDb db = NodeDb.inMemory();
        KeyValue kv = db.kv("things");
        db.close();
        db.close();
        assertThatThrownBy(() -> kv.get("a"))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
    }

    @Test
    void aDamagedCatalogKeepsTheDatabaseFromStartingAndItsFileAndOffsetAreNamed(
            @TempDir Path directory) throws IOException {
        try (NodeDb db = NodeDb.open(directory)) {
            db.kv("things").put("a", "1");
        }
        Path catalog = directory.resolve("catalog/kv");
        List<String> damaged = new ArrayList<>();
        try (Stream<Path> files = Files.list(catalog)) {
            for (Path file : files.toList()) {
                byte[] bytes = Files.readAllBytes(file);
                bytes[bytes.length / 2] ^= 1;
                Files.write(file, bytes);
                damaged.add(file.toString());
            }
        }
        assertThat(damaged).hasSizeGreaterThan(2);
        assertThatThrownBy(() -> NodeDb.open(directory))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPTED))
                .hasMessageContaining("the catalog is damaged")
                .hasMessageContaining("file=" + catalog.resolve("MANIFEST"))
                .hasMessageContaining("offset=");
    }

    @Test
    void closingOnAnInterruptedThreadLeavesNoThreadThatWrites() {
        NodeDb db = NodeDb.inMemory();
        db.kv("things").put("a", "1");
        Thread.currentThread().interrupt();
        db.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("wal-writer", "wal-keeper", "data-core-0");
    }

    private static Map<String, String> contents(KeyValue kv) {
        Map<String, String> found = new HashMap<>();
        try (Scan scan = kv.scan()) {
            for (Entry entry : scan) {
                assertThat(found.put(entry.keyText(), entry.valueText())).isNull();
            }
        }
        return found;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
