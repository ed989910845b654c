package io.nodedb.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.bridge.wake.Doorbell;
import io.nodedb.event.SimulatedCore.Section;
import io.nodedb.os.wake.Wakeup;
import io.nodedb.storage.wal.WalOptions;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Real threads: the hub on its own, a consumer that blocks in {@code take}, the log and a core on
 * the test's.
 */
class EventHubLoopTest {
    private static final int WRITES = 2_000;

    @Test
    @Timeout(60)
    void aBlockedConsumerIsToldEverythingInOrder() throws InterruptedException {
        EventSimulation simulation =
                new EventSimulation(
                        new SplittableRandom(7),
                        new WalOptions(
                                1 << 20, 1, 4, 8 << 10, 1 << 10, 8 << 10, 1_000_000, 0, 1_000_000,
                                64 << 20, 3_600_000),
                        EventOptions.defaults(),
                        8,
                        1,
                        1);
        Doorbell bell = new Doorbell(new SemaphoreWakeup());
        simulation.open(bell::ring);
        EventHubLoop loop = new EventHubLoop(simulation.hub, bell);
        Thread hub = Thread.ofVirtual().name("event-hub").start(loop);
        ChangeFeed feed = simulation.hub.changes(0, ChangeFilter.ALL_DATA);
        long[] told = new long[1];
        Thread consumer =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                long lastLsn = 0;
                                while (told[0] < WRITES) {
                                    Change change = feed.take(TimeUnit.SECONDS.toNanos(10));
                                    if (change == null || change.lsn() <= lastLsn) {
                                        return;
                                    }
                                    lastLsn = change.lsn();
                                    told[0]++;
                                }
                            } catch (InterruptedException stop) {
                                Thread.currentThread().interrupt();
                            }
                        });
        for (int i = 1; i <= WRITES; ) {
            byte[] effects = SimulatedCore.effects(1, "k" + i, "v", null, 0);
            if (simulation.cores.get(0).batch(i, List.of(new Section(0, effects)), false)) {
                i++;
            }
            simulation.stepWriter();
            simulation.turnCores();
        }
        while (simulation.writer.hasWork()) {
            simulation.stepWriter();
            simulation.turnCores();
        }
        simulation.turnCores();
        while (consumer.isAlive()) {
            simulation.turnCores();
            consumer.join(1);
        }
        loop.stop();
        hub.join();
        assertThat(told[0]).isEqualTo(WRITES);
    }

    private static final class SemaphoreWakeup implements Wakeup {
        private final Semaphore signals = new Semaphore(0);

        @Override
        public void signal() {
            signals.release();
        }

        @Override
        public boolean await(long timeoutNanos) {
            try {
                boolean signalled = signals.tryAcquire(timeoutNanos, TimeUnit.NANOSECONDS);
                signals.drainPermits();
                return signalled;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        @Override
        public String mechanism() {
            return "semaphore";
        }

        @Override
        public void close() {}
    }
}
