package io.nodedb.control;

import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.bridge.wake.Duty;
import io.nodedb.bridge.wake.StandIn;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Thread {@code lane-shared}: steps the Control Plane, and sleeps while there is nothing to do.
 *
 * <p>Failures of a callback are logged and do not end the thread: every caller of the database
 * waits for it.
 */
@ControlPlane
public final class LaneThread implements AutoCloseable {
    /** The thread's name. */
    public static final String NAME = "lane-shared";

    private static final Logger LOG = System.getLogger(LaneThread.class.getName());
    private static final long JOIN_MILLIS = TimeUnit.SECONDS.toMillis(30);

    private final io.nodedb.control.ControlPlane plane;
    private final Runnable wake;
    private final Thread thread;
    private final Steps steps = new Steps();
    private final BooleanSupplier hasWork = steps::hasWork;
    private volatile boolean stopped;

    /**
     * @param wake rings the lane's doorbell
     */
    public LaneThread(io.nodedb.control.ControlPlane plane, Runnable wake) {
        this.plane = plane;
        this.wake = wake;
        this.thread = Thread.ofPlatform().name(NAME).daemon(true).unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** For threads that wait for answers. */
    public StandIn standIn() {
        return new StandIn(plane.doorbell(), steps);
    }

    private void run() {
        while (!stopped) {
            if (!steps.step()) {
                plane.await(hasWork);
            }
        }
        plane.closeLane();
    }

    /** The plane's steps, by this thread or a stand-in. */
    private final class Steps implements Duty {
        @Override
        @SuppressWarnings("CatchThrowable") // the edge of every caller's session
        public boolean step() {
            try {
                return plane.step();
            } catch (Throwable failure) {
                LOG.log(Level.ERROR, "A callback on thread " + NAME + " failed", failure);
                return true;
            }
        }

        @Override
        public boolean hasWork() {
            return stopped || plane.hasWork();
        }

        @Override
        public long idleNanos() {
            return io.nodedb.control.ControlPlane.LONGEST_SLEEP_NANOS;
        }
    }

    /** Stops the thread and waits for it. What has no answer by then gets none. */
    @Override
    public void close() {
        stopped = true;
        wake.run();
        boolean interrupted = false;
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
