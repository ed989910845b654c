package io.nodedb.assembly;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.KeyValue;
import io.nodedb.base.memory.MemoryTag;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.testkit.VirtualTime;
import org.junit.jupiter.api.Test;

/** A purged collection never comes back, wherever its tombstone and its rows are found. */
class TombstoneTest {
    private static final int ROWS = 2_000;
    private static final int LARGE = 4_000;

    private final MemoryDisk disk = new MemoryDisk();
    private final VirtualTime time = new VirtualTime();

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private SteppedDatabase open(String... keysAndValues) {
        return new SteppedDatabase(disk, time, keysAndValues);
    }

    private static int fillAndPurge(SteppedDatabase stepped, boolean checkpointBetween) {
        KeyValue doomed = stepped.db.kv("doomed");
        for (int i = 0; i < ROWS; i++) {
            doomed.put(bytes("k" + i), new byte[LARGE]);
        }
        int id =
                stepped.kernel.control().catalog().state().collections().stream()
                        .filter(info -> info.name().equals("doomed"))
                        .findFirst()
                        .orElseThrow()
                        .id();
        if (checkpointBetween) {
            stepped.run(3_000);
        }
        assertThat(count(stepped, id)).isEqualTo(ROWS);
        stepped.db.purge("doomed");
        stepped.db.kv("kept").put(bytes("a"), bytes("1"));
        return id;
    }

    private static long count(SteppedDatabase stepped, int collection) {
        EngineSlot slot =
                stepped.kernel.cores().getFirst().partitions().slot(0, OpenedStorage.KEY_VALUE);
        return slot.engine().count(collection);
    }

    private static void assertGone(SteppedDatabase stepped, int id) {
        assertThat(count(stepped, id)).isZero();
        assertThat(stepped.governor.used(MemoryTag.KV_DATA)).isLessThan(ROWS * LARGE);
        assertThat(stepped.db.collections()).containsExactly("kept");
        assertThat(stepped.db.kv("kept").get(bytes("a"))).isEqualTo(bytes("1"));
        assertThat(stepped.kernel.control().catalog().state().tombstones()).contains(id);
    }

    /** The first is not closed: it ends as in a crash. */
    @Test
    void itIsLeftOutWhenItsRowsAndItsPurgeAreInTheLog() {
        int id = fillAndPurge(open(), false);
        try (SteppedDatabase again = open()) {
            assertThat(again.kernel.wal().recovered().reachesBackTo()).isZero();
            assertGone(again, id);
        }
    }

    @Test
    void itIsLeftOutWhenItsRowsAreInACheckpointAndTheLogIsCutBehindItsPurge() {
        String[] often = {"checkpoint_interval", "1s", "checkpoint_deltas", "64"};
        SteppedDatabase first = open(often);
        KeyValue other = first.db.kv("other");
        int id = fillAndPurge(first, true);
        for (int round = 0; round < 6; round++) {
            for (int i = 0; i < 100; i++) {
                other.put(bytes("k" + round), new byte[8_000]);
            }
            first.run(3_000);
        }
        first.db.purge("other");
        try (SteppedDatabase again = open(often)) {
            assertThat(again.kernel.wal().recovered().reachesBackTo()).isPositive();
            assertGone(again, id);
        }
    }
}
