package io.nodedb.storage.rows;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.storage.rows.RowModel.Row;
import io.nodedb.storage.rows.cache.BlockRequests;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** An owner, a worker and two I/O threads: what crosses between them is published. */
class RowStoreThreadTest {
    private static final int STEPS = 20_000;

    /** A job or a read and what came of it. */
    private record Done(RowJob job, Throwable failure) {}

    private final BlockingQueue<RowJob> jobs = new LinkedBlockingQueue<>();
    private final BlockingQueue<Runnable> reads = new LinkedBlockingQueue<>();
    private final ConcurrentLinkedQueue<Done> done = new ConcurrentLinkedQueue<>();
    private int jobsOut;

    @Test
    void readersAndAWorkerServeOneOwner() throws IOException, InterruptedException {
        Thread worker = Thread.ofPlatform().daemon().start(this::runJobs);
        Thread one = Thread.ofPlatform().daemon().start(this::runReads);
        Thread two = Thread.ofPlatform().daemon().start(this::runReads);
        RowRig rig = new RowRig(new MemoryDisk(), new RowModel(), RowRig.SMALL, 1).open(64 << 10);
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < STEPS; i++) {
            String key = "key-" + random.nextInt(400);
            if (random.nextInt(3) == 0) {
                rig.put(1, key, "value " + i + " " + random.nextLong());
            } else {
                read(rig, key.getBytes(UTF_8));
            }
            background(rig);
        }
        while (jobsOut > 0) {
            background(rig);
            Thread.onSpinWait();
        }
        assertThat(rig.scan(1, 0)).usingRecursiveComparison().isEqualTo(rig.model.scan(1, 0));
        assertThat(rig.store.statistics().bytesCompacted()).isPositive();
        rig.close();
        worker.interrupt();
        one.interrupt();
        two.interrupt();
    }

    private void background(RowRig rig) {
        for (Done finished = done.poll(); finished != null; finished = done.poll()) {
            assertThat(finished.failure()).isNull();
            rig.store.finished(finished.job(), null);
            jobsOut--;
        }
        RowJob job = rig.store.nextJob(rig.lastLsn, rig.syncedLsn);
        if (job != null) {
            jobsOut++;
            jobs.add(job);
        }
    }

    private void read(RowRig rig, byte[] key) throws InterruptedException {
        BlockRequests wanted = new BlockRequests();
        RowTarget target = new RowTarget();
        int outcome = rig.store.get(1, key, 0, key.length, 0, target, wanted);
        while (outcome == RowStore.MISS) {
            CountDownLatch loaded = new CountDownLatch(1);
            reads.add(() -> {
                wanted.load();
                loaded.countDown();
            });
            loaded.await();
            outcome = rig.store.get(1, key, 0, key.length, 0, target, wanted);
        }
        wanted.clear();
        Row expected = rig.model.read(1, key, 0);
        assertThat(outcome == RowStore.FOUND ? target.copy() : null)
                .isEqualTo(expected == null ? null : expected.value());
    }

    private void runJobs() {
        try {
            while (true) {
                RowJob job = jobs.take();
                done.add(new Done(job, RowRig.run(job)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void runReads() {
        try {
            while (true) {
                reads.take().run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
