package io.nodedb.bridge.interleavings;

import io.nodedb.os.wake.Wakeup;

/** Never sleeps: an owner that waits for its stand-in looks again at once. */
final class SpinningWakeup implements Wakeup {
    @Override
    public void signal() {}

    @Override
    public boolean await(long timeoutNanos) {
        Thread.onSpinWait();
        return false;
    }

    @Override
    public String mechanism() {
        return "spin";
    }

    @Override
    public void close() {}
}
