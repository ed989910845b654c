package io.nodedb.plan.expression;

import static io.nodedb.plan.expression.Functions.strict;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.Value;

/** Functions on documents and arrays. */
final class DocumentFunctions {
    private DocumentFunctions() {}

    static void define() {
        for (String prefix : new String[] {"json", "jsonb"}) {
            strict(prefix + "_typeof(json) text", (a, _) -> Value.of(typeOf(a[0])));
            strict(prefix + "_array_length(json) int", (a, _) -> Value.of(length(a[0])));
        }
    }

    private static String typeOf(Value value) {
        return switch (value) {
            case Value.Null _ -> "null";
            case Value.Bool _ -> "boolean";
            case Value.Numeric _ -> "number";
            case Value.Array _ -> "array";
            case Value.Document _ -> "object";
            default -> "string";
        };
    }

    private static int length(Value value) {
        if (value instanceof Value.Array array) {
            return array.elements().size();
        }
        throw new NodeDbException(
                ErrorCode.INVALID_ARGUMENT,
                "cannot get array length of a "
                        + (value instanceof Value.Document ? "non-array" : "scalar")
                        + ".");
    }
}
