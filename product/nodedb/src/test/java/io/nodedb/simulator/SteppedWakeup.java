package io.nodedb.simulator;

import io.nodedb.os.wake.Wakeup;

/** The sleeping place of a part that never sleeps, because the scheduler steps it. */
final class SteppedWakeup implements Wakeup {
    @Override
    public void signal() {}

    @Override
    public boolean await(long timeoutNanos) {
        throw new AssertionError("a simulated part does not sleep");
    }

    @Override
    public String mechanism() {
        return "stepped";
    }

    @Override
    public void close() {}
}
