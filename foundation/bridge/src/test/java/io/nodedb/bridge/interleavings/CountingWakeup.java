package io.nodedb.bridge.interleavings;

import io.nodedb.os.wake.Wakeup;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts signals; nobody sleeps on it. */
final class CountingWakeup implements Wakeup {
    private final AtomicInteger signals = new AtomicInteger();

    int signals() {
        return signals.get();
    }

    @Override
    public void signal() {
        signals.incrementAndGet();
    }

    @Override
    public boolean await(long timeoutNanos) {
        throw new UnsupportedOperationException("the test decides who sleeps");
    }

    @Override
    public String mechanism() {
        return "count";
    }

    @Override
    public void close() {}
}
