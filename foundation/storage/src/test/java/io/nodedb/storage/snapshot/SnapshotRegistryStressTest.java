package io.nodedb.storage.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * One key that gets a new version at every LSN. A thread plays WAL writer and core: it raises
 * ackingLsn, then supersedes and perhaps drops the version before. Readers register and then look
 * whether the version that they see is still there after the core has passed it.
 */
class SnapshotRegistryStressTest {
    private static final int COMMITS = 400_000;
    private static final int READERS = 2;

    @Test
    void aVersionThatARegisteredSnapshotSeesIsNeverDropped() throws InterruptedException {
        AtomicLong ackingLsn = new AtomicLong();
        AtomicLong stampedLsn = new AtomicLong();
        AtomicIntegerArray dropped = new AtomicIntegerArray(COMMITS + 1);
        SnapshotRegistry registry = new SnapshotRegistry(ackingLsn::get, 64);
        AtomicBoolean stopped = new AtomicBoolean();
        AtomicReference<String> failure = new AtomicReference<>();
        AtomicLong snapshots = new AtomicLong();

        Thread[] readers = new Thread[READERS];
        for (int r = 0; r < READERS; r++) {
            readers[r] =
                    new Thread(
                            () -> {
                                SnapshotHandle handle = new SnapshotHandle();
                                while (!stopped.get()) {
                                    registry.register(handle, 0);
                                    long seen = handle.lsn();
                                    while (stampedLsn.get() < seen + 2 && !stopped.get()) {
                                        Thread.onSpinWait();
                                    }
                                    if (dropped.get((int) seen) != 0) {
                                        failure.compareAndSet(null, "version dropped: lsn=" + seen);
                                    }
                                    snapshots.incrementAndGet();
                                    registry.release(handle);
                                }
                            },
                            "reader-" + r);
            readers[r].start();
        }
        int kept = 0;
        for (int lsn = 1; lsn <= COMMITS && failure.get() == null; lsn++) {
            ackingLsn.set(lsn);
            if (registry.needed(lsn - 1, lsn)) {
                kept++;
            } else {
                dropped.setPlain(lsn - 1, 1);
            }
            stampedLsn.setRelease(lsn);
        }
        stopped.set(true);
        for (Thread reader : readers) {
            reader.join();
        }
        assertThat(failure.get()).isNull();
        assertThat(registry.registered()).isZero();
        assertThat(kept)
                .as("versions kept for %d snapshots", snapshots.get())
                .isLessThan(COMMITS + 1);
    }
}
