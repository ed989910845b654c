package io.nodedb.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.storage.wal.WalOptions;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Cores, the log's writer, the hub and consumers in random order, with rings of eight slots and
 * tiny bounds, so that gaps, evictions, slow consumers and catching up happen all the time; and
 * crashes. Every consumer is told exactly what the log holds.
 */
class EventHubFuzzTest {
    private static final int RING_SLOTS = 8;

    @Test
    void everyConsumerIsToldExactlyWhatTheLogHolds() {
        SeededRuns.of(LongForm.of("event-feed")).run(60, 5_000, random -> run(random, false));
    }

    @Test
    void consumersResumeAfterCrashesWithoutLoss() {
        SeededRuns.of(LongForm.of("event-feed-crash")).run(60, 5_000, random -> run(random, true));
    }

    private static void run(SplittableRandom random, boolean crashes) {
        EventOptions options =
                new EventOptions(
                        random.nextBoolean() ? 2_000 : 1 << 20,
                        random.nextBoolean() ? 3_000 : 1 << 20,
                        1 + random.nextInt(random.nextBoolean() ? 4 : 1_000),
                        1 + random.nextInt(20));
        int cores = 1 + random.nextInt(3);
        EventSimulation simulation =
                new EventSimulation(
                        random,
                        keepEverything(),
                        options,
                        RING_SLOTS,
                        cores,
                        cores + random.nextInt(4));
        simulation.open();
        List<FollowingConsumer> consumers = new ArrayList<>();
        int actions = 300;
        for (int i = 0; i < actions; i++) {
            switch (random.nextInt(16)) {
                case 0, 1, 2, 3 -> simulation.batch();
                case 4 -> simulation.transaction();
                case 5, 6 -> simulation.stepWriter();
                case 7 -> simulation.time.advanceMillis(random.nextInt(500));
                case 8, 9 -> simulation.cores.get(random.nextInt(cores)).turn();
                case 10 -> simulation.cores.get(random.nextInt(cores)).heartbeat(i);
                case 11, 12 -> simulation.hub.step();
                case 13 -> {
                    if (consumers.size() < 4) {
                        long readable = EventHub.readableLsn(simulation.wal.progress());
                        long from = random.nextBoolean() ? 0 : readable;
                        consumers.add(
                                new FollowingConsumer(
                                        simulation.hub,
                                        from,
                                        random.nextInt(EventSimulation.COLLECTIONS + 1)));
                    }
                }
                case 14 -> {
                    if (!consumers.isEmpty()) {
                        FollowingConsumer consumer =
                                consumers.get(random.nextInt(consumers.size()));
                        for (int n = random.nextInt(30); n > 0 && consumer.poll(); n--) {
                            if (random.nextInt(5) == 0) {
                                consumer.store();
                            }
                        }
                    }
                }
                default -> {
                    if (crashes && random.nextInt(8) == 0) {
                        crash(random, simulation, consumers);
                    }
                }
            }
        }
        simulation.settle();
        simulation.turnCores();
        for (FollowingConsumer consumer : consumers) {
            while (consumer.poll()) {
                assertThat(consumer.delivered).isLessThan(1_000_000);
            }
            assertThat(consumer.isLive()).isTrue();
            consumer.verify(simulation.truth());
        }
        assertThat(simulation.hub.hasPending()).isFalse();
    }

    private static void crash(
            SplittableRandom random,
            EventSimulation simulation,
            List<FollowingConsumer> consumers) {
        if (random.nextBoolean()) {
            simulation.disk.losePower();
        } else {
            simulation.disk.killProcess();
        }
        simulation.open();
        for (FollowingConsumer consumer : consumers) {
            consumer.resume(simulation.hub);
        }
    }

    static WalOptions keepEverything() {
        return WalOptions.small();
    }
}
