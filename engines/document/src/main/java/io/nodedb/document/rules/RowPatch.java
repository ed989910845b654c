package io.nodedb.document.rules;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.base.value.Value;
import io.nodedb.document.definition.FieldPath;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes of single fields of one row, made in their order: {@code new
 * RowPatch().set(…).increment(…)}.
 */
@Immutable
public record RowPatch(List<Step> steps) {
    /** One change. */
    public sealed interface Step {}

    /** Another value; objects that are missing on the way are made. */
    public record SetField(FieldPath path, Value value) implements Step {}

    /** Takes a field or element out; a column becomes NULL. */
    public record RemoveField(FieldPath path) implements Step {}

    /** Adds to a number; a missing field and NULL count as 0. */
    public record Increment(FieldPath path, Value.Numeric by) implements Step {}

    /** Adds an element to the end of an array; a missing field and NULL count as empty. */
    public record Append(FieldPath path, Value element) implements Step {}

    public RowPatch {
        steps = List.copyOf(steps);
    }

    /** A patch without a change yet. */
    public RowPatch() {
        this(List.of());
    }

    public RowPatch set(FieldPath path, Value value) {
        return with(new SetField(path, value));
    }

    public RowPatch remove(FieldPath path) {
        return with(new RemoveField(path));
    }

    public RowPatch increment(FieldPath path, Value.Numeric by) {
        return with(new Increment(path, by));
    }

    public RowPatch append(FieldPath path, Value element) {
        return with(new Append(path, element));
    }

    private RowPatch with(Step step) {
        List<Step> longer = new ArrayList<>(steps);
        longer.add(step);
        return new RowPatch(longer);
    }
}
