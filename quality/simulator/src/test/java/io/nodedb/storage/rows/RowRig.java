package io.nodedb.storage.rows;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.os.disk.Disk;
import io.nodedb.simulator.time.VirtualTime;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import io.nodedb.storage.quarantine.DamagedFileException;
import io.nodedb.storage.rows.RowModel.Batch;
import io.nodedb.storage.rows.RowModel.Row;
import io.nodedb.storage.rows.RowModel.Write;
import io.nodedb.storage.rows.cache.BlockCache;
import io.nodedb.storage.rows.cache.BlockRequests;
import io.nodedb.storage.rows.segment.BulkFiles;
import io.nodedb.storage.rows.segment.BulkWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * A row store with what surrounds it in a process: a log (the model's batches), snapshots, a cache,
 * a worker. One thread plays all parts.
 */
final class RowRig {
    static final CheckpointOwner OWNER = new CheckpointOwner(0x1122334455667788L, 9, 3);
    static final String DIRECTORY = "p0003/rows";

    /** Small enough that a few hundred rows make several levels. */
    static final RowStoreSettings SMALL =
            new RowStoreSettings(8 * 1024, 3, 512, 4 * 1024, 3, 6, 12, 12 * 1024, 4, 10, 1_000);

    final Disk disk;
    final VirtualTime time = new VirtualTime();
    final RowModel model;
    final TreeSet<Long> snapshots = new TreeSet<>();
    final List<DamagedFileException> damage = new ArrayList<>();
    final List<Batch> pending = new ArrayList<>();
    final BlockRequests requests = new BlockRequests();
    final RowTarget target = new RowTarget();
    final RowStoreSettings settings;
    final TreeSet<Integer> keyspaces = new TreeSet<>();
    final TreeSet<Integer> dropped = new TreeSet<>();
    long limitBytes = 256L << 20;
    MemoryGovernor governor = new MemoryGovernor(limitBytes);
    BlockCache cache;
    RowStore store;
    long lastLsn = 100;
    long syncedLsn = 100;
    long lastSequence;
    long misses;

    RowRig(Disk disk, RowModel model, RowStoreSettings settings, int keyspaces) {
        this.disk = disk;
        this.model = model;
        this.settings = settings;
        for (int keyspace = 1; keyspace <= keyspaces; keyspace++) {
            this.keyspaces.add(keyspace);
        }
    }

    RowStoreLoader loader() {
        return new RowStoreLoader(disk, DIRECTORY, OWNER, (found, covered) -> damage.add(found));
    }

    /** Opens the folder, and replays the log behind what the files cover. */
    RowRig open(long cacheBytes) throws IOException {
        RowStoreLoader loader = loader();
        if (loader.isNew()) {
            loader.create(1);
        }
        RecoveredRows recovered = loader.load();
        governor = new MemoryGovernor(limitBytes);
        cache = new BlockCache(governor, cacheBytes);
        store =
                new LevelledRowStore(
                        new RowStoreEnvironment(
                                disk,
                                DIRECTORY,
                                OWNER,
                                1,
                                time,
                                governor,
                                cache,
                                this::needed,
                                (found, covered) -> damage.add(found),
                                settings),
                        recovered);
        keyspaces.forEach(store::openKeyspace);
        dropped.forEach(store::dropKeyspace);
        for (Batch batch : model.batches) {
            // Replay from a little before what is covered must change nothing.
            if (batch.lsn > store.coveredLsn() - 3 && !batch.isBulk) {
                install(batch, batch.lsn);
            }
        }
        return this;
    }

    private boolean needed(long from, long to) {
        Long first = snapshots.ceiling(from);
        return first != null && first < to;
    }

    private void install(Batch batch, long stamp) {
        batch.handles.clear();
        for (int i = 0; i < batch.writes.size(); i++) {
            Write write = batch.writes.get(i);
            int rowsAdded = batch.rowsAdded.get(i);
            byte[] key = write.key();
            if (write.isRange()) {
                batch.handles.add(store.deleteRange(write.keyspace(), key, write.to(), stamp));
            } else if (write.value() == null) {
                batch.handles.add(
                        store.delete(write.keyspace(), key, 0, key.length, rowsAdded, stamp));
            } else {
                byte[] value = write.value();
                batch.handles.add(
                        store.put(
                                write.keyspace(),
                                key,
                                0,
                                key.length,
                                value,
                                0,
                                value.length,
                                rowsAdded,
                                stamp));
            }
        }
    }

    /** Installs a batch as pending. */
    Batch write(List<Write> writes) {
        Batch batch = new Batch(++lastSequence);
        batch.writes.addAll(writes);
        model.countRows(batch);
        long bytes = 0;
        for (Write write : writes) {
            bytes += write.value() == null ? 0 : write.key().length + write.value().length;
        }
        if (!store.reserve(writes.size(), bytes)) {
            throw new AssertionError("the governor refused");
        }
        install(batch, batch.stamp());
        model.apply(batch);
        pending.add(batch);
        return batch;
    }

    /** Installs a batch that is committed already, as a transaction over partitions is. */
    void writeCommitted(List<Write> writes) {
        Batch batch = new Batch(++lastSequence);
        batch.writes.addAll(writes);
        model.countRows(batch);
        batch.lsn = ++lastLsn;
        install(batch, batch.lsn);
        model.applyCommitted(batch, pending.size());
    }

    /** Does a pending batch write this key, or any range? */
    boolean isPending(int keyspace, byte[] key) {
        for (Batch batch : pending) {
            for (Write write : batch.writes) {
                if (write.isRange()
                        || (write.keyspace() == keyspace && Arrays.equals(write.key(), key))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The oldest pending batch is durable. */
    void commitOldest() {
        Batch batch = pending.removeFirst();
        batch.lsn = ++lastLsn;
        batch.handles.forEach(handle -> store.stamp(handle, batch.lsn));
    }

    void commitAll() {
        while (!pending.isEmpty()) {
            commitOldest();
        }
        syncedLsn = lastLsn;
    }

    /** The newest pending batch is taken back. */
    void undoNewest() {
        Batch batch = pending.removeLast();
        for (int i = batch.handles.size() - 1; i >= 0; i--) {
            store.undo(batch.handles.get(i));
        }
        model.undo(batch);
    }

    /** Writes and commits one row. */
    void put(int keyspace, String key, String value) {
        write(List.of(new Write(keyspace, key.getBytes(UTF_8), value.getBytes(UTF_8), null)));
        commitAll();
    }

    void delete(int keyspace, String key) {
        write(List.of(new Write(keyspace, key.getBytes(UTF_8), null, null)));
        commitAll();
    }

    /** Reads until it has an answer. */
    Row get(int keyspace, byte[] key, long readLsn) {
        int outcome = store.get(keyspace, key, 0, key.length, readLsn, target, requests);
        for (int i = 0; outcome == RowStore.MISS; i++) {
            misses++;
            if (i > 200) {
                throw new AssertionError("a read does not get on");
            }
            requests.load();
            outcome = store.get(keyspace, key, 0, key.length, readLsn, target, requests);
        }
        requests.clear();
        return outcome == RowStore.FOUND ? new Row(key, target.copy(), target.stamp()) : null;
    }

    /** Makes a move until it has an answer. */
    int move(BlockRequests wanted, java.util.function.IntSupplier move) {
        int outcome = move.getAsInt();
        for (int i = 0; outcome == RowStore.MISS || outcome == RowStore.AGAIN; i++) {
            misses++;
            if (i > 1_000) {
                throw new AssertionError("a cursor does not get on");
            }
            wanted.load();
            outcome = move.getAsInt();
        }
        return outcome;
    }

    static Row row(RowCursor cursor) {
        return new Row(
                Arrays.copyOf(cursor.key(), cursor.keyLength()),
                Arrays.copyOf(cursor.value(), cursor.valueLength()),
                cursor.stamp());
    }

    List<Row> scan(int keyspace, long readLsn) {
        List<Row> rows = new ArrayList<>();
        try (RowCursor cursor = store.newCursor()) {
            cursor.open(keyspace, readLsn, requests);
            int outcome = move(requests, cursor::first);
            while (outcome == RowStore.FOUND) {
                rows.add(row(cursor));
                outcome = move(requests, cursor::next);
            }
        }
        return rows;
    }

    List<Row> scanBackwards(int keyspace, long readLsn) {
        List<Row> rows = new ArrayList<>();
        try (RowCursor cursor = store.newCursor()) {
            cursor.open(keyspace, readLsn, requests);
            int outcome = move(requests, cursor::last);
            while (outcome == RowStore.FOUND) {
                rows.addFirst(row(cursor));
                outcome = move(requests, cursor::previous);
            }
        }
        return rows;
    }

    /** Purges a keyspace. */
    void drop(int keyspace) {
        store.dropKeyspace(keyspace);
        keyspaces.remove(keyspace);
        dropped.add(keyspace);
        model.drop(keyspace);
    }

    void openKeyspace(int keyspace) {
        store.openKeyspace(keyspace);
        keyspaces.add(keyspace);
    }

    /** Hands in a load of sorted rows; the model has it once it is published. */
    Batch load(List<Write> sorted) throws IOException {
        BulkFiles files;
        try (BulkWriter writer = store.newBulkWriter()) {
            for (Write write : sorted) {
                writer.add(write.keyspace(), write.key(), write.value());
            }
            files = writer.finish();
        }
        Batch batch = new Batch(++lastSequence);
        batch.writes.addAll(sorted);
        // Nobody tells the store which of a load's rows are new.
        sorted.forEach(write -> model.uncounted.add(write.keyspace()));
        batch.isBulk = true;
        batch.lsn = ++lastLsn;
        syncedLsn = lastLsn;
        store.ingest(files, batch.lsn);
        return batch;
    }

    /** Runs the next job to its end; its failure comes back with it. @return false without one */
    boolean work() {
        RowJob job = store.nextJob(lastLsn, syncedLsn);
        if (job == null) {
            return false;
        }
        store.finished(job, run(job));
        return true;
    }

    static Throwable run(RowJob job) {
        try {
            while (job.step()) {
                // One slice after another.
            }
            return null;
        } catch (IOException | RuntimeException e) {
            return e;
        }
    }

    /** Runs jobs until none is due. */
    void workAll() {
        for (int i = 0; work(); i++) {
            if (i > 10_000) {
                throw new AssertionError("background work does not end");
            }
        }
    }

    /** Everything committed goes to files, and they are compacted as far as they want to be. */
    void flush() {
        store.seal();
        workAll();
    }

    /** The process was killed: what these jobs did is done, and the rest never will be. */
    void abandon(List<RowJob> out) {
        requests.clear();
        store.abandon();
        out.forEach(job -> store.finished(job, new IOException("killed")));
        if (!store.isClosed()) {
            throw new AssertionError("the store waits for no job");
        }
        release();
    }

    void close() {
        requests.clear();
        store.close();
        release();
    }

    private void release() {
        cache.close();
        while (governor.reclaimer().step()) {
            // Until all is given back.
        }
    }
}
