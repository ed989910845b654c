package io.nodedb.bench.rows;

import io.nodedb.base.clock.SystemTimeSource;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.FileSystemDisk;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import io.nodedb.storage.rows.LevelledRowStore;
import io.nodedb.storage.rows.RowCursor;
import io.nodedb.storage.rows.RowJob;
import io.nodedb.storage.rows.RowStore;
import io.nodedb.storage.rows.RowStoreEnvironment;
import io.nodedb.storage.rows.RowStoreLoader;
import io.nodedb.storage.rows.RowStoreSettings;
import io.nodedb.storage.rows.RowTarget;
import io.nodedb.storage.rows.WritePressure;
import io.nodedb.storage.rows.cache.BlockCache;
import io.nodedb.storage.rows.cache.BlockRequests;
import io.nodedb.storage.rows.segment.BulkFiles;
import io.nodedb.storage.rows.segment.BulkWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The row store as a data core owns it: rows are pending until their batch has its LSN, blocks that
 * are missing are read where an I/O thread would, and background jobs run on two threads.
 */
final class NodeDbSortedStore implements SortedStore {
    static final String SETTINGS =
            "NodeDB: the row store alone with its default sizes (as RocksDB's); rows are installed as"
                    + " pending and stamped; background jobs on 2 threads; blocks that are not in the"
                    + " cache are read by the calling thread; sorted rows by BulkWriter and ingestion.";

    private static final int BATCH = 100;
    private static final int WORKERS = 2;
    private static final int KEYSPACE = 1;
    private static final long MEMORY_BYTES = 4L << 30;
    private static final String FOLDER = "rows";

    /** Nobody asks the store here how many rows it has. */
    private static final int NOT_COUNTED = 0;

    /** A job and what came of it. */
    private record Done(RowJob job, @Nullable Throwable failure) {}

    private final BlockingQueue<RowJob> jobs = new LinkedBlockingQueue<>();
    private final BlockingQueue<Done> done = new LinkedBlockingQueue<>();
    private final Thread[] workers = new Thread[WORKERS];
    private final Thread reclaimer;
    private final BlockCache cache;
    private final RowStore store;
    private final BlockRequests requests = new BlockRequests();
    private final RowTarget row = new RowTarget();
    private final long[] handles = new long[BATCH];
    private int begun;
    private long sequence;
    private long lsn;
    private int jobsOut;

    NodeDbSortedStore(Path directory, long cacheBytes) throws IOException {
        Disk disk = new FileSystemDisk(directory);
        CheckpointOwner owner = new CheckpointOwner(1, 2, 0);
        RowStoreLoader loader = new RowStoreLoader(disk, FOLDER, owner, NodeDbSortedStore::damaged);
        if (loader.isNew()) {
            loader.create(1);
        }
        MemoryGovernor governor = new MemoryGovernor(MEMORY_BYTES);
        reclaimer = governor.reclaimer().start();
        cache = new BlockCache(governor, cacheBytes);
        var recovered = loader.load();
        lsn = Math.max(1, recovered.highestLsn());
        store =
                new LevelledRowStore(
                        new RowStoreEnvironment(
                                disk,
                                FOLDER,
                                owner,
                                1,
                                SystemTimeSource.INSTANCE,
                                governor,
                                cache,
                                (from, to) -> false,
                                NodeDbSortedStore::damaged,
                                RowStoreSettings.defaults()),
                        recovered);
        store.openKeyspace(KEYSPACE);
        for (int i = 0; i < WORKERS; i++) {
            workers[i] = Thread.ofPlatform().daemon().name("background-" + i).start(this::runJobs);
        }
    }

    private static void damaged(Exception found, String covered) {
        throw new IllegalStateException(covered, found);
    }

    private void runJobs() {
        try {
            while (true) {
                RowJob job = jobs.take();
                Throwable failure = null;
                try {
                    while (job.step()) {
                        // One slice after another.
                    }
                } catch (IOException | RuntimeException e) {
                    failure = e;
                }
                done.add(new Done(job, failure));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void takeBack(Done ended) {
        jobsOut--;
        if (ended.failure() != null) {
            throw new IllegalStateException("background work failed", ended.failure());
        }
        store.finished(ended.job(), null);
    }

    private void background() {
        for (Done ended = done.poll(); ended != null; ended = done.poll()) {
            takeBack(ended);
        }
        for (RowJob job = store.nextJob(lsn, lsn); job != null; job = store.nextJob(lsn, lsn)) {
            jobsOut++;
            jobs.add(job);
        }
    }

    private void awaitBackground() throws InterruptedException {
        background();
        while (jobsOut > 0) {
            takeBack(done.take());
            background();
        }
    }

    @Override
    public void loadSorted(DocumentRows rows, long count) throws Exception {
        byte[] key = new byte[DocumentRows.KEY_BYTES];
        byte[] value = new byte[ROOM];
        BulkFiles files;
        try (BulkWriter writer = store.newBulkWriter()) {
            for (long number = 0; number < count; number++) {
                rows.key(number, key);
                int length = rows.value(number, 0, value);
                writer.add(KEYSPACE, key, Arrays.copyOf(value, length));
            }
            files = writer.finish();
        }
        store.ingest(files, ++lsn);
        awaitBackground();
        if (store.pendingIngests() > 0) {
            throw new IllegalStateException("the load is not published");
        }
    }

    @Override
    public void put(byte[] key, byte[] value, int valueLength) throws InterruptedException {
        if (begun == 0) {
            sequence++;
            if (!store.reserve(BATCH, BATCH * (long) (key.length + ROOM))) {
                throw new IllegalStateException("no memory");
            }
        }
        handles[begun++] =
                store.put(
                        KEYSPACE,
                        key,
                        0,
                        key.length,
                        value,
                        0,
                        valueLength,
                        NOT_COUNTED,
                        -sequence);
        if (begun == BATCH) {
            commit();
        }
    }

    private void commit() throws InterruptedException {
        lsn++;
        for (int i = 0; i < begun; i++) {
            store.stamp(handles[i], lsn);
        }
        begun = 0;
        background();
        while (store.pressure() == WritePressure.STOP) {
            takeBack(done.take());
            background();
        }
    }

    @Override
    public void settle() throws InterruptedException {
        commit();
        store.seal();
        awaitBackground();
    }

    @Override
    public int get(byte[] key, byte[] target) {
        int outcome = store.get(KEYSPACE, key, 0, key.length, 0, row, requests);
        while (outcome == RowStore.MISS) {
            requests.load();
            outcome = store.get(KEYSPACE, key, 0, key.length, 0, row, requests);
        }
        requests.clear();
        if (outcome != RowStore.FOUND) {
            return -1;
        }
        System.arraycopy(row.value(), 0, target, 0, row.length());
        return row.length();
    }

    @Override
    public void walk(Way way, RowVisitor visitor) {
        try (RowCursor cursor = store.newCursor()) {
            cursor.open(KEYSPACE, lsn, requests);
            IntSupplier start = way == Way.FORWARD ? cursor::first : cursor::last;
            IntSupplier step = way == Way.FORWARD ? cursor::next : cursor::previous;
            int outcome = move(start);
            while (outcome == RowStore.FOUND) {
                visitor.row(cursor.key(), cursor.value(), cursor.valueLength());
                outcome = move(step);
            }
        }
    }

    private int move(IntSupplier move) {
        int outcome = move.getAsInt();
        while (outcome == RowStore.MISS || outcome == RowStore.AGAIN) {
            requests.load();
            outcome = move.getAsInt();
        }
        return outcome;
    }

    @Override
    public void close() throws IOException {
        try {
            awaitBackground();
            for (Thread worker : workers) {
                worker.interrupt();
                worker.join();
            }
            reclaimer.interrupt();
            reclaimer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        store.close();
        cache.close();
    }
}
