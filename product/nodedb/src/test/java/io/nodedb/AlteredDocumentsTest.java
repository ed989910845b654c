package io.nodedb;

import static io.nodedb.DefinedDocumentsTest.assertRefused;
import static io.nodedb.plan.expression.Exprs.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;
import io.nodedb.document.definition.CollectionDefinition;
import io.nodedb.document.definition.ColumnDefinition;
import io.nodedb.document.definition.DefinitionChange;
import io.nodedb.document.definition.FieldGuard;
import io.nodedb.document.definition.FieldPath;
import io.nodedb.document.definition.NewColumn;
import io.nodedb.document.definition.PrimaryKey;
import io.nodedb.plan.expression.Exprs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of definitions under rows that stand and rows that come. */
class AlteredDocumentsTest {
    private static CollectionDefinition things() {
        return CollectionDefinition.strict(
                PrimaryKey.of("id"),
                NewColumn.of("id", Type.INT4),
                NewColumn.of("n", Type.INT4),
                NewColumn.of("note", Type.TEXT));
    }

    private static Document thing(int id, int n) {
        return Document.empty().with("id", id).with("n", n);
    }

    private static DefinitionChange change() {
        return new DefinitionChange();
    }

    @Test
    void rowsThatStandReadColumnsThatCameAndNotThoseThatWent(@TempDir Path directory) {
        try (NodeDb db = NodeDb.open(directory, DocumentsTest.tiny())) {
            Documents things = db.createDocuments("things", things());
            for (int i = 0; i < 300; i++) {
                things.insert(thing(i, i).with("note", "old"));
            }
            CollectionDefinition after =
                    db.alterDocuments(
                            "things",
                            change().addColumn(
                                            NewColumn.of("colour", Type.TEXT)
                                                    .notNull()
                                                    .withDefault(Exprs.of("red")))
                                    .dropColumn("note")
                                    .renameColumn("n", "number"));
            assertThat(things.definition()).isEqualTo(after);
            assertThat(after.standingColumns())
                    .extracting(ColumnDefinition::name)
                    .containsExactly("id", "number", "colour");
            things.insert(
                    Document.empty().with("id", 300).with("number", 300).with("colour", "blue"));
            assertThat(things.patch(Id.of(7), Document.empty().with("number", -7))).isTrue();
        }
        for (int start = 0; start < 2; start++) {
            try (NodeDb db = NodeDb.open(directory, DocumentsTest.tiny())) {
                Documents things = db.documents("things");
                assertThat(things.get(Id.of(8)).fields())
                        .containsExactly(
                                java.util.Map.entry("id", Value.of(8)),
                                java.util.Map.entry("number", Value.of(8)),
                                java.util.Map.entry("colour", Value.of("red")));
                assertThat(things.get(Id.of(7)).field("number")).contains(Value.of(-7));
                assertThat(things.get(Id.of(300)).field("colour")).contains(Value.of("blue"));
                List<Value> colours = new ArrayList<>();
                try (DocumentScan scan = things.scan()) {
                    scan.forEach(row -> colours.add(row.document().fields().get("colour")));
                }
                assertThat(colours).hasSize(301).endsWith(Value.of("red"), Value.of("blue"));
                assertRefused(() -> things.put(thing(1, 1)), ErrorCode.UNDEFINED_COLUMN, "\"n\"");
            }
        }
    }

    @Test
    void constraintThatARowBreaksIsRefusedWithTheRowAndChangesNothing() {
        try (NodeDb db = NodeDb.inMemory(DocumentsTest.tiny())) {
            Documents things = db.createDocuments("things", things());
            for (int i = 0; i < 300; i++) {
                things.insert(thing(i, 299 - i));
            }
            things.put(Document.empty().with("id", 1000));
            assertRefused(
                    () -> db.alterDocuments("things", change().addCheck("low", field("n").lt(299))),
                    ErrorCode.CONSTRAINT_REJECTED,
                    "row=0",
                    "\"low\"");
            assertRefused(
                    () -> db.alterDocuments("things", change().setNotNull("n")),
                    ErrorCode.NOT_NULL_VIOLATION,
                    "row=1000",
                    "\"n\"");
            assertRefused(
                    () -> db.alterDocuments("things", change().dropColumn("id")),
                    ErrorCode.DEPENDENT_OBJECTS,
                    "id");
            assertThat(things.definition()).isEqualTo(things());
            things.put(thing(0, 299));
            things.delete(Id.of(1000));
            db.alterDocuments(
                    "things", change().setNotNull("n").addCheck("low", field("n").lt(300)));
            assertRefused(
                    () -> things.put(thing(0, 300)), ErrorCode.CONSTRAINT_REJECTED, "\"low\"");
            assertRefused(
                    () -> things.put(Document.empty().with("id", 1)), ErrorCode.NOT_NULL_VIOLATION);
            db.alterDocuments("things", change().dropNotNull("n").dropConstraint("low"));
            things.put(thing(0, 300));
            things.put(Document.empty().with("id", 1));
        }
    }

    @Test
    void collectionWithoutADefinitionGetsGuards(@TempDir Path directory) {
        try (NodeDb db = NodeDb.open(directory, DocumentsTest.tiny())) {
            Documents notes = db.documents("notes");
            notes.put("old", Document.empty().with("stars", "many"));
            db.alterDocuments(
                    "notes", change().setGuard(FieldGuard.of(FieldPath.of("stars"), Type.INT4)));
            assertRefused(
                    () -> notes.put("new", Document.empty().with("stars", "few")),
                    ErrorCode.TYPE_GUARD_VIOLATION,
                    "stars");
            notes.put("new", Document.empty().with("stars", 3));
            assertThat(notes.get("old")).isEqualTo(Document.empty().with("stars", "many"));
        }
        try (NodeDb db = NodeDb.open(directory, DocumentsTest.tiny())) {
            assertRefused(
                    () -> db.documents("notes").put("x", Document.empty().with("stars", "few")),
                    ErrorCode.TYPE_GUARD_VIOLATION);
            db.alterDocuments("notes", change().dropGuard(FieldPath.of("stars")));
            db.documents("notes").put("x", Document.empty().with("stars", "few"));
            assertThat(db.documents("notes").count()).isEqualTo(3);
        }
    }

    @Test
    void whatIsNoDocumentCollectionIsNotFound() {
        try (NodeDb db = NodeDb.inMemory()) {
            KeyValue ignored = db.kv("pairs");
            assertRefused(
                    () -> db.alterDocuments("pairs", change().dropColumn("a")),
                    ErrorCode.NOT_FOUND,
                    "pairs");
            Documents things = db.createDocuments("things", things());
            db.drop("things");
            assertRefused(
                    () -> db.alterDocuments("things", change().dropColumn("n")),
                    ErrorCode.NOT_FOUND);
            assertRefused(() -> things.put(thing(1, 1)), ErrorCode.NOT_FOUND);
            db.undrop("things");
            db.alterDocuments("things", change().dropColumn("n"));
            assertRefused(() -> things.put(thing(1, 1)), ErrorCode.UNDEFINED_COLUMN);
            assertThat(db.alterDocuments("things", change())).isEqualTo(things.definition());
        }
    }

    @Test
    void changesOfSeveralThreadsAreAllMade() throws InterruptedException {
        try (NodeDb db = NodeDb.inMemory(DocumentsTest.tiny())) {
            Documents things = db.createDocuments("things", things());
            List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int thread = i;
                threads.add(
                        start(
                                failures,
                                () -> {
                                    for (int n = 0; n < 5; n++) {
                                        db.alterDocuments(
                                                "things",
                                                change().addColumn(
                                                                NewColumn.of(
                                                                        "c" + thread + n,
                                                                        Type.INT4)));
                                    }
                                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failures).isEmpty();
            assertThat(things.definition().standingColumns()).hasSize(3 + 20);
            assertThat(things.definition().version()).isEqualTo(1 + 20);
        }
    }

    /**
     * Writers of every kind make rows that the check refuses, while it comes and goes. Once it is
     * there, no such row may be, whatever was under way.
     */
    @Test
    void noRowThatACheckRefusesIsThereOnceTheCheckIs() throws InterruptedException {
        try (NodeDb db = NodeDb.inMemory(DocumentsTest.tiny())) {
            Documents things = db.createDocuments("things", things());
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger written = new AtomicInteger();
            AtomicInteger refused = new AtomicInteger();
            List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int kind = i;
                writers.add(
                        start(
                                failures,
                                () -> {
                                    int round = 0;
                                    while (!stop.get()) {
                                        writeBad(db, things, kind, round++, written, refused);
                                    }
                                }));
            }
            int made = 0;
            try {
                while (made < 12 && failures.isEmpty()) {
                    for (int id = 0; id < 12; id++) {
                        boolean ignored = things.delete(Id.of(id));
                    }
                    try {
                        db.alterDocuments(
                                "things", change().addCheck("positive", field("n").gt(0)));
                    } catch (NodeDbException standing) {
                        assertThat(standing.code()).isEqualTo(ErrorCode.CONSTRAINT_REJECTED);
                        continue;
                    }
                    made++;
                    assertThat(things.count()).as("rows beside the check").isZero();
                    int before = refused.get();
                    while (refused.get() < before + 10 && failures.isEmpty()) {
                        Thread.onSpinWait();
                    }
                    assertThat(things.count()).as("rows beside the check").isZero();
                    db.alterDocuments("things", change().dropConstraint("positive"));
                    before = written.get();
                    while (written.get() < before + 10 && failures.isEmpty()) {
                        Thread.onSpinWait();
                    }
                }
            } finally {
                stop.set(true);
                for (Thread writer : writers) {
                    writer.join();
                }
            }
            assertThat(failures).isEmpty();
            assertThat(made).isEqualTo(12);
        }
    }

    private static void writeBad(
            NodeDb db,
            Documents things,
            int kind,
            int round,
            AtomicInteger written,
            AtomicInteger refused) {
        int id = 4 * kind + round % 4;
        try {
            switch (kind) {
                case 0 -> things.put(thing(id, -1));
                case 1 -> {
                    Object ignored = things.async().put(thing(id, -1)).toCompletableFuture().join();
                }
                default ->
                        db.inTransaction(tx -> {
                            tx.documents("things").put(thing(id, -1));
                            tx.documents("things").put(thing(8 + (round + 1) % 4, -1));
                        });
            }
            written.incrementAndGet();
        } catch (CompletionException failed) {
            // Who does not wait may be told to send again.
            if (!(failed.getCause() instanceof NodeDbException why)
                    || (why.code() != ErrorCode.CONSTRAINT_REJECTED
                            && why.code() != ErrorCode.DEFINITION_CHANGED)) {
                throw failed;
            }
            if (why.code() == ErrorCode.CONSTRAINT_REJECTED) {
                refused.incrementAndGet();
            }
        } catch (NodeDbException failed) {
            if (failed.code() != ErrorCode.CONSTRAINT_REJECTED
                    && failed.code() != ErrorCode.CONFLICT) {
                throw failed;
            }
            if (failed.code() == ErrorCode.CONSTRAINT_REJECTED) {
                refused.incrementAndGet();
            }
        }
    }

    /** A snapshot reads rows of before as those of the definition of now; its commit is by that. */
    @Test
    void transactionThatAChangeOvertakesIsRunAgain() {
        try (NodeDb db = NodeDb.inMemory(DocumentsTest.tiny())) {
            Documents things = db.createDocuments("things", things());
            things.insert(thing(1, 1));
            AtomicInteger runs = new AtomicInteger();
            db.inTransaction(tx -> {
                DocumentOperations mine = tx.documents("things");
                mine.put(thing(2, runs.get()));
                if (runs.getAndIncrement() == 0) {
                    db.alterDocuments(
                            "things",
                            change().addColumn(
                                            NewColumn.of("colour", Type.TEXT)
                                                    .withDefault(Exprs.of("red"))));
                    assertThat(mine.get(Id.of(1)).field("colour")).contains(Value.of("red"));
                }
            });
            assertThat(runs).hasValue(2);
            assertThat(things.get(Id.of(2)))
                    .isEqualTo(
                            Document.of(thing(2, 1).fields())
                                    .with("id", Value.of(2))
                                    .with("n", Value.of(1))
                                    .with("note", Value.NULL)
                                    .with("colour", "red"));
            assertThatThrownBy(() ->
                            db.inTransaction(
                                    TransactionOptions.DEFAULTS.attempts(1),
                                    tx -> {
                                        tx.documents("things").put(thing(3, 3));
                                        db.alterDocuments("things", change().dropColumn("note"));
                                    }))
                    .isInstanceOfSatisfying(
                            NodeDbException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(ErrorCode.DEFINITION_CHANGED);
                                assertThat(e.code().retry()).isEqualTo(ErrorCode.Retry.YES);
                            });
            assertThat(things.exists(Id.of(3))).isFalse();
            // Deletions depend on no definition.
            db.inTransaction(
                    TransactionOptions.DEFAULTS.attempts(1),
                    tx -> {
                        assertThat(tx.documents("things").delete(Id.of(1))).isTrue();
                        db.alterDocuments("things", change().dropColumn("colour"));
                    });
            assertThat(things.exists(Id.of(1))).isFalse();
        }
    }

    @Test
    void scanThatAChangeOvertakesReadsEveryRow() {
        try (NodeDb db = NodeDb.inMemory(DocumentsTest.tiny())) {
            Documents things = db.createDocuments("things", things());
            for (int i = 0; i < 3_000; i++) {
                things.async().insert(thing(i, i)).toCompletableFuture().join();
            }
            int rows = 0;
            try (DocumentScan scan = things.scan()) {
                for (Row row : scan) {
                    assertThat(row.document().fields()).hasSize(rows < 10 ? 3 : 4);
                    if (++rows == 10) {
                        db.alterDocuments(
                                "things", change().addColumn(NewColumn.of("m", Type.INT4)));
                        things.insert(thing(10_000, 1));
                    }
                }
            }
            assertThat(rows).isEqualTo(3_000);
        }
    }

    private static Thread start(List<Throwable> failures, Runnable work) {
        return Thread.ofPlatform()
                .start(() -> {
                    try {
                        work.run();
                    } catch (Throwable failure) {
                        failures.add(failure);
                    }
                });
    }
}
