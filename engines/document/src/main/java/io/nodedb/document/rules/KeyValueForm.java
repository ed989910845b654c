package io.nodedb.document.rules;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.base.value.Casting;
import io.nodedb.base.value.JsonText;
import io.nodedb.base.value.Utf8;
import io.nodedb.base.value.Value;
import io.nodedb.document.definition.FieldPath;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a key and a value stand for the fields of a row, in both directions. Bytes that are UTF-8 are
 * TEXT as a field, others BYTEA; a field of another type is its text as a key or value.
 *
 * @param keyField holds the key
 * @param valueField holds the value, where that is no object
 */
@Immutable
public record KeyValueForm(String keyField, String valueField, Values values) {
    /** What values are. */
    public enum Values {
        /** Bytes or text, each in one field. */
        PLAIN,
        /**
         * JSON objects, whose fields are the row's. They are rewritten as {@link JsonText} has it.
         */
        OBJECTS
    }

    /**
     * The fields of a key-value row; {@link ErrorCode#INVALID_TEXT} for a value that is no JSON
     * object where one is expected, {@link ErrorCode#DUPLICATE_COLUMN} for one that has the key's
     * field itself.
     */
    public Value.Document fields(byte[] key, byte[] value) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put(keyField, textOrBytes(key));
        switch (values) {
            case PLAIN -> fields.put(valueField, textOrBytes(value));
            case OBJECTS ->
                    object(value)
                            .fields()
                            .forEach((name, field) -> {
                                if (fields.putIfAbsent(name, field) != null) {
                                    throw new RowRefusedException(
                                            ErrorCode.DUPLICATE_COLUMN,
                                            FieldPath.of(name),
                                            "A value has the field that holds the key: field="
                                                    + name
                                                    + ".");
                                }
                            });
        }
        return new Value.Document(fields);
    }

    private Value.Document object(byte[] value) {
        Value text = textOrBytes(value);
        try {
            if (text instanceof Value.Text(var json)
                    && JsonText.read(json) instanceof Value.Document object) {
                return object;
            }
        } catch (NodeDbException malformed) {
            throw RowRefusedException.of(FieldPath.of(valueField), malformed);
        }
        throw new RowRefusedException(
                ErrorCode.INVALID_TEXT,
                FieldPath.of(valueField),
                "A value is no JSON object: bytes=" + value.length + ".");
    }

    /**
     * The key and value of a row's fields; {@link ErrorCode#NOT_NULL_VIOLATION} without a key,
     * {@link ErrorCode#UNDEFINED_COLUMN} for fields that a plain value has no place for.
     */
    public KeyValueRow keyValue(Value.Document row) {
        Value key = row.fields().getOrDefault(keyField, Value.NULL);
        if (key.isNull()) {
            throw new RowRefusedException(
                    ErrorCode.NOT_NULL_VIOLATION,
                    FieldPath.of(keyField),
                    "A row has no key: field=" + keyField + ".");
        }
        Map<String, Value> others = new LinkedHashMap<>(row.fields());
        others.remove(keyField);
        byte[] value =
                switch (values) {
                    case OBJECTS -> Utf8.encode(JsonText.write(new Value.Document(others)));
                    case PLAIN -> plain(others);
                };
        return new KeyValueRow(bytes(key), value);
    }

    private byte[] plain(Map<String, Value> others) {
        Value value = others.getOrDefault(valueField, Value.NULL);
        others.remove(valueField);
        if (!others.isEmpty() || value.isNull()) {
            String field = others.isEmpty() ? valueField : others.keySet().iterator().next();
            throw new RowRefusedException(
                    others.isEmpty() ? ErrorCode.NOT_NULL_VIOLATION : ErrorCode.UNDEFINED_COLUMN,
                    FieldPath.of(field),
                    others.isEmpty()
                            ? "A row has no value: field=" + field + "."
                            : "A plain value has no place for a field: field=" + field + ".");
        }
        return bytes(value);
    }

    private static byte[] bytes(Value value) {
        return switch (value) {
            case Value.Bytes bytes -> bytes.toArray();
            case Value.Text text -> Utf8.encode(text.value());
            default -> Utf8.encode(new Casting(ZoneOffset.UTC).write(value, Casting.typeOf(value)));
        };
    }

    static Value textOrBytes(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        boolean isText = java.util.Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes);
        return isText ? Value.of(text) : new Value.Bytes(bytes);
    }
}
