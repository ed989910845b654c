package io.nodedb.storage.rows.segment;

import io.nodedb.base.ownership.Immutable;
import java.util.List;

/** Files of a bulk load, in order, that no manifest lists yet. */
@Immutable
public record BulkFiles(List<Segment> segments) {
    public BulkFiles {
        segments = List.copyOf(segments);
    }
}
