package io.nodedb.document.tuple;

import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.ByteWriter;
import io.nodedb.base.value.DecimalFormat;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.TypeTag;
import io.nodedb.base.value.Utf8;
import io.nodedb.base.value.Value;
import io.nodedb.document.DocumentLimits;
import io.nodedb.document.binary.DocumentWriter;
import java.util.List;

/**
 * Writes rows of a history's newest version. Values have their column's type already (assignment
 * casts are the caller's); whether NULL is allowed is the caller's, too. Owned by one thread.
 *
 * <p>Failures: {@link ErrorCode#TYPE_MISMATCH} names the column; {@link ErrorCode#PROGRAM_LIMIT}
 * for more than {@link DocumentLimits#MAX_DOCUMENT_BYTES}.
 */
public final class TupleWriter {
    private static final int MAX_NARROW_BYTES = 0xFFFF;

    private final TupleLayout layout;
    private final ByteWriter target = new ByteWriter();
    private final ByteWriter variable = new ByteWriter();
    private final DocumentWriter documents = new DocumentWriter();
    private final int[] ends;

    public TupleWriter(SchemaHistory history) {
        layout = history.newestLayout();
        ends = new int[layout.variableCount()];
    }

    /** The row of one value for each column. */
    public byte[] write(List<Value> values) {
        List<Column> columns = layout.schema().columns();
        Check.that(
                values.size() == columns.size(),
                "a value for each column",
                columns.size(),
                values.size());
        variable.clear();
        target.clear().putByte(TupleLayout.FORMAT);
        target.putLittleEndian(layout.schema().version(), 2).putByte(0);
        int nulls = target.size();
        target.putBytes(new byte[layout.nullBytes()]);
        for (int i = 0; i < columns.size(); i++) {
            Value value = values.get(i);
            if (value.isNull()) {
                int at = nulls + i / 8;
                target.setLittleEndian(at, target.byteAt(at) | 1 << i % 8, 1);
            }
            put(columns.get(i), i, value);
        }
        finish();
        return target.toByteArray();
    }

    private void finish() {
        boolean wide = variable.size() > MAX_NARROW_BYTES;
        if (wide) {
            target.setLittleEndian(0, TupleLayout.FORMAT | TupleLayout.WIDE_OFFSETS, 1);
        }
        for (int end : ends) {
            target.putLittleEndian(end, wide ? 4 : 2);
        }
        long bytes = (long) target.size() + variable.size();
        if (bytes > DocumentLimits.MAX_DOCUMENT_BYTES) {
            throw new NodeDbException(
                    ErrorCode.PROGRAM_LIMIT,
                    "A row is too large: bytes="
                            + bytes
                            + " limit="
                            + DocumentLimits.MAX_DOCUMENT_BYTES
                            + ".");
        }
        target.putBytes(variable.toByteArray());
    }

    private void put(Column column, int index, Value value) {
        if (layout.isVariable(index)) {
            if (!value.isNull()) {
                putVariable(column, value);
            }
            ends[layout.variableNumber(index)] = variable.size();
        } else if (value.isNull()) {
            target.putBytes(new byte[TupleLayout.width(column.type())]);
        } else {
            putFixed(column, value);
        }
    }

    private void putFixed(Column column, Value value) {
        requireType(column, value, value.tag() == column.type().tag());
        switch (value) {
            case Value.Bool x -> target.putByte(x.value() ? 1 : 0);
            case Value.Int2 x -> target.putLittleEndian(x.value(), 2);
            case Value.Int4 x -> target.putLittleEndian(x.value(), 4);
            case Value.Int8 x -> target.putLittleEndian(x.value(), 8);
            case Value.Float4 x -> target.putLittleEndian(Float.floatToRawIntBits(x.value()), 4);
            case Value.Float8 x -> target.putLittleEndian(Double.doubleToRawLongBits(x.value()), 8);
            case Value.Uuid x -> target.putLittleEndian(x.high(), 8).putLittleEndian(x.low(), 8);
            case Value.Date x -> target.putLittleEndian(x.days(), 4);
            case Value.Time x -> target.putLittleEndian(x.micros(), 8);
            case Value.Timestamp x -> target.putLittleEndian(x.micros(), 8);
            case Value.TimestampTz x -> target.putLittleEndian(x.micros(), 8);
            case Value.Interval x ->
                    target.putLittleEndian(x.months(), 4)
                            .putLittleEndian(x.days(), 4)
                            .putLittleEndian(x.micros(), 8);
            default -> Check.that(false, "a fixed column's value has a fixed width");
        }
    }

    private void putVariable(Column column, Value value) {
        Type type = column.type();
        switch (type.tag()) {
            case TEXT, VARCHAR -> {
                requireType(column, value, value.tag() == TypeTag.TEXT);
                variable.putBytes(Utf8.encode(((Value.Text) value).value()));
            }
            case BYTEA -> {
                requireType(column, value, value.tag() == TypeTag.BYTEA);
                variable.putBytes(((Value.Bytes) value).toArray());
            }
            case DECIMAL -> {
                requireType(column, value, value.tag() == TypeTag.DECIMAL);
                DecimalFormat.write((Value.Decimal) value, variable);
            }
            case ARRAY -> {
                requireType(column, value, value.tag() == TypeTag.ARRAY);
                variable.putBytes(documents.clear().put(value).toByteArray());
            }
            default -> variable.putBytes(documents.clear().put(value).toByteArray());
        }
    }

    private static void requireType(Column column, Value value, boolean same) {
        if (!same) {
            throw new NodeDbException(
                    ErrorCode.TYPE_MISMATCH,
                    "A column holds another type: column="
                            + column.name()
                            + " type="
                            + column.type()
                            + " value's="
                            + value.tag().sqlName()
                            + ".");
        }
    }
}
