package io.nodedb.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.bridge.wake.Doorbell;
import io.nodedb.simulator.disk.SimulatedDisk;
import io.nodedb.simulator.time.VirtualTime;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The setting {@code wal_spare_segments}. */
class WalSpareSegmentsTest {
    private static final int ROUNDS = 1_000;

    private final VirtualTime time = new VirtualTime();

    /** Segments on the disk of a new log that has nothing more to do. */
    private int segments(int spare) throws IOException {
        WalOptions options = WalOptions.small().withSpareSegments(spare);
        SimulatedDisk disk = new SimulatedDisk(1, time);
        Doorbell bell = new Doorbell(new NullWakeup());
        Wal wal = Wal.open(disk, "wal", options, 5, time, 0);
        WalKeeper keeper = new WalKeeper(bell, bell);
        WalWriter writer =
                wal.start(
                        List.of(new CoreLog(0, options, bell, bell)),
                        List.of(new CommitPort(16, bell, bell)),
                        keeper);
        int rounds = 0;
        while (WalSteps.step(writer, keeper)) {
            assertThat(rounds++).isLessThan(ROUNDS);
        }
        int segments = 0;
        for (String name : disk.list("wal")) {
            segments += name.endsWith(SegmentFormat.SUFFIX) ? 1 : 0;
        }
        wal.close();
        return segments;
    }

    @Test
    void asManySegmentsArePreparedAheadAsTheSettingSays() throws IOException {
        int one = segments(1);
        assertThat(segments(2)).isGreaterThan(one);
        assertThat(segments(8)).isGreaterThanOrEqualTo(one + 7);
    }
}
