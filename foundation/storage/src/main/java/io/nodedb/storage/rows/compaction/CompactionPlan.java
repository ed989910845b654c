package io.nodedb.storage.rows.compaction;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.storage.rows.segment.Levels;
import io.nodedb.storage.rows.segment.Segment;
import java.util.ArrayList;
import java.util.List;

/**
 * What to compact.
 *
 * @param kind how
 * @param level of the upper files
 * @param upper files of that level; of level 0 all, newest first
 * @param lower files of the output level that they overlap
 * @param outputLevel where the result goes
 * @param levels all files at the time of planning
 */
@Immutable
public record CompactionPlan(
        Kind kind,
        int level,
        List<Segment> upper,
        List<Segment> lower,
        int outputLevel,
        Levels levels) {
    /** Ways to compact. */
    public enum Kind {
        /** Upper and lower files are merged into new ones. */
        MERGE,

        /** The files only change their level. */
        MOVE,

        /** The files hold nothing that is still visible. */
        DROP
    }

    public CompactionPlan {
        upper = List.copyOf(upper);
        lower = List.copyOf(lower);
    }

    /** All files that go. */
    public List<Segment> inputs() {
        List<Segment> inputs = new ArrayList<>(upper);
        inputs.addAll(lower);
        return inputs;
    }
}
