package io.nodedb.base.metrics;

import io.nodedb.base.ownership.Shared;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts up. One thread adds, without a locked instruction; any thread reads. The value stands in
 * the middle of its own array, so that counters of two cores never share a cache line.
 */
@Shared("one writer, release and acquire")
public final class Counter implements Metric {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    /** Longs of padding on each side: two cache lines, because processors fetch them in pairs. */
    private static final int PADDING = 16;

    private final long[] value = new long[2 * PADDING + 1];

    /** Adds one. Owner only. */
    public void increment() {
        add(1);
    }

    /** Adds {@code delta}, which is not negative. Owner only. */
    public void add(long delta) {
        LONGS.setRelease(value, PADDING, value[PADDING] + delta);
    }

    public long get() {
        return (long) LONGS.getAcquire(value, PADDING);
    }
}
