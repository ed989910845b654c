package io.nodedb.document.entries;

import io.nodedb.base.ownership.Immutable;
import java.util.List;

/**
 * What a write of one row does to the indexes of its collection: entries in ascending order of
 * their bytes. An entry that stays is in neither list.
 */
@Immutable
public record IndexChanges(List<IndexEntry> removed, List<IndexEntry> added) {
    /** Of a write that touches no index. */
    public static final IndexChanges NONE = new IndexChanges(List.of(), List.of());

    public IndexChanges {
        removed = List.copyOf(removed);
        added = List.copyOf(added);
    }

    public boolean isEmpty() {
        return removed.isEmpty() && added.isEmpty();
    }
}
