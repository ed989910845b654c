package io.nodedb.event;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Immutable;

/**
 * Bounds of the Event Plane.
 *
 * @param pendingBytes changes that wait for a slower core or for a sync; more are read from the log
 * @param windowBytes latest changes that are kept for live consumers; who is further behind reads
 *     the log
 * @param windowEvents latest events that are kept for live consumers: what may wait for one of them
 * @param slotsPerStep slots taken from one core's ring before the next core has its turn
 */
@Immutable
public record EventOptions(
        long pendingBytes, long windowBytes, int windowEvents, int slotsPerStep) {
    public EventOptions {
        Check.that(pendingBytes > 0 && windowBytes > 0, "there is room for events");
        Check.that(windowEvents > 0, "there is room for an event", windowEvents);
        Check.that(slotsPerStep > 0, "a step takes slots", slotsPerStep);
    }

    /** 16 MiB each, 65 536 events. */
    public static EventOptions defaults() {
        return new EventOptions(16L << 20, 16L << 20, 1 << 16, 1024);
    }

    /** What the Event Plane keeps at most. */
    public long memoryBytes() {
        return pendingBytes + windowBytes;
    }

    /** As these, with another bound of what waits for a live consumer. */
    public EventOptions withWindowEvents(int events) {
        return new EventOptions(pendingBytes, windowBytes, events, slotsPerStep);
    }
}
