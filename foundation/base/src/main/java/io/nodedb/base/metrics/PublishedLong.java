package io.nodedb.base.metrics;

import io.nodedb.base.ownership.Shared;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A number that one thread sets, without a locked instruction, and any thread reads: what a core
 * tells of itself for a {@link Gauge}. It stands in the middle of its own array, as a {@link
 * Counter} does.
 */
@Shared("one writer, release and acquire")
public final class PublishedLong {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int PADDING = 16;

    private final long[] value = new long[2 * PADDING + 1];

    /** Owner only; setting the same value again costs no store. */
    public void set(long now) {
        if (value[PADDING] != now) {
            LONGS.setRelease(value, PADDING, now);
        }
    }

    public long get() {
        return (long) LONGS.getAcquire(value, PADDING);
    }
}
