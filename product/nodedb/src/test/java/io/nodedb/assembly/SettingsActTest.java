package io.nodedb.assembly;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.CollectionSettings;
import io.nodedb.Entry;
import io.nodedb.KeyValue;
import io.nodedb.RequestOptions;
import io.nodedb.TransactionOptions;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.memory.MemoryTag;
import io.nodedb.base.metrics.Gauge;
import io.nodedb.base.metrics.MetricRegistry;
import io.nodedb.base.metrics.SuppliedCounter;
import io.nodedb.event.ChangeFeed;
import io.nodedb.event.ChangeFilter;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Settings of the whole database, each seen to act, under virtual time. */
class SettingsActTest {
    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static void assertRefused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NodeDbException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    /** Virtual milliseconds until a call of a database whose cores are silent is given up. */
    private static long millisUntilGivenUp(SteppedDatabase stepped, ThrowingCallable call) {
        stepped.stalled = true;
        long from = stepped.time.epochMillis();
        assertRefused(ErrorCode.DEADLINE_EXCEEDED, call);
        stepped.stalled = false;
        return stepped.time.epochMillis() - from;
    }

    @Test
    void callsThatSayNoDeadlineHaveThatOfTheSetting() {
        try (SteppedDatabase stepped = new SteppedDatabase("request_deadline", "3s")) {
            KeyValue kv = stepped.db.kv("c");
            assertThat(millisUntilGivenUp(stepped, () -> kv.get(bytes("a"))))
                    .isBetween(3_000L, 4_500L);
            KeyValue same = kv.with(RequestOptions.DEFAULTS);
            assertThat(millisUntilGivenUp(stepped, () -> same.get(bytes("a"))))
                    .isBetween(3_000L, 4_500L);
            KeyValue patient = kv.with(RequestOptions.DEFAULTS.deadline(Duration.ofSeconds(20)));
            assertThat(millisUntilGivenUp(stepped, () -> patient.get(bytes("a"))))
                    .isBetween(20_000L, 21_500L);
        }
    }

    @Test
    void transactionsThatSayNoDeadlineHaveThatOfTheSetting() {
        try (SteppedDatabase stepped = new SteppedDatabase("request_deadline", "3s")) {
            KeyValue kv = stepped.db.kv("c");
            assertThat(
                            millisUntilGivenUp(
                                    stepped,
                                    () ->
                                            stepped.db.inTransaction(
                                                    TransactionOptions.DEFAULTS.attempts(1),
                                                    transaction ->
                                                            transaction
                                                                    .kv(kv.name())
                                                                    .get(bytes("a")))))
                    .isBetween(3_000L, 4_500L);
        }
    }

    @Test
    void aScanEndsWhenTheStatementTimeoutHasPassedAndOtherwiseNever() {
        try (SteppedDatabase stepped = new SteppedDatabase("statement_timeout", "10s")) {
            KeyValue kv = filled(stepped);
            Iterator<Entry> slow = kv.scan().iterator();
            assertThat(slow.next()).isNotNull();
            stepped.run(10_000);
            assertRefused(ErrorCode.DEADLINE_EXCEEDED, () -> slow.forEachRemaining(entry -> {}));
            assertThat(kv.scan()).as("a new one has its own time").hasSize(2_000);
        }
        try (SteppedDatabase stepped = new SteppedDatabase()) {
            KeyValue kv = filled(stepped);
            Iterator<Entry> entries = kv.scan().iterator();
            int count = 0;
            while (entries.hasNext()) {
                assertThat(entries.next()).isNotNull();
                if (count++ == 0) {
                    stepped.run(60_000);
                }
            }
            assertThat(count).isEqualTo(2_000);
        }
    }

    @Test
    void aScanThatIsHeldLongerThanTheLargestSnapshotAgeIsTooOld() {
        try (SteppedDatabase stepped = new SteppedDatabase("max_snapshot_age", "10s")) {
            KeyValue kv = filled(stepped);
            Iterator<Entry> young = kv.scan().iterator();
            assertThat(young.next()).isNotNull();
            stepped.run(8_000);
            assertThat(young).toIterable().hasSize(1_999);
            Iterator<Entry> old = kv.scan().iterator();
            assertThat(old.next()).isNotNull();
            stepped.run(12_000);
            assertRefused(ErrorCode.SNAPSHOT_TOO_OLD, () -> old.forEachRemaining(entry -> {}));
            assertThat(ErrorCode.SNAPSHOT_TOO_OLD.sqlState()).isEqualTo("72000");
            assertThat(kv.scan()).as("a new one is young").hasSize(2_000);
        }
    }

    private static KeyValue filled(SteppedDatabase stepped) {
        KeyValue kv = stepped.db.kv("c");
        for (int i = 0; i < 2_000; i++) {
            kv.put(bytes("k" + i), bytes("v"));
        }
        return kv;
    }

    @Test
    void asManyLogSegmentsArePreparedAheadAsTheSettingSays() throws IOException {
        assertThat(logSegments("8")).isGreaterThanOrEqualTo(logSegments("1") + 7);
    }

    private static int logSegments(String spare) throws IOException {
        try (SteppedDatabase stepped = new SteppedDatabase("wal_spare_segments", spare)) {
            stepped.run(1_000);
            return logSegments(stepped);
        }
    }

    private static int logSegments(SteppedDatabase stepped) throws IOException {
        int segments = 0;
        for (String name : stepped.disk.list("wal")) {
            segments += name.endsWith(".wal") ? 1 : 0;
        }
        return segments;
    }

    @Test
    void asMuchLogIsKeptToBeWrittenOverAsTheSettingSays() throws IOException {
        assertThat(segmentsAfterCheckpoints("256MiB"))
                .isGreaterThanOrEqualTo(segmentsAfterCheckpoints("0") + 2);
    }

    private static int segmentsAfterCheckpoints(String recycle) throws IOException {
        try (SteppedDatabase stepped =
                new SteppedDatabase(
                        "wal_recycle",
                        recycle,
                        "checkpoint_wal",
                        "1MiB",
                        "wal_segment",
                        "128KiB")) {
            KeyValue kv = stepped.db.kv("c");
            for (int i = 0; i < 4_000; i++) {
                kv.put(bytes("k" + i % 10), new byte[8_000]);
            }
            stepped.run(5_000);
            return logSegments(stepped);
        }
    }

    @Test
    void asManyEventsWaitForASubscriberAsTheSettingSays() {
        assertThat(isLiveAfterFiveEvents("5")).isTrue();
        assertThat(isLiveAfterFiveEvents("4")).isFalse();
    }

    private static boolean isLiveAfterFiveEvents(String queue) {
        try (SteppedDatabase stepped = new SteppedDatabase("subscription_queue", queue)) {
            KeyValue kv = stepped.db.kv("c", CollectionSettings.DEFAULTS.withFeed());
            stepped.run(3_000);
            try (ChangeFeed feed = stepped.kernel.events().changes(ChangeFilter.ALL_DATA)) {
                for (int i = 0; i < 5; i++) {
                    kv.put(bytes("k" + i), bytes("v"));
                }
                stepped.run(3_000);
                return feed.isLive();
            }
        }
    }

    @Test
    void deletedMemoryIsGivenBackAfterTheIntervalAndOpenScansStillReadWhatWasMoved() {
        try (SteppedDatabase stepped =
                new SteppedDatabase("compaction_interval", "20s", "tombstone_ratio", "0.4")) {
            KeyValue kv = stepped.db.kv("c");
            byte[] value = new byte[1_000];
            int keys = 8_000;
            for (int i = 0; i < keys; i++) {
                kv.put(bytes("k" + i), value);
            }
            for (int i = 0; i < keys; i++) {
                if (i % 4 != 0) {
                    kv.delete(bytes("k" + i));
                }
            }
            stepped.run(1_000);
            Iterator<Entry> scan = kv.scan().iterator();
            for (int i = 0; i < keys; i += 8) {
                kv.put(bytes("k" + i), bytes("new"));
            }
            long before = stepped.governor.used(MemoryTag.KV_DATA);
            assertThat(before).isGreaterThan(keys * 1_000L);
            stepped.run(25_000);
            assertThat(stepped.governor.used(MemoryTag.KV_DATA)).isLessThan(before * 2 / 3);
            assertThat(metric(stepped, "nodedb_core_compactions", "core", "0")).isEqualTo(1);
            int seen = 0;
            while (scan.hasNext()) {
                assertThat(scan.next().value()).isEqualTo(value);
                seen++;
            }
            assertThat(seen).isEqualTo(keys / 4);
            assertThat(kv.get(bytes("k8"))).isEqualTo(bytes("new"));
            assertThat(kv.get(bytes("k4"))).isEqualTo(value);
        }
    }

    @Test
    void memoryStaysWhileLessOfItIsDeadThanTheRatio() {
        try (SteppedDatabase stepped =
                new SteppedDatabase("compaction_interval", "20s", "tombstone_ratio", "0.9")) {
            KeyValue kv = stepped.db.kv("c");
            for (int i = 0; i < 8_000; i++) {
                kv.put(bytes("k" + i), new byte[1_000]);
            }
            for (int i = 0; i < 8_000; i++) {
                if (i % 4 != 0) {
                    kv.delete(bytes("k" + i));
                }
            }
            stepped.run(1_000);
            long before = stepped.governor.used(MemoryTag.KV_DATA);
            stepped.run(25_000);
            assertThat(stepped.governor.used(MemoryTag.KV_DATA)).isEqualTo(before);
            assertThat(metric(stepped, "nodedb_core_compactions", "core", "0")).isZero();
        }
    }

    @Test
    void tenantAtTheBudgetOfTheSettingIsRefusedByNameAndTheMetricsTell() {
        try (SteppedDatabase stepped = new SteppedDatabase("tenant_memory", "16MiB")) {
            KeyValue own = stepped.db.kv("own");
            KeyValue other = stepped.db.kv("other", CollectionSettings.DEFAULTS.tenant(7));
            byte[] value = new byte[10_000];
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 2_000; i++) {
                                    other.put(bytes("k" + i), value);
                                }
                            })
                    .isInstanceOfSatisfying(
                            NodeDbException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCES_EXHAUSTED))
                    .hasMessageContaining("tenant=7");
            own.put(bytes("a"), value);
            assertThat(own.get(bytes("a"))).isEqualTo(value);
            assertThat(metric(stepped, "nodedb_tenant_memory_bytes", "7"))
                    .isBetween(12.0 * (1 << 20), 16.0 * (1 << 20));
            assertThat(metric(stepped, "nodedb_tenant_memory_budget_bytes", "7"))
                    .isEqualTo(16.0 * (1 << 20));
            assertThat(metric(stepped, "nodedb_tenant_memory_refusals", "7")).isPositive();
            assertThat(metric(stepped, "nodedb_tenant_memory_refusals", "1")).isZero();
        }
    }

    @Test
    void engineAtTheBudgetOfTheSettingIsRefused() {
        try (SteppedDatabase stepped = new SteppedDatabase("kv_memory", "32MiB")) {
            KeyValue kv = stepped.db.kv("c");
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 4_000; i++) {
                                    kv.put(bytes("k" + i), new byte[10_000]);
                                }
                            })
                    .isInstanceOfSatisfying(
                            NodeDbException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY))
                    .hasMessageContaining("kv_memory");
            assertThat(kv.get(bytes("k0"))).hasSize(10_000);
            kv.delete(bytes("k0"));
        }
    }

    private static double metric(SteppedDatabase stepped, String name, String tenant) {
        return metric(stepped, name, "tenant", tenant);
    }

    private static double metric(SteppedDatabase stepped, String name, String label, String value) {
        for (MetricRegistry.Entry entry : stepped.metrics().entries()) {
            if (entry.name().equals(name) && value.equals(entry.labels().get(label))) {
                return switch (entry.metric()) {
                    case Gauge gauge -> gauge.get();
                    case SuppliedCounter counter -> counter.get();
                    default -> throw new AssertionError(entry);
                };
            }
        }
        throw new AssertionError("no metric " + name + " of " + label + " " + value);
    }
}
