package io.nodedb.data.probe;

import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ids.Tenants;
import io.nodedb.base.memory.MemoryTag;
import io.nodedb.data.probe.ProbeTable.TableKey;
import io.nodedb.data.probe.ProbeTable.TableVersion;
import io.nodedb.engine.CheckpointCursor;
import io.nodedb.engine.CheckpointSink;
import io.nodedb.engine.CollectionOptions;
import io.nodedb.engine.Engine;
import io.nodedb.engine.EngineEnvironment;
import io.nodedb.engine.ExecutionContext;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvScanCall;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.storage.wal.EffectFormat;
import io.nodedb.storage.wal.EffectReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A key-value engine in heap maps: slow, plain, and true to the contract. */
public final class ProbeEngine implements Engine {
    private final EngineEnvironment environment;
    private final int engineId;
    private final ProbeOperations operations;
    private final Map<Integer, ProbeTable> tables = new TreeMap<>();
    private final Map<Long, Applied> pending = new HashMap<>();
    private final List<Double> compactions = new ArrayList<>();
    private long nextHandle = 1;
    private long bytes;
    private boolean checkpointing;
    private boolean closed;

    private record Applied(ProbeTable table, TableKey key, TableVersion version) {}

    public ProbeEngine(int engineId, EngineEnvironment environment) {
        this.engineId = engineId;
        this.environment = environment;
        this.operations = new ProbeOperations(engineId);
    }

    @Override
    public void openCollection(int collection, CollectionOptions options) {
        tables.computeIfAbsent(collection, id -> new ProbeTable(id, options)).options = options;
    }

    @Override
    public void load(EffectReader effect, long lsn) {
        ProbeTable table = tables.get(effect.collection());
        if (table != null) {
            TableKey key = keyOf(effect);
            TableVersion newest = table.newest(key);
            if (newest == null || newest.stamp < lsn) {
                table.keys.remove(key);
                push(table, key, versionOf(effect, lsn));
                table.changed.remove(key);
            }
        }
    }

    @Override
    public void opened(long nowMillis) {}

    @Override
    public int execute(Call call, ExecutionContext context) {
        Check.that(!closed, "the engine is open");
        ProbeTable table = tables.get(call.collection());
        if (table == null) {
            return context.fail(ErrorCode.NOT_FOUND, "no collection=" + call.collection());
        }
        if (call instanceof KvCall kv) {
            return operations.execute(table, kv, context);
        }
        if (call instanceof CommandCall command) {
            return new ProbeCommands(operations, table, command, context).execute();
        }
        if (call instanceof KvScanCall scan) {
            return operations.scan(table, scan, context);
        }
        return context.fail(ErrorCode.UNSUPPORTED, "operation=" + call.operation());
    }

    @Override
    public long newestStamp(int collection, byte[] key, int offset, int length, long keyHash) {
        ProbeTable table = tables.get(collection);
        TableVersion newest = table == null ? null : table.newest(TableKey.of(key, offset, length));
        return newest == null ? 0 : newest.stamp;
    }

    @Override
    public boolean newestHasExpired(
            int collection, byte[] key, int offset, int length, long keyHash, long nowMillis) {
        ProbeTable table = tables.get(collection);
        TableVersion newest = table == null ? null : table.newest(TableKey.of(key, offset, length));
        return newest != null
                && newest.value != null
                && newest.expireAtMillis != 0
                && newest.expireAtMillis <= nowMillis;
    }

    @Override
    public boolean reserve(int tenant, int operationCount, long effectBytes) {
        long needed = 64L * operationCount + effectBytes;
        return environment.governor().limit() - environment.governor().used() >= needed;
    }

    @Override
    public long apply(EffectReader effect, long stamp) {
        ProbeTable table = tables.get(effect.collection());
        if (table == null) {
            return 0;
        }
        TableKey key = keyOf(effect);
        TableVersion newest = table.newest(key);
        if (stamp > 0 && newest != null && newest.stamp > 0 && newest.stamp > stamp) {
            return 0;
        }
        TableVersion version = versionOf(effect, stamp);
        push(table, key, version);
        if (stamp > 0) {
            prune(table, key);
            return 0;
        }
        pending.put(nextHandle, new Applied(table, key, version));
        return nextHandle++;
    }

    @Override
    public void stamp(int collection, long handle, long lsn) {
        Applied applied = pending.remove(handle);
        if (applied == null) {
            Check.that(!tables.containsKey(collection), "a handle is stamped once", handle);
            return;
        }
        applied.version.stamp = lsn;
        prune(applied.table, applied.key);
    }

    @Override
    public void undo(int collection, long handle) {
        Applied applied = pending.remove(handle);
        if (applied == null) {
            return;
        }
        Deque<TableVersion> versions = applied.table.keys.get(applied.key);
        Check.that(
                versions != null && versions.peekFirst() == applied.version,
                "the newest version is taken back first",
                handle);
        versions.removeFirst();
        if (versions.isEmpty()) {
            applied.table.keys.remove(applied.key);
        }
        bytes -= applied.version.bytes();
        environment.governor().release(MemoryTag.KV_DATA, applied.version.bytes());
    }

    /** Drops what is superseded and seen by no snapshot. */
    private void prune(ProbeTable table, TableKey key) {
        Deque<TableVersion> versions = table.keys.get(key);
        if (versions == null) {
            return;
        }
        long newerLsn = Long.MAX_VALUE;
        for (Iterator<TableVersion> it = versions.iterator(); it.hasNext(); ) {
            TableVersion version = it.next();
            if (version.stamp < 0) {
                continue;
            }
            if (newerLsn != Long.MAX_VALUE
                    && !environment.horizon().needed(version.stamp, newerLsn)) {
                bytes -= version.bytes();
                environment.governor().release(MemoryTag.KV_DATA, version.bytes());
                it.remove();
                continue;
            }
            newerLsn = version.stamp;
        }
    }

    private void push(ProbeTable table, TableKey key, TableVersion version) {
        environment.governor().reserveBeyondLimit(MemoryTag.KV_DATA, version.bytes());
        bytes += version.bytes();
        table.push(key, version);
    }

    @Override
    public int expire(ExecutionContext context, int tenant, int maxOperations) {
        int appended = 0;
        for (ProbeTable table : tables.values()) {
            if (table.options.tenant() != tenant) {
                continue;
            }
            for (Map.Entry<TableKey, Deque<TableVersion>> entry : table.keys.entrySet()) {
                TableVersion newest = entry.getValue().peekFirst();
                if (appended < maxOperations
                        && newest != null
                        && newest.value != null
                        && newest.expireAtMillis != 0
                        && newest.expireAtMillis <= context.nowMillis()) {
                    byte[] key = entry.getKey().bytes();
                    context.effects()
                            .delete(
                                    engineId,
                                    table.collection,
                                    0,
                                    EffectFormat.EXPIRED,
                                    key,
                                    0,
                                    key.length);
                    appended++;
                }
            }
        }
        return appended;
    }

    @Override
    public long nextExpiryMillis() {
        long next = Long.MAX_VALUE;
        for (ProbeTable table : tables.values()) {
            for (Deque<TableVersion> versions : table.keys.values()) {
                TableVersion newest = versions.peekFirst();
                if (newest != null && newest.value != null && newest.expireAtMillis != 0) {
                    next = Math.min(next, newest.expireAtMillis);
                }
            }
        }
        return next;
    }

    @Override
    public boolean checkpointNeeded() {
        return tables.values().stream().anyMatch(table -> !table.changed.isEmpty());
    }

    @Override
    public CheckpointCursor beginCheckpoint(boolean full) {
        Check.that(!checkpointing, "one checkpoint at a time");
        checkpointing = true;
        return new Cursor(full);
    }

    @Override
    public boolean maintain(ExecutionContext context, int tenant) {
        return false;
    }

    @Override
    public boolean compact(double deadShare) {
        compactions.add(deadShare);
        return false;
    }

    /** What {@link #compact} was called with. */
    public List<Double> compactions() {
        return compactions;
    }

    @Override
    public void drop(int collection) {
        ProbeTable dropped = tables.remove(collection);
        if (dropped != null) {
            long freed =
                    dropped.keys.values().stream()
                            .flatMap(Deque::stream)
                            .mapToLong(TableVersion::bytes)
                            .sum();
            bytes -= freed;
            environment.governor().release(MemoryTag.KV_DATA, freed);
        }
        pending.values().removeIf(applied -> applied.table.collection == collection);
    }

    @Override
    public long memoryBytes() {
        return bytes;
    }

    @Override
    public long count(int collection) {
        ProbeTable table = tables.get(collection);
        return table == null ? 0 : table.live();
    }

    @Override
    public void close() {
        Check.that(!closed, "an engine is closed once");
        closed = true;
        environment.governor().release(MemoryTag.KV_DATA, bytes);
        tables.clear();
        pending.clear();
    }

    /** Committed content of a collection, for comparing. */
    public Map<String, String> content(int collection) {
        Map<String, String> content = new TreeMap<>();
        ProbeTable table = tables.get(collection);
        if (table != null) {
            for (Map.Entry<TableKey, Deque<TableVersion>> entry : table.keys.entrySet()) {
                for (TableVersion version : entry.getValue()) {
                    if (version.stamp > 0) {
                        if (version.value != null) {
                            content.put(
                                    text(entry.getKey().bytes()),
                                    version.value.length > 64
                                            ? version.value.length
                                                    + " bytes, hash "
                                                    + Arrays.hashCode(version.value)
                                            : text(version.value));
                        }
                        break;
                    }
                }
            }
        }
        return content;
    }

    /** Versions that wait for their LSN. */
    public int pendingVersions() {
        return pending.size();
    }

    private static String text(byte[] of) {
        return new String(of, java.nio.charset.StandardCharsets.UTF_8);
    }

    private static TableKey keyOf(EffectReader effect) {
        return TableKey.of(effect.buffer(), effect.keyOffset(), effect.keyLength());
    }

    private static TableVersion versionOf(EffectReader effect, long stamp) {
        byte @Nullable [] value = null;
        if (effect.kind() == EffectFormat.PUT) {
            int at = effect.valueOffset();
            value = Arrays.copyOfRange(effect.buffer(), at, at + effect.valueLength());
        }
        return new TableVersion(stamp, value, effect.expireAtMillis());
    }

    private final class Cursor implements CheckpointCursor {
        private final boolean full;
        private final List<ProbeTable> of = new ArrayList<>();
        private final List<Set<TableKey>> taken = new ArrayList<>();
        private final Deque<Runnable> left = new java.util.ArrayDeque<>();
        private @Nullable CheckpointSink sink;

        Cursor(boolean full) {
            this.full = full;
            for (ProbeTable table : tables.values()) {
                Set<TableKey> keys = full ? new HashSet<>(table.keys.keySet()) : table.changed;
                of.add(table);
                taken.add(table.changed);
                table.changed = new HashSet<>();
                for (TableKey key : keys) {
                    left.add(() -> emit(table, key));
                }
            }
        }

        @Override
        public int tenant() {
            return Tenants.DEFAULT;
        }

        @Override
        public boolean step(CheckpointSink target, ExecutionContext context) {
            sink = target;
            while (!left.isEmpty() && !target.full()) {
                left.removeFirst().run();
                if (context.quantumOver()) {
                    break;
                }
            }
            return left.isEmpty();
        }

        private void emit(ProbeTable table, TableKey key) {
            CheckpointSink target = java.util.Objects.requireNonNull(sink);
            Deque<TableVersion> versions = table.keys.get(key);
            if (versions == null || tables.get(table.collection) != table) {
                return;
            }
            for (TableVersion version : versions) {
                if (version.stamp < 0) {
                    table.changed.add(key);
                    continue;
                }
                byte[] bytesOfKey = key.bytes();
                byte @Nullable [] value = version.value;
                if (value != null) {
                    target.block()
                            .put(
                                    engineId,
                                    table.collection,
                                    0,
                                    bytesOfKey,
                                    0,
                                    bytesOfKey.length,
                                    value,
                                    0,
                                    value.length,
                                    version.expireAtMillis);
                    target.entryAdded(version.stamp);
                } else if (!full) {
                    target.block()
                            .delete(
                                    engineId,
                                    table.collection,
                                    0,
                                    0,
                                    bytesOfKey,
                                    0,
                                    bytesOfKey.length);
                    target.entryAdded(version.stamp);
                }
                return;
            }
        }

        @Override
        public void published() {
            checkpointing = false;
        }

        @Override
        public void abandoned() {
            checkpointing = false;
            for (int i = 0; i < of.size(); i++) {
                of.get(i).changed.addAll(taken.get(i));
            }
        }
    }
}
