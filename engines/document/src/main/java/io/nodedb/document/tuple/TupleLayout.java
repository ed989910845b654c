package io.nodedb.document.tuple;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.base.value.Type;
import java.util.List;

/**
 * Where the columns of a schema version lie in a row. Numbers are little-endian.
 *
 * <pre>
 * header     byte   01 (version of the layout); bit 80: offsets have four bytes instead of two
 *            2 B    schema version
 *            byte   e, length of the extension area
 * extension  e B    for later; readers skip it
 * nulls      (n+7)/8 B   bit i is 1 when column i is NULL
 * fixed      each column of fixed width in its order; zeros when NULL
 * offsets    v * 2 or 4 B   where the i-th variable column ends, from the start of their bytes
 * variable   the bytes of the variable columns
 * </pre>
 *
 * <p>Fixed: BOOL 1, INT2 2, INT4, FLOAT4 and DATE 4, INT8, FLOAT8, TIME, TIMESTAMP and TIMESTAMPTZ
 * 8, UUID 16 (high half first), INTERVAL 16 (months, days, microseconds). Variable: text in UTF-8,
 * bytes, DECIMAL as DecimalFormat, JSON and arrays as a document of the binary format.
 */
@Immutable
final class TupleLayout {
    static final int FORMAT = 0x01;
    static final int WIDE_OFFSETS = 0x80;
    static final int HEADER_BYTES = 4;

    private final TupleSchema schema;

    /** For a fixed column its offset in the fixed area; for a variable one ~ its number. */
    private final int[] places;

    private final int nullBytes;
    private final int fixedBytes;
    private final int variableCount;

    TupleLayout(TupleSchema schema) {
        this.schema = schema;
        List<Column> columns = schema.columns();
        places = new int[columns.size()];
        nullBytes = (columns.size() + 7) / 8;
        int fixed = 0;
        int variable = 0;
        for (int i = 0; i < places.length; i++) {
            int width = width(columns.get(i).type());
            if (width > 0) {
                places[i] = fixed;
                fixed += width;
            } else {
                places[i] = ~variable;
                variable++;
            }
        }
        fixedBytes = fixed;
        variableCount = variable;
    }

    TupleSchema schema() {
        return schema;
    }

    boolean isVariable(int column) {
        return places[column] < 0;
    }

    int fixedOffset(int column) {
        return places[column];
    }

    int variableNumber(int column) {
        return ~places[column];
    }

    int nullBytes() {
        return nullBytes;
    }

    int fixedBytes() {
        return fixedBytes;
    }

    int variableCount() {
        return variableCount;
    }

    /** Bytes of a fixed column, 0 for a variable one. */
    static int width(Type type) {
        return switch (type.tag()) {
            case BOOL -> 1;
            case INT2 -> 2;
            case INT4, FLOAT4, DATE -> 4;
            case INT8, FLOAT8, TIME, TIMESTAMP, TIMESTAMPTZ -> 8;
            case UUID, INTERVAL -> 16;
            case NULL, ANY, DECIMAL, TEXT, VARCHAR, BYTEA, ARRAY, JSON -> 0;
        };
    }
}
