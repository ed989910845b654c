package io.nodedb.data.core;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.ownership.Shared;
import io.nodedb.bridge.wake.Doorbell;
import io.nodedb.data.failure.Failures;
import io.nodedb.os.affinity.Affinity;
import io.nodedb.os.affinity.Pinning;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The platform thread {@code data-core-N}: pins itself, runs its core's turns, sleeps on the core's
 * doorbell when a turn found nothing, and ends when told to. {@link #start} returns once the thread
 * runs; failing to create it is the caller's exception.
 */
@Shared("volatile stop flag; everything else is the thread's")
public final class CoreThread {
    private final int core;
    private final CoreLoop loop;
    private final Doorbell doorbell;
    private final TimeSource time;
    private final Failures failures;
    private final AdaptiveSpin spin;
    private final int pinTo;
    private final Thread thread;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopping;

    /** {@code pinTo} is a processor, or -1 for none. */
    public CoreThread(
            int core,
            CoreLoop loop,
            Doorbell doorbell,
            TimeSource time,
            Failures failures,
            long spinNanos,
            int pinTo) {
        this.core = core;
        this.loop = loop;
        this.doorbell = doorbell;
        this.time = time;
        this.failures = failures;
        this.spin = new AdaptiveSpin(spinNanos);
        this.pinTo = pinTo;
        this.thread =
                Thread.ofPlatform().name("data-core-" + core).daemon(true).unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /**
     * Asks the core to stop at the end of its turn and wakes it. Any thread; may be called again.
     */
    public void stop() {
        stopping = true;
        doorbell.ring();
    }

    /** Waits for the end. @return false when the time was over first */
    public boolean awaitEnd(long timeoutNanos) throws InterruptedException {
        return ended.await(timeoutNanos, TimeUnit.NANOSECONDS);
    }

    public Thread thread() {
        return thread;
    }

    /** Wakes the core. */
    public Doorbell doorbell() {
        return doorbell;
    }

    private void run() {
        try {
            pin();
            BooleanSupplier hasWork = () -> stopping || loop.hasWork();
            while (!stopping) {
                if (!loop.step() && !spinForWork(hasWork)) {
                    doorbell.await(hasWork, loop.sleepNanos());
                }
            }
        } catch (Throwable failure) {
            // A turn catches everything itself: what arrives here is a bug of the loop, and without
            // this thread the core is lost.
            failures.report("core", "data-core-" + core + " has ended", failure);
        } finally {
            ended.countDown();
        }
    }

    private void pin() {
        if (pinTo < 0) {
            return;
        }
        Pinning pinning = Affinity.pinCurrentThread(pinTo);
        if (!pinning.pinned()) {
            failures.notice(false, "data-core-" + core + " runs unpinned: " + pinning.reason());
        }
    }

    private boolean spinForWork(BooleanSupplier hasWork) {
        long nanos = spin.nanos();
        if (nanos == 0) {
            if (hasWork.getAsBoolean()) {
                spin.foundWork();
                return true;
            }
            return false;
        }
        long end = time.nanoTime() + nanos;
        do {
            if (hasWork.getAsBoolean()) {
                spin.foundWork();
                return true;
            }
            Thread.onSpinWait();
        } while (time.nanoTime() - end < 0);
        spin.foundNothing();
        return false;
    }
}
