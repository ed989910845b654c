package io.nodedb.document.binary;

import io.nodedb.base.errors.Check;
import io.nodedb.base.value.ByteReader;
import io.nodedb.base.value.DecimalFormat;
import io.nodedb.base.value.Moments;
import io.nodedb.base.value.TypeTag;
import io.nodedb.base.value.Value;

/** Reads the scalars of a document. Owned by its view. */
final class DocumentScalars {
    private final DocumentBytes bytes;

    DocumentScalars(DocumentBytes bytes) {
        this.bytes = bytes;
    }

    TypeTag type(int position) {
        int tag = bytes.getByte(position);
        if (tag >= TypeTag.ARRAY.number()
                || tag == TypeTag.ANY.number()
                || tag == TypeTag.VARCHAR.number()) {
            throw bytes.corrupted("a type is unknown: tag=" + tag, position);
        }
        return TypeTag.ofNumber(tag);
    }

    int end(int position) {
        int payload = position + 1;
        return switch (type(position)) {
            case NULL -> payload;
            case BOOL -> payload + bytes.checkedLength(payload, 1);
            case INT2, INT4, INT8, DATE, TIME, TIMESTAMP, TIMESTAMPTZ ->
                    payload + bytes.varintBytes(payload);
            case FLOAT4 -> payload + bytes.checkedLength(payload, Float.BYTES);
            case FLOAT8 -> payload + bytes.checkedLength(payload, Double.BYTES);
            case UUID -> payload + bytes.checkedLength(payload, 2 * Long.BYTES);
            case TEXT, BYTEA, DECIMAL ->
                    payload + bytes.varintBytes(payload) + bytes.getLength(payload);
            case INTERVAL -> {
                int days = payload + bytes.varintBytes(payload);
                int micros = days + bytes.varintBytes(days);
                yield micros + bytes.varintBytes(micros);
            }
            case ANY, VARCHAR, ARRAY, JSON -> throw bytes.corrupted("no scalar", position);
        };
    }

    long getLong(int position) {
        return bytes.getSignedVarint(position + 1);
    }

    double getDouble(int position) {
        TypeTag type = type(position);
        return switch (type) {
            case FLOAT8 -> Double.longBitsToDouble(bytes.getLong(position + 1));
            case FLOAT4 -> Float.intBitsToFloat(bytes.getInt(position + 1));
            default -> {
                Check.that(type.isInteger(), "the value is a float or an integer", type.number());
                yield (double) getLong(position);
            }
        };
    }

    boolean getBool(int position) {
        return bytes.getByte(position + 1) != 0;
    }

    String getText(int position) {
        int size = getByteLength(position);
        return bytes.getText(position + 1 + bytes.varintBytes(position + 1), size);
    }

    int getByteLength(int position) {
        return bytes.getLength(position + 1);
    }

    Value value(int position) {
        return switch (type(position)) {
            case NULL -> Value.NULL;
            case BOOL -> Value.of(getBool(position));
            case INT2 -> new Value.Int2((short) whole(position, Short.MIN_VALUE, Short.MAX_VALUE));
            case INT4 -> Value.of((int) whole(position, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case INT8 -> Value.of(getLong(position));
            case FLOAT4 -> new Value.Float4((float) getDouble(position));
            case FLOAT8 -> Value.of(getDouble(position));
            case DECIMAL -> DecimalFormat.read(new ByteReader(slice(position)));
            case TEXT -> Value.of(getText(position));
            case BYTEA -> new Value.Bytes(slice(position));
            case UUID -> new Value.Uuid(bytes.getLong(position + 1), bytes.getLong(position + 9));
            case DATE ->
                    new Value.Date((int) whole(position, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case TIME -> new Value.Time(whole(position, 0, Moments.DAY_MICROS));
            case TIMESTAMP -> new Value.Timestamp(getLong(position));
            case TIMESTAMPTZ -> new Value.TimestampTz(getLong(position));
            case INTERVAL -> interval(position);
            case ANY, VARCHAR, ARRAY, JSON -> throw bytes.corrupted("no scalar", position);
        };
    }

    private long whole(int position, long least, long most) {
        long value = getLong(position);
        if (value < least || value > most) {
            throw bytes.corrupted("a number is out of its type's range", position);
        }
        return value;
    }

    private Value interval(int position) {
        int days = position + 1 + bytes.varintBytes(position + 1);
        int micros = days + bytes.varintBytes(days);
        return new Value.Interval(
                (int) whole(position, Integer.MIN_VALUE, Integer.MAX_VALUE),
                (int) whole(days - 1, Integer.MIN_VALUE, Integer.MAX_VALUE),
                bytes.getSignedVarint(micros));
    }

    private byte[] slice(int position) {
        int size = getByteLength(position);
        return bytes.getBytes(position + 1 + bytes.varintBytes(position + 1), size);
    }
}
