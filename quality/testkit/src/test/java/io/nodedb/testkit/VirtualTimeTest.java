package io.nodedb.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.BugException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {
    private final VirtualTime time = new VirtualTime();

    @Test
    void timeStandsStillUntilItIsMoved() {
        assertThat(time.nanoTime()).isEqualTo(time.nanoTime());
        assertThat(time.epochMillis())
                .isEqualTo(Instant.parse("2026-01-01T00:00:00Z").toEpochMilli());
    }

    @Test
    void bothClocksAdvanceTogether() {
        long nanos = time.nanoTime();
        long millis = time.epochMillis();
        time.advanceMillis(5);
        time.advanceNanos(1_500_000);
        assertThat(time.nanoTime() - nanos).isEqualTo(6_500_000);
        assertThat(time.epochMillis() - millis).isEqualTo(6);
    }

    @Test
    void wallClockStepsBackAlone() {
        long nanos = time.nanoTime();
        long millis = time.epochMillis();
        time.stepWallClockMillis(-3_600_000);
        assertThat(time.nanoTime()).isEqualTo(nanos);
        assertThat(time.epochMillis()).isEqualTo(millis - 3_600_000);
    }

    @Test
    void monotonicClockDoesNotGoBack() {
        assertThatThrownBy(() -> time.advanceNanos(-1)).isInstanceOf(BugException.class);
    }
}
