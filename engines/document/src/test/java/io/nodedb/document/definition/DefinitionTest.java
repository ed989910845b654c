package io.nodedb.document.definition;

import static io.nodedb.plan.expression.Exprs.call;
import static io.nodedb.plan.expression.Exprs.field;
import static io.nodedb.plan.expression.Exprs.of;
import static io.nodedb.plan.expression.Exprs.parameter;
import static io.nodedb.plan.expression.Exprs.quoted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;
import io.nodedb.document.tuple.TupleView;
import io.nodedb.document.tuple.TupleWriter;
import io.nodedb.plan.expression.Expr;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class DefinitionTest {
    static CollectionDefinition people() {
        return CollectionDefinition.strict(
                PrimaryKey.of("id"),
                NewColumn.of("id", Type.INT8),
                NewColumn.of("name", Type.varchar(40)).notNull(),
                NewColumn.of("born", Type.DATE).withDefault(quoted("2000-01-01")),
                NewColumn.of("tags", Type.array(Type.TEXT)),
                NewColumn.of("extra", Type.JSON),
                NewColumn.of("shout", Type.TEXT).generatedAs(call("upper", field("name"))));
    }

    private static CollectionDefinition loose() {
        return CollectionDefinition.schemaless(PrimaryKey.generated("id"));
    }

    private static void assertRefused(ErrorCode code, String words, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NodeDbException.class, error -> assertThat(error.code()).isEqualTo(code))
                .hasMessageContaining(words);
    }

    @Test
    void eachChangeGivesTheNextVersionAndLeavesTheOldOne() {
        CollectionDefinition first = people();
        CollectionDefinition second = first.addColumn(NewColumn.of("age", Type.INT4), 0);
        CollectionDefinition third = second.addIndex(NewIndex.of("by_age", IndexPart.of("age")));
        assertThat(List.of(first.version(), second.version(), third.version()))
                .containsExactly(1, 2, 3);
        assertThat(List.of(first.rowVersion(), second.rowVersion(), third.rowVersion()))
                .containsExactly(0, 1, 1);
        assertThat(first.column("age")).isEmpty();
    }

    @Test
    void columnsAreNamedOnceAndByNamesOfAnyCharacters() {
        assertRefused(
                ErrorCode.DUPLICATE_COLUMN,
                "column \"name\" specified more than once",
                () -> people().addColumn(NewColumn.of("name", Type.TEXT), 0));
        for (String name : List.of(" ", "ä b", "\"quoted\"", "a.b", "😀", "\u0000", "select")) {
            CollectionDefinition named = people().renameColumn("extra", name);
            assertThat(named.column(name)).isPresent();
            assertThat(DefinitionFormat.read(DefinitionFormat.write(named))).isEqualTo(named);
        }
        assertRefused(ErrorCode.INVALID_NAME, "bytes=0", () -> people().renameColumn("extra", ""));
        assertRefused(
                ErrorCode.INVALID_NAME,
                "bytes=256",
                () -> people().renameColumn("extra", "ä".repeat(128)));
        assertRefused(
                ErrorCode.INVALID_CHARACTER,
                "surrogate",
                () -> people().renameColumn("extra", "\uD800"));
    }

    @Test
    void droppedColumnsKeepTheirIdsAndCountAgainstTheLimit() {
        CollectionDefinition again =
                people().dropColumn("extra").addColumn(NewColumn.of("extra", Type.INT4), 0);
        assertThat(again.column("extra").orElseThrow().id()).isEqualTo(7);
        assertThat(again.columns()).hasSize(7);
        NewColumn[] most =
                IntStream.range(0, DefinitionLimits.MAX_COLUMNS)
                        .mapToObj(i -> NewColumn.of("c" + i, Type.INT4))
                        .toArray(NewColumn[]::new);
        CollectionDefinition full =
                CollectionDefinition.strict(PrimaryKey.of("c0"), most).dropColumn("c1");
        assertRefused(
                ErrorCode.TOO_MANY_COLUMNS,
                "columns=1601",
                () -> full.addColumn(NewColumn.of("x", Type.INT4), 0));
    }

    @Test
    void rowsOfOlderVersionsReadWhatAnAddedColumnHadAsDefaultThen() {
        CollectionDefinition old =
                CollectionDefinition.strict(PrimaryKey.of("id"), NewColumn.of("id", Type.INT4));
        byte[] row = new TupleWriter(old.schemaHistory()).write(List.of(Value.of(1)));
        CollectionDefinition changed =
                old.addColumn(NewColumn.of("gone", Type.TEXT), 0)
                        .addColumn(
                                NewColumn.of("at", Type.TIMESTAMPTZ)
                                        .notNull()
                                        .withDefault(call("now")),
                                77)
                        .dropColumn("gone")
                        .withSource("at", ColumnSource.GIVEN)
                        .renameColumn("at", "when");
        TupleView view = new TupleView(changed.schemaHistory()).wrap(row);
        assertThat(view.value(1)).isEqualTo(new Value.TimestampTz(77));
        assertThat(changed.standingColumns().stream().map(ColumnDefinition::name))
                .containsExactly("id", "when");
    }

    @Test
    void defaultsAreOfTheColumnsTypeAndNameNoColumn() {
        assertRefused(
                ErrorCode.INVALID_TEXT,
                "integer",
                () -> added(NewColumn.of("n", Type.INT4).withDefault(quoted("x"))));
        assertRefused(
                ErrorCode.TYPE_MISMATCH,
                "integer",
                () -> added(NewColumn.of("n", Type.INT4).withDefault(of("7"))));
        assertRefused(
                ErrorCode.UNSUPPORTED,
                "column reference",
                () -> added(NewColumn.of("n", Type.INT8).withDefault(field("id"))));
        assertRefused(
                ErrorCode.UNDEFINED_PARAMETER,
                "$1",
                () -> added(NewColumn.of("n", Type.INT8).withDefault(parameter(1))));
        assertRefused(
                ErrorCode.NOT_NULL_VIOLATION,
                "column=\"n\"",
                () -> added(NewColumn.of("n", Type.INT8).notNull()));
        ColumnDefinition column =
                added(NewColumn.of("n", Type.decimal(4, 1)).withDefault(of(2.25)))
                        .column("n")
                        .orElseThrow();
        assertThat(column.missing()).isEqualTo(Value.of(new java.math.BigDecimal("2.3")));
    }

    private static CollectionDefinition added(NewColumn column) {
        return people().addColumn(column, 0);
    }

    @Test
    void generatedColumnsAreOverOthersAndTheSameAtAnyTime() {
        assertRefused(
                ErrorCode.INVALID_OBJECT_DEFINITION,
                "generated column \"b\"",
                () -> generated(field("b").plus(1)));
        assertRefused(
                ErrorCode.INVALID_OBJECT_DEFINITION,
                "immutable",
                () -> generated(call("extract_epoch", call("now"))));
        assertRefused(ErrorCode.UNDEFINED_COLUMN, "\"c\"", () -> generated(field("c")));
        assertRefused(ErrorCode.TYPE_MISMATCH, "boolean", () -> generated(field("a").eq(1)));
        assertRefused(
                ErrorCode.UNSUPPORTED,
                "generated column can't be added",
                () -> added(NewColumn.of("n", Type.INT8).generatedAs(field("id"))));
        assertThat(generated(field("a").times(2)).column("b")).isPresent();
    }

    private static CollectionDefinition generated(Expr expression) {
        return CollectionDefinition.strict(
                PrimaryKey.of("a"),
                NewColumn.of("a", Type.INT4),
                NewColumn.of("b", Type.INT4).generatedAs(expression));
    }

    @Test
    void primaryKeysNameColumnsOnceAndGeneratedOnesHoldAUuid() {
        assertRefused(ErrorCode.UNDEFINED_COLUMN, "\"x\"", () -> keyed(PrimaryKey.of("x")));
        assertRefused(ErrorCode.DUPLICATE_COLUMN, "twice", () -> keyed(PrimaryKey.of("a", "a")));
        assertRefused(
                ErrorCode.INVALID_DEFINITION, "integer", () -> keyed(PrimaryKey.generated("a")));
        assertRefused(
                ErrorCode.INVALID_DEFINITION,
                "without columns",
                () -> keyed(new PrimaryKey(List.of(), KeySource.GIVEN)));
        assertThat(keyed(PrimaryKey.HIDDEN).primaryKey().isHidden()).isTrue();
        assertThat(keyed(PrimaryKey.generated("t")).primaryKey().source())
                .isEqualTo(KeySource.GENERATED);
    }

    private static CollectionDefinition keyed(PrimaryKey key) {
        return CollectionDefinition.strict(
                key, NewColumn.of("a", Type.INT4), NewColumn.of("t", Type.TEXT));
    }

    @Test
    void aRenameReachesKeysChecksIndexesAndGeneratedColumns() {
        CollectionDefinition renamed =
                people().addCheck("named", field("name").ne(""))
                        .addForeignKey(
                                new ForeignKey(
                                        "boss",
                                        List.of(FieldPath.of("name")),
                                        ForeignKey.SELF,
                                        List.of(FieldPath.of("name")),
                                        ReferenceAction.RESTRICT,
                                        ReferenceAction.NO_ACTION))
                        .addIndex(
                                NewIndex.of(
                                                "by_name",
                                                IndexPart.of("name"),
                                                IndexPart.computed(call("length", field("name"))))
                                        .where(field("name").isNotNull()))
                        .renameColumn("name", "title")
                        .renameColumn("id", "key");
        assertThat(renamed.toString()).doesNotContain("[name]").doesNotContain("steps=[id]");
        assertThat(renamed.primaryKey()).isEqualTo(PrimaryKey.of("key"));
        assertThat(renamed.index("by_name").orElseThrow().parts().getFirst())
                .isEqualTo(IndexPart.of("title"));
    }

    @Test
    void aDroppedColumnTakesItsIndexesAndConstraintsAndNothingElse() {
        CollectionDefinition before =
                people().addCheck("young", field("born").gt(quoted("1900-01-01")))
                        .addCheck("named", field("name").ne(""))
                        .addIndex(NewIndex.of("by_born", IndexPart.of("born")))
                        .addIndex(
                                NewIndex.of("named", IndexPart.of("name"))
                                        .where(field("born").isNull()))
                        .addIndex(NewIndex.of("by_name", IndexPart.of("name")));
        CollectionDefinition after = before.dropColumn("born");
        assertThat(after.checks()).extracting(CheckConstraint::name).containsExactly("named");
        assertThat(after.indexes()).extracting(IndexDefinition::name).containsExactly("by_name");
        assertRefused(ErrorCode.DEPENDENT_OBJECTS, "primary key", () -> before.dropColumn("id"));
        assertRefused(ErrorCode.DEPENDENT_OBJECTS, "\"shout\"", () -> before.dropColumn("name"));
        assertRefused(ErrorCode.UNDEFINED_COLUMN, "\"nope\"", () -> before.dropColumn("nope"));
    }

    @Test
    void typesWidenInPlaceOnly() {
        assertThat(people().widenColumn("name", Type.TEXT).rowVersion()).isZero();
        assertRefused(
                ErrorCode.UNSUPPORTED,
                "wanted=character varying(3)",
                () -> people().widenColumn("name", Type.varchar(3)));
        assertRefused(
                ErrorCode.UNSUPPORTED,
                "wanted=integer",
                () -> people().widenColumn("born", Type.INT4));
    }

    @Test
    void indexIdsAreNeverGivenAgain() {
        CollectionDefinition indexed =
                loose().addIndex(NewIndex.of("a", IndexPart.of("x")))
                        .dropIndex("a")
                        .addIndex(NewIndex.unique("a", IndexPart.eachOf("tags")))
                        .withIndexReady("a")
                        .renameIndex("a", "b");
        IndexDefinition index = indexed.index("b").orElseThrow();
        assertThat(index.id()).isEqualTo(2);
        assertThat(index.state()).isEqualTo(IndexState.READY);
        assertRefused(ErrorCode.UNDEFINED_OBJECT, "\"a\"", () -> indexed.dropIndex("a"));
        assertRefused(
                ErrorCode.DUPLICATE_RELATION,
                "\"b\"",
                () -> indexed.addIndex(NewIndex.of("b", IndexPart.of("x"))));
    }

    @Test
    void indexesAreOverWhatStaysTheSameAndOneArrayAtMost() {
        assertRefused(
                ErrorCode.INVALID_OBJECT_DEFINITION,
                "immutable",
                () -> indexed(IndexPart.computed(call("age", field("born")))));
        assertRefused(ErrorCode.UNDEFINED_COLUMN, "\"x\"", () -> indexed(IndexPart.of("x")));
        assertRefused(
                ErrorCode.UNDEFINED_COLUMN,
                "\"name.first\"",
                () -> indexed(IndexPart.of("name", "first")));
        assertRefused(ErrorCode.TYPE_MISMATCH, "array", () -> indexed(IndexPart.eachOf("name")));
        assertRefused(
                ErrorCode.INVALID_DEFINITION,
                "one array",
                () -> indexed(IndexPart.eachOf("tags"), IndexPart.eachOf("extra")));
        assertThat(indexed(IndexPart.of("extra", "a", "b")).indexes()).hasSize(1);
    }

    private static CollectionDefinition indexed(IndexPart... parts) {
        return people().addIndex(NewIndex.of("i", parts));
    }

    @Test
    void foreignKeysNameAsManyFieldsOnBothSides() {
        assertRefused(
                ErrorCode.INVALID_FOREIGN_KEY,
                "referencing=1 referenced=2",
                () ->
                        people().addForeignKey(
                                        new ForeignKey(
                                                "f",
                                                List.of(FieldPath.of("id")),
                                                17,
                                                List.of(FieldPath.of("a"), FieldPath.of("b")),
                                                ReferenceAction.CASCADE,
                                                ReferenceAction.NO_ACTION)));
        assertRefused(ErrorCode.UNDEFINED_OBJECT, "\"f\"", () -> people().dropConstraint("f"));
    }

    @Test
    void guardsAreOnePerFieldAndHaveADefaultOrAreComputed() {
        FieldGuard guard = FieldGuard.of(FieldPath.of("a", "b"), Type.INT4, Type.TEXT);
        CollectionDefinition guarded = loose().withGuard(guard).withGuard(guard.asRequired());
        assertThat(guarded.guards()).containsExactly(guard.asRequired());
        assertThat(guarded.withoutGuard(guard.path()).guards()).isEmpty();
        assertRefused(
                ErrorCode.INVALID_DEFINITION,
                "not both",
                () -> loose().withGuard(guard.withDefault(of(1)).computedAs(of(2))));
        assertRefused(
                ErrorCode.INVALID_OBJECT_DEFINITION,
                "computed",
                () ->
                        loose().withGuard(guard.computedAs(field("x")))
                                .withGuard(
                                        FieldGuard.of(FieldPath.of("y"))
                                                .computedAs(field("a", "b"))));
        assertRefused(ErrorCode.INVALID_DEFINITION, "columns", () -> people().withGuard(guard));
        assertRefused(
                ErrorCode.INVALID_DEFINITION,
                "no columns",
                () -> loose().addColumn(NewColumn.of("a", Type.TEXT), 0));
    }

    @Test
    void whatIsNestedTooDeepIsRefusedByName() {
        Expr deep = field("a");
        for (int i = 0; i < 100_000; i++) {
            deep = deep.not();
        }
        Expr deepest = deep;
        assertRefused(
                ErrorCode.PROGRAM_LIMIT,
                "nested too deep",
                () -> loose().addCheck("deep", deepest));
    }

    @Test
    void stepsOfAChangeAreMadeInTheirOrder() {
        CollectionDefinition after =
                new DefinitionChange()
                        .addColumn(NewColumn.of("age", Type.INT4).withDefault(of(1)))
                        .renameColumn("age", "years")
                        .addCheck("old", field("years").gt(0))
                        .setNotNull("years")
                        .dropDefault("born")
                        .widenColumn("name", Type.TEXT)
                        .dropColumn("extra")
                        .apply(people(), 0);
        assertThat(after)
                .isEqualTo(
                        people().addColumn(NewColumn.of("age", Type.INT4).withDefault(of(1)), 0)
                                .renameColumn("age", "years")
                                .addCheck("old", field("years").gt(0))
                                .withNullability("years", Nullability.NOT_NULL)
                                .withSource("born", ColumnSource.GIVEN)
                                .widenColumn("name", Type.TEXT)
                                .dropColumn("extra"));
        FieldGuard guard = FieldGuard.of(FieldPath.of("a"), Type.INT4);
        assertThat(
                        new DefinitionChange()
                                .setGuard(guard)
                                .dropGuard(FieldPath.of("a"))
                                .apply(loose(), 0)
                                .guards())
                .isEmpty();
        assertRefused(
                ErrorCode.UNDEFINED_COLUMN,
                "extra",
                () ->
                        new DefinitionChange()
                                .dropColumn("extra")
                                .renameColumn("extra", "more")
                                .apply(people(), 0));
    }

    @Test
    void changeSaysWhetherRowsThatStandMayBreakIt() {
        DefinitionChange change = new DefinitionChange().dropNotNull("name").dropColumn("tags");
        assertThat(change.restrictsRows()).isFalse();
        assertThat(change.setNotNull("born").restrictsRows()).isTrue();
        assertThat(change.addCheck("c", field("id").gt(0)).restrictsRows()).isTrue();
    }

    @Test
    void definitionsAreComparedByWhatTheySayNotByHowTheyCameToBe() {
        CollectionDefinition evolved =
                people().addColumn(NewColumn.of("more", Type.INT4), 0)
                        .dropColumn("more")
                        .addCheck("one", field("id").gt(0))
                        .addCheck("two", field("id").gt(1));
        assertThat(evolved.saysTheSameAs(people())).isFalse();
        assertThat(
                        evolved.saysTheSameAs(
                                people().addCheck("two", field("id").gt(1))
                                        .addCheck("one", field("id").gt(0))))
                .isTrue();
        assertThat(people().withNullability("born", Nullability.NOT_NULL).saysTheSameAs(people()))
                .isFalse();
        assertThat(people().withSource("born", ColumnSource.GIVEN).saysTheSameAs(people()))
                .isFalse();
        assertThat(people().addIndex(NewIndex.of("i", IndexPart.of("id"))).saysTheSameAs(people()))
                .isFalse();
        assertThat(loose().saysTheSameAs(CollectionDefinition.schemaless(PrimaryKey.HIDDEN)))
                .isFalse();
    }
}
