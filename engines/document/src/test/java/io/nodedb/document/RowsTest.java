package io.nodedb.document;

import static io.nodedb.plan.expression.Exprs.field;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.value.Casting;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;
import io.nodedb.base.value.ValueOrder;
import io.nodedb.document.binary.DocumentJson;
import io.nodedb.document.binary.DocumentRow;
import io.nodedb.document.binary.DocumentWriter;
import io.nodedb.document.tuple.Column;
import io.nodedb.document.tuple.SchemaHistory;
import io.nodedb.document.tuple.TupleRow;
import io.nodedb.document.tuple.TupleSchema;
import io.nodedb.document.tuple.TupleWriter;
import io.nodedb.plan.expression.Binder;
import io.nodedb.plan.expression.BoundExpression;
import io.nodedb.plan.expression.ColumnScope;
import io.nodedb.plan.expression.DocumentScope;
import io.nodedb.plan.expression.Evaluation;
import io.nodedb.plan.expression.Expr;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.lang.foreign.MemorySegment;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/** Expressions over rows of both formats, where they lie. */
class RowsTest {
    private static final Casting UTC = new Casting(ZoneOffset.UTC);

    private static Evaluation evaluation() {
        return new Evaluation(List.of(), 0, UTC);
    }

    @Test
    void aFilterRunsOverDocumentsOfDifferentShapes() {
        DocumentScope scope = new DocumentScope();
        Expr filter =
                field("age")
                        .gt(30)
                        .and(field("address", "city").eq("Ulm"))
                        .or(field("tags", "0").eq(7));
        BoundExpression bound = new Binder(scope, ZoneOffset.UTC).bindCondition(filter);
        DocumentRow row = new DocumentRow(scope.paths());
        DocumentWriter writer = new DocumentWriter();
        Evaluation evaluation = evaluation().moveTo(row);
        List<Boolean> kept =
                List.of(
                                "{\"age\": 31, \"address\": {\"city\": \"Ulm\"}}",
                                "{\"age\": 30.5, \"address\": {\"city\": \"Ulm\"}}",
                                "{\"age\": 30, \"address\": {\"city\": \"Ulm\"}}",
                                "{\"address\": \"Ulm\", \"tags\": [7.0]}",
                                "{\"age\": null, \"tags\": {\"0\": 7}}",
                                "{}",
                                "[]")
                        .stream()
                        .map(json -> {
                            byte[] document = DocumentJson.read(json, writer);
                            row.wrap(MemorySegment.ofArray(document), 0, document.length);
                            return bound.isTrue(evaluation);
                        })
                        .toList();
        assertThat(kept).containsExactly(true, true, false, true, true, false, false);
    }

    @Test
    void comparingInPlaceIsComparingValues() {
        DocumentWriter writer = new DocumentWriter();
        DocumentRow row = new DocumentRow(List.of(List.of()));
        SeededRuns.of(LongForm.of("document-compare"))
                .run(
                        5_000,
                        1_000_000,
                        random -> {
                            RandomDocuments documents = new RandomDocuments(random);
                            Value stored = documents.scalar();
                            Value constant = documents.scalar();
                            byte[] document = writer.clear().put(stored).toByteArray();
                            row.wrap(MemorySegment.ofArray(document), 0, document.length);
                            assertThat(Integer.signum(row.compare(0, constant)))
                                    .isEqualTo(
                                            Integer.signum(ValueOrder.compare(stored, constant)));
                        });
    }

    @Test
    void aFilterRunsOverTuplesOfDifferentVersions() {
        Column id = Column.of(1, "id", Type.INT4);
        Column price = new Column(2, "price", Type.FLOAT8, Value.of(9.5));
        SchemaHistory old = new SchemaHistory(List.of(new TupleSchema(0, List.of(id))));
        SchemaHistory history = old.with(new TupleSchema(1, List.of(id, price)));
        SequencedMap<String, Type> columns = new LinkedHashMap<>();
        history.newest().columns().forEach(column -> columns.put(column.name(), column.type()));
        BoundExpression total =
                new Binder(new ColumnScope(columns), ZoneOffset.UTC)
                        .bind(field("id").times(field("price")));
        byte[] first = new TupleWriter(old).write(List.of(Value.of(2)));
        byte[] second = new TupleWriter(history).write(List.of(Value.of(4), Value.of(0.25)));
        byte[] third = new TupleWriter(history).write(List.of(Value.of(4), Value.NULL));
        TupleRow row = new TupleRow(history);
        Evaluation evaluation = evaluation().moveTo(row);
        row.wrap(MemorySegment.ofArray(first), 0, first.length);
        assertThat(total.evaluateDouble(evaluation)).isEqualTo(19.0);
        row.wrap(MemorySegment.ofArray(second), 0, second.length);
        assertThat(total.evaluateDouble(evaluation)).isEqualTo(1.0);
        row.wrap(MemorySegment.ofArray(third), 0, third.length);
        assertThat(total.evaluate(evaluation).isNull()).isTrue();
    }
}
