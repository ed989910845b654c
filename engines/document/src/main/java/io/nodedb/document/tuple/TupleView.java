package io.nodedb.document.tuple;

import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.ByteReader;
import io.nodedb.base.value.DecimalFormat;
import io.nodedb.base.value.Moments;
import io.nodedb.base.value.Utf8;
import io.nodedb.base.value.Value;
import io.nodedb.document.DocumentLimits;
import io.nodedb.document.binary.DocumentView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Reads a row of any version where it lies, as one of the newest version: columns are those of
 * {@link SchemaHistory#newest}, by index. A column that the row's version did not have yet reads as
 * its {@link Column#missing} value. A field is one address computation; {@link TupleLayout} is the
 * layout.
 *
 * <p>Failures: bytes that no writer wrote end in {@link ErrorCode#DATA_CORRUPTED}. The typed
 * getters ask for a column of that type that is stored and not NULL, see {@link #isStored} and
 * {@link #isNull}. Owned by one thread.
 */
public final class TupleView {
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final SchemaHistory history;
    private final DocumentView nested = new DocumentView();

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;
    private int length;
    private TupleLayout layout;
    private int[] stored;
    private int nulls;
    private int fixed;
    private int offsets;
    private int offsetWidth;
    private int variable;

    public TupleView(SchemaHistory history) {
        this.history = history;
        layout = history.newestLayout();
        stored = new int[0];
    }

    public TupleView wrap(byte[] row) {
        return wrap(MemorySegment.ofArray(row), 0, row.length);
    }

    /** Looks at {@code rowLength} bytes of {@code rows} from {@code rowOffset} on. */
    public TupleView wrap(MemorySegment rows, long rowOffset, int rowLength) {
        Check.that(
                rowOffset >= 0 && rowLength >= 0 && rowOffset <= rows.byteSize() - rowLength,
                "a row lies in its segment");
        segment = rows;
        offset = rowOffset;
        length = rowLength;
        if (rowLength < TupleLayout.HEADER_BYTES || rowLength > DocumentLimits.MAX_DOCUMENT_BYTES) {
            throw corrupted("its size is wrong");
        }
        int format = getByte(0);
        int version = getShort(1) & 0xFFFF;
        TupleLayout found = history.layout(version);
        if ((format & ~TupleLayout.WIDE_OFFSETS) != TupleLayout.FORMAT || found == null) {
            throw corrupted("its format or schema version is unknown: version=" + version);
        }
        layout = found;
        stored = history.stored(version);
        nulls = TupleLayout.HEADER_BYTES + getByte(3);
        fixed = nulls + layout.nullBytes();
        offsets = fixed + layout.fixedBytes();
        offsetWidth = (format & TupleLayout.WIDE_OFFSETS) == 0 ? 2 : 4;
        variable = offsets + layout.variableCount() * offsetWidth;
        if (variable > length || variableEnd(layout.variableCount() - 1) != length - variable) {
            throw corrupted("its length is wrong");
        }
        return this;
    }

    /** The schema version under which the row was written. */
    public int version() {
        return layout.schema().version();
    }

    /** Did the row's version have this column? */
    public boolean isStored(int column) {
        return stored[column] != SchemaHistory.NOT_STORED;
    }

    public boolean isNull(int column) {
        int index = stored[column];
        if (index == SchemaHistory.NOT_STORED) {
            return history.newest().columns().get(column).missing().isNull();
        }
        return (getByte(nulls + index / 8) >> index % 8 & 1) != 0;
    }

    public boolean getBool(int column) {
        return getByte(fixedAt(column)) != 0;
    }

    /** An INT2. */
    public short getShortValue(int column) {
        return getShort(fixedAt(column));
    }

    /** An INT4 or DATE. */
    public int getInt(int column) {
        return segment.get(INT, offset + fixedAt(column));
    }

    /** An INT8, TIME, TIMESTAMP or TIMESTAMPTZ. */
    public long getLong(int column) {
        return segment.get(LONG, offset + fixedAt(column));
    }

    public float getFloat(int column) {
        return Float.intBitsToFloat(getInt(column));
    }

    public double getDouble(int column) {
        return Double.longBitsToDouble(getLong(column));
    }

    /** Where the bytes of a variable column begin, from the row's start. */
    public int variableStart(int column) {
        int number = variableNumber(column);
        return variable + variableEnd(number - 1);
    }

    /** How many bytes a variable column has. */
    public int variableLength(int column) {
        int number = variableNumber(column);
        int start = variableEnd(number - 1);
        int end = variableEnd(number);
        if (start > end) {
            throw corrupted("the offsets of variable columns are not ascending");
        }
        return end - start;
    }

    /** Any column's value. */
    public Value value(int column) {
        Column wanted = history.newest().columns().get(column);
        if (!isStored(column)) {
            return wanted.missing();
        }
        if (isNull(column)) {
            return Value.NULL;
        }
        return switch (wanted.type().tag()) {
            case BOOL -> Value.of(getBool(column));
            case INT2 -> new Value.Int2(getShortValue(column));
            case INT4 -> Value.of(getInt(column));
            case INT8 -> Value.of(getLong(column));
            case FLOAT4 -> new Value.Float4(getFloat(column));
            case FLOAT8 -> Value.of(getDouble(column));
            case UUID -> new Value.Uuid(getLong(column), longAt(fixedAt(column) + 8));
            case DATE -> new Value.Date(getInt(column));
            case TIME -> time(getLong(column));
            case TIMESTAMP -> new Value.Timestamp(getLong(column));
            case TIMESTAMPTZ -> new Value.TimestampTz(getLong(column));
            case INTERVAL -> interval(fixedAt(column));
            case TEXT, VARCHAR -> {
                byte[] utf8 = bytes(column);
                yield Value.of(Utf8.decode(utf8, 0, utf8.length));
            }
            case BYTEA -> new Value.Bytes(bytes(column));
            case DECIMAL -> DecimalFormat.read(new ByteReader(bytes(column)));
            case NULL, ANY, ARRAY, JSON -> {
                DocumentView document = document(column);
                yield document.value(document.root());
            }
        };
    }

    /**
     * A JSON or array column where it lies; the view is this row's and moves with the next call.
     */
    public DocumentView document(int column) {
        int start = variableStart(column);
        return nested.wrap(segment, offset + start, variableLength(column));
    }

    private Value time(long micros) {
        if (micros < 0 || micros > Moments.DAY_MICROS) {
            throw corrupted("a time is not within a day");
        }
        return new Value.Time(micros);
    }

    private Value interval(int at) {
        return new Value.Interval(
                segment.get(INT, offset + at), segment.get(INT, offset + at + 4), longAt(at + 8));
    }

    private byte[] bytes(int column) {
        int size = variableLength(column);
        byte[] copy = new byte[size];
        MemorySegment.copy(
                segment, ValueLayout.JAVA_BYTE, offset + variableStart(column), copy, 0, size);
        return copy;
    }

    private int fixedAt(int column) {
        int index = stored[column];
        Check.that(
                index != SchemaHistory.NOT_STORED && !layout.isVariable(index),
                "the column is stored and has a fixed width",
                column);
        return fixed + layout.fixedOffset(index);
    }

    private int variableNumber(int column) {
        int index = stored[column];
        Check.that(
                index != SchemaHistory.NOT_STORED && layout.isVariable(index),
                "the column is stored and has no fixed width",
                column);
        return layout.variableNumber(index);
    }

    /** Where a variable column ends in the variable area; 0 before the first. */
    private int variableEnd(int number) {
        if (number < 0) {
            return 0;
        }
        int at = offsets + number * offsetWidth;
        int end = offsetWidth == 2 ? getShort(at) & 0xFFFF : segment.get(INT, offset + at);
        if (end < 0 || end > length - variable) {
            throw corrupted("a variable column reaches past the end");
        }
        return end;
    }

    private int getByte(int at) {
        return segment.get(ValueLayout.JAVA_BYTE, offset + at) & 0xFF;
    }

    private short getShort(int at) {
        return segment.get(SHORT, offset + at);
    }

    private long longAt(int at) {
        return segment.get(LONG, offset + at);
    }

    private NodeDbException corrupted(String what) {
        return new NodeDbException(
                ErrorCode.DATA_CORRUPTED,
                "A row can't be read: " + what + " length=" + length + ".");
    }
}
