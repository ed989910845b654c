package io.nodedb.data.core;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.ownership.Shared;
import io.nodedb.bridge.wake.Doorbell;
import io.nodedb.bridge.wake.Duty;
import io.nodedb.bridge.wake.StandIn;
import io.nodedb.data.failure.Failures;
import io.nodedb.os.affinity.Affinity;
import io.nodedb.os.affinity.Pinning;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The platform thread {@code data-core-N}: pins itself, runs its core's turns, sleeps on the core's
 * doorbell when a turn found nothing, and ends when told to. While it sleeps, a thread that waits
 * for the core's answer may make the core's turns in its place. {@link #start} returns once the
 * thread runs; failing to create it is the caller's exception.
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
    private final Turns turns = new Turns();
    private final BooleanSupplier hasWork = this::hasWork;
    private final @Nullable CoreCompanion companion;
    private volatile @Nullable StandIn log;
    private boolean holdsLog;
    private volatile boolean stopping;

    /**
     * {@code pinTo} is a processor, or -1 for none; {@code companion} is what the thread drives
     * beside the core, and the doorbell's sleeping place is then that one's too.
     */
    public CoreThread(
            int core,
            CoreLoop loop,
            Doorbell doorbell,
            TimeSource time,
            Failures failures,
            long spinNanos,
            int pinTo,
            @Nullable CoreCompanion companion) {
        this.core = core;
        this.loop = loop;
        this.doorbell = doorbell;
        this.time = time;
        this.failures = failures;
        this.spin = new AdaptiveSpin(spinNanos);
        this.pinTo = pinTo;
        this.companion = companion;
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

    /** To wait for its end. */
    public Thread thread() {
        return thread;
    }

    /** For threads that wait for this core. */
    public StandIn standIn() {
        return new StandIn(doorbell, turns);
    }

    /** Wakes the core. */
    public Doorbell doorbell() {
        return doorbell;
    }

    /**
     * While its companion's clients wait for writes, the thread makes the log's rounds too, as far
     * as these do not wait for the disk: then a write wakes no thread. To be called before {@link
     * #start}.
     */
    public void standInForLog(StandIn writer) {
        if (companion != null) {
            log = writer;
        }
    }

    private void run() {
        try {
            pin();
            if (companion == null) {
                runAlone();
            } else {
                runWith(companion);
            }
        } catch (Throwable failure) {
            lost(failure);
        }
    }

    private void runAlone() {
        while (!stopping) {
            if (!loop.step() && !spinForWork()) {
                doorbell.await(hasWork, loop.sleepNanos());
            }
        }
    }

    private void runWith(CoreCompanion beside) {
        beside.begin();
        while (!stopping) {
            boolean worked = turn();
            worked |= beside.step();
            if (worked || spinForWork()) {
                continue;
            }
            handBackLog();
            if (beside.arm()) {
                doorbell.await(hasWork, Math.min(loop.sleepNanos(), beside.idleNanos()));
                beside.disarm();
            }
        }
        handBackLog();
        beside.end();
    }

    /** A turn of the core, with the log's part of it if nobody else is at that. */
    private boolean turn() {
        StandIn writer = log;
        if (writer == null) {
            return loop.step();
        }
        holdsLog = holdsLog || writer.takeOver();
        boolean worked = loop.step();
        if (holdsLog) {
            if (writer.takesLong()) {
                handBackLog();
            } else if (writer.step()) {
                worked = true;
                if (writer.takesLong()) {
                    handBackLog();
                } else {
                    boolean ignored = loop.step();
                }
            }
        }
        return worked;
    }

    private void handBackLog() {
        StandIn writer = log;
        if (holdsLog && writer != null) {
            holdsLog = false;
            writer.handBack(false);
        }
    }

    private boolean hasWork() {
        return turns.hasWork() || (companion != null && companion.hasWork());
    }

    /**
     * A turn catches everything itself: what arrives here is a bug of the loop, and without turns
     * the core is lost.
     */
    private void lost(Throwable failure) {
        failures.report("core", "data-core-" + core + " has ended", failure);
    }

    private void pin() {
        if (pinTo < 0) {
            return;
        }
        Pinning pinning = Affinity.pinCurrentThread(pinTo);
        if (!pinning.pinned()) {
            failures.warning("data-core-" + core + " runs unpinned: " + pinning.reason());
        }
    }

    private boolean spinForWork() {
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

    /** The core's turns, for a stand-in. */
    private final class Turns implements Duty {
        @Override
        public boolean step() {
            try {
                return loop.step();
            } catch (Throwable failure) {
                lost(failure);
                stop();
                return false;
            }
        }

        @Override
        public boolean hasWork() {
            return stopping || loop.hasWork();
        }

        @Override
        public long idleNanos() {
            return loop.sleepNanos();
        }
    }
}
