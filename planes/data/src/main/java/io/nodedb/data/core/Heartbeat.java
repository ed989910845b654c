package io.nodedb.data.core;

import io.nodedb.base.ownership.CoreOwned;
import java.util.random.RandomGenerator;

/**
 * When the next heartbeat is due: a random time after the last event, drawn anew each time from an
 * interval, so that idle cores don't beat in step.
 */
@CoreOwned
final class Heartbeat {
    private final long minNanos;
    private final long maxNanos;
    private final RandomGenerator random;
    private long dueNanos;

    Heartbeat(long minNanos, long maxNanos, RandomGenerator random, long nowNanos) {
        this.minNanos = minNanos;
        this.maxNanos = maxNanos;
        this.random = random;
        postpone(nowNanos);
    }

    boolean due(long nowNanos) {
        return nowNanos - dueNanos >= 0;
    }

    /** An event or a heartbeat was emitted just now. */
    void postpone(long nowNanos) {
        dueNanos =
                nowNanos
                        + (maxNanos == minNanos
                                ? minNanos
                                : random.nextLong(minNanos, maxNanos + 1));
    }

    long nanosUntilDue(long nowNanos) {
        return Math.max(0, dueNanos - nowNanos);
    }
}
