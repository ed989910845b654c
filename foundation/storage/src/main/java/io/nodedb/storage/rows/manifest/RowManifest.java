package io.nodedb.storage.rows.manifest;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.storage.rows.counts.KeyspaceRows;
import io.nodedb.storage.rows.ranges.LostRange;
import io.nodedb.storage.rows.ranges.RangeSet;
import io.nodedb.storage.rows.segment.SegmentInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * Which files count, and what they contain.
 *
 * @param sequence counts up from 1
 * @param incarnation of the database that published it
 * @param coveredLsn every commit up to it is in the files
 * @param nextFileNumber above the number of every file ever begun
 * @param levels level 0 newest file first; the others by key
 * @param ranges deletions of ranges that still matter
 * @param lastRangeId highest id that a deletion of a range ever had
 * @param rows how many rows of each keyspace the files hold, as far as their writers told
 * @param lost what damage has taken
 */
@Immutable
public record RowManifest(
        long sequence,
        long incarnation,
        long coveredLsn,
        long nextFileNumber,
        List<List<SegmentInfo>> levels,
        RangeSet ranges,
        long lastRangeId,
        KeyspaceRows rows,
        List<LostRange> lost) {
    /** Levels there may be: six growing tenfold hold more than a disk does. */
    public static final int MAX_LEVELS = 7;

    public RowManifest {
        levels = levels.stream().map(List::copyOf).toList();
        lost = List.copyOf(lost);
    }

    /** Of a partition that begins. */
    public static RowManifest empty(long incarnation) {
        List<List<SegmentInfo>> levels = new ArrayList<>();
        for (int level = 0; level < MAX_LEVELS; level++) {
            levels.add(List.of());
        }
        return new RowManifest(
                1, incarnation, 0, 1, levels, RangeSet.EMPTY, 0, KeyspaceRows.NONE, List.of());
    }

    /** Highest LSN in any of the files, or covered by them. */
    public long highestLsn() {
        long highest = coveredLsn;
        for (List<SegmentInfo> level : levels) {
            for (SegmentInfo info : level) {
                highest = Math.max(highest, info.highestLsn());
            }
        }
        return highest;
    }
}
