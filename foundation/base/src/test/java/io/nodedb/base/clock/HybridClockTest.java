package io.nodedb.base.clock;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.ids.Lsn;
import org.junit.jupiter.api.Test;

class HybridClockTest {
    private static final class SteppedTime implements TimeSource {
        long millis = 1_000_000;

        @Override
        public long nanoTime() {
            return millis * 1_000_000;
        }

        @Override
        public long epochMillis() {
            return millis;
        }
    }

    private final SteppedTime time = new SteppedTime();

    @Test
    void firstValueOfAMillisecondHasCounterZero() {
        HybridClock clock = new HybridClock(time, Lsn.NONE);
        assertThat(clock.next()).isEqualTo(Lsn.ofMillis(1_000_000));
        assertThat(clock.next()).isEqualTo(Lsn.ofMillis(1_000_000) + 1);
        time.millis++;
        assertThat(clock.next()).isEqualTo(Lsn.ofMillis(1_000_001));
    }

    @Test
    void valuesStillIncreaseWhenTheWallClockStepsBack() {
        HybridClock clock = new HybridClock(time, Lsn.NONE);
        long before = clock.next();
        time.millis -= 3_600_000;
        long previous = before;
        for (int i = 0; i < 200_000; i++) {
            long next = clock.next();
            assertThat(next).isEqualTo(previous + 1);
            previous = next;
        }
        assertThat(Lsn.millis(previous)).isEqualTo(1_000_003);
        time.millis += 3_600_000 + 10;
        assertThat(clock.next()).isEqualTo(Lsn.ofMillis(1_000_010));
    }

    @Test
    void valuesLieAboveTheFloorThatRecoveryFound() {
        long floor = Lsn.ofMillis(2_000_000) + 17;
        HybridClock clock = new HybridClock(time, floor);
        assertThat(clock.last()).isEqualTo(floor);
        assertThat(clock.next()).isEqualTo(floor + 1);
    }

    @Test
    void fullCounterCarriesIntoTheMilliseconds() {
        HybridClock clock = new HybridClock(time, Lsn.ofMillis(1_000_000) + 0xFFFF);
        assertThat(clock.next()).isEqualTo(Lsn.ofMillis(1_000_001));
    }

    @Test
    void systemTimeRuns() {
        assertThat(SystemTimeSource.INSTANCE.epochMillis()).isGreaterThan(1_700_000_000_000L);
        long start = SystemTimeSource.INSTANCE.nanoTime();
        assertThat(SystemTimeSource.INSTANCE.nanoTime() - start).isNotNegative();
    }
}
