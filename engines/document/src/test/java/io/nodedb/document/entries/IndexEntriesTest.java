package io.nodedb.document.entries;

import static io.nodedb.plan.expression.Exprs.call;
import static io.nodedb.plan.expression.Exprs.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.JsonText;
import io.nodedb.base.value.KeyOrder;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;
import io.nodedb.document.DocumentLimits;
import io.nodedb.document.Golden;
import io.nodedb.document.definition.CollectionDefinition;
import io.nodedb.document.definition.FieldPath;
import io.nodedb.document.definition.IndexDefinition;
import io.nodedb.document.definition.IndexPart;
import io.nodedb.document.definition.NewColumn;
import io.nodedb.document.definition.NewIndex;
import io.nodedb.document.definition.PrimaryKey;
import io.nodedb.document.rules.FixedTime;
import io.nodedb.document.rules.PreparedRow;
import io.nodedb.document.rules.RowPatch;
import io.nodedb.document.rules.RowRules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IndexEntriesTest {
    private static CollectionDefinition indexed(NewIndex... indexes) {
        CollectionDefinition definition = CollectionDefinition.schemaless(PrimaryKey.of("id"));
        for (NewIndex index : indexes) {
            definition = definition.addIndex(index);
        }
        return definition;
    }

    private static PreparedRow row(CollectionDefinition definition, String json) {
        return new RowRules(definition, FixedTime.ids())
                .insert((Value.Document) JsonText.read(json.replace('\'', '"')), 0);
    }

    /** The values of the first index's entries for a row, as JSON. */
    private static List<String> values(CollectionDefinition definition, String json) {
        IndexDefinition index = definition.indexes().getFirst();
        return new IndexEntries(definition)
                .entries(index.id(), row(definition, json)).stream()
                        .map(entry ->
                                JsonText.write(
                                        new Value.Array(EntryFormat.parts(index, entry.bytes()))))
                        .toList();
    }

    @Test
    void goldenEntriesHaveIndexPartsAndPrimaryKey() throws IOException {
        CollectionDefinition definition =
                indexed(
                        NewIndex.of("a", IndexPart.of("a")),
                        NewIndex.unique(
                                "b",
                                IndexPart.of("b").ordered(KeyOrder.DESCENDING),
                                IndexPart.eachOf("tags")));
        List<String> actual =
                new IndexEntries(definition)
                                .changes(
                                        null,
                                        row(definition, "{'id': 7, 'a': 'x', 'tags': [2, 1.5]}"))
                                .added()
                                .stream()
                                .map(entry -> HexFormat.of().formatHex(entry.bytes()))
                                .toList();
        assertThat(actual).isEqualTo(Golden.lines("index-entries-v1.txt"));
    }

    @Test
    void eachDifferentElementHasOneEntryAndAnEmptyArrayNone() {
        CollectionDefinition tags = indexed(NewIndex.of("i", IndexPart.eachOf("tags")));
        assertThat(values(tags, "{'id': 1, 'tags': ['b', 'a', 'b', null]}"))
                .containsExactly("[\"a\"]", "[\"b\"]", "[null]");
        assertThat(values(tags, "{'id': 1, 'tags': [1, 1.0]}")).containsExactly("[1]");
        assertThat(values(tags, "{'id': 1, 'tags': []}")).isEmpty();
        assertThat(values(tags, "{'id': 1, 'tags': null}")).isEmpty();
        assertThat(values(tags, "{'id': 1}")).isEmpty();
        assertThat(values(tags, "{'id': 1, 'tags': 'one'}")).containsExactly("[\"one\"]");
        CollectionDefinition names =
                indexed(
                        NewIndex.of(
                                "i",
                                new IndexPart(
                                        new IndexPart.EachElement(
                                                FieldPath.of("items"), List.of("name")),
                                        KeyOrder.ASCENDING)));
        assertThat(values(names, "{'id': 1, 'items': [{'name': 'x'}, {'name': 'x'}, 5]}"))
                .containsExactly("[\"x\"]", "[null]");
    }

    @Test
    void aPartialIndexHoldsOnlyRowsForWhichItsPredicateIsTrue() {
        CollectionDefinition adults =
                indexed(NewIndex.of("i", IndexPart.of("name")).where(field("age").ge(18)));
        assertThat(values(adults, "{'id': 1, 'name': 'x', 'age': 18}")).hasSize(1);
        assertThat(values(adults, "{'id': 1, 'name': 'x', 'age': 17}")).isEmpty();
        assertThat(values(adults, "{'id': 1, 'name': 'x'}")).isEmpty();
    }

    @Test
    void nullsClaimNothingUnlessTheIndexSaysSo() {
        CollectionDefinition unique =
                indexed(
                        NewIndex.unique("i", IndexPart.of("a"), IndexPart.of("b")),
                        new NewIndex(
                                "j",
                                io.nodedb.document.definition.Uniqueness.UNIQUE_NULLS_NOT_DISTINCT,
                                List.of(IndexPart.of("a"), IndexPart.of("b")),
                                null));
        List<IndexEntry> entries =
                new IndexEntries(unique).changes(null, row(unique, "{'id': 1, 'a': 1}")).added();
        assertThat(entries)
                .extracting(IndexEntry::claim)
                .containsExactly(IndexEntry.Claim.SHARED, IndexEntry.Claim.UNIQUE);
        IndexEntry other =
                new IndexEntries(unique)
                        .entries(2, row(unique, "{'id': 2, 'a': 1.0, 'b': null}"))
                        .getFirst();
        assertThat(other.claimed()).isEqualTo(entries.getLast().claimed());
    }

    @Test
    void anUpdateTouchesOnlyIndexesWhoseValuesChange() {
        CollectionDefinition definition =
                indexed(
                        NewIndex.of("a", IndexPart.of("a")),
                        NewIndex.of("t", IndexPart.eachOf("tags")),
                        NewIndex.of("l", IndexPart.computed(call("lower", field("name")))));
        RowRules rules = new RowRules(definition, FixedTime.ids());
        PreparedRow before =
                row(definition, "{'id': 1, 'a': 1, 'tags': ['x', 'y'], 'name': 'Ann'}");
        PreparedRow after =
                rules.patch(
                                before.key(),
                                before.row(),
                                new RowPatch()
                                        .set(FieldPath.of("name"), Value.of("ANN"))
                                        .set(FieldPath.of("tags", "0"), Value.of("z")),
                                0)
                        .orElseThrow();
        IndexChanges changes = new IndexEntries(definition).changes(before, after);
        IndexDefinition tags = definition.index("t").orElseThrow();
        assertThat(changes.removed())
                .singleElement()
                .satisfies(entry ->
                        assertThat(EntryFormat.parts(tags, entry.bytes()))
                                .containsExactly(Value.of("x")));
        assertThat(changes.added())
                .singleElement()
                .satisfies(entry ->
                        assertThat(EntryFormat.parts(tags, entry.bytes()))
                                .containsExactly(Value.of("z")));
        assertThat(new IndexEntries(definition).changes(before, null).removed()).hasSize(4);
    }

    @Test
    void aRowThatAnExpressionFailsForIsRefusedButCanBeReplaced() {
        CollectionDefinition definition =
                indexed(NewIndex.of("i", IndexPart.computed(field("a").cast(Type.INT4))));
        IndexEntries entries = new IndexEntries(definition);
        PreparedRow bad = row(definition, "{'id': 1, 'a': 'x'}");
        assertThatThrownBy(() -> entries.changes(null, bad))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_TEXT));
        IndexChanges fixed = entries.changes(bad, row(definition, "{'id': 1, 'a': '5'}"));
        assertThat(fixed.removed()).isEmpty();
        assertThat(fixed.added()).hasSize(1);
    }

    @Test
    void entriesOverTheirBoundsAreRefusedWithTheIndexsName() {
        CollectionDefinition definition =
                indexed(
                        NewIndex.of("i", IndexPart.of("a")),
                        NewIndex.of("t", IndexPart.eachOf("t")));
        IndexEntries entries = new IndexEntries(definition);
        String large = "x".repeat(DocumentLimits.MAX_ENTRY_BYTES);
        PreparedRow row = row(definition, "{'id': 1, 'a': '" + large + "'}");
        assertThatThrownBy(() -> entries.changes(null, row))
                .isInstanceOf(NodeDbException.class)
                .hasMessageContaining("index=\"i\" bytes=");
        List<Value> many = new ArrayList<>();
        for (int i = 0; i <= DocumentLimits.MAX_ENTRIES_PER_ROW; i++) {
            many.add(Value.of(i));
        }
        PreparedRow wide =
                new RowRules(definition, FixedTime.ids())
                        .insert(
                                new Value.Document(
                                        Map.of("id", Value.of(1), "t", new Value.Array(many))),
                                0);
        assertThatThrownBy(() -> entries.changes(null, wide))
                .isInstanceOf(NodeDbException.class)
                .hasMessageContaining("index=\"t\" elements=10001 limit=10000");
    }

    @Test
    void strictRowsOfOlderVersionsAreIndexedByTheDefaultOfAnAddedColumn() {
        CollectionDefinition old =
                CollectionDefinition.strict(PrimaryKey.of("id"), NewColumn.of("id", Type.INT8));
        PreparedRow row = row(old, "{'id': 1}");
        CollectionDefinition changed =
                old.addColumn(
                                NewColumn.of("n", Type.INT4)
                                        .withDefault(io.nodedb.plan.expression.Exprs.of(5)),
                                0)
                        .addIndex(NewIndex.of("i", IndexPart.of("n")));
        IndexDefinition index = changed.indexes().getFirst();
        IndexEntry entry = new IndexEntries(changed).entries(index.id(), row).getFirst();
        assertThat(EntryFormat.parts(index, entry.bytes())).containsExactly(Value.of(5L));
    }

    @Test
    void rangesLeaveNullsOutAndFollowThePartsOrder() {
        for (KeyOrder order : KeyOrder.values()) {
            CollectionDefinition definition =
                    indexed(NewIndex.of("i", IndexPart.of("a").ordered(order)));
            IndexDefinition index = definition.indexes().getFirst();
            EntryRange range =
                    EntryRange.between(
                            index,
                            List.of(),
                            EntryRange.Bound.excluding(Value.of(1)),
                            EntryRange.Bound.including(Value.of(3)));
            List<Integer> found = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                PreparedRow row = row(definition, "{'id': 1, 'a': " + i + "}");
                if (range.contains(
                        new IndexEntries(definition).entries(1, row).getFirst().bytes())) {
                    found.add(i);
                }
            }
            assertThat(found).as("%s", order).containsExactly(2, 3);
            byte[] none =
                    new IndexEntries(definition)
                            .entries(1, row(definition, "{'id': 1}"))
                            .getFirst()
                            .bytes();
            assertThat(EntryRange.between(index, List.of(), null, null).contains(none)).isFalse();
            assertThat(EntryRange.equalTo(index, List.of(Value.NULL)).contains(none)).isTrue();
            assertThat(EntryRange.equalTo(index, List.of()).contains(none)).isTrue();
        }
    }
}
