package io.nodedb.storage.rows;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.storage.rows.cache.BlockRequests;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** Reads that hit the cache allocate nothing, whatever they read from. */
class RowStoreAllocationTest {
    private static final int ROWS = 2_000;
    private static final int ROUNDS = 40;

    private final byte[][] keys = new byte[ROWS][];
    private final BlockRequests requests = new BlockRequests();
    private final RowTarget target = new RowTarget();

    private RowRig filled() throws IOException {
        RowRig rig = new RowRig(new MemoryDisk(), new RowModel(), RowRig.SMALL, 1).open(8 << 20);
        for (int i = 0; i < ROWS; i++) {
            keys[i] = "key-%05d".formatted(i).getBytes(UTF_8);
            rig.put(1, "key-%05d".formatted(i), "value " + i * 7_919L);
            rig.work();
        }
        return rig;
    }

    /** The least that a round of ROWS operations allocated: one that always allocates shows. */
    private static long leastBytes(IntConsumer operation) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && least > 0; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ROWS; i++) {
                operation.accept(i);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    @Test
    void aPointReadThatHitsAllocatesNothing() throws IOException {
        RowRig rig = filled();
        for (byte[] key : keys) {
            assertThat(rig.get(1, key, 0)).isNotNull();
        }
        long bytes =
                leastBytes(i -> {
                    byte[] key = keys[i];
                    int outcome = rig.store.get(1, key, 0, key.length, 0, target, requests);
                    if (outcome != RowStore.FOUND) {
                        throw new AssertionError("it hits");
                    }
                });
        assertThat(bytes).isZero();
        rig.close();
    }

    @Test
    void aCursorThatHitsAllocatesNothing() throws IOException {
        RowRig rig = filled();
        assertThat(rig.scan(1, 0)).hasSize(ROWS);
        RowCursor cursor = rig.store.newCursor();
        cursor.open(1, rig.lastLsn, requests);
        assertThat(cursor.first()).isEqualTo(RowStore.FOUND);
        long bytes =
                leastBytes(i -> {
                    int outcome = i == 0 ? cursor.first() : cursor.next();
                    if (outcome != RowStore.FOUND) {
                        throw new AssertionError("it hits");
                    }
                });
        assertThat(bytes).isZero();
        cursor.close();
        rig.close();
    }
}
