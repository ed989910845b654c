package io.nodedb.document.entries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Value;
import io.nodedb.base.value.ValueOrder;
import io.nodedb.document.RandomDocuments;
import io.nodedb.document.definition.CollectionDefinition;
import io.nodedb.document.definition.IndexDefinition;
import io.nodedb.document.definition.RandomDefinitions;
import io.nodedb.document.entries.EntryRange.Bound;
import io.nodedb.document.rules.FixedTime;
import io.nodedb.document.rules.PreparedRow;
import io.nodedb.document.rules.RandomRows;
import io.nodedb.document.rules.RowRules;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Entries of random indexes over random rows against lists of their values. */
class IndexEntriesFuzzTest {
    private static final int ROWS = 8;

    private static SeededRuns runs() {
        return SeededRuns.of(LongForm.of("index-entries"));
    }

    /** A definition with an index or more, and rows of it whose entries can be computed. */
    private record Scene(CollectionDefinition definition, List<PreparedRow> rows) {
        static Scene of(SplittableRandom random) {
            RandomDefinitions definitions = new RandomDefinitions(random);
            CollectionDefinition definition = definitions.next();
            for (int i = 0; i < 3; i++) {
                definition = indexed(definition, definitions);
            }
            RowRules rules = new RowRules(definition, FixedTime.ids());
            IndexEntries entries = new IndexEntries(definition);
            RandomRows fields = new RandomRows(random);
            List<PreparedRow> rows = new ArrayList<>();
            for (int i = 0; i < ROWS; i++) {
                try {
                    PreparedRow row = rules.insert(fields.fields(definition), 1_000);
                    entries.changes(null, row);
                    rows.add(row);
                } catch (NodeDbException refused) {
                    assertThat(refused.code()).isNotEqualTo(ErrorCode.DATA_CORRUPTED);
                }
            }
            return new Scene(definition, rows);
        }

        private static CollectionDefinition indexed(
                CollectionDefinition definition, RandomDefinitions definitions) {
            try {
                return definition.addIndex(definitions.index(definition));
            } catch (NodeDbException refused) {
                return definition;
            }
        }
    }

    @Test
    void entriesAreThoseOfTheModelAndOrderedAsTheirValues() {
        runs().run(
                        300,
                        100_000,
                        random -> {
                            Scene scene = Scene.of(random);
                            EntryModel model = new EntryModel(scene.definition());
                            IndexEntries entries = new IndexEntries(scene.definition());
                            for (IndexDefinition index : scene.definition().indexes()) {
                                List<IndexEntry> all = new ArrayList<>();
                                List<EntryModel.Entry> expected = new ArrayList<>();
                                for (PreparedRow row : scene.rows()) {
                                    List<IndexEntry> own = entries.entries(index.id(), row);
                                    List<EntryModel.Entry> modelled = model.entries(index, row);
                                    assertSame(index, own, modelled);
                                    all.addAll(own);
                                    expected.addAll(modelled);
                                }
                                all.sort(null);
                                expected.sort(EntryModel.order(index));
                                assertSame(index, all, expected);
                                assertRanges(index, all, random);
                            }
                        });
    }

    private static void assertSame(
            IndexDefinition index, List<IndexEntry> actual, List<EntryModel.Entry> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            IndexEntry entry = actual.get(i);
            EntryModel.Entry wanted = expected.get(i);
            List<Value> parts = EntryFormat.parts(index, entry.bytes());
            for (int j = 0; j < parts.size(); j++) {
                assertThat(ValueOrder.compare(parts.get(j), wanted.parts().get(j))).isZero();
            }
            assertThat(EntryFormat.primaryKey(index, entry.bytes())).isEqualTo(wanted.primaryKey());
            assertThat(EntryFormat.partsEnd(index, entry.bytes())).isEqualTo(entry.partsEnd());
            assertThat(entry.claim()).isEqualTo(wanted.claim());
        }
    }

    private static void assertRanges(
            IndexDefinition index, List<IndexEntry> all, SplittableRandom random) {
        if (all.isEmpty()) {
            return;
        }
        List<Value> some = parts(index, all, random);
        int equal = random.nextInt(some.size() + 1);
        List<Value> prefix = some.subList(0, equal);
        EntryRange same = EntryRange.equalTo(index, prefix);
        for (IndexEntry entry : all) {
            assertThat(same.contains(entry.bytes()))
                    .isEqualTo(startsWith(EntryFormat.parts(index, entry.bytes()), prefix));
        }
        if (equal == some.size()) {
            return;
        }
        Bound low = bound(parts(index, all, random).get(equal), random);
        Bound high = bound(parts(index, all, random).get(equal), random);
        EntryRange range = EntryRange.between(index, prefix, low, high);
        for (IndexEntry entry : all) {
            List<Value> values = EntryFormat.parts(index, entry.bytes());
            Value value = values.get(equal);
            boolean expected =
                    startsWith(values, prefix)
                            && !value.isNull()
                            && (low == null || isBeyond(value, low, 1))
                            && (high == null || isBeyond(value, high, -1));
            assertThat(range.contains(entry.bytes())).isEqualTo(expected);
            assertThat(expected && range.isEmpty()).isFalse();
        }
    }

    private static List<Value> parts(
            IndexDefinition index, List<IndexEntry> all, SplittableRandom random) {
        return EntryFormat.parts(index, all.get(random.nextInt(all.size())).bytes());
    }

    private static Bound bound(Value value, SplittableRandom random) {
        if (value.isNull() || random.nextInt(3) == 0) {
            return null;
        }
        return random.nextBoolean() ? Bound.including(value) : Bound.excluding(value);
    }

    private static boolean isBeyond(Value value, Bound bound, int side) {
        int order = Integer.signum(ValueOrder.compare(value, bound.value()));
        return order == side || (order == 0 && bound.inclusion() == EntryRange.Inclusion.INCLUDED);
    }

    private static boolean startsWith(List<Value> values, List<Value> prefix) {
        for (int i = 0; i < prefix.size(); i++) {
            if (ValueOrder.compare(values.get(i), prefix.get(i)) != 0) {
                return false;
            }
        }
        return true;
    }

    @Test
    void changesAreTheDifferenceOfTheSets() {
        runs().run(
                        300,
                        100_000,
                        random -> {
                            Scene scene = Scene.of(random);
                            IndexEntries entries = new IndexEntries(scene.definition());
                            for (PreparedRow before : scene.rows()) {
                                assertThat(entries.changes(before, before).isEmpty()).isTrue();
                                for (PreparedRow after : scene.rows()) {
                                    PreparedRow updated =
                                            random.nextBoolean()
                                                    ? new PreparedRow(before.key(), after.row())
                                                    : after;
                                    assertDifference(scene.definition(), entries, before, updated);
                                }
                            }
                        });
    }

    private static void assertDifference(
            CollectionDefinition definition,
            IndexEntries entries,
            PreparedRow before,
            PreparedRow after) {
        TreeSet<IndexEntry> removed = new TreeSet<>();
        TreeSet<IndexEntry> added = new TreeSet<>();
        for (IndexDefinition index : definition.indexes()) {
            List<IndexEntry> old = entries.entries(index.id(), before);
            List<IndexEntry> next = entries.entries(index.id(), after);
            old.stream().filter(entry -> !next.contains(entry)).forEach(removed::add);
            next.stream().filter(entry -> !old.contains(entry)).forEach(added::add);
        }
        IndexChanges changes = entries.changes(before, after);
        assertThat(changes.removed()).containsExactlyElementsOf(removed);
        assertThat(changes.added()).containsExactlyElementsOf(added);
    }

    @Test
    void damagedEntriesEndInNamedErrors() {
        runs().run(
                        200,
                        50_000,
                        random -> {
                            Scene scene = Scene.of(random);
                            IndexEntries entries = new IndexEntries(scene.definition());
                            RandomDocuments damages = new RandomDocuments(random);
                            for (IndexDefinition index : scene.definition().indexes()) {
                                for (PreparedRow row : scene.rows()) {
                                    for (IndexEntry entry : entries.entries(index.id(), row)) {
                                        byte[] damaged = damages.damaged(entry.bytes());
                                        Throwable failure =
                                                catchThrowable(() ->
                                                        EntryFormat.primaryKey(index, damaged));
                                        if (failure != null) {
                                            assertThat(failure)
                                                    .as("%s", Arrays.toString(damaged))
                                                    .isInstanceOf(NodeDbException.class);
                                        }
                                    }
                                }
                            }
                        });
    }
}
