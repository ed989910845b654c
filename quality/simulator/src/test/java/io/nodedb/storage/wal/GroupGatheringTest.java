package io.nodedb.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.simulator.disk.SimulatedDisk;
import io.nodedb.simulator.time.VirtualTime;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** When the writer waits for clients that could share a sync, and when it does not. */
class GroupGatheringTest {
    private static final WalOptions OPTIONS = WalOptions.small();
    private static final long SYNC_NANOS = 1_000_000;

    private final VirtualTime time = new VirtualTime();
    private final SimulatedDisk disk = new SimulatedDisk(3, time);
    private final WalSimulation simulation =
            new WalSimulation(new Random(3), time, disk, OPTIONS, 2, 4);

    private void start(long syncNanos) {
        simulation.open();
        simulation.start();
        simulation.stepUntilIdle();
        disk.setLatency(0, syncNanos);
        simulation.isAsync = () -> false;
    }

    private void write(int batches) {
        int before = simulation.unanswered();
        while (simulation.unanswered() < before + batches) {
            boolean ignored = simulation.batch();
        }
    }

    /** The writer's steps until it rests; time stands still but for syncs. */
    private void step() {
        while (WalSteps.step(simulation.writer, simulation.keeper)) {
            simulation.takeAnswers();
        }
        simulation.takeAnswers();
    }

    private long syncs() {
        return simulation.writer.counters().syncs();
    }

    /** Some clients' writes are synced while others' come. */
    private void syncWhileOthersCome(int synced, int others) {
        // Nothing of the keeper's may come in between.
        step();
        write(synced);
        for (int i = 0; i < 10 && !simulation.writer.syncsNext(); i++) {
            // Perhaps a new segment first, then the group.
            boolean ignored = simulation.writer.stepPart();
            ignored |= simulation.keeper.step();
        }
        assertThat(simulation.writer.syncsNext()).isTrue();
        write(others);
        assertThat(simulation.writer.stepPart()).as("it is synced").isTrue();
        assertThat(simulation.writer.stepPart()).as("it is acknowledged").isTrue();
        simulation.takeAnswers();
        assertThat(simulation.unanswered()).isEqualTo(others);
    }

    @Test
    void clientsThatComeBackShareASyncWithThoseThatWait() {
        start(SYNC_NANOS);
        syncWhileOthersCome(4, 4);
        long before = syncs();
        step();
        assertThat(simulation.unanswered()).as("the others wait").isEqualTo(4);
        assertThat(simulation.writer.hasWork()).isFalse();
        assertThat(simulation.writer.gathers()).isTrue();
        assertThat(simulation.writer.idleNanos()).isBetween(1L, SYNC_NANOS / 2);
        write(3);
        assertThat(simulation.writer.gathers()).isTrue();
        write(1);
        assertThat(simulation.writer.hasWork()).isTrue();
        step();
        assertThat(simulation.unanswered()).isZero();
        assertThat(syncs()).isEqualTo(before + 1);
    }

    @Test
    void theFirstOfMoreThatComeBackWaitsForTheOthers() {
        start(SYNC_NANOS);
        syncWhileOthersCome(8, 0);
        step();
        assertThat(simulation.writer.gathers()).as("nobody is here to wait").isFalse();
        write(1);
        step();
        assertThat(simulation.writer.gathers()).isTrue();
        assertThat(simulation.unanswered()).isEqualTo(1);
    }

    @Test
    void nobodyWaitsLongerThanHalfOfASync() {
        start(SYNC_NANOS);
        syncWhileOthersCome(4, 4);
        step();
        time.advanceNanos(simulation.writer.idleNanos());
        assertThat(simulation.writer.hasWork()).isTrue();
        step();
        assertThat(simulation.unanswered()).isZero();
    }

    @Test
    void aSlowDiskDoesNotMakeThemWaitLongerThanTheSettingSays() {
        start(100 * OPTIONS.gatherNanos());
        syncWhileOthersCome(4, 4);
        assertThat(simulation.writer.idleNanos()).isEqualTo(OPTIONS.gatherNanos());
    }

    @Test
    void waitingInVainIsNotRepeatedAtOnce() {
        start(SYNC_NANOS);
        int waited = 0;
        for (int round = 0; round < 100; round++) {
            syncWhileOthersCome(4, 4);
            step();
            if (simulation.writer.gathers()) {
                waited++;
                time.advanceNanos(simulation.writer.idleNanos());
                step();
            }
            time.advanceMillis(10);
            assertThat(simulation.unanswered()).isZero();
        }
        assertThat(waited).isBetween(2, 8);
    }

    @Test
    void shortSyncsAreNotWorthIt() {
        start(SYNC_NANOS / 10);
        syncWhileOthersCome(4, 4);
        assertThat(simulation.writer.gathers()).isFalse();
        step();
        assertThat(simulation.unanswered()).isZero();
    }

    @Test
    void whoWritesAloneNeverWaits() {
        start(SYNC_NANOS);
        for (int round = 0; round < 100; round++) {
            write(1);
            assertThat(simulation.writer.gathers()).isFalse();
            step();
            assertThat(simulation.unanswered()).isZero();
            time.advanceNanos(10_000);
        }
    }
}
