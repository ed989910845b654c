package io.nodedb.base.value;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Immutable;
import java.time.ZoneId;
import java.util.List;

/**
 * Conversions between types, from text and to text, in a session's time zone, with PostgreSQL's
 * results and errors.
 *
 * <p>Failures: {@link ErrorCode#INVALID_TEXT}, {@link ErrorCode#INVALID_DATETIME} and {@link
 * ErrorCode#DATETIME_OVERFLOW} for texts that are no such value; {@link ErrorCode#OVERFLOW} when a
 * number does not fit; {@link ErrorCode#CANNOT_CAST} when there is no such cast.
 */
@Immutable
public record Casting(ZoneId zone) {
    /** What an explicit cast gives: {@code CAST(value AS to)}. */
    public Value cast(Value value, Type from, Type to) {
        if (value.isNull() || to.isDynamic()) {
            return value;
        }
        if (from.tag() == TypeTag.JSON && to.tag() != TypeTag.JSON) {
            return castFromJson(value, to);
        }
        return convert(value, from, to);
    }

    /**
     * What storing into a column gives: as a cast, but only between types that PostgreSQL converts
     * unasked, and a text that is too long is {@link ErrorCode#STRING_TOO_LONG}.
     */
    public Value assign(Value value, Type from, Type to) {
        if (value.isNull() || to.isDynamic()) {
            return value;
        }
        if (!isAssignable(value.tag(), to)) {
            throw new NodeDbException(
                    ErrorCode.TYPE_MISMATCH,
                    "A value of type "
                            + TextOutput.typeOf(value).sqlName()
                            + " can't be stored as "
                            + to.sqlName()
                            + ".");
        }
        if (to.tag() == TypeTag.VARCHAR && value instanceof Value.Text text) {
            return stored(text, to);
        }
        return cast(value, from, to);
    }

    /**
     * May what has type {@code from} be stored as {@code to}? Where only a value can tell its type,
     * yes: {@link #assign} decides.
     */
    public static boolean isAssignable(Type from, Type to) {
        return from.isDynamic()
                || to.isDynamic()
                || from.tag() == TypeTag.JSON
                || isAssignable(from.tag(), to);
    }

    private static boolean isAssignable(TypeTag from, Type to) {
        TypeTag target = to.tag();
        if (target == TypeTag.JSON || target.isText() || from.keyClass() == target.keyClass()) {
            return true;
        }
        return switch (from) {
            case DATE -> target == TypeTag.TIMESTAMP || target == TypeTag.TIMESTAMPTZ;
            case TIMESTAMP, TIMESTAMPTZ ->
                    target == TypeTag.TIMESTAMP
                            || target == TypeTag.TIMESTAMPTZ
                            || target == TypeTag.DATE
                            || target == TypeTag.TIME;
            case TIME -> target == TypeTag.INTERVAL;
            case INTERVAL -> target == TypeTag.TIME;
            default -> false;
        };
    }

    private static Value stored(Value.Text text, Type to) {
        String value = text.value();
        int most = to.length();
        if (most == Type.UNLIMITED || value.codePointCount(0, value.length()) <= most) {
            return text;
        }
        int end = value.offsetByCodePoints(0, most);
        if (!value.substring(end).isBlank()) {
            throw new NodeDbException(
                    ErrorCode.STRING_TOO_LONG, "value too long for type " + to.sqlName() + ".");
        }
        return Value.of(value.substring(0, end));
    }

    /** PostgreSQL's input function of the type. */
    public Value read(String text, Type type) {
        return switch (type.tag()) {
            case BOOL -> NumberText.readBool(text);
            case INT2 ->
                    new Value.Int2(
                            (short)
                                    NumberText.readInteger(
                                            text, type, Short.MIN_VALUE, Short.MAX_VALUE));
            case INT4 ->
                    Value.of(
                            (int)
                                    NumberText.readInteger(
                                            text, type, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case INT8 ->
                    Value.of(NumberText.readInteger(text, type, Long.MIN_VALUE, Long.MAX_VALUE));
            case FLOAT4 -> new Value.Float4(NumberText.readFloat(text));
            case FLOAT8 -> Value.of(NumberText.readDouble(text));
            case DECIMAL -> NumberCasts.limited(NumberText.readDecimal(text), type);
            case NULL, ANY, TEXT -> Value.of(text);
            case VARCHAR -> shortened(text, type);
            case BYTEA -> new Value.Bytes(BytesText.read(text));
            case UUID -> NumberText.readUuid(text);
            case DATE -> DateTimeText.readDate(text);
            case TIME -> DateTimeText.readTime(text);
            case TIMESTAMP -> new Value.Timestamp(DateTimeText.readTimestamp(text));
            case TIMESTAMPTZ -> new Value.TimestampTz(DateTimeText.readTimestampTz(text, zone));
            case INTERVAL -> IntervalText.read(text);
            case ARRAY -> ArrayText.read(text, type, this::read);
            case JSON -> JsonText.read(text);
        };
    }

    /** PostgreSQL's output function: what a client sees in text format. */
    public String write(Value value, Type type) {
        return TextOutput.write(value, type, zone);
    }

    /** A zone by name or offset, as in {@code AT TIME ZONE}. */
    public static ZoneId zoneOf(String name) {
        return DateTimeText.readZone(name);
    }

    /** The type that a value has by itself; arrays and objects are nested documents. */
    public static Type typeOf(Value value) {
        return TextOutput.typeOf(value);
    }

    private Value convert(Value value, Type from, Type to) {
        return switch (to.tag()) {
            case NULL, ANY -> value;
            case BOOL -> toBool(value, to);
            case INT2, INT4, INT8, FLOAT4, FLOAT8, DECIMAL -> toNumber(value, to);
            case TEXT -> Value.of(toText(value, from));
            case VARCHAR -> shortened(toText(value, from), to);
            case JSON -> value instanceof Value.Text text ? toJson(text, from) : value;
            case ARRAY -> toArray(value, from, to);
            case BYTEA, UUID, DATE, TIME, TIMESTAMP, TIMESTAMPTZ, INTERVAL -> {
                if (value.tag() == to.tag()) {
                    yield value;
                }
                yield value instanceof Value.Text text
                        ? read(text.value(), to)
                        : TimeCasts.cast(value, to, zone);
            }
        };
    }

    private Value toBool(Value value, Type to) {
        return switch (value) {
            case Value.Bool bool -> bool;
            case Value.Int4 number -> Value.of(number.value() != 0);
            case Value.Text text -> read(text.value(), to);
            default -> throw cannotCast(value, to);
        };
    }

    private Value toNumber(Value value, Type to) {
        return switch (value) {
            case Value.Numeric number -> NumberCasts.cast(number, to);
            case Value.Text text -> read(text.value(), to);
            case Value.Bool bool when to.tag() == TypeTag.INT4 -> Value.of(bool.value() ? 1 : 0);
            default -> throw cannotCast(value, to);
        };
    }

    private String toText(Value value, Type from) {
        return switch (value) {
            case Value.Text text -> text.value();
            case Value.Bool bool -> Boolean.toString(bool.value());
            default -> write(value, from.isDynamic() ? typeOf(value) : from);
        };
    }

    private static Value shortened(String text, Type to) {
        int most = to.length();
        return most == Type.UNLIMITED || text.codePointCount(0, text.length()) <= most
                ? Value.of(text)
                : Value.of(text.substring(0, text.offsetByCodePoints(0, most)));
    }

    private Value toArray(Value value, Type from, Type to) {
        if (value instanceof Value.Text text) {
            return read(text.value(), to);
        }
        if (!(value instanceof Value.Array array)) {
            throw cannotCast(value, to);
        }
        Type element = from.isArray() ? from.elementType() : Type.ANY;
        List<Value> elements =
                array.elements().stream()
                        .map(inner ->
                                inner instanceof Value.Array && !to.elementType().isArray()
                                        ? toArray(inner, from, to)
                                        : cast(inner, element, to.elementType()))
                        .toList();
        return new Value.Array(elements);
    }

    private static Value toJson(Value.Text text, Type from) {
        return from.tag() == TypeTag.JSON ? text : JsonText.read(text.value());
    }

    /** A document's string is no number, as PostgreSQL has it; its text is its JSON. */
    private Value castFromJson(Value value, Type to) {
        if (to.tag().isText()) {
            return shortened(JsonText.write(value), to);
        }
        if (value instanceof Value.Text) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "cannot cast jsonb string to type " + to.sqlName() + ".");
        }
        return convert(value, Type.ANY, to);
    }

    static NodeDbException cannotCast(Value value, Type to) {
        return new NodeDbException(
                ErrorCode.CANNOT_CAST,
                "cannot cast type " + typeOf(value).sqlName() + " to " + to.sqlName() + ".");
    }
}
