package io.nodedb.simulator.time;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.ownership.Shared;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Both clocks of a simulated process. They stand still until somebody advances them; the wall clock
 * can also be set, backwards too.
 */
@Shared("atomics")
public final class VirtualTime implements TimeSource {
    /** Where the wall clock starts: 2026-01-01T00:00:00Z. */
    public static final long START_MILLIS = 1_767_225_600_000L;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong wallOffsetMillis = new AtomicLong(START_MILLIS);

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public long epochMillis() {
        return wallOffsetMillis.get() + nanos.get() / NANOS_PER_MILLI;
    }

    /** Lets both clocks run on. */
    public void advanceNanos(long by) {
        nanos.addAndGet(by);
    }

    public void advanceMillis(long by) {
        advanceNanos(by * NANOS_PER_MILLI);
    }

    /** Moves only the wall clock, as an operator or a time server does. */
    public void stepWallClockMillis(long by) {
        wallOffsetMillis.addAndGet(by);
    }
}
