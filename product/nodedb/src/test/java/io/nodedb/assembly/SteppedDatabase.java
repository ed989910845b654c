package io.nodedb.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.Health;
import io.nodedb.NodeDb;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.metrics.MetricRegistry;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import io.nodedb.control.ControlPlane;
import io.nodedb.control.port.CallerWait;
import io.nodedb.control.port.ChangePort;
import io.nodedb.data.core.CoreLoop;
import io.nodedb.data.failure.Failures;
import io.nodedb.document.engine.DocumentEngineFactory;
import io.nodedb.kv.KvEngineFactory;
import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.os.wake.Wakeup;
import io.nodedb.testkit.VirtualTime;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A whole database on one thread under virtual time: a caller that waits steps every part in turn,
 * and time passes while none has anything to do.
 */
final class SteppedDatabase implements RunningDatabase {
    private static final long IDLE_NANOS = 1_000_000;
    private static final long MEMORY_BYTES = 256L << 20;

    final VirtualTime time;
    final Disk disk;
    final MemoryGovernor governor;
    final Kernel kernel;
    final NodeDb db;
    private final List<BooleanSupplier> parts;
    private final ChangePort changes;
    private final MetricRegistry metrics;

    /** The cores answer nothing; time passes nevertheless. */
    boolean stalled;

    SteppedDatabase(String... keysAndValues) {
        this(new MemoryDisk(), new VirtualTime(), keysAndValues);
    }

    /** Over what another one, which is not stepped any more, has left on the disk. */
    SteppedDatabase(Disk disk, VirtualTime time, String... keysAndValues) {
        this(disk, disk, time, keysAndValues);
    }

    /**
     * As above.
     *
     * @param access passes the database's calls on to the disk, or fails them
     */
    SteppedDatabase(Disk disk, Disk access, VirtualTime time, String... keysAndValues) {
        this(disk, access, time, NoWakeup::new, keysAndValues);
    }

    /**
     * As above.
     *
     * @param wakeups makes the sleeping places, or fails to
     */
    SteppedDatabase(
            Disk disk,
            Disk access,
            VirtualTime time,
            Supplier<Wakeup> wakeups,
            String... keysAndValues) {
        this.disk = disk;
        this.time = time;
        Settings.Builder builder = Settings.builder(RuntimeSettings.allAreas());
        builder.explicit("partitions", "1").explicit("wal_segment", "256KiB");
        builder.explicit("wal_ring", "64KiB").explicit("wal_group", "64KiB");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            builder.explicit(keysAndValues[i], keysAndValues[i + 1]);
        }
        Settings settings = builder.build();
        governor = new MemoryGovernor(MEMORY_BYTES, settings);
        kernel =
                Kernel.open(
                        new Environment(
                                access,
                                settings,
                                time,
                                new SplittableRandom(1),
                                wakeups,
                                FrontLanes.NONE,
                                new NoWakeup(),
                                new SteppingWait(),
                                Loading.IN_ORDER,
                                governor,
                                access == disk ? new NoFailures() : new ToleratedFailures(),
                                List.of(new KvEngineFactory(), new DocumentEngineFactory()),
                                1,
                                0));
        CoreLoop core = kernel.cores().getFirst();
        parts =
                List.of(
                        core::step,
                        kernel.writer()::step,
                        kernel.logKeeper()::step,
                        kernel.control()::step,
                        kernel.events()::step,
                        kernel.readers()::step,
                        kernel.workers()::step,
                        governor.reclaimer()::step);
        kernel.initialise();
        changes = new FeedPort(kernel.events(), kernel.control().catalog());
        metrics = KernelMetrics.of(kernel);
        db = new NodeDb(this, time);
    }

    /** Every part, once. */
    boolean step() {
        boolean worked = false;
        for (int i = stalled ? 1 : 0; i < parts.size(); i++) {
            worked |= parts.get(i).getAsBoolean();
        }
        if (!worked || stalled) {
            time.advanceNanos(IDLE_NANOS);
        }
        return worked;
    }

    /** Time passes in small steps, in which every part does what it has to do. */
    void run(long millis) {
        long until = time.nanoTime() + millis * 1_000_000;
        while (time.nanoTime() - until < 0) {
            boolean ignored = step();
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

    @Override
    public Health health() {
        return new Health(Health.Status.SERVING, List.of());
    }

    @Override
    public BackupPort backups() {
        return BackupPort.of(kernel);
    }

    @Override
    public MetricRegistry metrics() {
        return metrics;
    }

    @Override
    public void close() {
        try {
            kernel.release();
        } finally {
            while (governor.reclaimer().step()) {
                // memory of the engines
            }
        }
    }

    private final class SteppingWait implements CallerWait {
        @Override
        public boolean await(Awaited awaited, long giveUpNanos) {
            while (!awaited.isComplete()) {
                if (time.nanoTime() - giveUpNanos >= 0) {
                    return false;
                }
                boolean ignored = step();
            }
            return true;
        }

        @Override
        public void pause(long nanos) {
            run(nanos / 1_000_000);
        }
    }

    private static final class NoWakeup implements Wakeup {
        @Override
        public void signal() {}

        @Override
        public boolean await(long timeoutNanos) {
            throw new AssertionError("a stepped part does not sleep");
        }

        @Override
        public String mechanism() {
            return "stepped";
        }

        @Override
        public void close() {}
    }

    private static final class NoFailures implements Failures {
        @Override
        public String report(String place, String what, Throwable failure) {
            throw new AssertionError(place + ": " + what, failure);
        }

        @Override
        public void warning(String message) {
            throw new AssertionError(message);
        }

        @Override
        public void notice(boolean error, String message) {
            assertThat(error).as(message).isFalse();
        }
    }

    /** Over a disk that fails. */
    private static final class ToleratedFailures implements Failures {
        @Override
        public String report(String place, String what, Throwable failure) {
            return what;
        }

        @Override
        public void notice(boolean error, String message) {}

        @Override
        public void warning(String message) {}
    }
}
