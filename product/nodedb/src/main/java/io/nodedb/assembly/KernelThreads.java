package io.nodedb.assembly;

import io.nodedb.base.ownership.Shared;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import io.nodedb.bridge.wake.StandIn;
import io.nodedb.control.LaneThread;
import io.nodedb.control.dispatch.StandInWait;
import io.nodedb.data.core.CoreCompanion;
import io.nodedb.data.core.CoreThread;
import io.nodedb.data.offload.HelperPool;
import io.nodedb.event.EventHubLoop;
import io.nodedb.os.affinity.Affinity;
import io.nodedb.storage.wal.WalKeeperThread;
import io.nodedb.storage.wal.WalThread;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs a kernel's parts on threads: {@code data-core-N}, {@code wal-writer}, {@code wal-keeper},
 * {@code lane-shared}, {@code event-hub}, the I/O pool and the background workers; and stops them
 * in the order in which nothing acknowledged is lost.
 */
@Shared("started and stopped by one thread")
public final class KernelThreads {
    /** How long a stop waits for what the Control Plane has under way. */
    private static final long DRAIN_POLL_MILLIS = 1;

    /** Up to here background workers are as scarce as processors. */
    private static final int FEW_PROCESSORS = 2;

    /** A core that is not bound to a processor. */
    static final int UNPINNED = -1;

    private final Kernel kernel;
    private final List<CoreThread> cores = new ArrayList<>();
    private final List<Thread> helpers = new ArrayList<>();
    private final WalThread walThread;
    private final WalKeeperThread walKeeper;
    private final LaneThread laneThread;
    private final EventHubLoop eventLoop;
    private final Thread eventThread;

    /** Starts everything; the kernel answers when this returns. */
    public KernelThreads(Kernel kernel) {
        this(kernel, core -> null);
    }

    /** As above, with what the cores' threads drive beside their cores. */
    public KernelThreads(Kernel kernel, IntFunction<@Nullable CoreCompanion> companions) {
        this.kernel = kernel;
        Environment environment = kernel.environment();
        Settings settings = environment.settings();
        int processors = Runtime.getRuntime().availableProcessors();
        int[] pins = pins(environment.cores(), processors, Affinity.allowedProcessors());
        walThread = new WalThread(kernel.writer(), kernel.writerBell());
        walKeeper = new WalKeeperThread(kernel.logKeeper());
        laneThread = new LaneThread(kernel.control(), kernel.laneBell()::ring);
        eventLoop = new EventHubLoop(kernel.events(), kernel.eventBell());
        eventThread = Thread.ofVirtual().name("event-hub").unstarted(eventLoop);
        for (int core = 0; core < environment.cores(); core++) {
            cores.add(
                    new CoreThread(
                            core,
                            kernel.cores().get(core),
                            kernel.coreBell(core),
                            environment.time(),
                            environment.failures(),
                            environment.spinNanos(),
                            pins[core],
                            companions.apply(core)));
            if (environment.disk().survivesInterrupts()) {
                cores.get(core).standInForLog(walThread.standIn());
            }
        }
        startHelpers(kernel.readers(), settings.get(RuntimeSettings.IO_THREADS));
        startHelpers(kernel.workers(), backgroundWorkers(settings, processors));
        walKeeper.start();
        walThread.start();
        cores.forEach(CoreThread::start);
        laneThread.start();
        eventThread.start();
    }

    /** How many background workers the settings ask for on a machine with so many processors. */
    static int backgroundWorkers(Settings settings, int processors) {
        int wanted = settings.get(RuntimeSettings.BACKGROUND_WORKERS);
        if (wanted > 0) {
            return wanted;
        }
        return processors <= FEW_PROCESSORS ? 1 : 2;
    }

    /**
     * The processor of each core, of those that the process may run on (a container may leave it 2
     * and 5 of 8); {@link #UNPINNED} for all where there are not more processors than cores.
     *
     * @param processors how many the process may use at a time, which may be fewer than are allowed
     */
    static int[] pins(int cores, int processors, int[] allowed) {
        if (Math.min(processors, allowed.length) > cores) {
            return Arrays.copyOf(allowed, cores);
        }
        int[] none = new int[cores];
        Arrays.fill(none, UNPINNED);
        return none;
    }

    private void startHelpers(HelperPool pool, int count) {
        for (int i = 0; i < count; i++) {
            helpers.add(
                    Thread.ofPlatform().name(pool.name() + "-" + i).daemon(true).start(pool::run));
        }
    }

    /**
     * Lets waiting callers do the work of threads that sleep; the log's only over a disk that bears
     * their interrupts.
     */
    void letCallersStandIn(StandInWait wait) {
        List<StandIn> laneAndLog = new ArrayList<>();
        laneAndLog.add(laneThread.standIn());
        if (kernel.environment().disk().survivesInterrupts()) {
            laneAndLog.add(walThread.standIn());
        }
        wait.standInFor(laneAndLog, cores.stream().map(CoreThread::standIn).toList());
    }

    /** Finishes what runs (up to the stop limit), checkpoints, and ends all threads. */
    public void stop() {
        long limitNanos = kernel.environment().settings().nanos(RuntimeSettings.STOP_LIMIT);
        long deadline = System.nanoTime() + limitNanos;
        boolean interrupted = false;
        try {
            kernel.control().refuseNewCalls();
            while (kernel.control().outstanding() > 0 && System.nanoTime() - deadline < 0) {
                java.util.concurrent.locks.LockSupport.parkNanos(
                        TimeUnit.MILLISECONDS.toNanos(DRAIN_POLL_MILLIS));
            }
            interrupted |= quietCores(deadline);
            for (CoreThread core : cores) {
                core.stop();
            }
            for (CoreThread core : cores) {
                core.awaitEnd(Math.max(1, deadline - System.nanoTime()));
            }
            eventLoop.stop();
            eventThread.join();
            walThread.stop();
            walKeeper.stop();
        } catch (InterruptedException e) {
            interrupted = true;
        }
        laneThread.close();
        kernel.readers().close();
        kernel.workers().close();
        for (Thread helper : helpers) {
            interrupted |= !join(helper, deadline);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean quietCores(long deadline) {
        CountDownLatch quiet = new CountDownLatch(cores.size());
        for (int core = 0; core < cores.size(); core++) {
            var loop = kernel.cores().get(core);
            kernel.onCore(core, () -> loop.beginStop(quiet::countDown));
        }
        try {
            if (!quiet.await(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                kernel.environment()
                        .failures()
                        .notice(
                                true,
                                "the stop limit has passed before every core was quiet; the log holds what no checkpoint covers");
            }
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    private static boolean join(Thread thread, long deadline) {
        try {
            thread.join(java.time.Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
