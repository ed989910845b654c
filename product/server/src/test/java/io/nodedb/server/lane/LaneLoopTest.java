package io.nodedb.server.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LaneLoopTest {
    private static final long SLEPT_NANOS = TimeUnit.MILLISECONDS.toNanos(90);

    private final VirtualTime time = new VirtualTime();
    private final LaneLoop loop = new LaneLoop(0, Transport.NIO, time);

    /** Else a command that ends a sleep would seem to have taken as long as the sleep. */
    @Test
    void whatEndsASleepIsStampedWithTheTimeOfWaking() {
        loop.begin();
        List<Long> stamps = new ArrayList<>();
        stamps.add(loop.turnNanos());
        loop.sockets()
                .execute(() -> {
                    time.advanceNanos(SLEPT_NANOS);
                    stamps.add(loop.turnNanos());
                    time.advanceNanos(1);
                    stamps.add(loop.turnNanos());
                });
        boolean ignored = loop.wakeup().await(SLEPT_NANOS);
        loop.end();
        assertThat(stamps)
                .as("one look at the clock for all that is done on waking")
                .containsExactly(0L, SLEPT_NANOS, SLEPT_NANOS);
    }
}
