package io.nodedb.document.binary;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.JsonNumber;
import io.nodedb.base.value.JsonText;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * JSON text into documents and back, without building values in between. Keys keep their case and
 * order. {@link JsonNumber} says which type a number gets; the text that comes back is {@link
 * JsonText}'s form.
 *
 * <p>Failures: {@link ErrorCode#INVALID_TEXT} with line and column, and the writer's.
 */
public final class DocumentJson {
    private DocumentJson() {}

    /** The document of a JSON text. */
    public static byte[] read(String json, DocumentWriter writer) {
        try (JsonParser parser = JsonText.parser(json)) {
            return read(parser, writer);
        } catch (JacksonException malformed) {
            throw JsonText.refused(malformed);
        }
    }

    /** The document of a JSON text in UTF-8. */
    public static byte[] read(byte[] utf8, int from, int length, DocumentWriter writer) {
        try (JsonParser parser = JsonText.parser(utf8, from, length)) {
            return read(parser, writer);
        } catch (JacksonException malformed) {
            throw JsonText.refused(malformed);
        }
    }

    private static byte[] read(JsonParser parser, DocumentWriter writer) {
        writer.clear();
        int depth = 0;
        do {
            JsonToken token = parser.nextToken();
            if (token == null) {
                throw new NodeDbException(
                        ErrorCode.INVALID_TEXT,
                        "invalid input syntax for type json: the text ends early.");
            }
            switch (token) {
                case START_OBJECT -> {
                    writer.startObject();
                    depth++;
                }
                case START_ARRAY -> {
                    writer.startArray();
                    depth++;
                }
                case END_OBJECT, END_ARRAY -> {
                    writer.end();
                    depth--;
                }
                case PROPERTY_NAME -> writer.key(parser.currentName());
                default -> putScalar(parser, token, writer);
            }
        } while (depth > 0);
        if (parser.nextToken() != null) {
            throw new NodeDbException(
                    ErrorCode.INVALID_TEXT,
                    "invalid input syntax for type json: something follows the value.");
        }
        return writer.toByteArray();
    }

    private static void putScalar(JsonParser parser, JsonToken token, DocumentWriter writer) {
        switch (token) {
            case VALUE_STRING -> writer.putText(parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                    writer.put(JsonNumber.read(parser.getString()));
            case VALUE_TRUE -> writer.putBool(true);
            case VALUE_FALSE -> writer.putBool(false);
            case VALUE_NULL -> writer.putNull();
            default ->
                    throw new NodeDbException(
                            ErrorCode.INVALID_TEXT, "invalid input syntax for type json.");
        }
    }

    /** Appends the value at a position of a view as JSON text. */
    public static void write(DocumentView view, int position, StringBuilder target) {
        write(view, position, view.end(position), 0, target);
    }

    private static void write(
            DocumentView view, int position, int limit, int depth, StringBuilder target) {
        int end = view.checkedEnd(position, limit, depth);
        switch (view.type(position)) {
            case JSON -> writeObject(view, position, end, depth, target);
            case ARRAY -> writeArray(view, position, end, depth, target);
            case TEXT -> JsonText.writeString(view.getText(position), target);
            default -> JsonText.write(view.value(position), target);
        }
    }

    /** The whole document as JSON text. */
    public static String write(DocumentView view) {
        StringBuilder target = new StringBuilder();
        write(view, view.root(), target);
        return target.toString();
    }

    private static void writeObject(
            DocumentView view, int position, int end, int depth, StringBuilder target) {
        target.append('{');
        int field = view.firstField(position);
        int count = view.count(position);
        for (int i = 0; i < count; i++) {
            target.append(i == 0 ? "" : ", ");
            JsonText.writeString(view.keyOf(field), target);
            target.append(": ");
            int value = view.valueOf(field);
            write(view, value, end, depth + 1, target);
            field = view.end(value);
        }
        target.append('}');
    }

    private static void writeArray(
            DocumentView view, int position, int end, int depth, StringBuilder target) {
        target.append('[');
        int element = view.firstField(position);
        int count = view.count(position);
        for (int i = 0; i < count; i++) {
            target.append(i == 0 ? "" : ", ");
            write(view, element, end, depth + 1, target);
            element = view.end(element);
        }
        target.append(']');
    }
}
