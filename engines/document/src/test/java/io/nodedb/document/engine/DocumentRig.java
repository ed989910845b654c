package io.nodedb.document.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import io.nodedb.engine.CollectionOptions;
import io.nodedb.engine.Engine;
import io.nodedb.engine.EngineEnvironment;
import io.nodedb.engine.EngineFolder;
import io.nodedb.engine.Outcome;
import io.nodedb.os.disk.Disk;
import io.nodedb.plan.Call;
import io.nodedb.plan.document.RangeScanCall;
import io.nodedb.plan.document.ScanDirection;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvOp;
import io.nodedb.storage.bytes.LittleEndian;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import io.nodedb.storage.quarantine.DamagedFileException;
import io.nodedb.storage.rows.RowJob;
import io.nodedb.storage.rows.cache.BlockCache;
import io.nodedb.storage.wal.EffectReader;
import io.nodedb.testkit.VirtualTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A document engine with what surrounds it: a log, snapshots, a cache, a worker. One thread plays
 * all parts.
 */
final class DocumentRig {
    static final CheckpointOwner OWNER = new CheckpointOwner(77, DocumentEngineFactory.ID, 3);
    static final String DIRECTORY = "p0003/document";

    /** One logged batch; LSN 0 while it is pending. */
    static final class Batch {
        final byte[] effects;
        final long sequence;
        final List<Long> handles = new ArrayList<>();
        final List<Integer> collections = new ArrayList<>();
        long lsn;

        Batch(byte[] effects, long sequence) {
            this.effects = effects;
            this.sequence = sequence;
        }
    }

    /** A row of a scan. */
    record Row(String key, String value) {}

    final Disk disk;
    final Settings settings;
    final VirtualTime time = new VirtualTime();
    final TreeSet<Long> snapshots = new TreeSet<>();
    final List<Batch> log = new ArrayList<>();
    final List<Batch> pending = new ArrayList<>();
    final List<DamagedFileException> damage = new ArrayList<>();
    final int collections;
    MemoryGovernor governor;
    BlockCache cache;
    RigContext context = new RigContext();
    Engine engine;
    long lastLsn = 1_000;
    long syncedLsn = 1_000;
    long lastSequence;

    DocumentRig(Disk disk, int collections) {
        this.disk = disk;
        this.collections = collections;
        this.settings =
                Settings.builder(RuntimeSettings.allAreas())
                        .explicit("rows_memtable", "64KiB")
                        .explicit("rows_block", "1KiB")
                        .explicit("rows_file", "64KiB")
                        .explicit("rows_level_zero", "2")
                        .explicit("rows_level_one", "128KiB")
                        .build();
    }

    /** Opens the folder and replays what it does not cover. */
    DocumentRig open(long cacheBytes) throws IOException {
        DocumentEngineFactory factory = new DocumentEngineFactory();
        if (factory.isNew(disk, DIRECTORY, OWNER)) {
            factory.begin(disk, DIRECTORY, OWNER, 1);
        }
        context = new RigContext();
        governor = new MemoryGovernor(256L << 20);
        cache = new BlockCache(governor, cacheBytes);
        engine =
                factory.create(
                        new EngineEnvironment(
                                3,
                                governor,
                                this::needed,
                                new EngineFolder(
                                        disk,
                                        DIRECTORY,
                                        OWNER,
                                        1,
                                        time,
                                        cache,
                                        (found, covered) -> damage.add(found),
                                        settings)));
        for (int collection = 1; collection <= collections; collection++) {
            engine.openCollection(collection, CollectionOptions.DEFAULT);
        }
        for (Batch batch : log) {
            // Replay from before what is covered changes nothing.
            apply(batch, batch.lsn);
        }
        return this;
    }

    private boolean needed(long from, long to) {
        Long first = snapshots.ceiling(from);
        return first != null && first < to;
    }

    /** All that is in memory is gone, and what was pending. */
    void crash(long cacheBytes) throws IOException {
        close();
        pending.clear();
        snapshots.clear();
        open(cacheBytes);
    }

    void close() {
        engine.close();
        cache.close();
        while (governor.reclaimer().step()) {
            // all of it
        }
        assertThat(governor.used()).as("bytes still reserved after close").isZero();
    }

    // ---- calls

    KvCall call(KvOp op, int collection, String key) {
        KvCall call = new KvCall();
        call.op = op;
        call.collection = collection;
        byte[] bytes = key.getBytes(UTF_8);
        call.setKey(bytes, 0, bytes.length);
        return call;
    }

    KvCall put(int collection, String key, String value) {
        KvCall call = call(KvOp.PUT, collection, key);
        byte[] bytes = value.getBytes(UTF_8);
        call.setValue(bytes, 0, bytes.length);
        return call;
    }

    /** Executes, reading as often as it is asked for. */
    int execute(Call call, long readLsn) {
        context.effects.reset();
        context.dependsOn = 0;
        context.readLsn = readLsn;
        int outcome = engine.execute(call, context);
        for (int i = 0; outcome == Outcome.WAIT_FOR_READ || outcome == Outcome.YIELD; i++) {
            assertThat(i).as("a call gets on").isLessThan(10_000);
            Runnable read = context.read;
            context.read = null;
            if (outcome == Outcome.WAIT_FOR_READ) {
                read.run();
            } else {
                context.blocks.clear();
                context.quantum = 5;
            }
            outcome = engine.execute(call, context);
        }
        context.blocks.clear();
        context.quantum = Integer.MAX_VALUE;
        return outcome;
    }

    @Nullable String get(int collection, String key, long readLsn) {
        KvCall call = call(KvOp.GET, collection, key);
        assertThat(execute(call, readLsn)).as(context.message).isEqualTo(Outcome.DONE);
        return call.found ? new String(call.result, 0, call.resultLength, UTF_8) : null;
    }

    long newestStamp(int collection, String key) {
        byte[] bytes = key.getBytes(UTF_8);
        long stamp = engine.newestStamp(collection, bytes, 0, bytes.length, 0, context);
        while (stamp == Engine.READ_FIRST) {
            Runnable read = context.read;
            read.run();
            stamp = engine.newestStamp(collection, bytes, 0, bytes.length, 0, context);
        }
        context.blocks.clear();
        return stamp;
    }

    /** All rows of a range, in pages. */
    List<Row> scan(
            int collection,
            ScanDirection direction,
            @Nullable String from,
            @Nullable String to,
            long readLsn,
            int pageEntries,
            int quantum) {
        List<Row> rows = new ArrayList<>();
        RangeScanCall page = new RangeScanCall();
        byte[] after = null;
        do {
            page.collection = collection;
            page.direction = direction;
            page.from = from == null ? null : from.getBytes(UTF_8);
            page.to = to == null ? null : to.getBytes(UTF_8);
            page.after = after;
            page.withValues = true;
            page.maxEntries = pageEntries;
            context.quantum = quantum;
            assertThat(execute(page, readLsn)).as(context.message).isEqualTo(Outcome.DONE);
            int at = 0;
            for (int i = 0; i < page.entries; i++) {
                int key = LittleEndian.getInt(page.page, at);
                int value = LittleEndian.getInt(page.page, at + 4);
                at += 16;
                after = Arrays.copyOfRange(page.page, at, at + key);
                rows.add(
                        new Row(
                                new String(after, UTF_8),
                                new String(page.page, at + key, value, UTF_8)));
                at += key + value;
            }
        } while (!page.finished);
        return rows;
    }

    // ---- writes

    /** Applies what was decided last, as a pending batch. */
    Batch apply() {
        assertThat(engine.reserve(context.effects.count(), context.effects.length())).isTrue();
        Batch batch =
                new Batch(
                        Arrays.copyOf(context.effects.bytes(), context.effects.length()),
                        ++lastSequence);
        apply(batch, -batch.sequence);
        pending.add(batch);
        return batch;
    }

    private void apply(Batch batch, long stamp) {
        batch.handles.clear();
        batch.collections.clear();
        EffectReader reader = new EffectReader().wrap(batch.effects, 0, batch.effects.length);
        while (reader.next()) {
            batch.handles.add(engine.apply(reader, stamp));
            batch.collections.add(reader.collection());
        }
    }

    /** The oldest pending batch is durable. */
    void commitOldest() {
        Batch batch = pending.removeFirst();
        batch.lsn = ++lastLsn;
        for (int i = 0; i < batch.handles.size(); i++) {
            engine.stamp(batch.collections.get(i), batch.handles.get(i), batch.lsn);
        }
        log.add(batch);
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
            engine.undo(batch.collections.get(i), batch.handles.get(i));
        }
    }

    /** Writes and commits. */
    void commit(Call call) {
        assertThat(execute(call, 0)).as(context.message).isEqualTo(Outcome.DONE);
        apply();
        commitAll();
    }

    // ---- background

    /** Runs one job to its end. @return false when none was due */
    boolean work() {
        RowJob job = engine.files().nextJob(lastLsn, syncedLsn);
        if (job == null) {
            return false;
        }
        Throwable failure = null;
        try {
            while (job.step()) {
                // one slice after another
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
        engine.files().finished(job, failure);
        return true;
    }

    /** Everything committed goes to files. */
    void flush() {
        engine.files().seal();
        for (int i = 0; work(); i++) {
            assertThat(i).isLessThan(10_000);
        }
    }
}
