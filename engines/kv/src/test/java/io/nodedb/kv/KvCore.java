package io.nodedb.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.ids.Lsn;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.engine.CheckpointCursor;
import io.nodedb.engine.CheckpointSink;
import io.nodedb.engine.CollectionOptions;
import io.nodedb.engine.Engine;
import io.nodedb.engine.EngineEnvironment;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvScanCall;
import io.nodedb.storage.bytes.LittleEndian;
import io.nodedb.storage.wal.EffectFormat;
import io.nodedb.storage.wal.EffectReader;
import io.nodedb.storage.wal.Effects;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A core and its log in one thread of a test: batches become durable when the test says so,
 * snapshots are registered, checkpoints are kept, and a crash makes a new engine from both. The
 * {@link Model} is told everything.
 */
@SuppressWarnings("ArrayRecordComponent") // private records whose arrays are copies and only read
final class KvCore {
    static final int COLLECTION = 17;

    private record Applied(long handle, Model.Version version) {}

    private record Batch(long sequence, byte[] effects, List<Applied> applied) {}

    private record Logged(long lsn, byte[] effects) {}

    private record Emitted(long lsn, byte[] operation) {}

    final MemoryGovernor governor;
    final TestContext context = new TestContext();
    final List<Long> snapshots = new ArrayList<>();
    final EffectReader reader = new EffectReader();
    Model model = new Model();
    KvEngine engine;
    long nowMillis = 1_700_000_000_000L;
    long lastLsn;
    private final boolean feed;
    private final ArrayDeque<Batch> pending = new ArrayDeque<>();
    private final List<Logged> log = new ArrayList<>();
    private final List<List<Emitted>> files = new ArrayList<>();
    private long coveredLsn;
    private long nextSequence = 1;
    private @Nullable CheckpointCursor checkpoint;
    private List<Emitted> emitted = new ArrayList<>();
    private boolean fullCheckpoint;
    private long checkpointLsn;

    KvCore(MemoryGovernor governor, boolean feed) {
        this.governor = governor;
        this.feed = feed;
        engine = newEngine();
        engine.opened(nowMillis);
    }

    private KvEngine newEngine() {
        Engine created =
                new KvEngineFactory()
                        .create(new EngineEnvironment(0, governor, this::neededBySnapshot));
        created.openCollection(COLLECTION, new CollectionOptions(feed));
        return (KvEngine) created;
    }

    private boolean neededBySnapshot(long fromLsn, long toLsn) {
        for (long snapshot : snapshots) {
            if (snapshot >= fromLsn && snapshot < toLsn) {
                return true;
            }
        }
        return false;
    }

    int execute(io.nodedb.plan.Call call, long readLsn) {
        context.begin(readLsn == 0 ? nowMillis : Lsn.millis(readLsn), readLsn);
        return engine.execute(call, context);
    }

    /** Executes a write and applies it as a pending batch; false when memory was refused. */
    boolean write(KvCall call) {
        int outcome = execute(call, 0);
        assertThat(outcome).isEqualTo(Outcome.DONE);
        return applyBatch();
    }

    /** Applies the context's effects as a pending batch. */
    boolean applyBatch() {
        Effects effects = context.effects;
        if (effects.length() == 0) {
            return true;
        }
        byte[] bytes = Arrays.copyOf(effects.bytes(), effects.length());
        if (!engine.reserve(effects.count(), bytesPut(bytes))) {
            return false;
        }
        long sequence = nextSequence++;
        List<Applied> applied = new ArrayList<>();
        reader.wrap(bytes, 0, bytes.length);
        while (reader.next()) {
            checkPrior();
            long handle = engine.apply(reader, -sequence);
            Model.Version version = tellModel(-sequence);
            if (handle != 0) {
                applied.add(new Applied(handle, version));
            } else {
                version.stamp = -sequence;
                applied.add(new Applied(0, version));
            }
        }
        pending.add(new Batch(sequence, bytes, applied));
        return true;
    }

    private long bytesPut(byte[] effects) {
        long bytes = 0;
        reader.wrap(effects, 0, effects.length);
        while (reader.next()) {
            bytes += reader.kind() == EffectFormat.PUT ? reader.operationBytes() : 0;
        }
        return bytes;
    }

    private Model.Version tellModel(long stamp) {
        boolean deleted = reader.kind() == EffectFormat.DELETE;
        byte[] value =
                deleted
                        ? null
                        : Arrays.copyOfRange(
                                reader.buffer(),
                                reader.valueOffset(),
                                reader.valueOffset() + reader.valueLength());
        return model.add(keyOfReader(), stamp, value, reader.expireAtMillis());
    }

    private String keyOfReader() {
        return Model.text(
                Arrays.copyOfRange(
                        reader.buffer(),
                        reader.keyOffset(),
                        reader.keyOffset() + reader.keyLength()));
    }

    private void checkPrior() {
        assertThat(reader.hasPrior()).isEqualTo(feed);
        if (feed) {
            boolean expired = reader.expired();
            Model.Version before = model.newest(keyOfReader());
            boolean existed = before != null && (expired || before.isLive(nowMillis));
            assertThat(reader.priorExisted()).isEqualTo(existed);
            if (existed) {
                byte[] prior =
                        Arrays.copyOfRange(
                                reader.buffer(),
                                reader.priorOffset(),
                                reader.priorOffset() + reader.priorLength());
                assertThat(prior).isEqualTo(before.value);
            }
        }
    }

    int pendingBatches() {
        return pending.size();
    }

    long nextLsn() {
        lastLsn = Math.max(lastLsn + 1, Lsn.ofMillis(nowMillis));
        return lastLsn;
    }

    /** The oldest pending batch becomes durable. */
    void acknowledge() {
        Batch batch = pending.poll();
        if (batch == null) {
            return;
        }
        long lsn = nextLsn();
        log.add(new Logged(lsn, batch.effects()));
        for (Applied applied : batch.applied()) {
            applied.version().stamp = lsn;
            engine.stamp(COLLECTION, applied.handle(), lsn);
        }
    }

    /** The newest pending batch is taken back. */
    void undo() {
        Batch batch = pending.pollLast();
        if (batch == null) {
            return;
        }
        for (Applied applied : batch.applied().reversed()) {
            engine.undo(COLLECTION, applied.handle());
            model.remove(applied.version());
        }
    }

    void acknowledgeAll() {
        while (!pending.isEmpty()) {
            acknowledge();
        }
    }

    /** A transaction that was decided elsewhere is applied as committed. */
    void applyCommitted(Effects effects) {
        acknowledgeAll();
        long lsn = nextLsn();
        byte[] bytes = Arrays.copyOf(effects.bytes(), effects.length());
        log.add(new Logged(lsn, bytes));
        reader.wrap(bytes, 0, bytes.length);
        while (reader.next()) {
            assertThat(engine.apply(reader, lsn)).isZero();
            tellModel(lsn);
        }
    }

    /** What expired is deleted by a batch, when memory allows; how many keys. */
    int expire(int limit) {
        context.begin(nowMillis, 0);
        int count = engine.expire(context, limit);
        assertThat(context.effects.count()).isEqualTo(count);
        if (!applyBatch()) {
            return 0;
        }
        return count;
    }

    boolean maintain(int quantum) {
        context.begin(nowMillis, 0);
        context.quantum = quantum;
        return engine.maintain(context);
    }

    /** Housekeeping until nothing is left to do. */
    void settle() {
        for (int i = 0; i < 4; i++) {
            nowMillis += 60;
            while (maintain(Integer.MAX_VALUE)) {
                // more
            }
        }
    }

    boolean checkpointOpen() {
        return checkpoint != null;
    }

    void beginCheckpoint(boolean full) {
        fullCheckpoint = full;
        checkpointLsn = lastLsn;
        emitted = new ArrayList<>();
        checkpoint = engine.beginCheckpoint(full);
    }

    /** One slice of a checkpoint; true when all is emitted. */
    boolean checkpointStep(int entries, int quantum) {
        Effects block = new Effects(64);
        CheckpointSink sink =
                new CheckpointSink() {
                    private int added;

                    @Override
                    public boolean full() {
                        return added >= entries;
                    }

                    @Override
                    public Effects block() {
                        block.reset();
                        return block;
                    }

                    @Override
                    public void entryAdded(long lsn) {
                        added++;
                        assertThat(block.count()).isEqualTo(1);
                        emitted.add(new Emitted(lsn, Arrays.copyOf(block.bytes(), block.length())));
                    }
                };
        context.begin(nowMillis, 0);
        context.quantum = quantum;
        return checkpoint.step(sink, context);
    }

    int emitted() {
        return emitted.size();
    }

    void publish() {
        if (fullCheckpoint) {
            files.clear();
        }
        files.add(emitted);
        coveredLsn = checkpointLsn;
        log.removeIf(record -> record.lsn() <= coveredLsn);
        checkpoint.published();
        checkpoint = null;
    }

    void abandon() {
        checkpoint.abandoned();
        checkpoint = null;
    }

    void checkpointAll(boolean full) {
        beginCheckpoint(full);
        while (!checkpointStep(1_000, Integer.MAX_VALUE)) {
            // more
        }
        publish();
    }

    /** The process dies: pending batches are lost, a new engine is made from files and log. */
    void crash() {
        engine.close();
        pending.clear();
        snapshots.clear();
        checkpoint = null;
        model.dropPending();
        engine = newEngine();
        for (List<Emitted> file : files) {
            for (Emitted entry : file) {
                reader.wrap(entry.operation(), 0, entry.operation().length);
                assertThat(reader.next()).isTrue();
                engine.load(reader, entry.lsn());
            }
        }
        for (Logged record : log) {
            reader.wrap(record.effects(), 0, record.effects().length);
            while (reader.next()) {
                assertThat(engine.apply(reader, record.lsn())).isZero();
            }
        }
        engine.opened(nowMillis);
    }

    /** A whole scan in pages; keys and values, in the order of hashes. */
    Map<String, String> scan(long readLsn, int pageEntries) {
        Map<String, String> found = new HashMap<>();
        KvScanCall call = new KvScanCall();
        long cursor = 0;
        do {
            cursor = scanPage(call, cursor, readLsn, pageEntries, found);
        } while (!call.finished);
        return new TreeMap<>(found);
    }

    /** One page of a scan into {@code found}; the next cursor. */
    long scanPage(
            KvScanCall call,
            long cursor,
            long readLsn,
            int pageEntries,
            Map<String, String> found) {
        call.reset();
        call.collection = COLLECTION;
        call.cursor = cursor;
        call.maxEntries = pageEntries;
        call.withValues = true;
        int outcome;
        do {
            context.begin(readLsn == 0 ? nowMillis : Lsn.millis(readLsn), readLsn);
            context.quantum = pageEntries;
            outcome = engine.execute(call, context);
        } while (outcome == Outcome.YIELD);
        assertThat(outcome).isEqualTo(Outcome.DONE);
        int at = 0;
        for (int i = 0; i < call.entries; i++) {
            int keyLength = LittleEndian.getInt(call.page, at);
            int valueLength = LittleEndian.getInt(call.page, at + 4);
            long expireAt = LittleEndian.getLong(call.page, at + 8);
            byte[] key = Arrays.copyOfRange(call.page, at + 16, at + 16 + keyLength);
            int valueAt = at + 16 + keyLength;
            byte[] value = Arrays.copyOfRange(call.page, valueAt, valueAt + valueLength);
            String before = found.put(Model.text(key), Model.text(value) + "@" + expireAt);
            assertThat(before).as("key is not repeated").isNull();
            at = valueAt + valueLength;
        }
        assertThat(at).isEqualTo(call.pageLength);
        return call.nextCursor;
    }
}
