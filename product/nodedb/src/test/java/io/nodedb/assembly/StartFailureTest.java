package io.nodedb.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.NodeDb;
import io.nodedb.base.clock.SystemTimeSource;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.MemoryTag;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import io.nodedb.control.dispatch.StandInWait;
import io.nodedb.document.engine.DocumentEngineFactory;
import io.nodedb.engine.Engine;
import io.nodedb.engine.EngineEnvironment;
import io.nodedb.engine.EngineFactory;
import io.nodedb.kv.KvEngineFactory;
import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.os.wake.Wakeup;
import io.nodedb.os.wake.WakeupMechanism;
import io.nodedb.os.wake.Wakeups;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Starts that fail half-way leave nothing behind: no thread, no memory, no sleeping place. */
@Timeout(120)
class StartFailureTest {
    private static final Settings SMALL =
            Settings.builder(RuntimeSettings.allAreas())
                    .explicit("data_cores", "2")
                    .explicit("partitions", "2")
                    .explicit("wal_segment", "256KiB")
                    .explicit("wal_ring", "64KiB")
                    .explicit("wal_group", "64KiB")
                    .build();

    private static final class NthFails extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Lets {@code n - 1} calls pass and fails the next. */
    private static final class Countdown {
        private int left;

        Countdown(int n) {
            left = n;
        }

        void pass() {
            left--;
            if (left == 0) {
                throw new NthFails();
            }
        }
    }

    private static MemoryDisk filledDisk() {
        MemoryDisk disk = new MemoryDisk();
        try (EmbeddedDatabase database = EmbeddedDatabase.open(disk, SMALL)) {
            NodeDb db = new NodeDb(database, SystemTimeSource.INSTANCE);
            for (int i = 0; i < 100; i++) {
                db.kv("things").put("key-" + i, "value");
            }
        }
        return disk;
    }

    private static void assertWhole(MemoryDisk disk) {
        try (EmbeddedDatabase database = EmbeddedDatabase.open(disk, SMALL)) {
            NodeDb db = new NodeDb(database, SystemTimeSource.INSTANCE);
            assertThat(db.kv("things").count()).isEqualTo(100);
            db.kv("things").put("key-0", "value");
        }
    }

    private static List<Thread> databaseThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread ->
                        thread.getName()
                                .matches("(wal-|data-core-|lane-|io-|background-|memory-).*"))
                .toList();
    }

    @Test
    void whateverThreadCantBeStartedThoseThatWereAreEndedAndTheDatabaseOpensAgain() {
        MemoryDisk disk = filledDisk();
        List<Thread> before = databaseThreads();
        int failures = 0;
        for (int n = 1; ; n++) {
            Countdown countdown = new Countdown(n);
            Consumer<Runnable> starter =
                    start -> {
                        countdown.pass();
                        start.run();
                    };
            try (EmbeddedDatabase opened = EmbeddedDatabase.open(disk, SMALL, starter)) {
                assertThat(opened.health().canWrite()).isTrue();
                break;
            } catch (NthFails expected) {
                assertThat(expected.getSuppressed()).isEmpty();
                assertThat(databaseThreads()).as("n=%d", n).isSubsetOf(before);
                failures++;
            }
            assertWhole(disk);
        }
        assertThat(failures).as("pools, log, two cores, lane, events").isGreaterThan(6);
    }

    @Test
    void whateverSleepingPlaceCantBeMadeTheOthersAreClosedAndAllMemoryIsGivenBack() {
        MemoryDisk disk = filledDisk();
        int failures = 0;
        for (int n = 1; ; n++) {
            Countdown countdown = new Countdown(n);
            List<CountedWakeup> made = new ArrayList<>();
            Supplier<Wakeup> wakeups =
                    () -> {
                        countdown.pass();
                        CountedWakeup wakeup = new CountedWakeup();
                        made.add(wakeup);
                        return wakeup;
                    };
            MemoryGovernor governor = new MemoryGovernor(256L << 20, SMALL);
            boolean opened = false;
            try {
                Kernel kernel =
                        Kernel.open(
                                environment(
                                        disk,
                                        governor,
                                        wakeups,
                                        Loading.IN_ORDER,
                                        new KvEngineFactory()));
                opened = true;
                assertThat(governor.used(MemoryTag.KV_DATA)).isPositive();
                kernel.release();
            } catch (NthFails expected) {
                assertThat(expected.getSuppressed()).isEmpty();
                failures++;
            }
            assertAllGivenBack(governor, n);
            assertThat(made).as("n=%d", n).allMatch(wakeup -> wakeup.closed);
            if (opened) {
                break;
            }
            assertWhole(disk);
        }
        assertThat(failures).as("writer, keeper, lane, two cores").isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource(Loading.class)
    void whateverEngineCantBeMadeTheOthersAreClosedAndAllMemoryIsGivenBack(Loading loading) {
        MemoryDisk disk = filledDisk();
        KvEngineFactory kv = new KvEngineFactory();
        int failures = 0;
        for (int n = 1; ; n++) {
            AtomicInteger left = new AtomicInteger(n);
            EngineFactory failing =
                    new EngineFactory() {
                        @Override
                        public int id() {
                            return kv.id();
                        }

                        @Override
                        public String name() {
                            return kv.name();
                        }

                        @Override
                        public Engine create(EngineEnvironment environment) {
                            if (left.decrementAndGet() == 0) {
                                throw new NthFails();
                            }
                            return kv.create(environment);
                        }
                    };
            MemoryGovernor governor = new MemoryGovernor(256L << 20, SMALL);
            boolean opened = false;
            try {
                Kernel.open(environment(disk, governor, CountedWakeup::new, loading, failing))
                        .release();
                opened = true;
            } catch (NthFails expected) {
                failures++;
            }
            assertAllGivenBack(governor, n);
            if (opened) {
                break;
            }
            assertWhole(disk);
        }
        assertThat(failures)
                .as("three partitions, each empty, then anew for its checkpoint")
                .isEqualTo(6);
    }

    private static void assertAllGivenBack(MemoryGovernor governor, int n) {
        while (governor.reclaimer().step()) {
            // memory of the engines
        }
        assertThat(governor.used()).as("n=%d", n).isZero();
    }

    private static Environment environment(
            Disk disk,
            MemoryGovernor governor,
            Supplier<Wakeup> wakeups,
            Loading loading,
            EngineFactory keyValue) {
        return new Environment(
                disk,
                SMALL,
                SystemTimeSource.INSTANCE,
                new SplittableRandom(1),
                wakeups,
                FrontLanes.NONE,
                Wakeups.create(WakeupMechanism.PARK),
                new StandInWait(SystemTimeSource.INSTANCE, 0),
                loading,
                governor,
                new LoggedFailures(1),
                List.of(keyValue, new DocumentEngineFactory()),
                2,
                0);
    }

    private static final class CountedWakeup implements Wakeup {
        private boolean closed;

        @Override
        public void signal() {}

        @Override
        public boolean await(long timeoutNanos) {
            throw new AssertionError("no part runs");
        }

        @Override
        public String mechanism() {
            return "counted";
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
