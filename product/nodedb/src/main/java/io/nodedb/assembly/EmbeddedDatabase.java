package io.nodedb.assembly;

import io.nodedb.Health;
import io.nodedb.base.clock.SystemTimeSource;
import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.MemoryLimit;
import io.nodedb.base.metrics.MetricRegistry;
import io.nodedb.base.ownership.Shared;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import io.nodedb.control.ControlPlane;
import io.nodedb.control.dispatch.SpinThenPark;
import io.nodedb.control.dispatch.StandInWait;
import io.nodedb.control.port.ChangePort;
import io.nodedb.data.core.CoreLoop;
import io.nodedb.data.recovery.RecoveryProgress;
import io.nodedb.document.engine.DocumentEngineFactory;
import io.nodedb.kv.KvEngineFactory;
import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.FileSystemDisk;
import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.os.lock.DirectoryLock;
import io.nodedb.os.wake.WakeupMechanism;
import io.nodedb.os.wake.Wakeups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A database of this process: a kernel on the machine's clock, disk and threads. Opening locks the
 * directory; closing stops cleanly and releases everything. Safe for every thread.
 */
@Shared("its parts say how; closed once")
public final class EmbeddedDatabase implements RunningDatabase {
    /** How long closing waits for memory to be given back. */
    private static final Duration RECLAIM_LIMIT = Duration.ofSeconds(10);

    private final Kernel kernel;
    private final KernelThreads threads;
    private final ChangePort changes;
    private final MetricRegistry metrics;
    private final Thread reclaimer;
    private final @Nullable DirectoryLock lock;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedDatabase(
            Kernel kernel, KernelThreads threads, Thread reclaimer, @Nullable DirectoryLock lock) {
        this.kernel = kernel;
        this.threads = threads;
        this.reclaimer = reclaimer;
        this.lock = lock;
        this.changes = new FeedPort(kernel.events(), kernel.control().catalog());
        this.metrics = KernelMetrics.of(kernel);
    }

    /**
     * Opens the database in a directory, or creates it there.
     *
     * @param directory null for a database in memory, which is gone when it is closed
     */
    public static EmbeddedDatabase open(@Nullable Path directory, Settings settings) {
        return open(directory, settings, Front.NONE);
    }

    /** As above, with a front end that has lanes of its own. */
    public static EmbeddedDatabase open(@Nullable Path directory, Settings settings, Front front) {
        return directory == null
                ? start(new MemoryDisk(), settings, null, front, new RecoveryProgress())
                        .initialised()
                : open(directory, settings, front, new RecoveryProgress(), () -> {});
    }

    /**
     * As above, for somebody who waits.
     *
     * @param whenLocked called once the directory is this process's, before recovery begins; when
     *     it throws, the directory is released
     */
    public static EmbeddedDatabase open(
            Path directory,
            Settings settings,
            Front front,
            RecoveryProgress progress,
            Runnable whenLocked) {
        DirectoryLock lock;
        try {
            Files.createDirectories(directory);
            lock = DirectoryLock.acquire(directory);
        } catch (IOException e) {
            throw new NodeDbException(
                    ErrorCode.STORAGE_FAILED,
                    "the directory can't be used: path=" + directory + " cause=" + e,
                    e);
        }
        EmbeddedDatabase started;
        try {
            whenLocked.run();
            started = start(new FileSystemDisk(directory), settings, lock, front, progress);
        } catch (RuntimeException | Error failure) {
            unlock(lock, failure);
            throw failure;
        }
        return started.initialised();
    }

    /** As {@link #open}, on a disk of the caller's choice, which nobody else may use meanwhile. */
    public static EmbeddedDatabase open(Disk disk, Settings settings) {
        return start(disk, settings, null, Front.NONE, new RecoveryProgress()).initialised();
    }

    /** How many data cores these settings ask for on this machine. */
    public static int cores(Settings settings) {
        int wanted = settings.get(RuntimeSettings.DATA_CORES);
        return wanted > 0 ? wanted : Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    }

    private static EmbeddedDatabase start(
            Disk disk,
            Settings settings,
            @Nullable DirectoryLock lock,
            Front front,
            RecoveryProgress progress) {
        TimeSource time = SystemTimeSource.INSTANCE;
        int processors = Runtime.getRuntime().availableProcessors();
        int cores = cores(settings);
        long limit = MemoryLimit.beyondHeap(settings, Runtime.getRuntime().maxMemory());
        MemoryGovernor governor = new MemoryGovernor(limit, settings);
        SplittableRandom random = new SplittableRandom();
        // Spinners must not outnumber idle processors: every core, the log's writer and one caller
        // want one each.
        boolean idleProcessors = processors > cores + 1;
        long spin = idleProcessors ? settings.nanos(RuntimeSettings.SPIN) : 0;
        StandInWait callerWait =
                new StandInWait(time, processors > 1 ? SpinThenPark.MAX_SPIN_NANOS : 0);
        Environment environment =
                new Environment(
                        disk,
                        settings,
                        time,
                        random,
                        Wakeups::create,
                        front.lanes(),
                        Wakeups.create(WakeupMechanism.PARK),
                        callerWait,
                        Loading.AT_ONCE,
                        governor,
                        new LoggedFailures(random.nextLong()),
                        List.of(new KvEngineFactory(), new DocumentEngineFactory()),
                        cores,
                        spin,
                        progress);
        Kernel kernel = Kernel.open(environment);
        progress.begin("starting the cores");
        Thread reclaimer = governor.reclaimer().start();
        front.attach(kernel);
        KernelThreads threads = new KernelThreads(kernel, front::companion);
        threads.letCallersStandIn(callerWait);
        return new EmbeddedDatabase(kernel, threads, reclaimer, lock);
    }

    private EmbeddedDatabase initialised() {
        try {
            kernel.initialise();
            return this;
        } catch (RuntimeException | Error failure) {
            close();
            throw failure;
        }
    }

    @Override
    public ControlPlane control() {
        return kernel.control();
    }

    @Override
    public ChangePort changes() {
        return changes;
    }

    /** For benchmarks and diagnosis. */
    public Kernel kernel() {
        return kernel;
    }

    @Override
    public Health health() {
        if (closed.get()) {
            return new Health(Health.Status.CLOSED, List.of("the database is closed"));
        }
        List<String> problems = new ArrayList<>();
        Health.Status status = Health.Status.SERVING;
        for (CoreLoop core : kernel.cores()) {
            String trouble = core.statistics().trouble();
            if (trouble != null) {
                problems.add(trouble);
                status = Health.Status.DEGRADED;
            }
        }
        if (kernel.quarantine().count() > 0) {
            problems.add("damaged files were set aside: count=" + kernel.quarantine().count());
            status = Health.Status.DEGRADED;
        }
        if (kernel.writer().refusing()) {
            problems.add("the disk has no room for the log: writes are refused until it has");
            status = Health.Status.READ_ONLY;
        }
        Throwable failure = kernel.writer().failure();
        if (failure != null) {
            problems.add(
                    "the log has failed: writes are refused until a restart: cause="
                            + failure.getMessage());
            status = Health.Status.READ_ONLY;
        }
        return new Health(status, problems);
    }

    @Override
    public MetricRegistry metrics() {
        return metrics;
    }

    @Override
    public void close() {
        // Threads that go on may still write: the directory stays locked for as long as they do.
        if (closed.compareAndSet(false, true) && stop() && lock != null) {
            unlock(lock, null);
        }
    }

    /**
     * @return false when threads go on, which keep what they use
     */
    private boolean stop() {
        if (!threads.stop()) {
            return false;
        }
        // An interrupt must not close the files before they are complete.
        boolean interrupted = Thread.interrupted();
        kernel.release();
        reclaimer.interrupt();
        try {
            reclaimer.join(RECLAIM_LIMIT);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    private static void unlock(DirectoryLock lock, @Nullable Throwable failure) {
        try {
            lock.close();
        } catch (IOException e) {
            if (failure != null) {
                failure.addSuppressed(e);
            }
        }
    }
}
