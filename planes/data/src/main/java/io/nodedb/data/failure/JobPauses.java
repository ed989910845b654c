package io.nodedb.data.failure;

import io.nodedb.base.ownership.CoreOwned;
import java.util.HashMap;
import java.util.Map;

/**
 * A background job that failed for a collection is paused for that collection; the others go on.
 */
@CoreOwned
public final class JobPauses {
    private final long pauseNanos;
    private final Map<Job, Long> pausedUntilNanos = new HashMap<>();

    public JobPauses(long pauseNanos) {
        this.pauseNanos = pauseNanos;
    }

    /** The job failed just now. */
    public void failed(String job, int partition, int collection, long nowNanos) {
        pausedUntilNanos.put(new Job(job, partition, collection), nowNanos + pauseNanos);
    }

    /** True when the job may run for this collection (0: for the whole partition). */
    public boolean mayRun(String job, int partition, int collection, long nowNanos) {
        if (pausedUntilNanos.isEmpty()) {
            return true;
        }
        Job key = new Job(job, partition, collection);
        Long until = pausedUntilNanos.get(key);
        if (until == null) {
            return true;
        }
        if (until - nowNanos > 0) {
            return false;
        }
        pausedUntilNanos.remove(key);
        return true;
    }

    private record Job(String name, int partition, int collection) {}
}
