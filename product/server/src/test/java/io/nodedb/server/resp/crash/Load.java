package io.nodedb.server.resp.crash;

import io.nodedb.testkit.ForkedJvm;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What the test's thread and its clients' tell each other. Every thread may use it. */
final class Load {
    private final Semaphore done = new Semaphore(0);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicInteger passed = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean stopping;
    private volatile boolean killed;

    /** Before clients start. */
    void begin() {
        stopping = false;
        killed = false;
        int ignored = done.drainPermits();
    }

    boolean isStopping() {
        return stopping;
    }

    void stop() {
        stopping = true;
    }

    /** From now on a connection that breaks is what is to be expected. */
    void kill() {
        killed = true;
    }

    boolean isKilled() {
        return killed;
    }

    void done() {
        done.release();
    }

    void failed(Throwable cause) {
        boolean ignored = failure.compareAndSet(null, cause);
        done.release(Integer.MAX_VALUE / 2);
    }

    void watched(boolean committed) {
        int ignored = (committed ? passed : refused).incrementAndGet();
    }

    int watchedThatPassed() {
        return passed.get();
    }

    /** Waits until so many steps are done, or a client has failed. */
    void await(int steps) throws InterruptedException {
        if (!done.tryAcquire(steps, ForkedJvm.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the clients wait for replies: steps=" + steps);
        }
    }

    void throwFailure() {
        Throwable cause = failure.get();
        if (cause != null) {
            throw new AssertionError("a client failed: " + cause.getMessage(), cause);
        }
    }
}
