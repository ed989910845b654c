package io.nodedb;

import static io.nodedb.plan.expression.Exprs.field;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;
import io.nodedb.document.definition.CollectionDefinition;
import io.nodedb.document.definition.DefinitionChange;
import io.nodedb.document.definition.NewColumn;
import io.nodedb.document.definition.PrimaryKey;
import io.nodedb.plan.expression.Exprs;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A strict collection of integer columns whose definition changes all the time, against a map that
 * has the same rules in a few lines and rewrites its rows with each change. All through the public
 * API, with and without waiting, in transactions, and over restarts.
 */
class DefinitionFuzzTest {
    private static final int IDS = 25;
    private static final int STEPS = 250;

    @TempDir Path directory;

    /** A column as the model knows it. */
    private static final class ModelColumn {
        boolean notNull;
        @Nullable Integer otherwise;

        /** Names of checks, and what the column must be above. */
        final Map<String, Integer> above = new LinkedHashMap<>();
    }

    private static final class Model {
        final Map<String, ModelColumn> columns = new LinkedHashMap<>();
        final TreeMap<Integer, Map<String, @Nullable Integer>> rows = new TreeMap<>();
        int names;

        /** Null when the row may be, else why not. */
        @Nullable ErrorCode refusal(Map<String, @Nullable Integer> row) {
            for (Map.Entry<String, ModelColumn> column : columns.entrySet()) {
                if (row.get(column.getKey()) == null && column.getValue().notNull) {
                    return ErrorCode.NOT_NULL_VIOLATION;
                }
            }
            for (Map.Entry<String, ModelColumn> column : columns.entrySet()) {
                Integer value = row.get(column.getKey());
                for (int bound : column.getValue().above.values()) {
                    if (value != null && value <= bound) {
                        return ErrorCode.CONSTRAINT_REJECTED;
                    }
                }
            }
            return null;
        }
    }

    @Test
    void documentsAndDefinitionsAgreeWithAModel() {
        int[] run = {0};
        SeededRuns.of(LongForm.of("definition-fuzz"))
                .run(3, 2_000, random -> new Run(random, fresh(run[0]++)).all());
    }

    private Path fresh(int number) {
        try {
            return Files.createDirectory(directory.resolve("run" + number));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static final class Run {
        private final SplittableRandom random;
        private final Path folder;
        private final Model model = new Model();
        private NodeDb db;
        private Documents things;

        Run(SplittableRandom random, Path folder) {
            this.random = random;
            this.folder = folder;
            db = NodeDb.open(folder, DocumentsTest.tiny());
            things =
                    db.createDocuments(
                            "things",
                            CollectionDefinition.strict(
                                    PrimaryKey.of("id"),
                                    NewColumn.of("id", Type.INT4),
                                    NewColumn.of("a", Type.INT4)),
                            CollectionSettings.DEFAULTS.durability(Durability.ASYNC));
            model.columns.put("a", new ModelColumn());
        }

        void all() {
            try {
                for (int step = 0; step < STEPS; step++) {
                    int choice = random.nextInt(100);
                    if (choice < 12) {
                        alter();
                    } else if (choice < 14) {
                        db.close();
                        db = NodeDb.open(folder, DocumentsTest.tiny());
                        things = db.documents("things");
                    } else {
                        write();
                    }
                    if (random.nextInt(8) == 0) {
                        compare();
                    }
                }
                compare();
            } finally {
                db.close();
            }
        }

        private String column() {
            List<String> names = new ArrayList<>(model.columns.keySet());
            return names.isEmpty() ? "none" : names.get(random.nextInt(names.size()));
        }

        private void alter() {
            String name = column();
            ModelColumn column = model.columns.get(name);
            String fresh = "c" + model.names++;
            switch (random.nextInt(8)) {
                case 0, 1 -> add(fresh);
                case 2 -> {
                    boolean made = make(new DefinitionChange().dropColumn(name), column == null);
                    if (made) {
                        model.columns.remove(name);
                        model.rows.values().forEach(row -> row.remove(name));
                    }
                }
                case 3 -> {
                    if (make(new DefinitionChange().renameColumn(name, fresh), column == null)
                            && column != null) {
                        rename(name, fresh);
                    }
                }
                case 4 -> {
                    if (column != null) {
                        boolean breaks =
                                model.rows.values().stream().anyMatch(row -> row.get(name) == null);
                        if (make(new DefinitionChange().setNotNull(name), breaks)) {
                            column.notNull = true;
                        }
                    }
                }
                case 5 -> {
                    if (column != null) {
                        boolean ignored = make(new DefinitionChange().dropNotNull(name), false);
                        column.notNull = false;
                    }
                }
                case 6 -> {
                    if (column != null) {
                        int bound = random.nextInt(-20, 40);
                        boolean breaks =
                                model.rows.values().stream()
                                        .map(row -> row.get(name))
                                        .anyMatch(value -> value != null && value <= bound);
                        DefinitionChange change =
                                new DefinitionChange()
                                        .addCheck("check_" + fresh, field(name).gt(bound));
                        if (make(change, breaks)) {
                            column.above.put("check_" + fresh, bound);
                        }
                    }
                }
                default -> {
                    if (column != null && !column.above.isEmpty()) {
                        String check = column.above.keySet().iterator().next();
                        boolean ignored = make(new DefinitionChange().dropConstraint(check), false);
                        column.above.remove(check);
                    } else if (column != null) {
                        int otherwise = random.nextInt(100);
                        boolean ignored =
                                make(
                                        new DefinitionChange()
                                                .setDefault(name, Exprs.of(otherwise)),
                                        false);
                        column.otherwise = otherwise;
                    }
                }
            }
        }

        private void add(String fresh) {
            Integer otherwise = random.nextBoolean() ? random.nextInt(100) : null;
            boolean notNull = random.nextInt(3) == 0;
            NewColumn column = NewColumn.of(fresh, Type.INT4);
            column = otherwise == null ? column : column.withDefault(Exprs.of(otherwise));
            column = notNull ? column.notNull() : column;
            if (make(new DefinitionChange().addColumn(column), notNull && otherwise == null)) {
                ModelColumn added = new ModelColumn();
                added.notNull = notNull;
                added.otherwise = otherwise;
                model.columns.put(fresh, added);
                model.rows.values().forEach(row -> row.put(fresh, otherwise));
            }
        }

        private void rename(String name, String fresh) {
            Map<String, ModelColumn> columns = new LinkedHashMap<>();
            model.columns.forEach(
                    (known, column) -> columns.put(known.equals(name) ? fresh : known, column));
            model.columns.clear();
            model.columns.putAll(columns);
            for (Map<String, @Nullable Integer> row : model.rows.values()) {
                row.put(fresh, row.remove(name));
            }
        }

        /** Makes a change, which must be refused or not; true when it was made. */
        private boolean make(DefinitionChange change, boolean isRefused) {
            CollectionDefinition before = things.definition();
            try {
                CollectionDefinition after = db.alterDocuments("things", change);
                assertThat(isRefused).as("refused: " + change).isFalse();
                assertThat(things.definition()).isEqualTo(after);
                return true;
            } catch (NodeDbException refused) {
                assertThat(isRefused).as(change + ": " + refused).isTrue();
                assertThat(things.definition()).isEqualTo(before);
                return false;
            }
        }

        private void write() {
            int id = random.nextInt(IDS);
            Map<String, @Nullable Integer> given = new LinkedHashMap<>();
            for (String name : model.columns.keySet()) {
                int choice = random.nextInt(6);
                if (choice > 1) {
                    given.put(name, choice == 2 ? null : random.nextInt(-10, 100));
                }
            }
            int kind = random.nextInt(5);
            int way = random.nextInt(3);
            Map<String, @Nullable Integer> before = model.rows.get(id);
            boolean patches = kind == 3;
            Map<String, @Nullable Integer> after = completed(given, patches ? before : null);
            ErrorCode expected = model.refusal(after);
            if (kind == 4) {
                boolean found = made(way, documents -> documents.delete(Id.of(id)), id);
                assertThat(found).isEqualTo(before != null);
                model.rows.remove(id);
                return;
            }
            if (patches && before == null) {
                assertThat(made(way, documents -> documents.patch(Id.of(id), row(given)), id))
                        .isFalse();
                return;
            }
            if (expected == null && kind == 0 && before != null) {
                expected = ErrorCode.UNIQUE_VIOLATION;
            }
            ErrorCode actual = null;
            boolean applied = true;
            try {
                applied =
                        made(
                                way,
                                documents ->
                                        switch (kind) {
                                            case 0 -> {
                                                documents.insert(Id.of(id), row(given));
                                                yield true;
                                            }
                                            case 1 -> {
                                                Id stored =
                                                        documents.put(row(given).with("id", id));
                                                yield stored.equals(Id.of(id));
                                            }
                                            case 2 -> documents.replace(Id.of(id), row(given));
                                            default -> documents.patch(Id.of(id), row(given));
                                        },
                                id);
            } catch (NodeDbException refused) {
                actual = refused.code();
            }
            assertThat(actual).as("id=" + id + " " + given).isEqualTo(expected);
            if (expected == null) {
                boolean takesEffect = kind != 2 || before != null;
                assertThat(applied).isEqualTo(takesEffect);
                if (takesEffect) {
                    model.rows.put(id, after);
                }
            }
        }

        /** The row of what is given, over one that stands or over the defaults. */
        private Map<String, @Nullable Integer> completed(
                Map<String, @Nullable Integer> given, @Nullable Map<String, @Nullable Integer> on) {
            Map<String, @Nullable Integer> row = new LinkedHashMap<>();
            model.columns.forEach((name, column) ->
                    row.put(
                            name,
                            given.containsKey(name)
                                    ? given.get(name)
                                    : on != null ? on.get(name) : column.otherwise));
            return row;
        }

        private static Document row(Map<String, @Nullable Integer> given) {
            Document document = Document.empty();
            for (Map.Entry<String, @Nullable Integer> field : given.entrySet()) {
                Integer value = field.getValue();
                document =
                        document.with(field.getKey(), value == null ? Value.NULL : Value.of(value));
            }
            return document;
        }

        private interface Work {
            boolean on(DocumentOperations documents);
        }

        private boolean made(int way, Work work, int id) {
            return switch (way) {
                case 0 -> work.on(things);
                case 1 -> work.on(new Awaited(things));
                default ->
                        db.transaction(tx -> {
                            DocumentOperations mine = tx.documents("things");
                            boolean result = work.on(mine);
                            // It sees what it has written.
                            assertThat(mine.exists(Id.of(id)))
                                    .isEqualTo(mine.get(Id.of(id)) != null);
                            return result;
                        });
            };
        }

        private void compare() {
            Map<Integer, Map<String, @Nullable Integer>> found = new TreeMap<>();
            try (DocumentScan scan = things.scan()) {
                for (Row row : scan) {
                    found.put(numberOf(row.document().fields().get("id")), values(row.document()));
                }
            }
            assertThat(found).isEqualTo(model.rows);
            assertThat(things.count()).isEqualTo(model.rows.size());
            int id = random.nextInt(IDS);
            Document one = things.get(Id.of(id));
            assertThat(one == null ? null : values(one)).isEqualTo(model.rows.get(id));
        }

        private static Map<String, @Nullable Integer> values(Document document) {
            Map<String, @Nullable Integer> values = new LinkedHashMap<>();
            document.fields().forEach((name, value) -> values.put(name, numberOf(value)));
            values.remove("id");
            return values;
        }

        private static @Nullable Integer numberOf(@Nullable Value value) {
            return value instanceof Value.Int4(int number) ? number : null;
        }
    }

    /** The asynchronous form as one that waits. */
    private record Awaited(Documents documents) implements DocumentOperations {
        private static <T> T join(java.util.concurrent.CompletionStage<T> stage) {
            try {
                return stage.toCompletableFuture().join();
            } catch (CompletionException failed) {
                if (failed.getCause() instanceof NodeDbException refused) {
                    throw refused;
                }
                throw failed;
            }
        }

        @Override
        public String name() {
            return documents.name();
        }

        @Override
        public CollectionDefinition definition() {
            return documents.definition();
        }

        @Override
        public @Nullable Document get(Id id) {
            return join(documents.async().get(id));
        }

        @Override
        public boolean exists(Id id) {
            return join(documents.async().exists(id));
        }

        @Override
        public void put(Id id, Document document) {
            Object ignored = join(documents.async().put(id, document));
        }

        @Override
        public Id put(Document document) {
            return join(documents.async().put(document));
        }

        @Override
        public void insert(Id id, Document document) {
            Object ignored = join(documents.async().insert(id, document));
        }

        @Override
        public Id insert(Document document) {
            return join(documents.async().insert(document));
        }

        @Override
        public boolean replace(Id id, Document document) {
            return join(documents.async().replace(id, document));
        }

        @Override
        public boolean patch(Id id, io.nodedb.document.rules.RowPatch patch) {
            return join(documents.async().patch(id, patch));
        }

        @Override
        public boolean delete(Id id) {
            return join(documents.async().delete(id));
        }

        @Override
        public DocumentScan scan(IdRange range) {
            return documents.scan(range);
        }

        @Override
        public long count(IdRange range) {
            return documents.count(range);
        }
    }
}
