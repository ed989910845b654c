package io.nodedb.base.value;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Value.Numeric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One value as bytes that describe themselves, exact in type and representation: for literals and
 * defaults in the catalog and for requests.
 *
 * <pre>
 * byte         the type's number ({@link TypeTag#number})
 * bool         byte;  int2, int4, int8, date: zigzag varint;  float4: 4, float8: 8 bytes
 * decimal      varint length, {@link DecimalFormat}
 * text, bytea  varint length, bytes;  uuid: 16 bytes
 * time, timestamp, timestamptz: zigzag varint;  interval: three of them
 * array        varint count, values;  object: varint count, then key and value each
 * </pre>
 */
public final class ValueFormat {
    private ValueFormat() {}

    public static void write(Value value, ByteWriter target) {
        write(value, target, 0);
    }

    private static void write(Value value, ByteWriter target, int depth) {
        if (depth > Value.MAX_NESTING) {
            throw new NodeDbException(
                    ErrorCode.PROGRAM_LIMIT,
                    "A value is nested deeper than " + Value.MAX_NESTING + ".");
        }
        target.putByte(value.tag().number());
        switch (value) {
            case Value.Null _ -> {}
            case Value.Bool x -> target.putByte(x.value() ? 1 : 0);
            case Value.Float4 x -> target.putInt(Float.floatToRawIntBits(x.value()));
            case Value.Float8 x -> target.putLong(Double.doubleToRawLongBits(x.value()));
            case Value.Decimal x -> {
                ByteWriter bytes = new ByteWriter();
                DecimalFormat.write(x, bytes);
                target.putVarint(bytes.size()).putBytes(bytes.toByteArray());
            }
            case Numeric x -> target.putSignedVarint(x.longValue());
            case Value.Text x -> target.putText(x.value());
            case Value.Bytes x -> target.putVarint(x.length()).putBytes(x.shared());
            case Value.Uuid x -> target.putLong(x.high()).putLong(x.low());
            case Value.Date x -> target.putSignedVarint(x.days());
            case Value.Time x -> target.putSignedVarint(x.micros());
            case Value.Timestamp x -> target.putSignedVarint(x.micros());
            case Value.TimestampTz x -> target.putSignedVarint(x.micros());
            case Value.Interval x ->
                    target.putSignedVarint(x.months())
                            .putSignedVarint(x.days())
                            .putSignedVarint(x.micros());
            case Value.Array x -> {
                target.putVarint(x.elements().size());
                for (Value element : x.elements()) {
                    write(element, target, depth + 1);
                }
            }
            case Value.Document x -> {
                target.putVarint(x.fields().size());
                for (Map.Entry<String, Value> field : x.fields().entrySet()) {
                    target.putText(field.getKey());
                    write(field.getValue(), target, depth + 1);
                }
            }
        }
    }

    /** {@link ErrorCode#DATA_CORRUPTED} for bytes that {@link #write} does not give. */
    public static Value read(ByteReader source) {
        return read(source, 0);
    }

    private static Value read(ByteReader source, int depth) {
        int number = source.getByte();
        if (!TypeTag.isKnown(number) || depth > Value.MAX_NESTING) {
            throw source.corrupted("a type is unknown or nested too deep: number=" + number);
        }
        return switch (TypeTag.ofNumber(number)) {
            case NULL -> Value.NULL;
            case BOOL -> Value.of(source.getByte() != 0);
            case INT2 -> new Value.Int2((short) whole(source, Short.MIN_VALUE, Short.MAX_VALUE));
            case INT4 -> Value.of((int) whole(source, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case INT8 -> Value.of(source.getSignedVarint());
            case FLOAT4 -> new Value.Float4(Float.intBitsToFloat(source.getInt()));
            case FLOAT8 -> Value.of(Double.longBitsToDouble(source.getLong()));
            case DECIMAL -> DecimalFormat.read(new ByteReader(source.getBytes(source.getCount())));
            case TEXT -> Value.of(source.getText());
            case BYTEA -> new Value.Bytes(source.getBytes(source.getCount()));
            case UUID -> new Value.Uuid(source.getLong(), source.getLong());
            case DATE -> new Value.Date((int) whole(source, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case TIME -> new Value.Time(whole(source, 0, Moments.DAY_MICROS));
            case TIMESTAMP -> new Value.Timestamp(source.getSignedVarint());
            case TIMESTAMPTZ -> new Value.TimestampTz(source.getSignedVarint());
            case INTERVAL ->
                    new Value.Interval(
                            (int) whole(source, Integer.MIN_VALUE, Integer.MAX_VALUE),
                            (int) whole(source, Integer.MIN_VALUE, Integer.MAX_VALUE),
                            source.getSignedVarint());
            case ARRAY -> readArray(source, depth);
            case JSON -> readDocument(source, depth);
            case ANY, VARCHAR -> throw source.corrupted("no value has this type: number=" + number);
        };
    }

    private static long whole(ByteReader source, long least, long most) {
        long value = source.getSignedVarint();
        if (value < least || value > most) {
            throw source.corrupted("a number is out of its type's range: value=" + value);
        }
        return value;
    }

    private static Value readArray(ByteReader source, int depth) {
        int count = source.getCount();
        List<Value> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            elements.add(read(source, depth + 1));
        }
        return new Value.Array(elements);
    }

    private static Value readDocument(ByteReader source, int depth) {
        int count = source.getCount();
        Map<String, Value> fields = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String key = source.getText();
            if (fields.putIfAbsent(key, read(source, depth + 1)) != null) {
                throw source.corrupted("a key stands twice in an object");
            }
        }
        return new Value.Document(fields);
    }
}
