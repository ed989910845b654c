package io.nodedb.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.simulator.disk.DiskCall;
import io.nodedb.simulator.disk.FaultyDisk;
import io.nodedb.simulator.disk.SimulatedDisk;
import io.nodedb.simulator.time.VirtualTime;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WalFailureTest {
    private static final int ACTIONS = 250;
    private static final WalOptions OPTIONS = WalOptions.small();

    private final VirtualTime time = new VirtualTime();

    private WalSimulation simulation(long seed, SimulatedDisk disk) {
        return new WalSimulation(new Random(seed), time, disk, OPTIONS, 2, 3);
    }

    /**
     * One call fails; after it the log serves no writes, and loses nothing that it acknowledged.
     */
    @Test
    void everyCallMayFail() {
        int faults = 0;
        for (int nth = 1; ; nth++) {
            SimulatedDisk medium = new SimulatedDisk(nth, time);
            FaultyDisk faulty = new FaultyDisk(medium);
            faulty.failNth(EnumSet.allOf(DiskCall.class), nth, IOException::new);
            WalSimulation simulation =
                    new WalSimulation(new Random(7), time, faulty, OPTIONS, 2, 3);
            work(simulation);
            if (faulty.faults() == 0) {
                break;
            }
            faults++;
            medium.losePower();
            faulty.heal();
            simulation.open();
            simulation.verify(true);
            assertThat(
                            simulation.writer == null
                                    || !simulation.writer.failed()
                                    || simulation.writer.failure() instanceof IOException)
                    .isTrue();
        }
        assertThat(faults).isGreaterThan(100);
    }

    private static void work(WalSimulation simulation) {
        try {
            simulation.open();
            simulation.start();
            for (int i = 0; i < ACTIONS; i++) {
                simulation.randomAction();
            }
            simulation.stepUntilIdle();
        } catch (NodeDbException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAILED);
        }
    }

    @Test
    void failedSyncIsNeverRetriedAndEverythingAfterItIsRefused() {
        SimulatedDisk medium = new SimulatedDisk(1, time);
        FaultyDisk faulty = new FaultyDisk(medium);
        WalSimulation simulation = new WalSimulation(new Random(1), time, faulty, OPTIONS, 1, 1);
        simulation.open();
        simulation.start();
        long durable = simulation.wal.progress().durableLsn();
        faulty.failNth(EnumSet.of(DiskCall.SYNC), 1, IOException::new);
        while (!simulation.writer.failed()) {
            simulation.batch();
            simulation.stepUntilIdle();
        }
        long synced = simulation.wal.progress().syncedLsn();
        int before = simulation.failures;
        long calls = faulty.calls();
        simulation.batch();
        simulation.transaction();
        simulation.stepUntilIdle();
        assertThat(simulation.failures).isGreaterThan(before);
        assertThat(faulty.calls()).as("nothing touches the disk any more").isEqualTo(calls);
        assertThat(simulation.wal.progress().durableLsn()).isGreaterThanOrEqualTo(durable);
        assertThat(simulation.wal.progress().syncedLsn()).isEqualTo(synced);
        assertThat(simulation.writer.describe()).startsWith("FAILED");
        time.advanceNanos(2 * OPTIONS.asyncSyncIntervalNanos());
        assertThat(simulation.writer.idleNanos()).as("the thread may sleep").isPositive();
    }

    @Test
    void fullDiskRefusesBeforeSequencingAndResumesByItself() {
        SimulatedDisk disk = new SimulatedDisk(1, time);
        disk.setCapacity(6L * OPTIONS.segmentBytes());
        WalSimulation simulation = simulation(1, disk);
        simulation.open();
        simulation.start();
        assertThat(simulation.writer.refusing()).isFalse();
        while (!simulation.writer.refusing()) {
            simulation.batch();
            simulation.stepUntilIdle();
        }
        fillRings(simulation);
        simulation.stepUntilIdle();
        assertThat(simulation.unanswered()).as("what was in the rings fits the reserve").isZero();
        assertThat(simulation.failures).isZero();

        disk.setCapacity(20L * OPTIONS.segmentBytes());
        simulation.stepUntilIdle();
        assertThat(simulation.writer.refusing()).as("not tried again at once").isTrue();
        time.advanceNanos(OPTIONS.diskRetryNanos());
        simulation.stepUntilIdle();
        assertThat(simulation.writer.refusing()).isFalse();
    }

    @Test
    void cutFreesAFullDiskWithoutNewSpace() {
        SimulatedDisk disk = new SimulatedDisk(1, time);
        disk.setCapacity(8L * OPTIONS.segmentBytes());
        WalSimulation simulation = simulation(2, disk);
        simulation.open();
        simulation.start();
        while (!simulation.writer.refusing()) {
            simulation.batch();
            simulation.stepUntilIdle();
        }
        time.advanceNanos(OPTIONS.asyncSyncIntervalNanos());
        simulation.stepUntilIdle();
        simulation.restartFeed();
        simulation.checkpoint();
        simulation.stepUntilIdle();
        assertThat(simulation.writer.refusing()).isFalse();
        time.advanceNanos(2 * OPTIONS.diskRetryNanos());
        simulation.stepUntilIdle();
        assertThat(simulation.writer.idleNanos()).as("the thread may sleep").isPositive();
        disk.losePower();
        simulation.open();
        simulation.verify(true);
    }

    @Test
    void recordsBeyondTheReserveWaitAndAreNotLost() {
        SimulatedDisk disk = new SimulatedDisk(1, time);
        disk.setCapacity(6L * OPTIONS.segmentBytes());
        WalSimulation simulation = simulation(3, disk);
        simulation.open();
        simulation.start();
        while (simulation.writer.counters().stalls() == 0) {
            fillRings(simulation);
            simulation.stepUntilIdle();
        }
        assertThat(simulation.unanswered()).isPositive();
        assertThat(simulation.writer.hasWork()).as("nothing to do but wait").isFalse();
        disk.setCapacity(100L * OPTIONS.segmentBytes());
        time.advanceNanos(OPTIONS.diskRetryNanos());
        simulation.stepUntilIdle();
        assertThat(simulation.unanswered()).isZero();
        assertThat(simulation.failures).isZero();
    }

    private static void fillRings(WalSimulation simulation) {
        int refused = 0;
        while (refused < 20) {
            refused = simulation.batch() ? 0 : refused + 1;
        }
    }

    @Test
    void openingOnAFullDiskRefusesWritesAndReads() {
        SimulatedDisk disk = new SimulatedDisk(1, time);
        WalSimulation simulation = simulation(4, disk);
        simulation.open();
        simulation.start();
        for (int i = 0; i < 50; i++) {
            simulation.batch();
        }
        simulation.stepUntilIdle();
        disk.setCapacity(0);
        disk.killProcess();
        simulation.open();
        simulation.verify(false);
        assertThat(simulation.recoveredOps).isPositive();
        simulation.start();
        while (!simulation.writer.refusing()) {
            simulation.batch();
            simulation.stepUntilIdle();
        }
        disk.setCapacity(100L * OPTIONS.segmentBytes());
        time.advanceNanos(OPTIONS.diskRetryNanos());
        simulation.stepUntilIdle();
        assertThat(simulation.writer.refusing()).isFalse();
    }

    @Test
    void anotherDatabasesLogIsRefused() {
        SimulatedDisk disk = new SimulatedDisk(1, time);
        WalSimulation simulation = simulation(5, disk);
        simulation.open();
        simulation.start();
        simulation.wal.close();
        assertThatThrownBy(() -> Wal.open(disk, WalSimulation.DIRECTORY, OPTIONS, 1, time, 0))
                .hasMessageContaining("database id");
    }

    @Test
    void missingLogIsReported() {
        SimulatedDisk disk = new SimulatedDisk(1, time);
        assertThatThrownBy(() ->
                        Wal.open(
                                disk,
                                WalSimulation.DIRECTORY,
                                OPTIONS,
                                WalSimulation.DATABASE,
                                time,
                                99))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPTED));
    }
}
