package io.nodedb.data.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WatchdogTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Watchdog watchdog = new Watchdog(3, 60 * SECOND, 30 * SECOND);

    @Test
    void threeFailuresWithinSixtySecondsDegrade() {
        assertThat(watchdog.failed(0)).isFalse();
        assertThat(watchdog.failed(30 * SECOND)).isFalse();
        assertThat(watchdog.failed(60 * SECOND)).isTrue();
        assertThat(watchdog.degraded()).isTrue();
    }

    @Test
    void failureLaterThanTheWindowAfterItsFirstStartsANewWindow() {
        watchdog.failed(0);
        watchdog.failed(59 * SECOND);
        assertThat(watchdog.failed(60 * SECOND + 1)).isFalse();
        assertThat(watchdog.failures()).isEqualTo(1);
        assertThat(watchdog.failed(61 * SECOND)).isFalse();
        assertThat(watchdog.failed(62 * SECOND)).isTrue();
    }

    @Test
    void completedRequestResetsTheCount() {
        watchdog.failed(0);
        watchdog.failed(1);
        watchdog.completed();
        assertThat(watchdog.failed(2)).isFalse();
        assertThat(watchdog.failed(3)).isFalse();
        assertThat(watchdog.failed(4)).isTrue();
    }

    @Test
    void degradedCoreRecoversAfterThirtySecondsWithItsCountersReset() {
        watchdog.failed(0);
        watchdog.failed(0);
        watchdog.failed(0);
        assertThat(watchdog.recover(30 * SECOND - 1)).isFalse();
        assertThat(watchdog.retryAfterMillis(10 * SECOND)).isEqualTo(20_000);
        assertThat(watchdog.recover(30 * SECOND)).isTrue();
        assertThat(watchdog.degraded()).isFalse();
        assertThat(watchdog.failures()).isZero();
        assertThat(watchdog.failed(31 * SECOND)).isFalse();
    }

    @Test
    void failureWhileDegradedDoesNotProlongIt() {
        watchdog.failed(0);
        watchdog.failed(0);
        watchdog.failed(0);
        assertThat(watchdog.failed(29 * SECOND)).isFalse();
        assertThat(watchdog.recover(30 * SECOND)).isTrue();
    }

    @Test
    void clockThatWrapsAroundIsHarmless() {
        long start = Long.MAX_VALUE - SECOND;
        assertThat(watchdog.failed(start)).isFalse();
        assertThat(watchdog.failed(start + 2 * SECOND)).isFalse();
        assertThat(watchdog.failed(start + 3 * SECOND)).isTrue();
        assertThat(watchdog.recover(start + 34 * SECOND)).isTrue();
    }
}
