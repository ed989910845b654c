package io.nodedb.assembly;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.NodeDb;
import io.nodedb.base.clock.SystemTimeSource;
import io.nodedb.base.memory.MemoryTag;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.simulator.disk.DiskCall;
import io.nodedb.simulator.disk.FaultyDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class KernelThreadsTest {
    private static Settings with(String key, String value) {
        return Settings.builder(RuntimeSettings.allAreas()).explicit(key, value).build();
    }

    @Test
    void backgroundWorkersAreOneOnUpToTwoProcessorsOtherwiseTwo() {
        Settings defaults = Settings.defaults();
        assertThat(KernelThreads.backgroundWorkers(defaults, 1)).isEqualTo(1);
        assertThat(KernelThreads.backgroundWorkers(defaults, 2)).isEqualTo(1);
        assertThat(KernelThreads.backgroundWorkers(defaults, 3)).isEqualTo(2);
        assertThat(KernelThreads.backgroundWorkers(defaults, 64)).isEqualTo(2);
    }

    @Test
    void backgroundWorkersAreAsManyAsTheSettingSays() {
        assertThat(KernelThreads.backgroundWorkers(with("background_workers", "1"), 64))
                .isEqualTo(1);
        assertThat(KernelThreads.backgroundWorkers(with("background_workers", "7"), 1))
                .isEqualTo(7);
    }

    @Test
    void coresArePinnedToProcessorsThatTheProcessMayRunOn() {
        assertThat(KernelThreads.pins(2, 3, new int[] {2, 5, 7})).containsExactly(2, 5);
        assertThat(KernelThreads.pins(1, 8, new int[] {0, 1})).containsExactly(0);
    }

    @Test
    void coresAreNotPinnedWhereThereAreNotMoreProcessorsThanCores() {
        int none = KernelThreads.UNPINNED;
        assertThat(KernelThreads.pins(2, 2, new int[] {2, 5})).containsExactly(none, none);
        assertThat(KernelThreads.pins(2, 8, new int[] {2, 5})).containsExactly(none, none);
        assertThat(KernelThreads.pins(2, 2, new int[] {0, 1, 2, 3})).containsExactly(none, none);
        assertThat(KernelThreads.pins(3, 2, new int[] {0, 1})).containsOnly(none).hasSize(3);
    }

    @Test
    @Timeout(60)
    void threadThatDoesNotEndWithinTheLimitIsNamedAndKeepsItsMemory() throws InterruptedException {
        FaultyDisk disk = new FaultyDisk(new MemoryDisk());
        EmbeddedDatabase database = EmbeddedDatabase.open(disk, with("stop_limit", "100ms"));
        NodeDb db = new NodeDb(database, SystemTimeSource.INSTANCE);
        db.kv("c").put("a".getBytes(UTF_8), "1".getBytes(UTF_8));
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        disk.failFromNth(
                EnumSet.of(DiskCall.WRITE, DiskCall.SYNC),
                1,
                what -> {
                    blocked.countDown();
                    awaitUninterruptibly(goesOn);
                    return new IOException(what);
                });
        Thread writer =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                db.kv("c").put("a".getBytes(UTF_8), "2".getBytes(UTF_8));
                            } catch (RuntimeException closing) {
                                assertThat(closing).isNotNull();
                            }
                        });
        blocked.await();
        List<LogRecord> records;
        try (RecordedLog log = RecordedLog.of("io.nodedb.failures")) {
            database.close();
            records = log.records();
        } finally {
            goesOn.countDown();
        }
        assertThat(records)
                .filteredOn(record -> record.getMessage().contains("did not end"))
                .singleElement()
                .satisfies(record -> {
                    assertThat(record.getLevel()).isEqualTo(Level.SEVERE);
                    assertThat(record.getMessage()).contains("wal-writer");
                    assertThat(record.getMessage()).doesNotContain("background-0");
                });
        assertThat(database.kernel().environment().governor().used(MemoryTag.RINGS)).isPositive();
        writer.join();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @Timeout(60)
    void interruptedStopEndsEveryThreadAndFreesEverything() {
        EmbeddedDatabase database = EmbeddedDatabase.open(new MemoryDisk(), Settings.defaults());
        new NodeDb(database, SystemTimeSource.INSTANCE)
                .kv("c")
                .put("a".getBytes(UTF_8), "1".getBytes(UTF_8));
        Thread.currentThread().interrupt();
        database.close();
        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
        assertThat(database.kernel().environment().governor().used(MemoryTag.RINGS)).isZero();
    }

    @Test
    @Timeout(60)
    void stopWithoutTimeForRunningWorkEndsEveryThreadToo() {
        EmbeddedDatabase database =
                EmbeddedDatabase.open(
                        new MemoryDisk(),
                        Settings.defaults().with(RuntimeSettings.STOP_LIMIT, Duration.ZERO));
        new NodeDb(database, SystemTimeSource.INSTANCE)
                .kv("c")
                .put("a".getBytes(UTF_8), "1".getBytes(UTF_8));
        database.close();
        assertThat(database.kernel().environment().governor().used(MemoryTag.RINGS)).isZero();
    }
}
