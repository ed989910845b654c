package io.nodedb.event;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Immutable;

/**
 * Bounds of the Event Plane.
 *
 * @param pendingBytes changes that wait for a slower core or for a sync; more are read from the log
 * @param windowBytes latest changes that are kept for live consumers; who is further behind reads
 *     the log
 * @param windowCommits latest commits that are kept for live consumers
 * @param slotsPerStep slots taken from one core's ring before the next core has its turn
 */
@Immutable
public record EventOptions(
        long pendingBytes, long windowBytes, int windowCommits, int slotsPerStep) {
    public EventOptions {
        Check.that(pendingBytes > 0 && windowBytes > 0, "there is room for events");
        Check.that(windowCommits > 0, "there is room for commits", windowCommits);
        Check.that(slotsPerStep > 0, "a step takes slots", slotsPerStep);
    }

    /** 16 MiB each, 65 536 commits. */
    public static EventOptions defaults() {
        return new EventOptions(16L << 20, 16L << 20, 1 << 16, 1024);
    }
}
