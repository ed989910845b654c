package io.nodedb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.settings.RowSettings;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import io.nodedb.base.settings.WalSettings;
import io.nodedb.base.value.Value;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentsTest {
    /** So small that rows live in files, and several levels of them. */
    static Settings tiny() {
        return Settings.defaults()
                .with(RuntimeSettings.PARTITIONS, 2)
                .with(RuntimeSettings.DATA_CORES, 2)
                .with(WalSettings.CHECKPOINT_INTERVAL, Duration.ofMillis(100))
                .with(RowSettings.ROWS_MEMTABLE, 64L << 10)
                .with(RowSettings.ROWS_BLOCK, 1L << 10)
                .with(RowSettings.ROWS_FILE, 64L << 10)
                .with(RowSettings.ROWS_LEVEL_ZERO, 2)
                .with(RowSettings.ROWS_LEVEL_ONE, 128L << 10)
                .with(RowSettings.ROWS_CACHE, 128L << 10);
    }

    /** What is written is not waited for. */
    private static final CollectionSettings FAST =
            CollectionSettings.DEFAULTS.durability(Durability.ASYNC);

    private static Document order(int total) {
        return Document.empty()
                .with("total", total)
                .with("note", "n".repeat(total % 200))
                .with("lines", Document.empty().with("first", true));
    }

    @Test
    void documentsAreStoredInsertedReplacedAndDeleted() {
        try (NodeDb db = NodeDb.inMemory()) {
            Documents orders = db.documents("orders");
            assertThat(orders.get("a")).isNull();
            orders.insert("a", order(1));
            assertThatThrownBy(() -> orders.insert("a", order(2)))
                    .isInstanceOfSatisfying(
                            NodeDbException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(ErrorCode.UNIQUE_VIOLATION);
                                assertThat(e)
                                        .hasMessageContaining("orders")
                                        .hasMessageContaining("a");
                            });
            assertThat(orders.get("a")).isEqualTo(order(1));
            orders.put("a", order(3));
            assertThat(orders.get("a")).isEqualTo(order(3));
            assertThat(orders.replace(Id.of("b"), order(4))).isFalse();
            assertThat(orders.replace(Id.of("a"), order(5))).isTrue();
            assertThat(orders.exists(Id.of("a"))).isTrue();
            assertThat(orders.count()).isEqualTo(1);
            assertThat(orders.delete("a")).isTrue();
            assertThat(orders.delete("a")).isFalse();
            assertThat(orders.count()).isZero();
            assertThat(db.collections()).containsExactly("orders");
        }
    }

    @Test
    void everyTypeOfValueReadsBackAsWritten() {
        try (NodeDb db = NodeDb.inMemory()) {
            Documents things = db.documents("things");
            Document document =
                    Document.parse("{\"a\": [1, null, {\"b\": \"ü\"}], \"empty\": {}}")
                            .with("exact", new BigDecimal("12345678901234567890.000001"))
                            .with("float", -0.5)
                            .with("yes", true)
                            .with("id", Value.Uuid.of(new UUID(1, 2)))
                            .with("raw", new Value.Bytes(new byte[] {0, -1}));
            things.put("x", document);
            assertThat(things.get("x")).isEqualTo(document);
            assertThat(things.get("x").without("raw").field("raw")).isEmpty();
            assertThatThrownBy(() -> Document.parse("[1]"))
                    .isInstanceOfSatisfying(
                            NodeDbException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        }
    }

    @Test
    void idsAreOrderedByTheirValuesInBothDirections() {
        try (NodeDb db = NodeDb.inMemory()) {
            Documents orders = db.documents("orders");
            for (int i = 0; i < 300; i++) {
                orders.put(Id.of(i - 100), order(i));
            }
            assertThat(ids(orders, IdRange.ALL.from(Id.of(-2)).before(Id.of(2))))
                    .containsExactly(Id.of(-2), Id.of(-1), Id.of(0), Id.of(1));
            assertThat(ids(orders, IdRange.ALL.from(Id.of(-2)).through(Id.of(2)).descending()))
                    .containsExactly(Id.of(2), Id.of(1), Id.of(0), Id.of(-1), Id.of(-2));
            assertThat(ids(orders, IdRange.ALL)).hasSize(300).isSorted();
            assertThat(orders.count(IdRange.ALL.from(Id.of(0)))).isEqualTo(200);
        }
    }

    private static List<Id> ids(DocumentOperations documents, IdRange range) {
        List<Id> ids = new ArrayList<>();
        try (DocumentScan scan = documents.scan(range)) {
            scan.forEach(row -> ids.add(row.id()));
        }
        return ids;
    }

    @Test
    void idsOfSeveralColumnsAreFoundByTheirFirst() {
        try (NodeDb db = NodeDb.inMemory()) {
            Documents lines = db.documents("lines");
            for (String order : List.of("a", "ab", "b")) {
                for (int line = 0; line < 3; line++) {
                    lines.put(
                            Id.of(new Value.Text(order), new Value.Int8(line)),
                            Document.empty().with("line", line));
                }
            }
            assertThat(ids(lines, IdRange.ALL.beginningWith(Id.of("a"))))
                    .extracting(id -> id.values().get(1).toString())
                    .hasSize(3);
            assertThat(lines.count(IdRange.ALL.beginningWith(Id.of("ab")))).isEqualTo(3);
            assertThat(lines.count(IdRange.ALL.beginningWith(Id.of("abc")))).isZero();
        }
    }

    @Test
    void transactionsSpanDocumentsAndKeysAndSeeTheirOwnWrites() {
        try (NodeDb db = NodeDb.inMemory(tiny())) {
            Documents orders = db.documents("orders");
            KeyValue totals = db.kv("totals");
            orders.put("a", order(1));
            orders.put("c", order(3));
            db.inTransaction(tx -> {
                DocumentOperations mine = tx.documents("orders");
                mine.insert("b", order(2));
                assertThat(mine.delete("c")).isTrue();
                mine.put("d", order(4));
                tx.kv("totals").put("sum", "7");
                assertThat(ids(mine, IdRange.ALL))
                        .containsExactly(Id.of("a"), Id.of("b"), Id.of("d"));
                assertThat(ids(mine, IdRange.ALL.descending()))
                        .containsExactly(Id.of("d"), Id.of("b"), Id.of("a"));
                assertThat(mine.count()).isEqualTo(3);
                assertThat(mine.get("c")).isNull();
                assertThat(orders.get("b")).as("outside").isNull();
            });
            assertThat(ids(orders, IdRange.ALL))
                    .containsExactly(Id.of("a"), Id.of("b"), Id.of("d"));
            assertThat(totals.get("sum")).isEqualTo("7");
            assertThatThrownBy(() ->
                            db.inTransaction(tx -> {
                                tx.documents("orders").put("e", order(5));
                                tx.documents("orders").insert("a", order(6));
                            }))
                    .isInstanceOfSatisfying(
                            NodeDbException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.UNIQUE_VIOLATION));
            assertThat(orders.get("e")).isNull();
        }
    }

    @Test
    void secondOfTwoTransactionsThatWriteOneDocumentRunsAgain() {
        try (NodeDb db = NodeDb.inMemory()) {
            Documents orders = db.documents("orders");
            orders.put("a", Document.empty().with("n", 0));
            int[] attempts = new int[1];
            db.inTransaction(tx -> {
                DocumentOperations mine = tx.documents("orders");
                long seen = number(mine.get("a"));
                if (attempts[0]++ == 0) {
                    orders.put("a", Document.empty().with("n", 10));
                }
                mine.put("a", Document.empty().with("n", seen + 1));
            });
            assertThat(attempts[0]).isEqualTo(2);
            assertThat(number(orders.get("a"))).isEqualTo(11);
        }
    }

    private static long number(Document document) {
        return ((Value.Numeric) document.field("n").orElseThrow()).longValue();
    }

    @Test
    void callersThatDoNotWaitGetTheSame() {
        try (NodeDb db = NodeDb.inMemory()) {
            AsyncDocuments orders = db.documents("orders").async();
            orders.insert(Id.of("a"), order(1)).toCompletableFuture().join();
            assertThat(orders.get(Id.of("a")).toCompletableFuture().join()).isEqualTo(order(1));
            assertThat(orders.get(Id.of("b")).toCompletableFuture().join()).isNull();
            assertThatThrownBy(
                            () -> orders.insert(Id.of("a"), order(2)).toCompletableFuture().join())
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOf(NodeDbException.class);
            assertThat(orders.delete(Id.of("a")).toCompletableFuture().join()).isTrue();
        }
    }

    @Test
    void collectionOfAnotherEngineIsRefused() {
        try (NodeDb db = NodeDb.inMemory()) {
            db.documents("orders");
            assertThatThrownBy(() -> db.kv("orders"))
                    .isInstanceOfSatisfying(
                            NodeDbException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        }
    }

    @Test
    void purgedDocumentsNeverComeBack(@TempDir Path directory) {
        try (NodeDb db = NodeDb.open(directory, tiny())) {
            Documents orders = db.documents("orders", FAST);
            for (int i = 0; i < 500; i++) {
                orders.put(Id.of(i), order(i));
            }
            db.purge("orders");
            assertThat(db.documents("orders").count()).isZero();
            db.documents("orders").put("new", order(1));
        }
        for (int start = 0; start < 2; start++) {
            try (NodeDb db = NodeDb.open(directory, tiny())) {
                assertThat(ids(db.documents("orders"), IdRange.ALL)).containsExactly(Id.of("new"));
            }
        }
    }

    @Test
    void droppedDocumentsComeBackWhole() {
        try (NodeDb db = NodeDb.inMemory(tiny())) {
            db.documents("orders").put("a", order(1));
            db.drop("orders");
            db.undrop("orders");
            assertThat(db.documents("orders").get("a")).isEqualTo(order(1));
        }
    }

    @Test
    void documentsManyTimesTheCacheAgreeWithAMapAcrossRestarts(@TempDir Path directory) {
        SplittableRandom random = new SplittableRandom(7);
        TreeMap<Id, Document> model = new TreeMap<>();
        for (int life = 0; life < 3; life++) {
            try (NodeDb db = NodeDb.open(directory, tiny())) {
                Documents orders = db.documents("orders", FAST);
                compare(orders, model);
                for (int i = 0; i < 3_000; i++) {
                    Id id = Id.of(random.nextInt(2_000));
                    if (random.nextInt(4) == 0) {
                        assertThat(orders.delete(id)).isEqualTo(model.remove(id) != null);
                    } else if (random.nextInt(3) == 0) {
                        assertThat(orders.get(id)).isEqualTo(model.get(id));
                    } else {
                        Document document = order(random.nextInt(10_000));
                        orders.put(id, document);
                        model.put(id, document);
                    }
                }
                compare(orders, model);
            }
        }
    }

    private static void compare(Documents orders, Map<Id, Document> model) {
        try (DocumentScan scan = orders.scan();
                Stream<Row> rows = scan.stream()) {
            assertThat(rows)
                    .containsExactlyElementsOf(
                            model.entrySet().stream()
                                    .map(entry -> new Row(entry.getKey(), entry.getValue()))
                                    .toList());
        }
        assertThat(orders.count()).isEqualTo(model.size());
    }

    @Test
    void changesOfDocumentsAreTold() {
        try (NodeDb db = NodeDb.inMemory()) {
            Documents orders = db.documents("orders", CollectionSettings.DEFAULTS.withFeed());
            try (ChangeFeed feed = db.changes(0)) {
                orders.put("a", order(1));
                orders.put("a", order(2));
                orders.delete("a");
                List<Change> changes = new ArrayList<>();
                while (changes.size() < 3) {
                    Change change = feed.poll(Duration.ofSeconds(10));
                    assertThat(change).isNotNull();
                    changes.add(change);
                }
                assertThat(changes.get(1).priorValue()).isEqualTo(order(1).toRow());
                assertThat(changes.get(2).value()).isNull();
                assertThat(changes.get(2).priorValue()).isEqualTo(order(2).toRow());
            }
        }
    }
}
