package io.nodedb.plan.expression;

import static io.nodedb.plan.expression.Exprs.call;
import static io.nodedb.plan.expression.Exprs.field;
import static io.nodedb.plan.expression.Exprs.quoted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Casting;
import io.nodedb.base.value.JsonText;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Results and errors as PostgreSQL 15 documents them; PostgresIT asks a real one at random. */
class ExpressionTest {
    private static final Casting BERLIN = new Casting(ZoneId.of("Europe/Berlin"));
    private static final long NOW = Instant.parse("2024-06-30T22:30:00Z").toEpochMilli() * 1_000;

    private static final SequencedMap<String, Type> COLUMNS = new LinkedHashMap<>();
    private static final List<Value> ROW =
            List.of(
                    Value.of(7),
                    Value.of(2.5),
                    Value.of("Ärger_1"),
                    JsonText.read(
                            "{\"tags\": [\"x\", {\"n\": 1.5}], \"ok\": true, \"City\": \"Ulm\"}"),
                    new Value.TimestampTz(NOW),
                    Value.NULL);

    static {
        COLUMNS.put("i", Type.INT4);
        COLUMNS.put("f", Type.FLOAT8);
        COLUMNS.put("t", Type.TEXT);
        COLUMNS.put("doc", Type.JSON);
        COLUMNS.put("at", Type.TIMESTAMPTZ);
        COLUMNS.put("n", Type.INT8);
    }

    private static String strict(Expr expression) {
        BoundExpression bound =
                new Binder(new ColumnScope(COLUMNS), BERLIN.zone()).bind(expression);
        Value value = bound.evaluate(new Evaluation(List.of(), NOW, BERLIN).moveTo(ROW::get));
        return value.isNull() ? "NULL" : BERLIN.write(value, bound.type());
    }

    private static String schemaless(Expr expression, String json) {
        DocumentScope scope = new DocumentScope();
        BoundExpression bound = new Binder(scope, BERLIN.zone()).bind(expression);
        Value document = JsonText.read(json);
        RowView row = slot -> JsonAccess.path(document, scope.paths().get(slot));
        Value value = bound.evaluate(new Evaluation(List.of(), NOW, BERLIN).moveTo(row));
        return value.isNull() ? "NULL" : BERLIN.write(value, Casting.typeOf(value));
    }

    private static void assertState(String state, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        error -> assertThat(error.code().sqlState()).isEqualTo(state));
    }

    @Test
    void columnsMeetInPostgresTypes() {
        assertThat(strict(field("i").dividedBy(2))).isEqualTo("3");
        assertThat(strict(field("i").dividedBy(Exprs.of(Value.of(new java.math.BigDecimal("2"))))))
                .isEqualTo("3.5000000000000000");
        assertThat(strict(field("i").plus(field("f")))).isEqualTo("9.5");
        assertThat(strict(field("i").gt(quoted("5")).and(field("f").lt(3)))).isEqualTo("t");
        assertThat(strict(field("t").concat(field("i")))).isEqualTo("Ärger_17");
        assertThat(strict(field("n").plus(1).isNull())).isEqualTo("t");
        assertThat(strict(field("i").eq(7).or(field("n").eq(1)))).isEqualTo("t");
        assertThat(strict(field("i").ne(7).or(field("n").eq(1)))).isEqualTo("NULL");
        assertThat(strict(field("i").in(1, field("n")))).isEqualTo("NULL");
        assertThat(strict(field("n").compare(Comparison.NOT_DISTINCT, Exprs.nothing())))
                .isEqualTo("t");
    }

    @Test
    void errorsHavePostgresStates() {
        assertState("22012", () -> strict(field("i").dividedBy(0)));
        assertState("22003", () -> strict(field("i").times(Integer.MAX_VALUE)));
        assertState("22P02", () -> strict(field("i").eq(quoted("x"))));
        assertState("42883", () -> strict(field("i").plus(true)));
        assertState("42883", () -> strict(field("t").eq(field("i"))));
        assertState("42883", () -> strict(call("lower", field("i"))));
        assertState("42804", () -> strict(field("i").and(Exprs.of(true))));
        assertState("42804", () -> strict(new Expr.Coalesce(List.of(field("i"), field("t")))));
        assertState("42846", () -> strict(field("i").cast(Type.UUID)));
        assertState("42P02", () -> strict(Exprs.parameter(1).plus(1)));
        assertState("22025", () -> strict(field("t").like("x\\")));
        assertThatThrownBy(() -> strict(field("docc")))
                .hasMessageContaining(
                        "[42703] column \"docc\" does not exist, did you mean \"doc\"");
        assertThatThrownBy(() -> strict(call("lowr", field("t"))))
                .hasMessageContaining("function lowr(text) does not exist, did you mean \"lower\"");
    }

    @Test
    void tooDeepExpressionsAreRefused() {
        Expr deep = Exprs.of(true);
        for (int i = 0; i <= Expr.MAX_NESTING; i++) {
            deep = deep.not();
        }
        Expr expression = deep;
        assertState("54000", () -> strict(expression));
    }

    @Test
    void textFunctionsCountCharacters() {
        assertThat(strict(call("upper", field("t")))).isEqualTo("ÄRGER_1");
        assertThat(strict(call("length", Exprs.of("a😀")))).isEqualTo("2");
        assertThat(strict(call("octet_length", Exprs.of("a😀")))).isEqualTo("5");
        assertThat(strict(call("substring", Exprs.of("a😀bc"), 2, 2))).isEqualTo("😀b");
        assertThat(strict(call("lpad", Exprs.of("7"), 3, Exprs.of("ab")))).isEqualTo("ab7");
        assertThat(strict(call("split_part", Exprs.of("a,b,c"), Exprs.of(","), -1))).isEqualTo("c");
        assertThat(strict(call("concat_ws", Exprs.of("-"), 1, Exprs.nothing(), Exprs.of("x"))))
                .isEqualTo("1-x");
        assertThat(strict(call("initcap", Exprs.of("hi THERE")))).isEqualTo("Hi There");
        assertThat(strict(call("md5", Exprs.of("abc"))))
                .isEqualTo("900150983cd24fb0d6963f7d28e17f72");
        assertThat(strict(field("t").like("Ä%\\_1"))).isEqualTo("t");
        assertThat(strict(new Expr.Like(field("t"), Exprs.of("är%"), null, true))).isEqualTo("t");
    }

    @Test
    void timesFollowTheSessionsZoneAndTheStatementsClock() {
        assertThat(strict(field("at"))).isEqualTo("2024-07-01 00:30:00+02");
        assertThat(strict(call("date_trunc", Exprs.of("month"), field("at"))))
                .isEqualTo("2024-07-01 00:00:00+02");
        assertThat(strict(call("date_trunc", Exprs.of("day"), field("at"), Exprs.of("UTC"))))
                .isEqualTo("2024-06-30 02:00:00+02");
    }

    @Test
    void anOpenOperandOfSubtractionIsAMomentAsInPostgres() {
        assertThat(strict(field("at").minus(quoted("2024-06-30 00:30+02")))).isEqualTo("1 day");
        assertThat(strict(field("at").plus(quoted("1 mon")))).isEqualTo("2024-08-01 00:30:00+02");
        assertThat(strict(call("now").eq(field("at")))).isEqualTo("t");
        assertThat(strict(call("extract", Exprs.of("hour"), field("at")))).isEqualTo("0");
        assertThat(
                        strict(
                                call(
                                        "age",
                                        quoted("2024-03-01").cast(Type.TIMESTAMP),
                                        quoted("2024-01-31").cast(Type.TIMESTAMP))))
                .isEqualTo("1 mon 1 day");
        assertThat(strict(call("to_timestamp", 1.5))).isEqualTo("1970-01-01 01:00:01.5+01");
    }

    @Test
    void documentsAreReachedByOperatorsAndByPath() {
        assertThat(strict(field("doc").binary(Operator.JSON_GET, "tags")))
                .isEqualTo("[\"x\", {\"n\": 1.5}]");
        assertThat(
                        strict(
                                field("doc")
                                        .binary(Operator.JSON_GET, "tags")
                                        .binary(Operator.JSON_GET_TEXT, 0)))
                .isEqualTo("x");
        assertThat(strict(field("doc").binary(Operator.JSON_PATH_TEXT, quoted("{tags,-1,n}"))))
                .isEqualTo("1.5");
        assertThat(strict(field("doc").binary(Operator.JSON_GET, "missing"))).isEqualTo("NULL");
        assertThat(strict(field("doc", "City").eq("Ulm"))).isEqualTo("t");
        assertThat(strict(field("doc").binary(Operator.JSON_GET, "ok").cast(Type.BOOL)))
                .isEqualTo("t");
        assertThat(
                        strict(
                                call(
                                        "jsonb_array_length",
                                        field("doc").binary(Operator.JSON_GET, "tags"))))
                .isEqualTo("2");
        assertState("42703", () -> strict(field("i", "x")));
    }

    @Test
    void schemalessFieldsBringTheirTypes() {
        String json = "{\"a\": 5, \"b\": \"x\", \"c\": 1.5, \"d\": {\"e\": [true]}, \"z\": null}";
        assertThat(schemaless(field("a").plus(field("c")), json)).isEqualTo("6.5");
        assertThat(schemaless(field("a").gt(3).and(field("z").isNull()), json)).isEqualTo("t");
        assertThat(schemaless(field("missing").eq(1), json)).isEqualTo("NULL");
        assertThat(schemaless(field("d", "e", "0"), json)).isEqualTo("t");
        assertThat(schemaless(call("abs", new Expr.Negate(field("a"))), json)).isEqualTo("5");
        assertThat(schemaless(call("upper", field("b")), json)).isEqualTo("X");
        assertThat(schemaless(field("c").eq(Exprs.of(new java.math.BigDecimal("1.50"))), json))
                .isEqualTo("t");
    }

    @Test
    void comparingDifferentTypesOrdersByTypeButArithmeticIsAnError() {
        String json = "{\"a\": 5, \"b\": \"x\"}";
        assertThat(schemaless(field("a").lt(field("b")), json)).isEqualTo("t");
        assertThat(schemaless(field("a").eq("5"), json)).isEqualTo("f");
        assertState("42883", () -> schemaless(field("a").plus(field("b")), json));
        assertState("42883", () -> schemaless(call("upper", field("a")), json));
        assertState("42804", () -> schemaless(field("a").and(Exprs.of(true)), json));
        assertState("22P02", () -> schemaless(field("b").cast(Type.INT4), json));
        assertThat(schemaless(field("b").tryCast(Type.INT4), json)).isEqualTo("NULL");
    }

    @Test
    void parametersGetTheirTypesFromTheContext() {
        Binder binder = new Binder(new ColumnScope(COLUMNS), BERLIN.zone());
        Expr expression =
                field("i")
                        .eq(Exprs.parameter(1))
                        .and(field("at").gt(Exprs.parameter(2)))
                        .and(Exprs.parameter(3).isNull());
        BoundExpression bound = binder.bindCondition(expression);
        assertThat(binder.parameterTypes())
                .isEqualTo(Map.of(1, Type.INT4, 2, Type.TIMESTAMPTZ, 3, Type.TEXT));
        List<Value> parameters = List.of(Value.of("7"), Value.of("2024-01-01"), Value.NULL);
        assertThat(bound.isTrue(new Evaluation(parameters, NOW, BERLIN).moveTo(ROW::get))).isTrue();
    }

    @Test
    void fieldsThatAreNotReachedAreNotRead() {
        RowView row =
                slot -> {
                    if (slot != 0) {
                        throw new AssertionError("slot " + slot + " was read");
                    }
                    return Value.of(1);
                };
        BoundExpression bound =
                new Binder(new ColumnScope(COLUMNS), BERLIN.zone())
                        .bindCondition(field("i").eq(2).and(field("t").eq("x")));
        assertThat(bound.isTrue(new Evaluation(List.of(), NOW, BERLIN).moveTo(row))).isFalse();
    }
}
