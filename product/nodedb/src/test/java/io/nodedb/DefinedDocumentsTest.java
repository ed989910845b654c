package io.nodedb;

import static io.nodedb.plan.expression.Exprs.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.assembly.EmbeddedDatabase;
import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.settings.Settings;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;
import io.nodedb.document.definition.CollectionDefinition;
import io.nodedb.document.definition.DefinitionChange;
import io.nodedb.document.definition.FieldGuard;
import io.nodedb.document.definition.FieldPath;
import io.nodedb.document.definition.IndexPart;
import io.nodedb.document.definition.NewColumn;
import io.nodedb.document.definition.NewIndex;
import io.nodedb.document.definition.PrimaryKey;
import io.nodedb.document.rules.RowPatch;
import io.nodedb.document.rules.RowRefusedException;
import io.nodedb.plan.expression.Exprs;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents whose collection has a definition, through the public API. */
class DefinedDocumentsTest {
    /** Strict, a key of two columns, every kind of rule. */
    static CollectionDefinition sales() {
        return CollectionDefinition.strict(
                        PrimaryKey.of("day", "number"),
                        NewColumn.of("number", Type.INT4),
                        NewColumn.of("day", Type.DATE),
                        NewColumn.of("price", Type.decimal(10, 2)).notNull(),
                        NewColumn.of("pieces", Type.INT4).withDefault(Exprs.of(1)),
                        NewColumn.of("total", Type.decimal(12, 2))
                                .generatedAs(field("price").times(field("pieces"))),
                        NewColumn.of("note", Type.varchar(5)))
                .addCheck("sold", field("pieces").gt(0));
    }

    static CollectionDefinition people() {
        return CollectionDefinition.schemaless(PrimaryKey.generated("id"))
                .withGuard(FieldGuard.of(FieldPath.of("name"), Type.TEXT).asRequired())
                .withGuard(
                        FieldGuard.of(FieldPath.of("address", "city"), Type.TEXT)
                                .withDefault(Exprs.of("Berlin")))
                .addCheck("adult", field("age").ge(18));
    }

    static void assertRefused(ThrowingCallable call, ErrorCode code, String... words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> {
                            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
                            for (String word : words) {
                                assertThat(e.getMessage()).contains(word);
                            }
                        });
    }

    private static Document sale(String day, int number, String price) {
        return Document.empty()
                .with("day", day)
                .with("number", number)
                .with("price", new BigDecimal(price));
    }

    private static Id idOf(String day, int number) {
        return Id.of(new Value.Text(day), new Value.Int8(number));
    }

    @Test
    void strictDocumentIsCompletedAndReadsBackWithItsTypes() {
        try (NodeDb db = NodeDb.inMemory()) {
            Documents sales = db.createDocuments("sales", sales());
            Id id = sales.insert(sale("2026-11-28", 7, "2.5").with("pieces", "3"));
            Document stored = sales.get(id);
            assertThat(stored).isNotNull();
            assertThat(stored.fields())
                    .containsExactly(
                            java.util.Map.entry("number", Value.of(7)),
                            java.util.Map.entry(
                                    "day",
                                    new Value.Date((int) LocalDate.of(2026, 11, 28).toEpochDay())),
                            java.util.Map.entry("price", Value.of(new BigDecimal("2.50"))),
                            java.util.Map.entry("pieces", Value.of(3)),
                            java.util.Map.entry("total", Value.of(new BigDecimal("7.50"))),
                            java.util.Map.entry("note", Value.NULL));
            assertThat(sales.insert(sale("2026-11-28", 8, "1"))).isGreaterThan(id);
            assertThat(sales.get(idOf("2026-11-28", 8)).field("pieces")).contains(Value.of(1));
        }
    }

    @Test
    void idsAreReadAsTheKeysTypesAndOthersAreFoundNowhere() {
        try (NodeDb db = NodeDb.inMemory(DocumentsTest.tiny())) {
            Documents sales = db.createDocuments("sales", sales());
            for (int day = 1; day <= 3; day++) {
                for (int number = 1; number <= 4; number++) {
                    sales.insert(sale("2026-01-0" + day, number, "1"));
                }
            }
            assertThat(sales.exists(idOf("2026-01-02", 3))).isTrue();
            assertThat(sales.get(Id.of(new Value.Text("2026-01-02"), Value.of(2.5)))).isNull();
            assertThat(sales.count(IdRange.ALL.beginningWith(Id.of("2026-01-02")))).isEqualTo(4);
            assertThat(
                            sales.count(
                                    IdRange.ALL
                                            .from(
                                                    Id.of(
                                                            new Value.Text("2026-01-02"),
                                                            Value.of(2.5)))
                                            .through(idOf("2026-01-03", 1))))
                    .isEqualTo(3);
            assertRefused(
                    () -> sales.get(Id.of("2026-01-02")), ErrorCode.INVALID_ARGUMENT, "parts=2");
            assertRefused(
                    () -> sales.get(idOf("tomorrow, perhaps", 1)), ErrorCode.INVALID_DATETIME);
            assertThat(sales.delete(idOf("2026-01-02", 3))).isTrue();
            assertThat(sales.delete(idOf("2026-01-02", 3))).isFalse();
            assertThat(sales.count()).isEqualTo(11);
        }
    }

    @Test
    void documentThatBreaksARuleIsRefusedAndNothingIsWritten() {
        try (NodeDb db = NodeDb.inMemory()) {
            Documents sales = db.createDocuments("sales", sales());
            Document good = sale("2026-11-28", 1, "1");
            assertRefused(
                    () -> sales.insert(good.with("price", Value.NULL)),
                    ErrorCode.NOT_NULL_VIOLATION,
                    "price");
            assertRefused(
                    () -> sales.insert(good.with("pieces", 0)),
                    ErrorCode.CONSTRAINT_REJECTED,
                    "sold");
            assertRefused(
                    () -> sales.insert(good.with("pieces", "many")),
                    ErrorCode.INVALID_TEXT,
                    "pieces",
                    "many");
            assertRefused(
                    () -> sales.insert(good.with("note", "too long")),
                    ErrorCode.STRING_TOO_LONG,
                    "note");
            assertRefused(
                    () -> sales.insert(good.with("colour", "red")),
                    ErrorCode.UNDEFINED_COLUMN,
                    "colour");
            assertRefused(
                    () -> sales.insert(good.with("total", 5)), ErrorCode.GENERATED_ALWAYS, "total");
            assertRefused(
                    () -> sales.insert(good.without("number")),
                    ErrorCode.NOT_NULL_VIOLATION,
                    "number");
            assertThatThrownBy(() -> sales.put(idOf("2026-11-28", 1), good.with("pieces", -1)))
                    .isInstanceOf(RowRefusedException.class);
            assertThatThrownBy(() ->
                            db.inTransaction(
                                    tx -> tx.documents("sales").insert(good.with("pieces", -1))))
                    .isInstanceOf(RowRefusedException.class);
            assertThat(sales.count()).isZero();
        }
    }

    @Test
    void idBesideTheDocumentFillsItsFieldsOrAgrees() {
        try (NodeDb db = NodeDb.inMemory()) {
            Documents sales = db.createDocuments("sales", sales());
            Document keyless = Document.empty().with("price", 1);
            sales.put(idOf("2026-11-28", 1), keyless);
            assertThat(sales.get(idOf("2026-11-28", 1)).field("number")).contains(Value.of(1));
            sales.put(idOf("2026-11-28", 1), sale("2026-11-28", 1, "3"));
            assertThat(sales.count()).isEqualTo(1);
            assertRefused(
                    () -> sales.put(idOf("2026-11-28", 1), sale("2026-11-28", 2, "3")),
                    ErrorCode.INVALID_ARGUMENT,
                    "id=2026-11-28, 1",
                    "fields=2026-11-28, 2");
            assertThat(sales.replace(idOf("2026-11-28", 2), keyless)).isFalse();
            assertRefused(
                    () -> sales.insert(idOf("2026-11-28", 1), keyless),
                    ErrorCode.UNIQUE_VIOLATION,
                    "sales");
            assertThat(sales.count()).isEqualTo(1);
        }
    }

    @Test
    void generatedIdsAscendAndAreInTheDocument() {
        try (NodeDb db = NodeDb.inMemory()) {
            Documents people = db.createDocuments("people", people());
            List<Id> ids = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                ids.add(people.insert(Document.empty().with("name", "n" + i)));
            }
            assertThat(ids).isSorted().doesNotHaveDuplicates();
            Document stored = people.get(ids.get(9));
            assertThat(stored).isNotNull();
            assertThat(stored.field("id")).contains(ids.get(9).values().getFirst());
            assertThat(stored.field("name")).contains(Value.of("n9"));
            assertThat(stored.field("address"))
                    .contains(Document.empty().with("city", "Berlin").value());
            UUID given = new UUID(7, 7);
            assertThat(people.put(stored.with("id", given.toString())))
                    .isEqualTo(Id.of(given.toString()));
            assertRefused(
                    () -> people.insert(stored), ErrorCode.UNIQUE_VIOLATION, ids.get(9).toString());

            Documents notes =
                    db.createDocuments("notes", CollectionDefinition.schemaless(PrimaryKey.HIDDEN));
            Id hidden = notes.insert(Document.empty().with("text", "a"));
            assertThat(notes.get(hidden)).isEqualTo(Document.empty().with("text", "a"));
            notes.put("mine", Document.empty().with("text", "b"));
            assertThat(notes.get("mine")).isEqualTo(Document.empty().with("text", "b"));
        }
    }

    @Test
    void patchChangesFieldsAndIsCheckedAgain() {
        try (NodeDb db = NodeDb.inMemory()) {
            Documents sales = db.createDocuments("sales", sales());
            Id id = sales.insert(sale("2026-11-28", 1, "2"));
            assertThat(sales.patch(id, Document.empty().with("pieces", 4).with("note", "x")))
                    .isTrue();
            assertThat(sales.get(id).field("total")).contains(Value.of(new BigDecimal("8.00")));
            RowPatch more = new RowPatch().increment(FieldPath.of("pieces"), new Value.Int4(1));
            assertThat(sales.patch(id, more)).isTrue();
            assertThat(sales.get(id).field("pieces")).contains(Value.of(5));
            assertRefused(
                    () -> sales.patch(id, Document.empty().with("pieces", -1)),
                    ErrorCode.CONSTRAINT_REJECTED,
                    "sold");
            assertRefused(
                    () -> sales.patch(id, new RowPatch().remove(FieldPath.of("price"))),
                    ErrorCode.NOT_NULL_VIOLATION,
                    "price");
            assertThat(sales.get(id).field("pieces")).contains(Value.of(5));
            assertThat(sales.patch(idOf("2026-11-28", 2), more)).isFalse();
            assertRefused(
                    () -> sales.with(RequestOptions.DEFAULTS.idempotencyKey("k")).patch(id, more),
                    ErrorCode.UNSUPPORTED,
                    "idempotency");
            // Of a collection without a definition, too.
            Documents plain = db.documents("plain");
            plain.put("a", Document.empty().with("x", 1));
            assertThat(plain.patch(Id.of("a"), Document.empty().with("y", 2))).isTrue();
            assertThat(plain.get("a")).isEqualTo(Document.empty().with("x", 1).with("y", 2));
        }
    }

    @Test
    void patchOfTheKeyMovesTheDocument() {
        try (NodeDb db = NodeDb.inMemory(DocumentsTest.tiny())) {
            Documents sales = db.createDocuments("sales", sales());
            for (int i = 0; i < 20; i++) {
                sales.insert(sale("2026-11-28", i, "2"));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(
                                sales.patch(
                                        idOf("2026-11-28", i),
                                        Document.empty().with("day", "2026-11-29")))
                        .isTrue();
            }
            assertThat(sales.count(IdRange.ALL.beginningWith(Id.of("2026-11-28")))).isZero();
            assertThat(sales.count(IdRange.ALL.beginningWith(Id.of("2026-11-29")))).isEqualTo(20);
            assertRefused(
                    () -> sales.patch(idOf("2026-11-29", 1), Document.empty().with("number", 2)),
                    ErrorCode.UNIQUE_VIOLATION,
                    "sales");
            assertFails(
                    sales.async()
                            .patch(
                                    idOf("2026-11-29", 1),
                                    Patching.merge(Document.empty().with("number", 77))),
                    ErrorCode.UNSUPPORTED);
            assertThat(sales.count()).isEqualTo(20);
        }
    }

    @Test
    void patchesOfManyThreadsAreAllMade() throws InterruptedException {
        try (NodeDb db = NodeDb.inMemory(DocumentsTest.tiny())) {
            Documents sales = db.createDocuments("sales", sales());
            Id id = sales.insert(sale("2026-11-28", 1, "1"));
            RowPatch more = new RowPatch().increment(FieldPath.of("pieces"), new Value.Int4(1));
            int threads = 4;
            int each = 50;
            List<Thread> running = new ArrayList<>();
            List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
            for (int i = 0; i < threads; i++) {
                boolean waits = i % 2 == 0;
                running.add(
                        Thread.ofPlatform()
                                .start(() -> {
                                    try {
                                        for (int n = 0; n < each; n++) {
                                            boolean found =
                                                    waits
                                                            ? sales.patch(id, more)
                                                            : join(sales.async().patch(id, more));
                                            assertThat(found).isTrue();
                                        }
                                    } catch (Throwable failure) {
                                        failures.add(failure);
                                    }
                                }));
            }
            for (Thread thread : running) {
                thread.join();
            }
            assertThat(failures).isEmpty();
            assertThat(sales.get(id).field("pieces")).contains(Value.of(1 + threads * each));
        }
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private static void assertFails(CompletionStage<?> stage, ErrorCode code) {
        assertThatThrownBy(() -> join(stage))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        NodeDbException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void callersThatDoNotWaitMeetTheSameRules() {
        try (NodeDb db = NodeDb.inMemory()) {
            AsyncDocuments sales = db.createDocuments("sales", sales()).async();
            Id id = join(sales.insert(sale("2026-11-28", 1, "2")));
            assertThat(join(sales.get(id)).field("total"))
                    .contains(Value.of(new BigDecimal("2.00")));
            assertFails(sales.insert(sale("2026-11-28", 1, "2")), ErrorCode.UNIQUE_VIOLATION);
            assertFails(
                    sales.put(sale("2026-11-28", 1, "2").with("pieces", 0)),
                    ErrorCode.CONSTRAINT_REJECTED);
            assertThat(join(sales.put(sale("2026-11-28", 1, "3")))).isEqualTo(id);
            assertThat(join(sales.replace(id, Document.empty().with("price", 4)))).isTrue();
            assertThat(join(sales.patch(id, Patching.merge(Document.empty().with("pieces", 2)))))
                    .isTrue();
            assertFails(
                    sales.patch(id, Patching.merge(Document.empty().with("pieces", 0))),
                    ErrorCode.CONSTRAINT_REJECTED);
            assertThat(join(sales.get(id)).field("total"))
                    .contains(Value.of(new BigDecimal("8.00")));
            assertThat(join(sales.exists(id))).isTrue();
            assertThat(join(sales.delete(id))).isTrue();
            assertThat(join(sales.patch(id, Patching.merge(Document.empty().with("pieces", 2)))))
                    .isFalse();
        }
    }

    @Test
    void transactionSeesItsOwnRowsAndMovesThem() {
        try (NodeDb db = NodeDb.inMemory(DocumentsTest.tiny())) {
            Documents sales = db.createDocuments("sales", sales());
            sales.insert(sale("2026-11-28", 1, "2"));
            db.inTransaction(tx -> {
                DocumentOperations mine = tx.documents("sales");
                assertThat(mine.definition()).isEqualTo(sales());
                Id two = mine.insert(sale("2026-11-28", 2, "2"));
                assertThat(mine.patch(two, Document.empty().with("pieces", 3))).isTrue();
                assertThat(mine.get(two).field("total")).contains(Value.of(new BigDecimal("6.00")));
                assertThat(mine.patch(two, Document.empty().with("number", 9))).isTrue();
                assertThat(mine.exists(two)).isFalse();
                assertRefused(
                        () -> mine.patch(idOf("2026-11-28", 1), Document.empty().with("number", 9)),
                        ErrorCode.UNIQUE_VIOLATION);
                assertRefused(
                        () -> mine.insert(sale("2026-11-28", 9, "2")), ErrorCode.UNIQUE_VIOLATION);
                assertThat(mine.put(sale("2026-11-28", 9, "5"))).isEqualTo(idOf2(9));
                assertThat(mine.replace(idOf("2026-11-28", 7), sale("2026-11-28", 7, "5")))
                        .isFalse();
                assertThat(mine.delete(idOf("2026-11-28", 1))).isTrue();
                assertThat(mine.count(IdRange.ALL.beginningWith(Id.of("2026-11-28")))).isEqualTo(1);
                try (DocumentScan scan = mine.scan()) {
                    List<Document> seen = new ArrayList<>();
                    scan.forEach(row -> seen.add(row.document()));
                    assertThat(seen)
                            .singleElement()
                            .satisfies(document ->
                                    assertThat(document.field("total"))
                                            .contains(Value.of(new BigDecimal("5.00"))));
                }
            });
            assertThat(sales.count()).isEqualTo(1);
            assertThat(sales.exists(idOf("2026-11-28", 9))).isTrue();
        }
    }

    /** The id as the database gives it. */
    private static Id idOf2(int number) {
        return Id.of(
                new Value.Date((int) LocalDate.of(2026, 11, 28).toEpochDay()),
                new Value.Int8(number));
    }

    @Test
    void repeatedIdempotencyKeyGivesTheFirstAnswerThoughDefaultsDiffer() {
        CollectionDefinition stamped =
                CollectionDefinition.strict(
                        PrimaryKey.of("id"),
                        NewColumn.of("id", Type.INT4),
                        NewColumn.of("nonce", Type.TIMESTAMPTZ).withDefault(Exprs.call("now")));
        AtomicLong millis = new AtomicLong(1_700_000_000_000L);
        TimeSource ticking =
                new TimeSource() {
                    @Override
                    public long nanoTime() {
                        return System.nanoTime();
                    }

                    @Override
                    public long epochMillis() {
                        return millis.incrementAndGet();
                    }
                };
        try (NodeDb db =
                new NodeDb(EmbeddedDatabase.open((Path) null, Settings.defaults()), ticking)) {
            Documents stamps = db.createDocuments("stamps", stamped);
            Documents once = stamps.with(RequestOptions.DEFAULTS.idempotencyKey("first"));
            Id id = once.insert(Document.empty().with("id", 1));
            Document stored = stamps.get(id);
            assertThat(once.insert(Document.empty().with("id", 1))).isEqualTo(id);
            assertThat(stamps.get(id)).isEqualTo(stored);
            assertRefused(
                    () -> once.insert(Document.empty().with("id", 1).with("nonce", Value.NULL)),
                    ErrorCode.DUPLICATE_WRITE);
            Documents people = db.createDocuments("people", people());
            assertRefused(
                    () ->
                            people.with(RequestOptions.DEFAULTS.idempotencyKey("second"))
                                    .insert(Document.empty().with("name", "a")),
                    ErrorCode.INVALID_ARGUMENT,
                    "idempotency key");
            assertThat(people.count()).isZero();
        }
    }

    @Test
    void creatingAgainTakesTheSameDefinitionAndRefusesAnother() {
        try (NodeDb db = NodeDb.inMemory()) {
            Documents first = db.createDocuments("sales", sales());
            first.insert(sale("2026-11-28", 1, "2"));
            assertThat(db.createDocuments("sales", sales()).count()).isEqualTo(1);
            assertThat(db.documents("sales").definition()).isEqualTo(sales());
            assertRefused(
                    () -> db.createDocuments("sales", people()),
                    ErrorCode.DUPLICATE_RELATION,
                    "sales");
            db.alterDocuments(
                    "sales",
                    new DefinitionChange()
                            .addColumn(NewColumn.of("buyer", Type.TEXT))
                            .dropColumn("buyer")
                            .addColumn(NewColumn.of("seller", Type.TEXT)));
            assertRefused(() -> db.createDocuments("sales", sales()), ErrorCode.DUPLICATE_RELATION);
            // What a new database would be created with.
            assertThat(
                            db.createDocuments(
                                            "sales",
                                            CollectionDefinition.strict(
                                                            PrimaryKey.of("day", "number"),
                                                            NewColumn.of("number", Type.INT4),
                                                            NewColumn.of("day", Type.DATE),
                                                            NewColumn.of(
                                                                            "price",
                                                                            Type.decimal(10, 2))
                                                                    .notNull(),
                                                            NewColumn.of("pieces", Type.INT4)
                                                                    .withDefault(Exprs.of(1)),
                                                            NewColumn.of(
                                                                            "total",
                                                                            Type.decimal(12, 2))
                                                                    .generatedAs(
                                                                            field("price")
                                                                                    .times(
                                                                                            field(
                                                                                                    "pieces"))),
                                                            NewColumn.of("note", Type.varchar(5)),
                                                            NewColumn.of("seller", Type.TEXT))
                                                    .addCheck("sold", field("pieces").gt(0)))
                                    .count())
                    .isEqualTo(1);
            KeyValue ignored = db.kv("pairs");
            assertRefused(() -> db.createDocuments("pairs", sales()), ErrorCode.INVALID_ARGUMENT);
            assertThat(
                            db.createDocuments(
                                            "plain",
                                            CollectionDefinition.schemaless(PrimaryKey.HIDDEN))
                                    .count())
                    .isZero();
        }
    }

    @Test
    void whatIsNotKeptYetIsRefused() {
        try (NodeDb db = NodeDb.inMemory()) {
            assertRefused(
                    () ->
                            db.createDocuments(
                                    "sales",
                                    sales().addIndex(
                                                    NewIndex.of(
                                                            "by_price",
                                                            new IndexPart(
                                                                    new IndexPart.Field(
                                                                            FieldPath.of("price")),
                                                                    io.nodedb.base.value.KeyOrder
                                                                            .ASCENDING)))),
                    ErrorCode.UNSUPPORTED,
                    "indexes=1");
            assertThat(db.collections()).isEmpty();
        }
    }

    @Test
    void definitionAndRowsSurviveARestart(@TempDir Path directory) {
        Id id;
        Document stored;
        try (NodeDb db = NodeDb.open(directory, DocumentsTest.tiny())) {
            Documents sales = db.createDocuments("sales", sales());
            id = sales.insert(sale("2026-11-28", 1, "2"));
            stored = sales.get(id);
            db.documents("plain").put("a", Document.empty().with("x", 1));
        }
        for (int start = 0; start < 2; start++) {
            try (NodeDb db = NodeDb.open(directory, DocumentsTest.tiny())) {
                Documents sales = db.documents("sales");
                assertThat(sales.definition()).isEqualTo(sales());
                assertThat(sales.get(id)).isEqualTo(stored);
                assertRefused(
                        () -> sales.put(sale("2026-11-28", 2, "2").with("pieces", 0)),
                        ErrorCode.CONSTRAINT_REJECTED);
                sales.put(sale("2026-11-28", 2, "2"));
                assertThat(sales.count()).isEqualTo(2);
                assertThat(db.documents("plain").definition())
                        .isEqualTo(CollectionDefinition.schemaless(PrimaryKey.HIDDEN));
                assertThat(db.documents("plain").get("a")).isEqualTo(Document.empty().with("x", 1));
            }
        }
    }
}
