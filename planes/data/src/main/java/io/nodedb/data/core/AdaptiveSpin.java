package io.nodedb.data.core;

import io.nodedb.base.ownership.CoreOwned;

/**
 * How long a core looks for work before it sleeps. A spin that found work makes the next one
 * longer, up to the limit; one that found none halves it, so that a core that has been idle for
 * long sleeps at once.
 */
@CoreOwned
final class AdaptiveSpin {
    private static final long SHORTEST_NANOS = 500;

    private final long limitNanos;
    private long nanos;

    /** A limit of 0 never spins: for machines where spinners would outnumber idle processors. */
    AdaptiveSpin(long limitNanos) {
        this.limitNanos = limitNanos;
    }

    long nanos() {
        return nanos;
    }

    void foundWork() {
        nanos = Math.min(limitNanos, Math.max(SHORTEST_NANOS, 2 * nanos));
    }

    void foundNothing() {
        nanos = nanos <= SHORTEST_NANOS ? 0 : nanos / 2;
    }
}
