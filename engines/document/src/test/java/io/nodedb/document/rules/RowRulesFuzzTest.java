package io.nodedb.document.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Value;
import io.nodedb.base.value.ValueOrder;
import io.nodedb.document.RandomDocuments;
import io.nodedb.document.definition.CollectionDefinition;
import io.nodedb.document.definition.FieldPath;
import io.nodedb.document.definition.RandomDefinitions;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Rows of random definitions against maps of their fields. */
class RowRulesFuzzTest {
    private static final int ROWS = 8;
    private static final int DAMAGES = 10;

    private static SeededRuns runs() {
        return SeededRuns.of(LongForm.of("row-rules"));
    }

    /** The rows that the rules let in; what they refuse, they refuse by name. */
    private static List<PreparedRow> rows(RowRules rules, SplittableRandom random) {
        RandomRows fields = new RandomRows(random);
        List<PreparedRow> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            Value.Document given = fields.fields(rules.definition());
            try {
                rows.add(rules.insert(given, 1_000));
            } catch (NodeDbException refused) {
                assertThat(refused.code()).isNotEqualTo(ErrorCode.DATA_CORRUPTED);
            }
        }
        return rows;
    }

    @Test
    void whatIsGivenReadsBackAndKeysAreOrderedAsTheirValues() {
        runs().run(
                        120,
                        100_000,
                        random -> {
                            CollectionDefinition definition = new RandomDefinitions(random).next();
                            RowRules rules = new RowRules(definition, FixedTime.ids());
                            RandomRows fields = new RandomRows(random);
                            List<PreparedRow> rows = rows(rules, random);
                            for (PreparedRow row : rows) {
                                assertStable(rules, row);
                            }
                            for (PreparedRow a : rows) {
                                for (PreparedRow b : rows) {
                                    assertOrdered(rules, a, b);
                                }
                            }
                            Value.Document given = fields.fields(definition);
                            Throwable failure = catchThrowable(() -> rules.insert(given, 1));
                            if (failure == null) {
                                assertHolds(rules, rules.insert(given, 1), given);
                            }
                        });
    }

    /** Read and written again, a row is the same; each value is found by its path. */
    private static void assertStable(RowRules rules, PreparedRow row) {
        StoredRow reader = rules.reader().wrap(row.row());
        Value.Document read = reader.toDocument();
        for (Map.Entry<String, Value> field : read.fields().entrySet()) {
            assertThat(reader.value(FieldPath.of(field.getKey()))).isEqualTo(field.getValue());
        }
        PreparedRow again =
                rules.definition().primaryKey().isHidden()
                        ? rules.insertWithHiddenKey(row.key(), read, 1_000)
                        : rules.insert(read, 1_000);
        // by value: the bits of a NaN may change on their way through a register
        assertThat(rules.reader().wrap(again.row()).toDocument()).isEqualTo(read);
        assertThat(again.key()).isEqualTo(row.key());
        assertThat(rules.patch(row.key(), row.row(), new RowPatch(), 1_000)).isEmpty();
    }

    private static void assertHolds(RowRules rules, PreparedRow row, Value.Document given) {
        Value.Document read = rules.reader().wrap(row.row()).toDocument();
        given.fields()
                .forEach((name, value) -> {
                    Value stored = read.field(name).orElse(Value.NULL);
                    boolean converted = stored.tag() != value.tag();
                    if (!converted && value instanceof Value.Text) {
                        assertThat(stored).isEqualTo(value);
                    } else if (value instanceof Value.Numeric && stored instanceof Value.Int8) {
                        assertThat(ValueOrder.compare(stored, value)).isZero();
                    }
                });
    }

    private static void assertOrdered(RowRules rules, PreparedRow a, PreparedRow b) {
        List<FieldPath> paths = rules.definition().primaryKey().paths();
        StoredRow reader = rules.reader();
        int order = 0;
        for (FieldPath path : paths) {
            Value left = reader.wrap(a.row()).value(path);
            Value right = reader.wrap(b.row()).value(path);
            order = order == 0 ? ValueOrder.compare(left, right) : order;
        }
        if (!paths.isEmpty()) {
            assertThat(Integer.signum(Arrays.compareUnsigned(a.key(), b.key())))
                    .isEqualTo(Integer.signum(order));
        }
    }

    @Test
    void patchesAreChangesOfAMap() {
        runs().run(
                        120,
                        100_000,
                        random -> {
                            RowRules rules =
                                    new RowRules(
                                            new RandomDefinitions(random).next(), FixedTime.ids());
                            RandomRows values = new RandomRows(random);
                            for (PreparedRow row : rows(rules, random)) {
                                Value.Document before = rules.reader().wrap(row.row()).toDocument();
                                Map<String, Value> model =
                                        new LinkedHashMap<>(rules.givenFields(before).fields());
                                RowPatch patch = patch(rules, model, values, random);
                                assertPatched(rules, row, patch, before, model);
                            }
                        });
    }

    /** Changes of whole fields, made in the model as well. */
    private static RowPatch patch(
            RowRules rules, Map<String, Value> model, RandomRows values, SplittableRandom random) {
        RowPatch patch = new RowPatch();
        List<String> names = new ArrayList<>(model.keySet());
        for (int i = random.nextInt(3); i >= 0 && !names.isEmpty(); i--) {
            String name = names.get(random.nextInt(names.size()));
            if (random.nextInt(3) == 0) {
                patch = patch.remove(FieldPath.of(name));
                model.remove(name);
            } else {
                Value value =
                        random.nextBoolean()
                                ? values.any()
                                : values.fields(rules.definition()).field(name).orElse(Value.NULL);
                patch = patch.set(FieldPath.of(name), value);
                model.put(name, value);
            }
        }
        return patch;
    }

    private static void assertPatched(
            RowRules rules,
            PreparedRow row,
            RowPatch patch,
            Value.Document before,
            Map<String, Value> model) {
        Outcome expected = Outcome.of(() -> inserted(rules, row, model));
        Outcome actual =
                Outcome.of(() ->
                        rules.patch(row.key(), row.row(), patch, 1_000)
                                .map(after -> rules.reader().wrap(after.row()).toDocument())
                                .orElse(before));
        assertThat(actual).isEqualTo(expected);
    }

    /** The model's row, with NULL for what is not in it, as an update fills in no default. */
    private static Value.Document inserted(
            RowRules rules, PreparedRow row, Map<String, Value> model) {
        Map<String, Value> fields = new LinkedHashMap<>(model);
        if (rules.definition().isStrict()) {
            rules.definition().standingColumns().stream()
                    .filter(column -> !column.isGenerated())
                    .forEach(column -> fields.putIfAbsent(column.name(), Value.NULL));
        }
        rules.definition().guards().stream()
                .filter(guard -> guard.otherwise() != null)
                .map(guard -> guard.path().first())
                .filter(name -> !fields.containsKey(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new RowRefusedException(
                            ErrorCode.NOT_NULL_VIOLATION, FieldPath.of(name), "required");
                });
        boolean generatesKey =
                rules.definition()
                        .primaryKey()
                        .equals(io.nodedb.document.definition.PrimaryKey.generated("id"));
        if (generatesKey && fields.getOrDefault("id", Value.NULL).isNull()) {
            throw new RowRefusedException(
                    ErrorCode.NOT_NULL_VIOLATION, FieldPath.of("id"), "an update makes no id");
        }
        Value.Document whole = new Value.Document(fields);
        PreparedRow after =
                rules.definition().primaryKey().isHidden()
                        ? rules.insertWithHiddenKey(row.key(), whole, 1_000)
                        : rules.insert(whole, 1_000);
        return rules.reader().wrap(after.row()).toDocument();
    }

    /** A row or the code of its refusal. */
    private record Outcome(Object value) {
        static Outcome of(java.util.function.Supplier<Value.Document> row) {
            try {
                return new Outcome(row.get());
            } catch (NodeDbException refused) {
                return new Outcome("refused");
            }
        }
    }

    @Test
    void damagedRowsEndInNamedErrors() {
        runs().run(
                        80,
                        50_000,
                        random -> {
                            RowRules rules =
                                    new RowRules(
                                            new RandomDefinitions(random).next(), FixedTime.ids());
                            RandomDocuments damages = new RandomDocuments(random);
                            StoredRow reader = rules.reader();
                            for (PreparedRow row : rows(rules, random)) {
                                for (int i = 0; i < DAMAGES; i++) {
                                    byte[] damaged = damages.damaged(row.row());
                                    assertNamed(
                                            catchThrowable(
                                                    () -> reader.wrap(damaged).toDocument()));
                                    assertNamed(
                                            catchThrowable(() ->
                                                    rules.patch(
                                                            row.key(),
                                                            damaged,
                                                            new RowPatch(),
                                                            1)));
                                }
                            }
                        });
    }

    private static void assertNamed(Throwable failure) {
        if (failure != null) {
            assertThat(failure).isInstanceOf(NodeDbException.class);
        }
    }
}
