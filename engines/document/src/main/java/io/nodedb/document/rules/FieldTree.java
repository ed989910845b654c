package io.nodedb.document.rules;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.value.Value;
import io.nodedb.document.definition.FieldPath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Paths in nested values: what is there, and the values that follow from a change. */
final class FieldTree {
    private FieldTree() {}

    /** What a path leads to; null when there is nothing. */
    static @Nullable Value get(Value root, List<String> steps) {
        @Nullable Value value = root;
        for (String step : steps) {
            value =
                    switch (value) {
                        case Value.Document object -> object.fields().get(step);
                        case Value.Array array -> element(array, step);
                        case null, default -> null;
                    };
            if (value == null) {
                return null;
            }
        }
        return value;
    }

    private static @Nullable Value element(Value.Array array, String step) {
        int index = index(array, step);
        return index < 0 || index >= array.elements().size() ? null : array.elements().get(index);
    }

    /** The place that a step means; negative ones count from the end; -1 when it is none. */
    private static int index(Value.Array array, String step) {
        if (!step.matches("-?\\d{1,9}")) {
            return -1;
        }
        int index = Integer.parseInt(step);
        return index < 0 ? Math.max(-1, array.elements().size() + index) : index;
    }

    /** {@code root} with another value at a path; objects that are missing there are made. */
    static Value.Document with(Value.Document root, FieldPath path, Value value) {
        return (Value.Document) with(root, path, 0, value);
    }

    private static Value with(@Nullable Value at, FieldPath path, int depth, Value value) {
        if (depth == path.steps().size()) {
            return value;
        }
        String step = path.steps().get(depth);
        if (at == null || at.isNull()) {
            return new Value.Document(Map.of(step, with(null, path, depth + 1, value)));
        }
        return switch (at) {
            case Value.Document object -> {
                Map<String, Value> fields = new LinkedHashMap<>(object.fields());
                fields.put(step, with(fields.get(step), path, depth + 1, value));
                yield new Value.Document(fields);
            }
            case Value.Array array -> {
                List<Value> elements = new ArrayList<>(array.elements());
                int index = index(array, step);
                if (index < 0 || index > elements.size()) {
                    throw new RowRefusedException(
                            ErrorCode.ARRAY_SUBSCRIPT,
                            path,
                            "An array has no such place: field="
                                    + path
                                    + " index="
                                    + step
                                    + " elements="
                                    + elements.size()
                                    + ".");
                }
                if (index == elements.size()) {
                    elements.add(with(null, path, depth + 1, value));
                } else {
                    elements.set(index, with(elements.get(index), path, depth + 1, value));
                }
                yield new Value.Array(elements);
            }
            default ->
                    throw new RowRefusedException(
                            ErrorCode.TYPE_MISMATCH,
                            path,
                            "A path leads through a value that is no object: field="
                                    + path
                                    + " type="
                                    + at.tag().sqlName()
                                    + ".");
        };
    }

    /** {@code root} without what a path leads to; the same when there is nothing. */
    static Value.Document without(Value.Document root, FieldPath path) {
        return get(root, path.steps()) == null ? root : (Value.Document) without(root, path, 0);
    }

    private static Value without(Value at, FieldPath path, int depth) {
        String step = path.steps().get(depth);
        boolean last = depth == path.steps().size() - 1;
        if (at instanceof Value.Array array) {
            List<Value> elements = new ArrayList<>(array.elements());
            int index = index(array, step);
            if (last) {
                elements.remove(index);
            } else {
                elements.set(index, without(elements.get(index), path, depth + 1));
            }
            return new Value.Array(elements);
        }
        Map<String, Value> fields = new LinkedHashMap<>(((Value.Document) at).fields());
        if (last) {
            fields.remove(step);
        } else {
            fields.computeIfPresent(step, (_, inner) -> without(inner, path, depth + 1));
        }
        return new Value.Document(fields);
    }
}
