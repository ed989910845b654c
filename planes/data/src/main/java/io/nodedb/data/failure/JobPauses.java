package io.nodedb.data.failure;

import io.nodedb.base.ownership.CoreOwned;
import java.util.HashMap;
import java.util.Map;

/**
 * A background job that failed is paused for what it failed at: an engine in a partition, or one
 * tenant's collections in it. The same job for others goes on, and so do other jobs.
 */
@CoreOwned
public final class JobPauses {
    /** For jobs that do not go from tenant to tenant. */
    public static final int EVERY_TENANT = -1;

    private final long pauseNanos;
    private final Map<Job, Long> pausedUntilNanos = new HashMap<>();

    public JobPauses(long pauseNanos) {
        this.pauseNanos = pauseNanos;
    }

    /** The job failed just now. */
    public void failed(String job, int partition, int engine, int tenant, long nowNanos) {
        pausedUntilNanos.put(new Job(job, partition, engine, tenant), nowNanos + pauseNanos);
    }

    /** True when the job may run for this tenant, or {@link #EVERY_TENANT}. */
    public boolean mayRun(String job, int partition, int engine, int tenant, long nowNanos) {
        if (pausedUntilNanos.isEmpty()) {
            return true;
        }
        Job key = new Job(job, partition, engine, tenant);
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

    /** True while the job is paused for this engine or for any tenant in it. */
    public boolean anyPaused(String job, int partition, int engine, long nowNanos) {
        if (pausedUntilNanos.isEmpty()) {
            return false;
        }
        for (Map.Entry<Job, Long> paused : pausedUntilNanos.entrySet()) {
            if (paused.getKey().isOf(job, partition, engine) && paused.getValue() - nowNanos > 0) {
                return true;
            }
        }
        return false;
    }

    private record Job(String name, int partition, int engine, int tenant) {
        boolean isOf(String job, int ofPartition, int ofEngine) {
            return name.equals(job) && partition == ofPartition && engine == ofEngine;
        }
    }
}
