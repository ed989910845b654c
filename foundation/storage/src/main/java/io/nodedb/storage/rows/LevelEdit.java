package io.nodedb.storage.rows;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.storage.rows.memtable.Memtable;
import io.nodedb.storage.rows.ranges.LostRange;
import io.nodedb.storage.rows.segment.Segment;
import io.nodedb.storage.rows.segment.SegmentInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of the files that count, which waits to be published.
 *
 * @param removed files that go
 * @param level of the files that come
 * @param added files that come
 * @param flushed the memtable that is in them, if any
 * @param ingest it is a bulk load
 * @param lost what was damaged in the files that go, and is in none of those that come
 */
@Immutable
record LevelEdit(
        List<Segment> removed,
        int level,
        List<Segment> added,
        @Nullable Memtable flushed,
        boolean ingest,
        List<LostRange> lost) {
    LevelEdit(
            List<Segment> removed,
            int level,
            List<Segment> added,
            @Nullable Memtable flushed,
            boolean ingest) {
        this(removed, level, added, flushed, ingest, List.of());
    }

    /** Publishes nothing but what is covered. */
    static LevelEdit ofCoverage() {
        return new LevelEdit(List.of(), 0, List.of(), null, false);
    }

    /** The log must be synced up to here before it counts. */
    long highestLsn() {
        long highest = flushed == null ? 0 : flushed.highestLsn();
        for (Segment segment : added) {
            SegmentInfo info = segment.info();
            highest = Math.max(highest, info.highestLsn());
        }
        return highest;
    }
}
