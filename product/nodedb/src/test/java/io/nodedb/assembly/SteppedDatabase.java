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
import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.os.wake.Wakeup;
import io.nodedb.testkit.VirtualTime;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * A whole database on one thread under virtual time: a caller that waits steps every part in turn,
 * and time passes while none has anything to do.
 */
final class SteppedDatabase implements RunningDatabase {
    private static final long IDLE_NANOS = 1_000_000;
    private static final long MEMORY_BYTES = 256L << 20;

    final VirtualTime time = new VirtualTime();
    final MemoryDisk disk = new MemoryDisk();
    final MemoryGovernor governor;
    final Kernel kernel;
    final NodeDb db;
    private final List<BooleanSupplier> parts;
    private final ChangePort changes;
    private final MetricRegistry metrics;

    /** The cores answer nothing; time passes nevertheless. */
    boolean stalled;

    SteppedDatabase(String... keysAndValues) {
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
                                disk,
                                settings,
                                time,
                                new SplittableRandom(1),
                                NoWakeup::new,
                                FrontLanes.NONE,
                                new NoWakeup(),
                                new SteppingWait(),
                                Loading.IN_ORDER,
                                governor,
                                new NoFailures(),
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
    public MetricRegistry metrics() {
        return metrics;
    }

    @Override
    public void close() {
        kernel.release();
        while (governor.reclaimer().step()) {
            // memory of the engines
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
}
