package io.nodedb.document.tuple;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Casting;
import io.nodedb.base.value.JsonText;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.TypeTag;
import io.nodedb.base.value.Value;
import io.nodedb.document.Golden;
import io.nodedb.document.RandomDocuments;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TupleTest {
    private static final Casting UTC = new Casting(ZoneOffset.UTC);
    private static final Type[] TYPES = {
        Type.BOOL,
        Type.INT2,
        Type.INT4,
        Type.INT8,
        Type.FLOAT4,
        Type.FLOAT8,
        Type.DECIMAL,
        Type.TEXT,
        Type.VARCHAR,
        Type.BYTEA,
        Type.UUID,
        Type.DATE,
        Type.TIME,
        Type.TIMESTAMP,
        Type.TIMESTAMPTZ,
        Type.INTERVAL,
        Type.array(Type.INT4),
        Type.JSON
    };

    /** Bytes of the first layout: one column of each type, all set, then all NULL. */
    @Test
    void goldenRowsAreWrittenAndReadTheSame() throws IOException {
        List<String> texts =
                List.of(
                        "t",
                        "-2",
                        "3",
                        "-4",
                        "1.5",
                        "-0.25",
                        "12.30",
                        "é",
                        "v",
                        "\\x0102",
                        "00000000-0000-0001-0000-000000000002",
                        "1970-01-02",
                        "00:00:01",
                        "1970-01-01 00:00:01",
                        "1970-01-01 00:00:01+00",
                        "1 mon 2 days 00:00:03",
                        "{7,NULL}",
                        "{\"a\": [1]}");
        List<Column> columns = new ArrayList<>();
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < TYPES.length; i++) {
            columns.add(Column.of(i, "c" + i, TYPES[i]));
            values.add(UTC.read(texts.get(i), TYPES[i]));
        }
        SchemaHistory history = new SchemaHistory(List.of(new TupleSchema(1, columns)));
        List<Value> nulls = values.stream().map(_ -> Value.NULL).toList();
        List<String> golden = Golden.lines("tuple-v1.txt");
        TupleWriter writer = new TupleWriter(history);
        assertThat(HexFormat.of().formatHex(writer.write(values))).isEqualTo(golden.get(0));
        assertThat(HexFormat.of().formatHex(writer.write(nulls))).isEqualTo(golden.get(1));
        assertHolds(new TupleView(history).wrap(HexFormat.of().parseHex(golden.get(0))), values);
        assertHolds(new TupleView(history).wrap(HexFormat.of().parseHex(golden.get(1))), nulls);
    }

    @Test
    void oldRowsReadUnderTheNewestColumns() {
        Column id = Column.of(1, "id", Type.INT8);
        Column gone = Column.of(2, "gone", Type.TEXT);
        Column name = Column.of(3, "name", Type.TEXT);
        Column state = new Column(4, "state", Type.TEXT, Value.of("new"));
        Column renamed = Column.of(3, "title", Type.TEXT);
        SchemaHistory first =
                new SchemaHistory(List.of(new TupleSchema(7, List.of(id, gone, name))));
        SchemaHistory second = first.with(new TupleSchema(8, List.of(id, renamed, state)));
        byte[] oldRow =
                new TupleWriter(first).write(List.of(Value.of(5L), Value.of("x"), Value.of("n")));
        byte[] newRow =
                new TupleWriter(second).write(List.of(Value.of(6L), Value.NULL, Value.NULL));
        TupleView view = new TupleView(second);
        assertHolds(view.wrap(oldRow), List.of(Value.of(5L), Value.of("n"), Value.of("new")));
        assertThat(view.version()).isEqualTo(7);
        assertThat(view.getLong(0)).isEqualTo(5);
        assertHolds(view.wrap(newRow), List.of(Value.of(6L), Value.NULL, Value.NULL));
        assertThatThrownBy(() -> new TupleView(first).wrap(newRow))
                .hasMessageContaining("DATA_CORRUPTED")
                .hasMessageContaining("version=8");
    }

    @Test
    void valuesOfAnotherTypeAreRefusedByColumn() {
        SchemaHistory history =
                new SchemaHistory(
                        List.of(new TupleSchema(0, List.of(Column.of(1, "n", Type.INT4)))));
        assertThatThrownBy(() -> new TupleWriter(history).write(List.of(Value.of(1L))))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.TYPE_MISMATCH))
                .hasMessageContaining("column=n type=integer value's=bigint");
    }

    @Test
    void aColumnNeverChangesItsType() {
        SchemaHistory history =
                new SchemaHistory(
                        List.of(new TupleSchema(0, List.of(Column.of(1, "n", Type.INT4)))));
        TupleSchema next = new TupleSchema(1, List.of(Column.of(1, "n", Type.TEXT)));
        assertThatThrownBy(() -> history.with(next))
                .hasMessageContaining("keeps its type: value=1");
    }

    @Test
    void randomRowsReadBackAndDamagedOnesEndInNamedErrors() {
        SeededRuns.of(LongForm.of("tuple-format")).run(600, 50_000, TupleTest::runOne);
    }

    private static void runOne(SplittableRandom random) {
        RandomDocuments documents = new RandomDocuments(random);
        List<Column> columns = new ArrayList<>();
        List<Value> values = new ArrayList<>();
        int count = random.nextInt(12);
        for (int i = 0; i < count; i++) {
            Type type = TYPES[random.nextInt(TYPES.length)];
            columns.add(Column.of(i, "c" + i, type));
            values.add(random.nextInt(4) == 0 ? Value.NULL : valueOf(type, documents));
        }
        SchemaHistory history =
                new SchemaHistory(List.of(new TupleSchema(random.nextInt(9), columns)));
        byte[] row = new TupleWriter(history).write(values);
        TupleView view = new TupleView(history);
        assertHolds(view.wrap(row), values);
        for (int i = 0; i < 20; i++) {
            byte[] damaged = documents.damaged(row);
            Throwable failure = catchThrowable(() -> readAll(view.wrap(damaged), count));
            if (failure != null) {
                assertThat(failure)
                        .isInstanceOfSatisfying(
                                NodeDbException.class,
                                error ->
                                        assertThat(error.code())
                                                .isEqualTo(ErrorCode.DATA_CORRUPTED));
            }
        }
    }

    private static Value valueOf(Type type, RandomDocuments documents) {
        if (type.tag() == TypeTag.JSON) {
            return documents.next();
        }
        if (type.isArray()) {
            return new Value.Array(List.of(documents.scalar(), documents.scalar()));
        }
        TypeTag wanted = type.tag() == TypeTag.VARCHAR ? TypeTag.TEXT : type.tag();
        Value value = documents.scalar();
        while (value.tag() != wanted) {
            value = documents.scalar();
        }
        return value;
    }

    private static void readAll(TupleView view, int count) {
        for (int i = 0; i < count; i++) {
            JsonText.write(view.value(i));
        }
    }

    private static void assertHolds(TupleView view, List<Value> values) {
        for (int i = 0; i < values.size(); i++) {
            assertThat(view.value(i)).isEqualTo(values.get(i));
            assertThat(view.isNull(i)).isEqualTo(values.get(i).isNull());
        }
    }
}
