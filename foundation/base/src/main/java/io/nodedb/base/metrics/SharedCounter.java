package io.nodedb.base.metrics;

import io.nodedb.base.ownership.Shared;
import java.util.concurrent.atomic.LongAdder;

/** Counts up; every thread may add and read. */
@Shared("LongAdder")
public final class SharedCounter implements Metric {
    private final LongAdder adder = new LongAdder();

    /** Adds one. */
    public void increment() {
        adder.increment();
    }

    /** Adds {@code delta}, which is not negative. */
    public void add(long delta) {
        adder.add(delta);
    }

    public long get() {
        return adder.sum();
    }
}
