package io.nodedb.control;

import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.bridge.wake.Duty;
import io.nodedb.bridge.wake.StandIn;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.BooleanSupplier;

/**
 * Thread {@code lane-shared}: steps the Control Plane, and sleeps while there is nothing to do.
 *
 * <p>Failures of a callback are logged and do not end the thread: every caller of the database
 * waits for it.
 */
@ControlPlane
public final class LaneThread {
    /** The thread's name. */
    public static final String NAME = "lane-shared";

    private static final Logger LOG = System.getLogger(LaneThread.class.getName());

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

    /**
     * Ends the thread after its step; does not wait for that. What has no answer by then gets none.
     * May be called again.
     */
    public void stop() {
        stopped = true;
        wake.run();
    }

    /** To wait for its end. */
    public Thread thread() {
        return thread;
    }
}
