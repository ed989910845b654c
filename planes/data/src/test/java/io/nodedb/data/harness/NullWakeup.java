package io.nodedb.data.harness;

import io.nodedb.os.wake.Wakeup;

/** Nobody sleeps here. */
final class NullWakeup implements Wakeup {
    @Override
    public void signal() {}

    @Override
    public boolean await(long timeoutNanos) {
        return true;
    }

    @Override
    public String mechanism() {
        return "none";
    }

    @Override
    public void close() {}
}
