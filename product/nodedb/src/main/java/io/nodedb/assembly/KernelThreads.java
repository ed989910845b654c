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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs a kernel's parts on threads: {@code data-core-N}, {@code wal-writer}, {@code wal-keeper},
 * {@code lane-shared}, {@code event-hub}, the I/O pool and the background workers; and stops them
 * in the order in which nothing acknowledged is lost.
 */
@Shared("started and stopped by one thread")
public final class KernelThreads {
    /** Between two looks at what the Control Plane has under way. */
    private static final long DRAIN_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /**
     * A thread that is told to end does so after its turn; for that it has at least so long, also
     * when another thread has used up the limit.
     */
    private static final long LEAST_END_NANOS = TimeUnit.SECONDS.toNanos(1);

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
    private boolean answers;

    /**
     * Starts nothing yet.
     *
     * @param companions what the cores' threads drive beside their cores
     */
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
        addHelpers(kernel.readers(), settings.get(RuntimeSettings.IO_THREADS));
        addHelpers(kernel.workers(), backgroundWorkers(settings));
    }

    /**
     * Starts everything; the kernel answers when this returns. When a thread can't be started,
     * {@link #stop} ends those that were.
     *
     * @param starter is given every thread's start and runs it
     */
    void start(Consumer<Runnable> starter) {
        helpers.forEach(helper -> starter.accept(helper::start));
        starter.accept(walKeeper::start);
        starter.accept(walThread::start);
        cores.forEach(core -> starter.accept(core::start));
        starter.accept(laneThread::start);
        starter.accept(eventThread::start);
        answers = true;
    }

    /** How many background workers the settings ask for on this machine. */
    static int backgroundWorkers(Settings settings) {
        return backgroundWorkers(settings, Runtime.getRuntime().availableProcessors());
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

    private void addHelpers(HelperPool pool, int count) {
        for (int i = 0; i < count; i++) {
            helpers.add(
                    Thread.ofPlatform()
                            .name(pool.name() + "-" + i)
                            .daemon(true)
                            .unstarted(pool::run));
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

    /**
     * Finishes what runs (up to the stop limit; an interrupt ends this wait), checkpoints, and ends
     * all threads, for which it waits as long again. After a start that failed there is no work,
     * and only threads that were started are waited for. To be called once.
     *
     * @return false when a thread has not ended, which was reported then: what the threads use must
     *     not be freed
     */
    public boolean stop() {
        long limitNanos = kernel.environment().settings().nanos(RuntimeSettings.STOP_LIMIT);
        boolean interrupted = answers && finishWork(System.nanoTime() + limitNanos);
        Farewell farewell = new Farewell(limitNanos, interrupted);
        cores.forEach(CoreThread::stop);
        cores.forEach(core -> farewell.await(core.thread()));
        eventLoop.stop();
        farewell.await(eventThread);
        walThread.stop();
        farewell.await(walThread.thread());
        walKeeper.stop();
        farewell.await(walKeeper.thread());
        laneThread.stop();
        farewell.await(laneThread.thread());
        kernel.readers().close();
        kernel.workers().close();
        helpers.forEach(farewell::await);
        return farewell.allEnded();
    }

    /**
     * @return true when the wait was ended by an interrupt
     */
    private boolean finishWork(long deadline) {
        kernel.control().refuseNewCalls();
        while (kernel.control().outstanding() > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(DRAIN_POLL_NANOS);
            if (Thread.interrupted()) {
                return true;
            }
        }
        return quietCores(deadline);
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

    /** Waits for threads that were told to end, none of which is passed over. */
    private final class Farewell {
        private final long deadline;
        private final List<String> running = new ArrayList<>();
        private boolean interrupted;

        Farewell(long limitNanos, boolean interrupted) {
            this.deadline = System.nanoTime() + limitNanos;
            this.interrupted = interrupted;
        }

        void await(Thread thread) {
            if (thread.getState() == Thread.State.NEW) {
                return;
            }
            while (true) {
                try {
                    long rest = Math.max(LEAST_END_NANOS, deadline - System.nanoTime());
                    if (!thread.join(Duration.ofNanos(rest))) {
                        running.add(thread.getName());
                    }
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }

        boolean allEnded() {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (running.isEmpty()) {
                return true;
            }
            kernel.environment()
                    .failures()
                    .notice(
                            true,
                            "threads did not end within the stop limit, and keep the memory and"
                                    + " files that they use: threads="
                                    + String.join(",", running));
            return false;
        }
    }
}
