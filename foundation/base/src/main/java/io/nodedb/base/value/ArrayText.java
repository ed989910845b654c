package io.nodedb.base.value;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

/**
 * SQL arrays as text, in PostgreSQL's form: {@code {1,NULL,"a \"b\""}}, one brace level for each
 * dimension.
 */
final class ArrayText {
    private static final String SPECIAL = "{},\"\\";

    private final String text;
    private final Type type;
    private final BiFunction<String, Type, Value> elementReader;
    private int position;

    private ArrayText(String text, Type type, BiFunction<String, Type, Value> elementReader) {
        this.text = text;
        this.type = type;
        this.elementReader = elementReader;
    }

    static Value.Array read(String text, Type type, BiFunction<String, Type, Value> elementReader) {
        ArrayText reader = new ArrayText(text.strip(), type, elementReader);
        Value.Array array = reader.readLevel(0);
        if (reader.position != reader.text.length()) {
            throw reader.malformed();
        }
        return array;
    }

    private Value.Array readLevel(int depth) {
        if (depth > Value.MAX_NESTING) {
            throw malformed();
        }
        expect('{');
        List<Value> elements = new ArrayList<>();
        skipSpace();
        if (peek() == '}') {
            position++;
            return new Value.Array(elements);
        }
        while (true) {
            skipSpace();
            elements.add(peek() == '{' ? readLevel(depth + 1) : readElement());
            skipSpace();
            char next = peek();
            position++;
            if (next == '}') {
                break;
            }
            if (next != ',') {
                throw malformed();
            }
        }
        requireSameShape(elements);
        return new Value.Array(elements);
    }

    /** Sub-arrays are as long as each other. */
    private void requireSameShape(List<Value> elements) {
        int length =
                elements.getFirst() instanceof Value.Array first ? first.elements().size() : -1;
        for (Value element : elements) {
            int other = element instanceof Value.Array array ? array.elements().size() : -1;
            if (other != length) {
                throw malformed();
            }
        }
    }

    private Value readElement() {
        Type element = type.elementType();
        while (element.isArray()) {
            element = element.elementType();
        }
        if (peek() == '"') {
            return elementReader.apply(readQuoted(), element);
        }
        StringBuilder word = new StringBuilder();
        while (SPECIAL.indexOf(peek()) < 0 || peek() == '\\') {
            if (peek() == '\\') {
                position++;
            }
            word.append(peek());
            position++;
        }
        String plain = word.toString().strip();
        if (plain.isEmpty() || peek() == '"') {
            throw malformed();
        }
        return plain.equalsIgnoreCase("null") ? Value.NULL : elementReader.apply(plain, element);
    }

    private String readQuoted() {
        position++;
        StringBuilder content = new StringBuilder();
        while (peek() != '"') {
            if (peek() == '\\') {
                position++;
            }
            content.append(peek());
            position++;
        }
        position++;
        return content.toString();
    }

    private void skipSpace() {
        while (Character.isWhitespace(peek())) {
            position++;
        }
    }

    private void expect(char wanted) {
        if (peek() != wanted) {
            throw malformed();
        }
        position++;
    }

    private char peek() {
        if (position >= text.length()) {
            throw malformed();
        }
        return text.charAt(position);
    }

    private NodeDbException malformed() {
        return new NodeDbException(
                ErrorCode.INVALID_TEXT,
                "malformed array literal: \"" + text + "\" position=" + position + ".");
    }

    static void write(
            Value.Array array,
            Type type,
            BiFunction<Value, Type, String> elementWriter,
            StringBuilder target) {
        Type element = type.elementType();
        target.append('{');
        boolean first = true;
        for (Value value : array.elements()) {
            if (!first) {
                target.append(',');
            }
            first = false;
            if (value instanceof Value.Array inner && element.tag() != TypeTag.JSON) {
                write(inner, element.isArray() ? element : type, elementWriter, target);
            } else if (value.isNull()) {
                target.append("NULL");
            } else {
                writeElement(elementWriter.apply(value, innermost(element)), target);
            }
        }
        target.append('}');
    }

    private static Type innermost(Type type) {
        return type.isArray() ? innermost(type.elementType()) : type;
    }

    private static void writeElement(String element, StringBuilder target) {
        boolean quoted = element.isEmpty() || element.toLowerCase(Locale.ROOT).equals("null");
        for (int i = 0; i < element.length() && !quoted; i++) {
            char next = element.charAt(i);
            quoted = SPECIAL.indexOf(next) >= 0 || Character.isWhitespace(next);
        }
        if (!quoted) {
            target.append(element);
            return;
        }
        target.append('"');
        for (int i = 0; i < element.length(); i++) {
            char next = element.charAt(i);
            if (next == '"' || next == '\\') {
                target.append('\\');
            }
            target.append(next);
        }
        target.append('"');
    }
}
