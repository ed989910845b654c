package io.nodedb.bench.kv;

import io.nodedb.bench.report.Measurement;
import io.nodedb.bench.report.Measurement.Extra;
import io.nodedb.bench.trial.ProcessorTime;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * The time in which operations count, after a warm-up. One thread makes it and calls {@link
 * #watch}, which samples processor time and allocation at its borders, while others work.
 */
final class Window {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MICRO = 1_000;

    private final CoreAllocation allocation;
    private final long fromNanos;
    private final long endNanos;
    private double processorNanos;
    private double allocatedBytes;

    Window(CoreAllocation allocation, long warmUpNanos, long nanos) {
        this.allocation = allocation;
        fromNanos = System.nanoTime() + warmUpNanos;
        endNanos = fromNanos + nanos;
    }

    boolean isOver(long nanoTime) {
        return nanoTime - endNanos >= 0;
    }

    /** True for an operation that began and ended inside. */
    boolean contains(long beganNanos, long endedNanos) {
        return beganNanos - fromNanos >= 0 && endedNanos - endNanos < 0;
    }

    /** Returns when the window is over. */
    void watch() {
        parkUntil(fromNanos);
        long since = System.nanoTime();
        long processor = ProcessorTime.nanos();
        long allocated = allocation.bytes();
        parkUntil(endNanos);
        double share = (double) (endNanos - fromNanos) / (System.nanoTime() - since);
        processorNanos = (ProcessorTime.nanos() - processor) * share;
        allocatedBytes = (allocation.bytes() - allocated) * share;
    }

    private static void parkUntil(long nanoTime) {
        for (long left = nanoTime - System.nanoTime();
                left > 0;
                left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /**
     * What the operations in the histogram, which are those that this window contains, amount to.
     */
    Measurement measurement(Histogram nanos, long failed) {
        long operations = nanos.getTotalCount();
        double seconds = (endNanos - fromNanos) / NANOS_PER_SECOND;
        Measurement measurement =
                Measurement.of(operations / seconds, operations == 0 ? failed + 1 : failed)
                        .with(Extra.P50_MICROS, nanos.getValueAtPercentile(50) / NANOS_PER_MICRO)
                        .with(Extra.P99_MICROS, nanos.getValueAtPercentile(99) / NANOS_PER_MICRO)
                        .with(Extra.PROCESSOR_NANOS, processorNanos / operations);
        return allocation.known()
                ? measurement.with(Extra.CORE_ALLOCATION, allocatedBytes / operations)
                : measurement;
    }
}
