package io.nodedb.data.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
    private static final long MILLI = 1_000_000;

    @Test
    void intervalsAreDrawnAnewBetweenTheirBounds() {
        Heartbeat heartbeat = new Heartbeat(900 * MILLI, 1_100 * MILLI, new SplittableRandom(7), 0);
        Set<Long> intervals = new HashSet<>();
        long shortest = Long.MAX_VALUE;
        long longest = 0;
        for (int i = 0; i < 2_000; i++) {
            long now = i * 10_000L * MILLI;
            heartbeat.postpone(now);
            long interval = heartbeat.nanosUntilDue(now);
            assertThat(heartbeat.due(now + interval - 1)).isFalse();
            assertThat(heartbeat.due(now + interval)).isTrue();
            intervals.add(interval);
            shortest = Math.min(shortest, interval);
            longest = Math.max(longest, interval);
        }
        assertThat(shortest).isBetween(900 * MILLI, 902 * MILLI);
        assertThat(longest).isBetween(1_098 * MILLI, 1_100 * MILLI);
        assertThat(intervals).hasSizeGreaterThan(1_900);
    }
}
