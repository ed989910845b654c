package io.nodedb.bridge.lane;

import io.nodedb.base.clock.TimeSource;
import java.util.concurrent.atomic.AtomicLong;

/** Shows what the test says. */
record SteppedTime(AtomicLong nanos) implements TimeSource {
    @Override
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public long epochMillis() {
        return nanos.get() / 1_000_000;
    }
}
