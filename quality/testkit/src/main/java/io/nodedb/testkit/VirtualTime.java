package io.nodedb.testkit;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.Check;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A {@link TimeSource} that stands still until the test moves it. Both clocks advance together; the
 * wall clock can also step by itself, back or forth, as it does when an operator or NTP sets it.
 *
 * <p>Any thread may read and move it.
 */
public final class VirtualTime implements TimeSource {
    /** Wall-clock time at the start: 2026-01-01T00:00:00Z. */
    public static final long START_EPOCH_MILLIS = 1_767_225_600_000L;

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong wallStepMillis = new AtomicLong();

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public long epochMillis() {
        return START_EPOCH_MILLIS
                + TimeUnit.NANOSECONDS.toMillis(nanos.get())
                + wallStepMillis.get();
    }

    public void advanceNanos(long delta) {
        Check.that(delta >= 0, "monotonic time does not go back", delta);
        nanos.addAndGet(delta);
    }

    public void advanceMillis(long delta) {
        advanceNanos(TimeUnit.MILLISECONDS.toNanos(delta));
    }

    /** Moves the wall clock alone, back when {@code delta} is negative. */
    public void stepWallClockMillis(long delta) {
        wallStepMillis.addAndGet(delta);
    }
}
