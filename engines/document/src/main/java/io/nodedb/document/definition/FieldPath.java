package io.nodedb.document.definition;

import io.nodedb.base.ownership.Immutable;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A column of a strict collection or a field of a document, and what leads on into nested ones.
 * Steps have any characters and are exact in case; a step into an array is its index.
 */
@Immutable
public record FieldPath(List<String> steps) {
    public FieldPath {
        steps = List.copyOf(steps);
    }

    public static FieldPath of(String... steps) {
        return new FieldPath(List.of(steps));
    }

    /** The column or the field of the row itself. */
    public String first() {
        return steps.getFirst();
    }

    public boolean isNested() {
        return steps.size() > 1;
    }

    /** The same path when a column got another name. */
    FieldPath renamed(String from, String to) {
        return new FieldPath(renamed(steps, from, to));
    }

    static List<String> renamed(List<String> steps, String from, String to) {
        if (!steps.getFirst().equals(from)) {
            return steps;
        }
        List<String> changed = new java.util.ArrayList<>(steps);
        changed.set(0, to);
        return changed;
    }

    /** As messages name it: {@code address.city}, with quotes where a step is no plain word. */
    @Override
    public String toString() {
        return steps.stream()
                .map(step -> step.matches("[A-Za-z0-9_]+") ? step : '"' + step + '"')
                .collect(Collectors.joining("."));
    }
}
