package io.nodedb.document.rules;

import static io.nodedb.plan.expression.Exprs.call;
import static io.nodedb.plan.expression.Exprs.field;
import static io.nodedb.plan.expression.Exprs.of;
import static io.nodedb.plan.expression.Exprs.quoted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.JsonText;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;
import io.nodedb.document.DocumentLimits;
import io.nodedb.document.binary.DocumentJson;
import io.nodedb.document.binary.DocumentWriter;
import io.nodedb.document.definition.CollectionDefinition;
import io.nodedb.document.definition.FieldGuard;
import io.nodedb.document.definition.FieldPath;
import io.nodedb.document.definition.NewColumn;
import io.nodedb.document.definition.Nullability;
import io.nodedb.document.definition.PrimaryKey;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RowRulesTest {
    private static final long NOW = 5_000_000;

    static CollectionDefinition orders() {
        return CollectionDefinition.strict(
                        PrimaryKey.of("id"),
                        NewColumn.of("id", Type.INT4),
                        NewColumn.of("price", Type.decimal(8, 2)).notNull(),
                        NewColumn.of("count", Type.INT2).withDefault(of(1)),
                        NewColumn.of("at", Type.TIMESTAMPTZ).withDefault(call("now")),
                        NewColumn.of("tags", Type.array(Type.INT4)),
                        NewColumn.of("extra", Type.JSON),
                        NewColumn.of("total", Type.DECIMAL)
                                .generatedAs(field("price").times(field("count"))))
                .addCheck("cheap", field("price").lt(1_000));
    }

    private static RowRules strict() {
        return new RowRules(orders(), FixedTime.ids());
    }

    private static RowRules loose(FieldGuard... guards) {
        CollectionDefinition definition =
                CollectionDefinition.schemaless(PrimaryKey.generated("id"));
        for (FieldGuard guard : guards) {
            definition = definition.withGuard(guard);
        }
        return new RowRules(definition, FixedTime.ids());
    }

    private static FieldGuard guard(String field, Type... types) {
        return FieldGuard.of(FieldPath.of(field), types);
    }

    static Value.Document json(String text) {
        return (Value.Document) JsonText.read(text.replace('\'', '"'));
    }

    private static Value.Document stored(RowRules rules, String text) {
        return rules.reader().wrap(rules.insert(json(text), NOW).row()).toDocument();
    }

    private static void assertRefused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
    }

    private static void assertRefused(
            ErrorCode code, String field, String words, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RowRefusedException.class,
                        refused -> {
                            assertThat(refused.code()).isEqualTo(code);
                            assertThat(refused.field().map(FieldPath::toString).orElse(""))
                                    .isEqualTo(field);
                        })
                .hasMessageContaining(words);
    }

    @Test
    void aStrictRowGetsDefaultsTypesAndGeneratedColumns() {
        assertThat(
                        stored(
                                        strict(),
                                        "{'id': '7', 'price': 2.345, 'tags': [1, 2.0], 'extra': 'x'}")
                                .fields())
                .containsExactly(
                        Map.entry("id", Value.of(7)),
                        Map.entry("price", Value.of(new BigDecimal("2.35"))),
                        Map.entry("count", new Value.Int2((short) 1)),
                        Map.entry("at", new Value.TimestampTz(NOW)),
                        Map.entry("tags", new Value.Array(List.of(Value.of(1), Value.of(2)))),
                        Map.entry("extra", Value.of("x")),
                        Map.entry("total", Value.of(new BigDecimal("2.35"))));
        assertThat(stored(strict(), "{'id': 1, 'price': 2, 'at': null}").field("at"))
                .contains(Value.NULL);
    }

    @Test
    void aStrictRowIsRefusedWithTheColumnAndPostgresqlsState() {
        RowRules rules = strict();
        assertRefused(
                ErrorCode.UNDEFINED_COLUMN,
                "prise",
                "column \"prise\" does not exist",
                () -> rules.insert(json("{'id': 1, 'prise': 1}"), NOW));
        assertRefused(
                ErrorCode.NOT_NULL_VIOLATION,
                "price",
                "\"price\" violates not-null",
                () -> rules.insert(json("{'id': 1}"), NOW));
        assertRefused(
                ErrorCode.INVALID_TEXT,
                "id",
                "field=id",
                () -> rules.insert(json("{'id': 'one', 'price': 1}"), NOW));
        assertRefused(
                ErrorCode.OVERFLOW,
                "count",
                "smallint",
                () -> rules.insert(json("{'id': 1, 'price': 1, 'count': 40000}"), NOW));
        assertRefused(
                ErrorCode.TYPE_MISMATCH,
                "at",
                "bigint",
                () -> rules.insert(json("{'id': 1, 'price': 1, 'at': 5}"), NOW));
        assertRefused(
                ErrorCode.CONSTRAINT_REJECTED,
                "",
                "\"cheap\"",
                () -> rules.insert(json("{'id': 1, 'price': 1000}"), NOW));
        assertRefused(
                ErrorCode.GENERATED_ALWAYS,
                "total",
                "\"total\"",
                () -> rules.insert(json("{'id': 1, 'price': 1, 'total': 9}"), NOW));
        assertRefused(
                ErrorCode.NOT_NULL_VIOLATION,
                "id",
                "primary key",
                () -> rules.insert(json("{'price': 1}"), NOW));
    }

    @Test
    void aRowThatWasReadCanBeWrittenAgain() {
        RowRules rules = strict();
        PreparedRow row = rules.insert(json("{'id': 1, 'price': 3, 'count': 4}"), NOW);
        Value.Document read = rules.reader().wrap(row.row()).toDocument();
        PreparedRow again = rules.insert(read, NOW + 1);
        assertThat(again.key()).isEqualTo(row.key());
        assertThat(again.row()).isEqualTo(row.row());
    }

    @Test
    void generatedIdsAreTextUnlessTheFieldIsAUuid() {
        Value id = stored(loose(), "{'a': 1}").field("id").orElseThrow();
        assertThat(((Value.Text) id).value()).matches("[0-9a-f-]{36}").startsWith("00000000-03e8");
        Value uuid = stored(loose(guard("id", Type.UUID)), "{}").field("id").orElseThrow();
        assertThat(uuid).isInstanceOf(Value.Uuid.class);
        assertThat(stored(loose(), "{'id': 5}").field("id")).contains(Value.of(5L));
        RowRules hidden =
                new RowRules(CollectionDefinition.schemaless(PrimaryKey.HIDDEN), FixedTime.ids());
        PreparedRow first = hidden.insert(json("{}"), NOW);
        assertThat(first.key()).isNotEqualTo(hidden.insert(json("{}"), NOW).key());
        assertThat(hidden.reader().wrap(first.row()).toDocument().fields()).isEmpty();
    }

    @Test
    void keysOfValuesFindRowsWhateverTheTypeOfTheNumber() {
        RowRules rules = strict();
        byte[] key = rules.insert(json("{'id': 12, 'price': 1}"), NOW).key();
        assertThat(rules.key(List.of(Value.of("12")))).isEqualTo(key);
        assertThat(rules.key(List.of(Value.of(12L)))).isEqualTo(key);
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                "",
                "given=2 parts=1",
                () -> rules.key(List.of(Value.of(1), Value.of(2))));
    }

    @Test
    void guardsFillComputeTypeAndCheckFields() {
        RowRules rules =
                loose(
                        guard("at", Type.TIMESTAMPTZ).withDefault(call("now")),
                        guard("n", Type.INT4, Type.TEXT).asRequired(),
                        guard("twice").computedAs(field("n").times(2)),
                        FieldGuard.of(FieldPath.of("a", "b"), Type.DATE)
                                .withDefault(quoted("2020-02-02")),
                        guard("p").withCheck(field("p").gt(0)));
        Value.Document row = stored(rules, "{'id': 'k', 'n': 2.0, 'p': null}");
        assertThat(row.field("at")).contains(new Value.TimestampTz(NOW));
        assertThat(row.field("n")).contains(Value.of(2));
        assertThat(row.field("twice")).contains(Value.of(4));
        assertThat(row.field("a").orElseThrow())
                .isEqualTo(new Value.Document(Map.of("b", new Value.Date(18_294))));
        assertRefused(
                ErrorCode.TYPE_GUARD_VIOLATION,
                "n",
                "allowed=integer, text",
                () -> rules.insert(json("{'n': 2.5}"), NOW));
        assertRefused(
                ErrorCode.NOT_NULL_VIOLATION, "n", "missing", () -> rules.insert(json("{}"), NOW));
        assertRefused(
                ErrorCode.TYPE_GUARD_VIOLATION,
                "p",
                "check",
                () -> rules.insert(json("{'n': 1, 'p': 0}"), NOW));
        assertRefused(
                ErrorCode.GENERATED_ALWAYS,
                "twice",
                "twice",
                () -> rules.insert(json("{'n': 1, 'twice': 3}"), NOW));
    }

    @Test
    void aDocumentThatNoRuleChangesKeepsItsBytes() {
        byte[] document = DocumentJson.read("{\"id\": 1, \"b\": [2]}", new DocumentWriter());
        assertThat(loose().insert(document, NOW).row()).isSameAs(document);
        byte[] array = DocumentJson.read("[1]", new DocumentWriter());
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                "",
                "A row is an object",
                () -> loose().insert(array, NOW));
    }

    @Test
    void rowsAndKeysOverTheirBoundsAreRefused() {
        Value large = Value.of("x".repeat(DocumentLimits.MAX_DOCUMENT_BYTES));
        assertThatThrownBy(() -> loose().insert(new Value.Document(Map.of("a", large)), NOW))
                .isInstanceOf(NodeDbException.class)
                .hasMessageContaining("limit=16777216");
        Value id = Value.of("x".repeat(DocumentLimits.MAX_PRIMARY_KEY_BYTES));
        assertRefused(
                ErrorCode.PROGRAM_LIMIT,
                "id",
                "limit=8192",
                () -> loose().insert(new Value.Document(Map.of("id", id)), NOW));
        Value deep = Value.NULL;
        for (int i = 0; i < DocumentLimits.MAX_NESTING; i++) {
            deep = new Value.Array(List.of(deep));
        }
        Value.Document deepRow = new Value.Document(Map.of("id", deep));
        assertThatThrownBy(() -> loose().insert(deepRow, NOW))
                .isInstanceOf(NodeDbException.class)
                .hasMessageContaining("nested too deep");
    }

    private static Optional<Value.Document> patched(RowRules rules, String row, RowPatch patch) {
        PreparedRow before = rules.insert(json(row), NOW);
        return rules.patch(before.key(), before.row(), patch, NOW)
                .map(after -> rules.reader().wrap(after.row()).toDocument());
    }

    @Test
    void aPatchChangesItsFieldsAndRunsTheRulesAgain() {
        FieldPath price = FieldPath.of("price");
        Value.Document row =
                patched(
                                strict(),
                                "{'id': 1, 'price': 2, 'count': 3}",
                                new RowPatch()
                                        .increment(price, Value.of(1))
                                        .set(FieldPath.of("extra", "a", "b"), Value.of("x"))
                                        .append(FieldPath.of("tags"), Value.of("5"))
                                        .remove(FieldPath.of("at")))
                        .orElseThrow();
        assertThat(row.field("price")).contains(Value.of(new BigDecimal("3.00")));
        assertThat(row.field("total")).contains(Value.of(new BigDecimal("9.00")));
        assertThat(row.field("at")).contains(Value.NULL);
        assertThat(row.field("tags")).contains(new Value.Array(List.of(Value.of(5))));
        assertThat(JsonText.write(row.field("extra").orElseThrow()))
                .isEqualTo("{\"a\": {\"b\": \"x\"}}");
        assertRefused(
                ErrorCode.CONSTRAINT_REJECTED,
                "",
                "cheap",
                () ->
                        patched(
                                strict(),
                                "{'id': 1, 'price': 999}",
                                new RowPatch().increment(price, Value.of(1))));
        assertRefused(
                ErrorCode.OVERFLOW,
                "n",
                "bigint",
                () ->
                        patched(
                                loose(),
                                "{'n': 9223372036854775807}",
                                new RowPatch().increment(FieldPath.of("n"), Value.of(1))));
    }

    @Test
    void aPatchThatChangesNoValueIsNoWrite() {
        RowPatch patch =
                new RowPatch()
                        .set(FieldPath.of("price"), Value.of(new BigDecimal("2.00")))
                        .remove(FieldPath.of("extra", "nothing"))
                        .increment(FieldPath.of("count"), Value.of(0));
        assertThat(patched(strict(), "{'id': 1, 'price': 2}", patch)).isEmpty();
        assertThat(
                        patched(
                                loose(),
                                "{'a': [1, 2]}",
                                new RowPatch().set(FieldPath.of("a", "-1"), Value.of(2L))))
                .isEmpty();
    }

    @Test
    void aPatchThroughAScalarOrOutsideAnArrayIsRefused() {
        assertRefused(
                ErrorCode.TYPE_MISMATCH,
                "a.b",
                "no object",
                () ->
                        patched(
                                loose(),
                                "{'a': 1}",
                                new RowPatch().set(FieldPath.of("a", "b"), Value.of(1))));
        assertRefused(
                ErrorCode.ARRAY_SUBSCRIPT,
                "a.3",
                "elements=1",
                () ->
                        patched(
                                loose(),
                                "{'a': [1]}",
                                new RowPatch().set(FieldPath.of("a", "3"), Value.of(1))));
        assertRefused(
                ErrorCode.TYPE_MISMATCH,
                "a",
                "incremented",
                () ->
                        patched(
                                loose(),
                                "{'a': 'x'}",
                                new RowPatch().increment(FieldPath.of("a"), Value.of(1))));
    }

    @Test
    void oldRowsReadAnAddedColumnsDefaultByNameIdAndPath() {
        RowRules old = strict();
        byte[] row = old.insert(json("{'id': 1, 'price': 2, 'extra': {'a': [7]}}"), NOW).row();
        CollectionDefinition changed =
                orders().addColumn(NewColumn.of("note", Type.TEXT).withDefault(of("none")), NOW)
                        .renameColumn("price", "amount");
        StoredRow reader = new RowRules(changed, FixedTime.ids()).reader().wrap(row);
        assertThat(reader.value(FieldPath.of("note"))).isEqualTo(Value.of("none"));
        assertThat(reader.column(8)).isEqualTo(Value.of("none"));
        assertThat(reader.value(FieldPath.of("amount"))).isEqualTo(reader.column(2));
        assertThat(reader.value(FieldPath.of("extra", "a", "-1"))).isEqualTo(Value.of(7L));
        assertRefused(
                ErrorCode.UNDEFINED_COLUMN, "", "price", () -> reader.value(FieldPath.of("price")));
    }

    /** A value that no row of the type can have is found nowhere, instead of its neighbour. */
    @Test
    void lookedUpKeyIsReadAndNeverRounded() {
        RowRules rules = strict();
        byte[] two = rules.key(List.of(Value.of(2)));
        assertThat(rules.key(List.of(Value.of("2")))).isEqualTo(two);
        assertThat(rules.key(List.of(Value.of(2.0)))).isEqualTo(two);
        assertThat(rules.key(List.of(Value.of(1.5)))).isNotEqualTo(two);
        assertThat(rules.key(List.of(Value.of(1L << 40)))).isNotEqualTo(two);
        assertRefused(ErrorCode.INVALID_TEXT, () -> rules.key(List.of(Value.of("2.5"))));

        RowRules priced =
                new RowRules(
                        CollectionDefinition.strict(
                                PrimaryKey.of("price", "day"),
                                NewColumn.of("price", Type.decimal(8, 2)),
                                NewColumn.of("day", Type.DATE)),
                        FixedTime.ids());
        byte[] day = priced.key(List.of(Value.of("1.23"), Value.of("1970-01-02")));
        assertThat(priced.key(List.of(Value.of("1.234"), Value.of("1970-01-02"))))
                .isNotEqualTo(day);
        assertThat(priced.key(List.of(Value.of(1.23), new Value.Timestamp(86_400_000_000L))))
                .isEqualTo(day);
        assertThat(priced.key(List.of(Value.of(1.23), new Value.Timestamp(86_400_000_001L))))
                .isNotEqualTo(day);
        assertThat(day).startsWith(priced.keyPrefix(List.of(Value.of("1.230"))));
        assertRefused(ErrorCode.INVALID_ARGUMENT, () -> priced.key(List.of(Value.of("1.23"))));
    }

    @Test
    void idBesideTheFieldsFillsThemOrAgrees() {
        RowRules rules = strict();
        Value.Document keyless = fields("{\"price\": 1}");
        PreparedRow filled = rules.insertUnder(List.of(Value.of("7")), keyless, NOW);
        assertThat(rules.document(filled.row()).fields()).containsEntry("id", Value.of(7));
        assertThat(filled.key()).isEqualTo(rules.key(List.of(Value.of(7))));
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                () ->
                        rules.insertUnder(
                                List.of(Value.of(8)), fields("{\"id\": 7, \"price\": 1}"), NOW));
        // It would be stored as 2.
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                () -> rules.insertUnder(List.of(Value.of(1.5)), keyless, NOW));
    }

    @Test
    void rowsThatStandAreVerifiedByWhatIsAskedOfThem() {
        PreparedRow row = strict().insert(fields("{\"id\": 1, \"price\": 5, \"tags\": null}"), NOW);
        RowRules cheaper =
                new RowRules(orders().addCheck("cheaper", field("price").lt(5)), FixedTime.ids());
        strict().verify(row.key(), row.row(), NOW);
        assertThatThrownBy(() -> cheaper.verify(row.key(), row.row(), NOW))
                .isInstanceOfSatisfying(
                        RowRefusedException.class,
                        refused -> {
                            assertThat(refused.code()).isEqualTo(ErrorCode.CONSTRAINT_REJECTED);
                            assertThat(refused.row()).contains("1");
                        })
                .hasMessageContaining("cheaper");
        RowRules tagged =
                new RowRules(
                        orders().withNullability("tags", Nullability.NOT_NULL), FixedTime.ids());
        assertRefused(ErrorCode.NOT_NULL_VIOLATION, () -> tagged.verify(row.key(), row.row(), NOW));
    }

    private static Value.Document fields(String json) {
        return (Value.Document) JsonText.read(json);
    }
}
