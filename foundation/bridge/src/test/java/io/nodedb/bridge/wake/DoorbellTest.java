package io.nodedb.bridge.wake;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.bridge.ring.SpscRing;
import io.nodedb.os.allocation.AllocationMeter;
import io.nodedb.os.wake.Wakeup;
import io.nodedb.os.wake.WakeupMechanism;
import io.nodedb.os.wake.Wakeups;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A test that hangs has lost a wake-up. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DoorbellTest {
    private static final long FOR_EVER = Long.MAX_VALUE;
    private static final int ROUNDS =
            System.getProperty("nodedb.long", "").equals("rings") ? 5_000_000 : 200_000;

    private static boolean noWork() {
        return false;
    }

    private static boolean work() {
        return true;
    }

    @Test
    void ringsWithoutASleeperSignalNothing() {
        try (Doorbell doorbell = new Doorbell(Wakeups.create())) {
            for (int i = 0; i < 100; i++) {
                doorbell.ring();
            }
            assertThat(doorbell.signals()).isZero();
            assertThat(doorbell.await(DoorbellTest::noWork, 0)).isFalse();
        }
    }

    @Test
    void ownerWithWorkDoesNotSleep() {
        try (Doorbell doorbell = new Doorbell(Wakeups.create())) {
            assertThat(doorbell.await(DoorbellTest::work, FOR_EVER)).isTrue();
            doorbell.ring();
            assertThat(doorbell.signals()).isZero();
        }
    }

    @Test
    void oneWakeUpForHoweverManyRing() {
        try (Doorbell doorbell = new Doorbell(Wakeups.create())) {
            assertThat(doorbell.arm(DoorbellTest::noWork)).isTrue();
            for (int i = 0; i < 100; i++) {
                doorbell.ring();
            }
            assertThat(doorbell.signals()).isOne();
            assertThat(doorbell.await(DoorbellTest::noWork, FOR_EVER)).isTrue();
            doorbell.ring();
            assertThat(doorbell.signals()).isOne();
        }
    }

    @Test
    void timeoutIsTold() {
        try (Doorbell doorbell = new Doorbell(Wakeups.create())) {
            assertThat(doorbell.await(DoorbellTest::noWork, 1000)).isFalse();
            assertThat(doorbell.mechanism()).isIn("eventfd", "park");
        }
    }

    @Test
    void armingWithWorkLeavesTheOwnerAwake() {
        try (Doorbell doorbell = new Doorbell(Wakeups.create())) {
            assertThat(doorbell.arm(DoorbellTest::work)).isFalse();
            doorbell.ring();
            assertThat(doorbell.signals()).isZero();
            assertThat(doorbell.arm(DoorbellTest::noWork)).isTrue();
            doorbell.disarm();
            doorbell.ring();
            assertThat(doorbell.signals()).isZero();
        }
    }

    @Test
    void noWakeUpIsLostOverRingsWithoutATimeout() throws Exception {
        handOver(Wakeups.create(), Wakeups.create());
    }

    @Test
    void noWakeUpIsLostOverRingsWithoutATimeoutByParking() throws Exception {
        handOver(Wakeups.create(WakeupMechanism.PARK), Wakeups.create(WakeupMechanism.PARK));
    }

    /** Ping-pong, so that both sides sleep all the time, then bursts. */
    private static void handOver(Wakeup pingWakeup, Wakeup pongWakeup) throws Exception {
        SpscRing<Long> there = new SpscRing<>(16);
        SpscRing<Long> back = new SpscRing<>(16);
        try (Doorbell ping = new Doorbell(pingWakeup);
                Doorbell pong = new Doorbell(pongWakeup)) {
            BooleanSupplier thereHasWork = () -> !there.isEmpty();
            BooleanSupplier backHasWork = () -> !back.isEmpty();
            Thread echo =
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < ROUNDS; ) {
                                    Long value = there.poll();
                                    if (value == null) {
                                        ping.await(thereHasWork, FOR_EVER);
                                    } else {
                                        back.offer(value);
                                        pong.ring();
                                        i++;
                                    }
                                }
                            });
            Long token = 42L;
            for (int sent = 0, received = 0; received < ROUNDS; ) {
                int burst = Math.min(1 + (sent % 7 == 0 ? 15 : 0), ROUNDS - sent);
                for (int i = 0; i < burst; i++) {
                    there.offer(token);
                }
                sent += burst;
                ping.ring();
                while (received < sent) {
                    if (back.poll() == null) {
                        pong.await(backHasWork, FOR_EVER);
                    } else {
                        received++;
                    }
                }
            }
            echo.join();
        }
    }

    @Test
    void noWakeUpOfSeveralProducersIsLost() throws Exception {
        int producers = 3;
        AtomicLong published = new AtomicLong();
        long expected = (long) producers * ROUNDS;
        try (Doorbell doorbell = new Doorbell(Wakeups.create())) {
            Thread[] threads = new Thread[producers];
            for (int t = 0; t < producers; t++) {
                threads[t] =
                        Thread.ofPlatform()
                                .start(() -> {
                                    for (int i = 0; i < ROUNDS; i++) {
                                        published.incrementAndGet();
                                        doorbell.ring();
                                    }
                                });
            }
            long[] seen = new long[1];
            BooleanSupplier hasWork = () -> published.get() != seen[0];
            while (seen[0] < expected) {
                doorbell.await(hasWork, FOR_EVER);
                seen[0] = published.get();
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    @Test
    void ringAndAwaitAllocateNothing() {
        try (Doorbell doorbell = new Doorbell(Wakeups.create())) {
            assertThat(
                            AllocationMeter.bytesPerOperation(() -> {
                                doorbell.ring();
                                doorbell.arm(DoorbellTest::noWork);
                                doorbell.ring();
                                doorbell.await(DoorbellTest::noWork, FOR_EVER);
                                doorbell.await(DoorbellTest::work, FOR_EVER);
                            }))
                    .isZero();
        }
    }
}
