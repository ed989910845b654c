package io.nodedb.document.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.value.Value;
import io.nodedb.base.value.ValueOrder;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class UuidSourceTest {
    private final FixedTime time = new FixedTime();

    @Test
    void idsHaveVersionSevenAndTheTimeInTheirFirstBits() {
        time.millis = 0x0123_4567_89ABL;
        Value.Uuid id = new UuidSource(time, new SplittableRandom(1)).next();
        UUID uuid = new UUID(id.high(), id.low());
        assertThat(uuid.version()).isEqualTo(7);
        assertThat(uuid.variant()).isEqualTo(2);
        assertThat(uuid.toString()).startsWith("01234567-89ab-7");
    }

    @Test
    void idsAscendWhileTheClockStandsStepsBackAndGoesOn() {
        SplittableRandom random = new SplittableRandom(2);
        UuidSource ids = new UuidSource(time, random);
        Value.Uuid last = ids.next();
        for (int i = 0; i < 100_000; i++) {
            time.millis = Math.max(0, time.millis + random.nextInt(-2, 4));
            Value.Uuid next = ids.next();
            assertThat(ValueOrder.compare(next, last)).isPositive();
            last = next;
        }
    }

    @Test
    void aFullRandomPartGoesOnInTheNextMillisecond() {
        RandomGenerator full = () -> -1L;
        UuidSource ids = new UuidSource(time, full);
        Value.Uuid first = ids.next();
        Value.Uuid second = ids.next();
        assertThat(first.high() >>> 16).isEqualTo(1_000);
        assertThat(second.high() >>> 16).isEqualTo(1_001);
        assertThat(new UUID(second.high(), second.low()).version()).isEqualTo(7);
        assertThat(new UUID(second.high(), second.low()).variant()).isEqualTo(2);
    }
}
