package io.nodedb.bridge.wake;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.bridge.ring.SpscRing;
import io.nodedb.os.wake.WakeupMechanism;
import io.nodedb.os.wake.Wakeups;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A test that hangs has lost a wake-up. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StandInTest {
    private static final long NEVER = Long.MAX_VALUE / 4;
    private static final int ROUNDS = 200_000;

    /** Adds up what comes through a ring, in plain fields. */
    private static final class Adding implements Duty {
        final SpscRing<Integer> numbers = new SpscRing<>(64);
        long idle = NEVER;
        long sum;
        long count;
        volatile long done;

        @Override
        public boolean step() {
            Integer number = numbers.poll();
            if (number == null) {
                return false;
            }
            sum += number;
            done = ++count;
            return true;
        }

        @Override
        public boolean hasWork() {
            return !numbers.isEmpty();
        }

        @Override
        public long idleNanos() {
            return idle;
        }
    }

    private static Doorbell asleep() {
        Doorbell bell = new Doorbell(Wakeups.create());
        assertThat(bell.arm(() -> false)).isTrue();
        return bell;
    }

    @Test
    void onlyAThreadThatSleepsIsStoodInFor() {
        try (Doorbell bell = new Doorbell(Wakeups.create())) {
            StandIn standIn = new StandIn(bell, new Adding());
            assertThat(standIn.takeOver()).isFalse();
            assertThat(bell.arm(() -> false)).isTrue();
            assertThat(standIn.takeOver()).isTrue();
            assertThat(standIn.takeOver()).as("one at a time").isFalse();
            standIn.handBack(false);
            bell.ring();
            assertThat(standIn.takeOver()).as("called").isFalse();
            bell.disarm();
        }
    }

    @Test
    void ringsWhileSomebodyStandsInSignalNothing() {
        try (Doorbell bell = asleep()) {
            StandIn standIn = new StandIn(bell, new Adding());
            assertThat(standIn.takeOver()).isTrue();
            bell.ring();
            assertThat(bell.signals()).isZero();
            standIn.handBack(false);
            assertThat(bell.signals()).isZero();
        }
    }

    @Test
    void workThatIsLeftBehindWakesTheOwner() {
        try (Doorbell bell = asleep()) {
            Adding duty = new Adding();
            StandIn standIn = new StandIn(bell, duty);
            assertThat(standIn.takeOver()).isTrue();
            assertThat(duty.numbers.offer(1)).isTrue();
            standIn.handBack(false);
            assertThat(bell.signals()).isOne();
        }
    }

    @Test
    void whoeverStillLooksRingsForWhatIsLeft() {
        try (Doorbell bell = asleep()) {
            Adding duty = new Adding();
            StandIn standIn = new StandIn(bell, duty);
            assertThat(standIn.takeOver()).isTrue();
            assertThat(duty.numbers.offer(1)).isTrue();
            standIn.handBack(true);
            assertThat(bell.signals()).isZero();
            standIn.ringIfWorkIsLeft();
            assertThat(bell.signals()).isOne();
        }
    }

    @Test
    void ownerIsWokenForADeadlineBeforeItsAlarmAndForWhatOnlyItDoes() {
        Doorbell bell = new Doorbell(Wakeups.create(WakeupMechanism.PARK));
        try (bell) {
            Adding duty = new Adding();
            StandIn standIn = new StandIn(bell, duty);
            Thread owner =
                    Thread.ofPlatform()
                            .start(() -> bell.await(() -> false, TimeUnit.SECONDS.toNanos(100)));
            takeOver(standIn);
            standIn.handBack(false);
            assertThat(bell.signals()).isZero();
            takeOver(standIn);
            duty.idle = 1_000_000;
            standIn.handBack(false);
            assertThat(bell.signals()).isOne();
            join(owner);
        }
    }

    private static void takeOver(StandIn standIn) {
        while (!standIn.takeOver()) {
            Thread.onSpinWait();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The owner sleeps and wakes while another thread keeps standing in for it. */
    @Test
    void ownerAndStandInNeverWorkAtOnceAndNothingIsLost() {
        Adding duty = new Adding();
        Doorbell bell = new Doorbell(Wakeups.create());
        StandIn standIn = new StandIn(bell, duty);
        try (bell) {
            Thread owner =
                    Thread.ofPlatform()
                            .start(() -> {
                                while (duty.done < ROUNDS) {
                                    if (!duty.step()) {
                                        bell.await(
                                                () -> duty.done >= ROUNDS || duty.hasWork(), NEVER);
                                    }
                                }
                            });
            for (int i = 0; i < ROUNDS; i++) {
                while (!duty.numbers.offer(i)) {
                    Thread.onSpinWait();
                }
                if (i % 3 != 0 || !standIn.takeOver()) {
                    bell.ring();
                } else {
                    for (int steps = i % 5; steps > 0 && duty.step(); steps--) {}
                    standIn.handBack(false);
                }
            }
            while (owner.isAlive()) {
                bell.ring();
                Thread.onSpinWait();
            }
            assertThat(duty.sum).isEqualTo((long) ROUNDS * (ROUNDS - 1) / 2);
        }
    }
}
