package io.nodedb.base.value;

import java.time.ZoneId;
import java.time.ZoneOffset;

/** Values as the text that PostgreSQL's output functions give. */
final class TextOutput {
    private TextOutput() {}

    /** Of a value outside arrays and documents, instants in UTC. */
    static String plain(Value value) {
        return write(value, typeOf(value), ZoneOffset.UTC);
    }

    /** The type that a value has by itself: arrays and objects are documents. */
    static Type typeOf(Value value) {
        return value.tag() == TypeTag.ARRAY ? Type.JSON : Type.of(value.tag());
    }

    static String write(Value value, Type type, ZoneId zone) {
        if (type.tag() == TypeTag.JSON) {
            return JsonText.write(value);
        }
        return switch (value) {
            case Value.Null _ -> "";
            case Value.Bool x -> x.value() ? "t" : "f";
            case Value.Int2 x -> Integer.toString(x.value());
            case Value.Int4 x -> Integer.toString(x.value());
            case Value.Int8 x -> Long.toString(x.value());
            case Value.Float4 x -> FloatText.write(x.value());
            case Value.Float8 x -> FloatText.write(x.value());
            case Value.Decimal x ->
                    switch (x.form()) {
                        case FINITE -> x.digits().toPlainString();
                        case NAN -> "NaN";
                        case INFINITY -> "Infinity";
                        case NEGATIVE_INFINITY -> "-Infinity";
                    };
            case Value.Text x -> x.value();
            case Value.Bytes x -> BytesText.write(x.shared());
            case Value.Uuid x -> new java.util.UUID(x.high(), x.low()).toString();
            case Value.Date x -> DateTimeText.writeDate(x);
            case Value.Time x -> DateTimeText.writeTime(x.micros());
            case Value.Timestamp x -> DateTimeText.writeTimestamp(x.micros());
            case Value.TimestampTz x -> DateTimeText.writeTimestampTz(x.micros(), zone);
            case Value.Interval x -> IntervalText.write(x);
            case Value.Array x -> {
                if (!type.isArray()) {
                    yield JsonText.write(x);
                }
                StringBuilder target = new StringBuilder();
                ArrayText.write(x, type, (element, inner) -> write(element, inner, zone), target);
                yield target.toString();
            }
            case Value.Document x -> JsonText.write(x);
        };
    }
}
