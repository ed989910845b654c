package io.nodedb.control.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.KeyHash;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.control.catalog.CollectionOptions;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.harness.ControlHarness;
import io.nodedb.control.harness.ModelCore;
import io.nodedb.control.kv.KvClient;
import io.nodedb.control.scan.CollectionScan;
import io.nodedb.control.scan.EntrySource;
import io.nodedb.control.scan.ScanEntry;
import io.nodedb.plan.kv.KvCondition;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Several transactions at once over real lanes against naive maps: each sees its snapshot and its
 * own writes by every way of reading, and the first committer wins.
 */
class TransactionFuzzTest {
    private static final int KEYS = 12;
    private static final int STEPS = 150;

    @Test
    void transactionsSeeTheirSnapshotAndTheirOwnWritesAndFirstCommitterWins() {
        SeededRuns.of(LongForm.of("transaction-fuzz"))
                .run(15, 2_000, random -> new Run(random).run());
    }

    private static final class Run {
        final SplittableRandom random;
        final ControlHarness harness;
        final CollectionInfo collection;
        final KvClient client;
        final Map<String, String> committed = new HashMap<>();
        final List<Open> open = new ArrayList<>();

        Run(SplittableRandom random) {
            this.random = random;
            this.harness = new ControlHarness(1 + random.nextInt(3), 1 + random.nextInt(5));
            ModelCore.all(harness);
            collection = harness.control.createCollection("c", CollectionOptions.KEY_VALUE);
            client = harness.control.keyValue(collection, CallOptions.DEFAULT);
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                int choice = random.nextInt(10);
                if (choice == 0 || open.isEmpty()) {
                    open.add(
                            new Open(
                                    harness.control
                                            .transactions()
                                            .begin(TransactionOptions.DEFAULT),
                                    new HashMap<>(committed)));
                } else if (choice == 1) {
                    autocommit();
                } else if (choice == 2) {
                    end(open.remove(random.nextInt(open.size())));
                } else {
                    act(open.get(random.nextInt(open.size())));
                }
            }
            while (!open.isEmpty()) {
                end(open.removeLast());
            }
            try (CollectionScan scan = harness.control.scan(collection, CallOptions.DEFAULT)) {
                assertThat(read(scan)).isEqualTo(committed);
            }
            assertThat(harness.control.count(collection, CallOptions.DEFAULT))
                    .isEqualTo(committed.size());
            assertThat(harness.control.outstanding()).isZero();
            assertThat(harness.openScans(collection.id())).isZero();
        }

        void autocommit() {
            String key = key();
            String value = value();
            if (random.nextBoolean()) {
                client.put(bytes(key), bytes(value), KvCondition.ALWAYS, 0);
                committed.put(key, value);
                written(key);
            } else {
                assertThat(client.delete(bytes(key))).isEqualTo(committed.containsKey(key));
                if (committed.remove(key) != null) {
                    written(key);
                }
            }
        }

        void act(Open transaction) {
            String key = key();
            String value = value();
            Transaction tx = transaction.transaction;
            Map<String, String> seen = transaction.seen;
            switch (random.nextInt(9)) {
                case 0 -> assertThat(text(tx.get(collection, bytes(key)))).isEqualTo(seen.get(key));
                case 1 ->
                        assertThat(tx.exists(collection, bytes(key)))
                                .isEqualTo(seen.containsKey(key));
                case 2 -> {
                    tx.put(collection, bytes(key), bytes(value), 0);
                    transaction.write(key, value);
                }
                case 3 -> {
                    assertThat(tx.delete(collection, bytes(key))).isEqualTo(seen.containsKey(key));
                    if (seen.containsKey(key)) {
                        transaction.write(key, null);
                    }
                }
                case 4 -> {
                    assertThat(text(tx.getAndPut(collection, bytes(key), bytes(value))))
                            .isEqualTo(seen.get(key));
                    transaction.write(key, value);
                }
                case 5 -> {
                    String expected = random.nextBoolean() ? seen.get(key) : value();
                    if (expected != null) {
                        boolean applied =
                                tx.compareAndPut(
                                        collection, bytes(key), bytes(expected), bytes(value), 0);
                        assertThat(applied).isEqualTo(expected.equals(seen.get(key)));
                        if (applied) {
                            transaction.write(key, value);
                        }
                    }
                }
                case 6 -> {
                    long delta = random.nextLong(-5, 5);
                    long sum = delta + Long.parseLong(seen.getOrDefault(key, "0"));
                    assertThat(tx.increment(collection, bytes(key), delta)).isEqualTo(sum);
                    transaction.write(key, Long.toString(sum));
                }
                case 7 -> {
                    try (TransactionScan scan = tx.scan(collection)) {
                        assertThat(read(scan)).isEqualTo(seen);
                    }
                }
                default -> assertThat(tx.count(collection)).isEqualTo(seen.size());
            }
        }

        void end(Open transaction) {
            if (random.nextInt(4) == 0) {
                transaction.transaction.close();
                return;
            }
            Set<String> overtaken = new HashSet<>(transaction.changed.keySet());
            overtaken.retainAll(transaction.writtenByOthers);
            try {
                transaction.transaction.commit();
                assertThat(overtaken).as("first committer wins").isEmpty();
            } catch (NodeDbException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
                assertThat(overtaken).as("a conflict has a reason").isNotEmpty();
                return;
            }
            transaction.changed.forEach((key, value) -> {
                if (value == null) {
                    committed.remove(key);
                } else {
                    committed.put(key, value);
                }
                written(key);
            });
        }

        void written(String key) {
            open.forEach(other -> other.writtenByOthers.add(key));
        }

        String key() {
            return "key-" + random.nextInt(KEYS);
        }

        String value() {
            return Integer.toString(random.nextInt(1_000));
        }
    }

    private static final class Open {
        final Transaction transaction;
        final Map<String, String> seen;
        final Map<String, String> changed = new HashMap<>();
        final Set<String> writtenByOthers = new HashSet<>();

        Open(Transaction transaction, Map<String, String> seen) {
            this.transaction = transaction;
            this.seen = seen;
        }

        void write(String key, String value) {
            changed.put(key, value);
            if (value == null) {
                seen.remove(key);
            } else {
                seen.put(key, value);
            }
        }
    }

    private static Map<String, String> read(EntrySource source) {
        Map<String, String> found = new HashMap<>();
        long last = 0;
        for (ScanEntry entry = source.next(); entry != null; entry = source.next()) {
            assertThat(entry.keyHash()).isEqualTo(KeyHash.of(entry.key()));
            assertThat(Long.compareUnsigned(last, entry.keyHash())).isLessThanOrEqualTo(0);
            last = entry.keyHash();
            assertThat(found.put(text(entry.key()), text(entry.value()))).isNull();
        }
        return found;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
