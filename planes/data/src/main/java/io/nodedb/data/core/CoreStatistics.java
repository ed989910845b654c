package io.nodedb.data.core;

import io.nodedb.base.metrics.Counter;
import io.nodedb.base.metrics.PublishedLong;
import io.nodedb.base.ownership.Shared;
import java.util.concurrent.ConcurrentHashMap;
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
    final Counter compactions = new Counter();
    final Counter refusals = new Counter();
    final Counter poisonRefusals = new Counter();
    final PublishedLong queued = new PublishedLong();
    final PublishedLong waiting = new PublishedLong();
    final PublishedLong degraded = new PublishedLong();
    final PublishedLong countedFailures = new PublishedLong();
    private final ConcurrentHashMap<Integer, PublishedLong> maintenance = new ConcurrentHashMap<>();
    private volatile @Nullable String trouble;

    void setTrouble(@Nullable String sentence) {
        trouble = sentence;
    }

    /** Where the core publishes what maintenance of a tenant's collections has taken. */
    PublishedLong maintenanceOf(int tenant) {
        return maintenance.computeIfAbsent(tenant, of -> new PublishedLong());
    }

    /** Nanoseconds that maintenance of a tenant's collections has taken. */
    public long maintenanceNanos(int tenant) {
        PublishedLong published = maintenance.get(tenant);
        return published == null ? 0 : published.get();
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

    /** Compactions of an engine's memory that were begun. */
    public long compactions() {
        return compactions.get();
    }

    /** Checkpoints that failed. */
    public long checkpointsFailed() {
        return checkpointsFailed.get();
    }

    /** Requests refused without being tried: degraded, closing, abandoned or poisonous. */
    public long refusals() {
        return refusals.get();
    }

    /** Of the {@link #refusals()}: requests that had failed before. */
    public long poisonRefusals() {
        return poisonRefusals.get();
    }

    /** Requests in the core's queues after its latest turn. */
    public long queued() {
        return queued.get();
    }

    /** Requests that waited for something after its latest turn. */
    public long waiting() {
        return waiting.get();
    }

    /** Is the core degraded, as of its latest turn? */
    public boolean degraded() {
        return degraded.get() != 0;
    }

    /** Failures in the watchdog's present window, as of the latest turn. */
    public long countedFailures() {
        return countedFailures.get();
    }

    /** What is wrong with the core now, in a sentence; null when nothing is. */
    public @Nullable String trouble() {
        return trouble;
    }
}
