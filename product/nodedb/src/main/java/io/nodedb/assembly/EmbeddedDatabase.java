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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
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
    private final TakenResources taken;
    private final ChangePort changes;
    private final MetricRegistry metrics;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedDatabase(Kernel kernel, TakenResources taken) {
        this.kernel = kernel;
        this.taken = taken;
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
                ? open(new MemoryDisk(), settings, front, Runnable::run)
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
        TakenResources taken = new TakenResources();
        taken.add(() -> unlock(lock));
        try {
            whenLocked.run();
            return start(
                    new FileSystemDisk(directory), settings, front, progress, Runnable::run, taken);
        } catch (RuntimeException | Error failure) {
            taken.giveBackAfter(failure);
            throw failure;
        }
    }

    /** As {@link #open}, on a disk of the caller's choice, which nobody else may use meanwhile. */
    public static EmbeddedDatabase open(Disk disk, Settings settings) {
        return open(disk, settings, Runnable::run);
    }

    /**
     * As above.
     *
     * @param starter is given every thread's start and runs it
     */
    static EmbeddedDatabase open(Disk disk, Settings settings, Consumer<Runnable> starter) {
        return open(disk, settings, Front.NONE, starter);
    }

    private static EmbeddedDatabase open(
            Disk disk, Settings settings, Front front, Consumer<Runnable> starter) {
        TakenResources taken = new TakenResources();
        try {
            return start(disk, settings, front, new RecoveryProgress(), starter, taken);
        } catch (RuntimeException | Error failure) {
            taken.giveBackAfter(failure);
            throw failure;
        }
    }

    /** How many data cores these settings ask for on this machine. */
    public static int cores(Settings settings) {
        int wanted = settings.get(RuntimeSettings.DATA_CORES);
        return wanted > 0 ? wanted : Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    }

    /** What it has taken when it fails is the caller's to give back. */
    private static EmbeddedDatabase start(
            Disk disk,
            Settings settings,
            Front front,
            RecoveryProgress progress,
            Consumer<Runnable> starter,
            TakenResources taken) {
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
        // First, so that the memory of an opening that fails is given back too.
        Thread reclaimer = governor.reclaimer().start();
        taken.add(() -> end(reclaimer));
        Kernel kernel = Kernel.open(environment);
        taken.add(() -> release(kernel));
        progress.begin("starting the cores");
        front.attach(kernel);
        KernelThreads threads = new KernelThreads(kernel, front::companion);
        // Threads that go on may still write: the directory stays locked for as long as they do.
        taken.addUser(threads::stop);
        threads.start(starter);
        threads.letCallersStandIn(callerWait);
        EmbeddedDatabase database = new EmbeddedDatabase(kernel, taken);
        kernel.initialise();
        return database;
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
    public BackupPort backups() {
        if (closed.get()) {
            throw new NodeDbException(ErrorCode.SHUTTING_DOWN, "the database is closed");
        }
        return BackupPort.of(kernel);
    }

    @Override
    public MetricRegistry metrics() {
        return metrics;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            taken.giveBack();
        }
    }

    /** An interrupt must not close the files before they are complete. */
    private static void release(Kernel kernel) {
        boolean interrupted = Thread.interrupted();
        try {
            kernel.release();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void end(Thread reclaimer) {
        reclaimer.interrupt();
        boolean interrupted = Thread.interrupted();
        try {
            reclaimer.join(RECLAIM_LIMIT);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void unlock(DirectoryLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
