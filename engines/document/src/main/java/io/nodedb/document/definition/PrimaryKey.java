package io.nodedb.document.definition;

import io.nodedb.base.ownership.Immutable;
import java.util.Arrays;
import java.util.List;

/**
 * What identifies a row: columns or fields, none of which may be missing or NULL; or a row id that
 * the row itself does not hold, when there are no paths. It is the collection's for ever.
 */
@Immutable
public record PrimaryKey(List<FieldPath> paths, KeySource source) {
    /** The key of a collection that names none: generated, kept beside the row only. */
    public static final PrimaryKey HIDDEN = new PrimaryKey(List.of(), KeySource.GENERATED);

    public PrimaryKey {
        paths = List.copyOf(paths);
    }

    /** Columns, or fields of the document, which the writer gives. */
    public static PrimaryKey of(String... names) {
        return new PrimaryKey(Arrays.stream(names).map(FieldPath::of).toList(), KeySource.GIVEN);
    }

    /** One field which the writer may leave to the database. */
    public static PrimaryKey generated(String name) {
        return new PrimaryKey(List.of(FieldPath.of(name)), KeySource.GENERATED);
    }

    public boolean isHidden() {
        return paths.isEmpty();
    }
}
