package io.nodedb.document.tuple;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;

/**
 * A column of a strict collection. Its id is the column's for ever: a renamed column keeps it, a
 * dropped one's is never given again. {@code missing} is what rows hold that were written before
 * the column was added: its default at that time, or NULL.
 */
@Immutable
public record Column(int id, String name, Type type, Value missing) {
    public static Column of(int id, String name, Type type) {
        return new Column(id, name, type, Value.NULL);
    }
}
