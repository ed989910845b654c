package io.nodedb.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.simulator.disk.DiskCall;
import io.nodedb.simulator.disk.FaultyDisk;
import io.nodedb.simulator.disk.SimulatedDisk;
import io.nodedb.simulator.time.VirtualTime;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the keeper does beside the writer, and what the writer waits for. */
class WalKeeperTest {
    private static final WalOptions OPTIONS = WalOptions.small();

    private final VirtualTime time = new VirtualTime();
    private final SimulatedDisk medium = new SimulatedDisk(3, time);
    private final FaultyDisk disk = new FaultyDisk(medium);
    private final WalSimulation simulation =
            new WalSimulation(new Random(3), time, disk, OPTIONS, 1, 1);

    private void start() {
        simulation.open();
        simulation.start();
        simulation.stepUntilIdle();
    }

    /** Steps the writer alone until it rests. */
    private void writerOnly() {
        while (simulation.writer.step()) {
            simulation.takeAnswers();
        }
        simulation.takeAnswers();
    }

    private void writeAsync() {
        simulation.isAsync = () -> true;
        assertThat(simulation.batch()).isTrue();
    }

    private void writeSync() {
        simulation.isAsync = () -> false;
        assertThat(simulation.batch()).isTrue();
    }

    @Test
    void asynchronousWritesAreAcknowledgedWhileTheKeeperSyncs() {
        start();
        writeAsync();
        writerOnly();
        time.advanceNanos(OPTIONS.asyncSyncIntervalNanos());
        writerOnly();
        assertThat(simulation.keeper.hasWork()).as("the sync is the keeper's").isTrue();
        int before = simulation.acknowledged;
        writeAsync();
        writerOnly();
        assertThat(simulation.acknowledged).isGreaterThan(before);
        long synced = simulation.wal.progress().syncedPosition();
        simulation.stepUntilIdle();
        assertThat(simulation.wal.progress().syncedPosition()).isGreaterThan(synced);
    }

    @Test
    void aSyncedWriteWaitsForTheKeepersSyncOfWhatLiesBefore() {
        start();
        writeAsync();
        writerOnly();
        time.advanceNanos(OPTIONS.asyncSyncIntervalNanos());
        writerOnly();
        assertThat(simulation.keeper.hasWork()).isTrue();
        writeSync();
        writerOnly();
        assertThat(simulation.unanswered()).as("not before the keeper is done").isPositive();
        assertThat(simulation.writer.hasWork()).as("nothing to do but wait").isFalse();
        assertThat(simulation.writer.waitsForKeeper()).isTrue();
        simulation.keeper.step();
        assertThat(simulation.writer.hasWork()).isTrue();
        writerOnly();
        assertThat(simulation.unanswered()).isZero();
    }

    @Test
    void aFailedSyncByTheKeeperEndsWriting() {
        start();
        writeAsync();
        writerOnly();
        time.advanceNanos(OPTIONS.asyncSyncIntervalNanos());
        writerOnly();
        writeSync();
        writerOnly();
        disk.failNth(EnumSet.of(DiskCall.SYNC), 1, IOException::new);
        int failures = simulation.failures;
        simulation.stepUntilIdle();
        assertThat(simulation.writer.failed()).isTrue();
        assertThat(simulation.failures)
                .as("the write behind it is not said to be synced")
                .isGreaterThan(failures);
        medium.losePower();
        disk.heal();
        simulation.open();
        simulation.verify(true);
    }

    @Test
    void theWriterWaitsForTheKeeperBeforeItTouchesTheReserve() {
        start();
        int rounds = 0;
        while (simulation.unanswered() == 0) {
            simulation.batch();
            writerOnly();
            assertThat(rounds++).isLessThan(10_000);
        }
        assertThat(simulation.writer.refusing()).as("the disk is not full").isFalse();
        assertThat(simulation.writer.hasWork()).as("nothing to do but wait").isFalse();
        simulation.stepUntilIdle();
        assertThat(simulation.unanswered()).isZero();
        assertThat(simulation.failures).isZero();
    }

    @Test
    void afterACheckpointRemovedSegmentsServeAgain() throws IOException {
        start();
        for (int checkpoint = 0; checkpoint < 4; checkpoint++) {
            fillSegments(4);
            simulation.restartFeed();
            simulation.checkpoint();
            simulation.stepUntilIdle();
        }
        int files = segmentFiles().size();
        disk.failFromNth(EnumSet.of(DiskCall.ALLOCATE), 1, IOException::new);
        fillSegments(3);
        assertThat(simulation.writer.failed()).as("something was zero-filled").isFalse();
        assertThat(segmentFiles()).hasSize(files);
    }

    /** Writes until so many more segments are part of the log, and syncs. */
    private void fillSegments(int count) {
        int before = simulation.wal.reader().segments().snapshot().length;
        while (simulation.wal.reader().segments().snapshot().length < before + count) {
            simulation.batch();
            simulation.stepUntilIdle();
        }
        time.advanceNanos(OPTIONS.asyncSyncIntervalNanos());
        simulation.stepUntilIdle();
    }

    private List<String> segmentFiles() throws IOException {
        return medium.list(WalSimulation.DIRECTORY).stream()
                .filter(name -> name.endsWith(SegmentFormat.SUFFIX))
                .toList();
    }
}
