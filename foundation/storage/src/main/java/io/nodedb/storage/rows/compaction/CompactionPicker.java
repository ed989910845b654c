package io.nodedb.storage.rows.compaction;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.rows.RowStoreSettings;
import io.nodedb.storage.rows.VersionHorizon;
import io.nodedb.storage.rows.block.RowKey;
import io.nodedb.storage.rows.ranges.RangeDeletion;
import io.nodedb.storage.rows.ranges.RangeSet;
import io.nodedb.storage.rows.segment.Levels;
import io.nodedb.storage.rows.segment.Segment;
import io.nodedb.storage.rows.segment.SegmentInfo;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what to compact next. Of the levels that are larger than they should be, the one that is
 * most so: level 0 as a whole, of the others one file after another around the key space. When none
 * is, files with rows that a deletion of a range covers, then files of which a large share is
 * deletions.
 *
 * <p>Owned by one core.
 */
@CoreOwned
public final class CompactionPicker {
    /** A smaller file is not just moved, or many small ones would gather below. */
    private static final int MOVED_SHARE = 4;

    /** Most bytes of the level behind the next, in file sizes, that a moved file may overlap. */
    private static final int MAX_BELOW = 10;

    /** One version in so many that is a deletion makes a file worth compacting. */
    private static final int DELETION_SHARE = 3;

    private final RowStoreSettings settings;
    private final VersionHorizon horizon;

    /** Per level, the largest key of the file that was compacted last. */
    private final byte[] @Nullable [] lastKeys;

    /** Files whose damage a compaction met. */
    private final Set<Long> damaged = new HashSet<>();

    public CompactionPicker(RowStoreSettings settings, VersionHorizon horizon, int levels) {
        this.settings = settings;
        this.horizon = horizon;
        this.lastKeys = new byte[levels][];
    }

    /** A compaction found this file damaged: the next one that meets it leaves the damage out. */
    public void foundDamaged(long number) {
        damaged.add(number);
    }

    /** Files whose damage is known. */
    public Set<Long> damaged() {
        return damaged;
    }

    /** What to do next, or null. */
    public @Nullable CompactionPlan pick(Levels levels, RangeSet ranges) {
        int worst = -1;
        double worstScore = 1;
        for (int level = 0; level < levels.count() - 1; level++) {
            double score = score(levels, level);
            if (score >= worstScore && (worst < 0 || score > worstScore)) {
                worst = level;
                worstScore = score;
            }
        }
        CompactionPlan plan = worst < 0 ? null : ofLevel(levels, worst);
        if (plan == null && !ranges.isEmpty()) {
            plan = ofRange(levels, ranges);
        }
        return plan == null ? ofDeletions(levels) : plan;
    }

    private double score(Levels levels, int level) {
        if (level == 0) {
            return (double) levels.level(0).size() / settings.levelZeroFiles();
        }
        double most = settings.levelOneBytes();
        for (int i = 1; i < level; i++) {
            most *= settings.levelRatio();
        }
        // Beyond, not at: an empty level with a size of nothing is not too large.
        double share = levels.bytes(level) / most;
        return share > 1 ? share : 0;
    }

    private @Nullable CompactionPlan ofLevel(Levels levels, int level) {
        return level == 0 ? ofLevelZero(levels) : ofFile(levels, level, next(levels, level));
    }

    private @Nullable CompactionPlan ofLevelZero(Levels levels) {
        List<Segment> all = levels.level(0);
        if (all.isEmpty()) {
            return null;
        }
        byte[] from = all.getFirst().smallest();
        byte[] to = all.getFirst().largest();
        for (Segment segment : all) {
            from = RowKey.compare(segment.smallest(), from) < 0 ? segment.smallest() : from;
            to = RowKey.compare(segment.largest(), to) > 0 ? segment.largest() : to;
        }
        return merge(levels, 0, all, levels.overlapping(1, from, to), 1);
    }

    private @Nullable CompactionPlan ofFile(Levels levels, int level, @Nullable Segment file) {
        if (file == null) {
            return null;
        }
        lastKeys[level] = file.largest();
        List<Segment> lower = levels.overlapping(level + 1, file.smallest(), file.largest());
        if (lower.isEmpty()
                && file.sizeBytes() >= settings.fileBytes() / MOVED_SHARE
                && !isCrowdedBelow(levels, level + 2, file)) {
            return new CompactionPlan(
                    CompactionPlan.Kind.MOVE, level, List.of(file), lower, level + 1, levels);
        }
        return merge(levels, level, List.of(file), lower, level + 1);
    }

    private boolean isCrowdedBelow(Levels levels, int level, Segment file) {
        if (level >= levels.count()) {
            return false;
        }
        long bytes = 0;
        for (Segment below : levels.overlapping(level, file.smallest(), file.largest())) {
            bytes += below.sizeBytes();
        }
        return bytes > MAX_BELOW * settings.fileBytes();
    }

    /** The file behind the one that was compacted last, around the key space. */
    private @Nullable Segment next(Levels levels, int level) {
        byte[] last = lastKeys[level];
        Segment first = null;
        for (Segment segment : levels.level(level)) {
            if (last == null || RowKey.compare(segment.smallest(), last) > 0) {
                return segment;
            }
            first = first == null ? segment : first;
        }
        return first;
    }

    private static CompactionPlan merge(
            Levels levels, int level, List<Segment> upper, List<Segment> lower, int outputLevel) {
        return new CompactionPlan(
                CompactionPlan.Kind.MERGE, level, upper, lower, outputLevel, levels);
    }

    private @Nullable CompactionPlan ofRange(Levels levels, RangeSet ranges) {
        for (RangeDeletion range : ranges.deletions()) {
            for (int level = 0; level < levels.count(); level++) {
                for (Segment segment : levels.level(level)) {
                    if (isDue(segment, range)) {
                        return ofRange(levels, level, segment, range);
                    }
                }
            }
        }
        return null;
    }

    private boolean isDue(Segment segment, RangeDeletion range) {
        return appliesTo(segment, range)
                && (range.lsn() == RangeDeletion.PURGED
                        || !horizon.needed(segment.info().lowestLsn(), range.lsn()));
    }

    /** True while a file may hold versions that a deletion of a range covers. */
    public static boolean appliesTo(Segment segment, RangeDeletion range) {
        SegmentInfo info = segment.info();
        return info.rangesApplied() < range.id()
                && info.lowestLsn() < range.lsn()
                && range.overlaps(info.smallest(), info.largest());
    }

    private @Nullable CompactionPlan ofRange(
            Levels levels, int level, Segment segment, RangeDeletion range) {
        if (range.coversAll(segment.smallest(), segment.largest())
                && segment.info().highestLsn() < range.lsn()) {
            return new CompactionPlan(
                    CompactionPlan.Kind.DROP, level, List.of(segment), List.of(), level, levels);
        }
        return level == 0
                ? ofLevelZero(levels)
                : merge(levels, level, List.of(segment), List.of(), level);
    }

    private @Nullable CompactionPlan ofDeletions(Levels levels) {
        for (int level = 1; level < levels.lowest(); level++) {
            for (Segment segment : levels.level(level)) {
                SegmentInfo info = segment.info();
                if (info.deletions() * DELETION_SHARE > info.entries()) {
                    return merge(
                            levels,
                            level,
                            List.of(segment),
                            levels.overlapping(level + 1, segment.smallest(), segment.largest()),
                            level + 1);
                }
            }
        }
        return null;
    }
}
