package io.nodedb.document.tuple;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.document.DocumentLimits;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One version of a strict collection's columns, in the order in which they are stored. */
@Immutable
public record TupleSchema(int version, List<Column> columns) {
    /** The version is two bytes of a row's header. */
    public static final int MAX_VERSION = 0xFFFF;

    public TupleSchema {
        columns = List.copyOf(columns);
        Check.that(version >= 0 && version <= MAX_VERSION, "version fits its field", version);
        Check.that(columns.size() <= DocumentLimits.MAX_COLUMNS, "columns are few", columns.size());
        Set<Integer> ids = new HashSet<>();
        for (Column column : columns) {
            Check.that(ids.add(column.id()), "column ids are unique", column.id());
        }
    }

    /** The column's index, or -1. */
    int indexOf(int columnId) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).id() == columnId) {
                return i;
            }
        }
        return -1;
    }
}
