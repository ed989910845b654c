package io.nodedb.plan.expression;

import io.nodedb.base.value.JsonText;
import io.nodedb.base.value.Value;
import java.util.List;

/**
 * Steps into documents: {@code ->}, {@code ->>}, {@code #>}, {@code #>>}. What is not there is
 * NULL.
 */
final class JsonAccess {
    private JsonAccess() {}

    /** A document's field by a text, an array's element by an integer; negative from the end. */
    static Value get(Value document, Value step) {
        if (document instanceof Value.Document object && step instanceof Value.Text key) {
            return object.field(key.value()).orElse(Value.NULL);
        }
        if (document instanceof Value.Array array && step instanceof Value.Numeric index) {
            return element(array.elements(), index.longValue());
        }
        return Value.NULL;
    }

    /** A path's step into an array is a number in text. */
    static Value path(Value document, List<String> steps) {
        Value value = document;
        for (String step : steps) {
            if (value instanceof Value.Array array) {
                value =
                        step.matches("-?\\d{1,9}")
                                ? element(array.elements(), Long.parseLong(step))
                                : Value.NULL;
            } else {
                value = get(value, Value.of(step));
            }
        }
        return value;
    }

    /** A string as it is, anything else as JSON. */
    static Value text(Value value) {
        return switch (value) {
            case Value.Null _ -> value;
            case Value.Text _ -> value;
            default -> Value.of(JsonText.write(value));
        };
    }

    private static Value element(List<Value> elements, long index) {
        long wanted = index < 0 ? elements.size() + index : index;
        return wanted < 0 || wanted >= elements.size() ? Value.NULL : elements.get((int) wanted);
    }
}
