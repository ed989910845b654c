package io.nodedb.storage.wal;

import io.nodedb.os.wake.Wakeup;

/** For simulations, where nobody sleeps. */
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
