package io.nodedb.data.core;

import io.nodedb.base.metrics.Counter;
import io.nodedb.base.ownership.Shared;
import org.jspecify.annotations.Nullable;

/** What a core tells about itself: written by the core, read by everyone. */
@Shared("single-writer counters with release writes; a volatile reference")
public final class CoreStatistics {
    final Counter turns = new Counter();
    final Counter tasks = new Counter();
    final Counter failures = new Counter();
    final Counter degradations = new Counter();
    final Counter checkpoints = new Counter();
    final Counter checkpointsFailed = new Counter();
    private volatile @Nullable String trouble;

    void setTrouble(@Nullable String sentence) {
        trouble = sentence;
    }

    /** Turns of the loop. */
    public long turns() {
        return turns.get();
    }

    /** Task quanta run. */
    public long tasks() {
        return tasks.get();
    }

    /** Unexpected failures. */
    public long failures() {
        return failures.get();
    }

    /** How often the core was degraded. */
    public long degradations() {
        return degradations.get();
    }

    /** Checkpoints published. */
    public long checkpoints() {
        return checkpoints.get();
    }

    /** Checkpoints that failed. */
    public long checkpointsFailed() {
        return checkpointsFailed.get();
    }

    /** What is wrong with the core now, in a sentence; null when nothing is. */
    public @Nullable String trouble() {
        return trouble;
    }
}
