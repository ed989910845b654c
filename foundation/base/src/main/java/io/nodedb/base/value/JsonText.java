package io.nodedb.base.value;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * Nested documents as JSON text: read from RFC 8259, written as PostgreSQL writes jsonb, with a
 * space after each colon and comma, but with the keys in their own order. What JSON has no type for
 * is written as a string (bytes, UUIDs, dates, NaN).
 *
 * <p>Failures: {@link ErrorCode#INVALID_TEXT} with line and column; {@link
 * ErrorCode#DUPLICATE_KEY_IN_OBJECT}; {@link ErrorCode#PROGRAM_LIMIT} when nested too deep.
 */
public final class JsonText {
    /** A longer number is refused: its conversion takes quadratic time. */
    private static final int MAX_NUMBER_LENGTH = 20_000;

    /** Larger than any document may be. */
    private static final int MAX_STRING_LENGTH = 64 << 20;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(Value.MAX_NESTING)
                                    .maxNumberLength(MAX_NUMBER_LENGTH)
                                    .maxStringLength(MAX_STRING_LENGTH)
                                    .build())
                    .build();

    private JsonText() {}

    /** A parser with the bounds of this database, for who reads JSON without building values. */
    public static JsonParser parser(String text) {
        return FACTORY.createParser(ObjectReadContext.empty(), text);
    }

    /** As {@link #parser(String)}, of UTF-8. */
    public static JsonParser parser(byte[] utf8, int from, int length) {
        return FACTORY.createParser(ObjectReadContext.empty(), utf8, from, length);
    }

    public static Value read(String text) {
        try (JsonParser parser = parser(text)) {
            parser.nextToken();
            Value value = readValue(parser);
            if (parser.nextToken() != null) {
                throw new NodeDbException(
                        ErrorCode.INVALID_TEXT,
                        "invalid input syntax for type json: something follows the value.");
            }
            return value;
        } catch (JacksonException malformed) {
            throw refused(malformed);
        }
    }

    /** The error of this database for one of the parser. */
    public static NodeDbException refused(JacksonException malformed) {
        ErrorCode code =
                malformed instanceof StreamConstraintsException
                        ? ErrorCode.PROGRAM_LIMIT
                        : ErrorCode.INVALID_TEXT;
        var place = malformed.getLocation();
        String where =
                place == null
                        ? ""
                        : " line=" + place.getLineNr() + " column=" + place.getColumnNr();
        return new NodeDbException(
                code,
                "invalid input syntax for type json: "
                        + malformed.getOriginalMessage()
                        + where
                        + ".",
                malformed);
    }

    private static Value readValue(JsonParser parser) {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new NodeDbException(
                    ErrorCode.INVALID_TEXT,
                    "invalid input syntax for type json: the text ends early.");
        }
        return switch (token) {
            case START_OBJECT -> readObject(parser);
            case START_ARRAY -> readArray(parser);
            case VALUE_STRING -> Value.of(wellFormed(parser.getString()));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> JsonNumber.read(parser.getString());
            case VALUE_TRUE -> Value.Bool.TRUE;
            case VALUE_FALSE -> Value.Bool.FALSE;
            case VALUE_NULL -> Value.NULL;
            default ->
                    throw new NodeDbException(
                            ErrorCode.INVALID_TEXT, "invalid input syntax for type json.");
        };
    }

    private static Value readObject(JsonParser parser) {
        Map<String, Value> fields = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = wellFormed(parser.currentName());
            parser.nextToken();
            if (fields.putIfAbsent(key, readValue(parser)) != null) {
                throw duplicate(key);
            }
        }
        return new Value.Document(fields);
    }

    private static Value readArray(JsonParser parser) {
        List<Value> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(readValue(parser));
        }
        return new Value.Array(elements);
    }

    private static String wellFormed(String text) {
        Utf8.requireWellFormed(text);
        return text;
    }

    public static NodeDbException duplicate(String key) {
        return new NodeDbException(
                ErrorCode.DUPLICATE_KEY_IN_OBJECT,
                "An object has a key twice: key=\"" + key + "\".");
    }

    public static String write(Value value) {
        StringBuilder target = new StringBuilder();
        write(value, target);
        return target.toString();
    }

    public static void write(Value value, StringBuilder target) {
        switch (value) {
            case Value.Null _ -> target.append("null");
            case Value.Bool x -> target.append(x.value());
            case Value.Numeric x -> writeNumber(x, target);
            case Value.Text x -> writeString(x.value(), target);
            case Value.Array x -> {
                target.append('[');
                String separator = "";
                for (Value element : x.elements()) {
                    target.append(separator);
                    write(element, target);
                    separator = ", ";
                }
                target.append(']');
            }
            case Value.Document x -> {
                target.append('{');
                String separator = "";
                for (Map.Entry<String, Value> field : x.fields().entrySet()) {
                    target.append(separator);
                    writeString(field.getKey(), target);
                    target.append(": ");
                    write(field.getValue(), target);
                    separator = ", ";
                }
                target.append('}');
            }
            case Value.Timestamp x ->
                    writeString(iso(DateTimeText.writeTimestamp(x.micros())), target);
            case Value.TimestampTz x ->
                    writeString(
                            iso(DateTimeText.writeTimestampTz(x.micros(), ZoneOffset.UTC))
                                    + offset(x),
                            target);
            case Value.Bytes _, Value.Uuid _, Value.Date _, Value.Time _, Value.Interval _ ->
                    writeString(TextOutput.plain(value), target);
        }
    }

    /** JSON's time stamps have a T, as PostgreSQL's to_json writes them. */
    private static String iso(String timestamp) {
        return timestamp.replaceFirst(" (?=\\d)", "T");
    }

    private static String offset(Value.TimestampTz instant) {
        return instant.isFinite() ? ":00" : "";
    }

    private static void writeNumber(Value.Numeric number, StringBuilder target) {
        // a reader without types takes the digits for the number, so they have to be all of it
        String text =
                number instanceof Value.Float8(double value)
                        ? FloatText.writeExact(value)
                        : TextOutput.plain(number);
        if (number.isFinite()) {
            target.append(text);
        } else {
            writeString(text, target);
        }
    }

    /** Appends a JSON string with its quotes. */
    public static void writeString(String text, StringBuilder target) {
        target.append('"');
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            switch (next) {
                case '"' -> target.append("\\\"");
                case '\\' -> target.append("\\\\");
                case '\n' -> target.append("\\n");
                case '\r' -> target.append("\\r");
                case '\t' -> target.append("\\t");
                case '\b' -> target.append("\\b");
                case '\f' -> target.append("\\f");
                default -> {
                    if (next < ' ') {
                        target.append("\\u00")
                                .append(Character.forDigit(next >> 4, 16))
                                .append(Character.forDigit(next & 15, 16));
                    } else {
                        target.append(next);
                    }
                }
            }
        }
        target.append('"');
    }
}
