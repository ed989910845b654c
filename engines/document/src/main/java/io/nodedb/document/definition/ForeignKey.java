package io.nodedb.document.definition;

import io.nodedb.base.ownership.Immutable;
import java.util.List;

/**
 * A reference to rows of a collection: when none of {@code fields} is NULL, a row with these values
 * in {@code targetFields} exists. This is the definition only; who commits checks it.
 *
 * @param target the collection's id in the catalog, which no rename changes, or {@link #SELF}
 */
@Immutable
public record ForeignKey(
        String name,
        List<FieldPath> fields,
        int target,
        List<FieldPath> targetFields,
        ReferenceAction onDelete,
        ReferenceAction onUpdate) {
    /** The collection that has the foreign key. */
    public static final int SELF = 0;

    public ForeignKey {
        fields = List.copyOf(fields);
        targetFields = List.copyOf(targetFields);
    }
}
