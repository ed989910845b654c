package io.nodedb.kv;

import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.PressureLevel;
import io.nodedb.base.memory.SlabAllocator;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.CheckpointCursor;
import io.nodedb.engine.CollectionOptions;
import io.nodedb.engine.Engine;
import io.nodedb.engine.EngineEnvironment;
import io.nodedb.engine.ExecutionContext;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvScanCall;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.storage.wal.EffectReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The key-value collections of one partition, in off-heap memory. Failures: OUT_OF_MEMORY is
 * decided by {@link #reserve}; what is decided is applied even beyond the memory limit.
 */
@CoreOwned
public final class KvEngine implements Engine {
    /** Time between looks at keys whose old versions a snapshot needed. */
    private static final long PASS_MILLIS = 50;

    /** Pieces of housekeeping between two looks at the clock. */
    private static final int WORK_PER_LOOK = 8;

    private final MemoryGovernor governor;
    private final List<TenantSlabs> slabs = new ArrayList<>();
    private final Retention retention;
    private final StructureIds structureIds = new StructureIds();
    private final KvExpiry expiry;
    private final KvOperations operations;
    private final KvCommands commands;
    private final KvScan scan = new KvScan();

    /** By collection number; numbers are dense. */
    private @Nullable KvTable[] tables = new @Nullable KvTable[32];

    private final List<KvTable> open = new ArrayList<>();
    private final List<KvTable> dropping = new ArrayList<>();
    private boolean checkpointing;
    private boolean serves;

    @SuppressWarnings("UnusedVariable")
    private long touched;

    private boolean replaying;
    private long nextPassMillis;

    public KvEngine(EngineEnvironment environment) {
        governor = environment.governor();
        retention = new Retention(environment.horizon());
        expiry = new KvExpiry(open);
        operations = new KvOperations(new KvStreams(retention.pinned));
        commands = new KvCommands(new ReplyStreams(retention.pinned));
    }

    @Override
    public void openCollection(int collection, CollectionOptions options) {
        Check.that(collection > 0, "collection number is positive", collection);
        KvTable table = table(collection);
        if (table != null) {
            Check.that(
                    table.tenant() == options.tenant(),
                    "a collection's tenant stays",
                    table.tenant(),
                    options.tenant());
            table.setOptions(options);
            return;
        }
        if (collection >= tables.length) {
            tables = Arrays.copyOf(tables, Math.max(collection + 1, 2 * tables.length));
        }
        TenantSlabs memory = slabsOf(options.tenant());
        SlabAllocator indexSlabs = memory.index;
        EntryStore entries = new EntryStore(memory.data);
        Structures structures =
                new Structures(collection, options, entries, indexSlabs, retention, structureIds);
        ExpiryWheel wheel = new ExpiryWheel(entries);
        table = new KvTable(collection, options, entries, indexSlabs, retention, wheel, structures);
        tables[collection] = table;
        open.add(table);
    }

    /** Entries of collections that are not open were purged and are passed over. */
    @Override
    public void load(EffectReader effect, long lsn) {
        KvTable table = table(effect.collection());
        if (table == null) {
            return;
        }
        if (effect.isPart()) {
            table.structures().load(effect, hashOf(effect), lsn);
        } else {
            table.load(effect, hashOf(effect), lsn);
        }
    }

    @Override
    public void opened(long nowMillis) {
        if (!replaying) {
            retention.published(retention.stampedLsn());
        }
        structureIds.opened(retention.stampedLsn(), nowMillis);
        for (KvTable table : open) {
            table.structures().opened();
        }
        serves = true;
    }

    @Override
    public void touch(Call call, int round) {
        KvTable table = table(call.collection());
        if (table == null) {
            return;
        }
        if (call instanceof CommandCall command && command.arguments.count() > 0) {
            if (round == 0) {
                Arguments arguments = command.arguments;
                command.touchedHash = KeyHash.of(arguments.bytes(), 0, arguments.length(0));
            }
            touch(table, command.touchedHash, round);
        } else if (call instanceof KvCall kv) {
            touch(table, kv.keyHash, round);
        }
    }

    private void touch(KvTable table, long hash, int round) {
        // Kept, so that no compiler leaves the reads out.
        touched += round == 0 ? table.index.touchBucket(hash) : table.index.touchVersions(hash);
    }

    @Override
    public int execute(Call call, ExecutionContext context) {
        KvTable table = table(call.collection());
        if (table == null) {
            return context.fail(ErrorCode.NOT_FOUND, "there is no collection=" + call.collection());
        }
        if (call instanceof KvCall kv) {
            return operations.execute(table, kv, context);
        }
        if (call instanceof CommandCall command) {
            return commands.execute(table, command, context);
        }
        if (call instanceof KvScanCall page) {
            return scan.execute(table, page, context);
        }
        return context.fail(
                ErrorCode.UNSUPPORTED,
                "the key-value engine knows no operation=" + call.operation());
    }

    @Override
    public long newestStamp(int collection, byte[] key, int offset, int length, long keyHash) {
        KvTable table = table(collection);
        if (table == null) {
            return 0;
        }
        long head = table.find(keyHash, key, offset, length);
        return head == 0 ? 0 : table.entries.stamp(head);
    }

    @Override
    public boolean newestHasExpired(
            int collection, byte[] key, int offset, int length, long keyHash, long nowMillis) {
        KvTable table = table(collection);
        if (table == null) {
            return false;
        }
        long head = table.find(keyHash, key, offset, length);
        return head != 0
                && !table.entries.has(head, EntryStore.DELETED)
                && !table.entries.isLive(head, nowMillis);
    }

    @Override
    public boolean reserve(int tenant, int operationCount, long bytes) {
        if (bytes == 0) {
            // Deletions free more than they take as soon as they are durable.
            return true;
        }
        return slabsOf(tenant).reserve(operationCount, bytes);
    }

    @Override
    public long apply(EffectReader effect, long stamp) {
        if (!serves && stamp > 0 && !replaying) {
            // Replay starts right after what the checkpoint covers.
            replaying = true;
            retention.published(stamp - 1);
        }
        KvTable table = table(effect.collection());
        if (table == null) {
            return 0;
        }
        return effect.isPart()
                ? table.structures().apply(effect, hashOf(effect), stamp)
                : table.apply(effect, hashOf(effect), stamp);
    }

    @Override
    public void stamp(int collection, long handle, long lsn) {
        KvTable table = table(collection);
        if (table == null || handle == 0) {
            return;
        }
        if (ValueForm.isElement(table.entries.form(handle))) {
            table.structures().stamp(handle, lsn);
        } else {
            table.stamp(handle, lsn);
        }
    }

    @Override
    public void undo(int collection, long handle) {
        KvTable table = table(collection);
        if (table == null || handle == 0) {
            return;
        }
        if (ValueForm.isElement(table.entries.form(handle))) {
            table.structures().undo(handle);
        } else {
            table.undo(handle);
        }
    }

    @Override
    public int expire(ExecutionContext context, int tenant, int maxOperations) {
        return expiry.expire(context, tenant, maxOperations);
    }

    @Override
    public long nextExpiryMillis() {
        return expiry.nextMillis();
    }

    @Override
    public boolean checkpointNeeded() {
        for (int i = 0; i < open.size(); i++) {
            if (open.get(i).hasChanged() || open.get(i).structures().hasChanged()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public CheckpointCursor beginCheckpoint(boolean full) {
        Check.that(!checkpointing, "one checkpoint at a time");
        checkpointing = true;
        List<KvTable> changedTables = new ArrayList<>();
        List<ChangedRegions> changes = new ArrayList<>();
        for (KvTable table : open) {
            if (full || table.hasChanged()) {
                changedTables.add(table);
                changes.add(table.beginCheckpoint());
            }
            for (Structure structure : table.structures().takeChanged(full)) {
                changedTables.add(structure.table);
                changes.add(structure.table.beginCheckpoint());
            }
        }
        return new KvCheckpoint(
                this,
                changedTables,
                changes,
                full,
                retention.publishedLsn(),
                retention.stampedLsn());
    }

    /** A checkpoint has ended; {@code coveredLsn} is 0 when it was not published. */
    void checkpointEnded(long coveredLsn) {
        checkpointing = false;
        retention.published(coveredLsn);
    }

    @Override
    public boolean maintain(ExecutionContext context, int tenant) {
        startPassWhenDue(context.nowMillis());
        for (int i = 0; i < open.size(); i++) {
            KvTable table = open.get(i);
            if (table.tenant() != tenant) {
                continue;
            }
            int work = 0;
            while (table.maintain() || table.structures().maintain()) {
                if (++work % WORK_PER_LOOK == 0 && context.quantumOver()) {
                    return true;
                }
            }
        }
        while (slabsOf(tenant).compactStep()) {
            if (context.quantumOver()) {
                return true;
            }
        }
        while (dropStep(tenant)) {
            if (context.quantumOver()) {
                return true;
            }
        }
        return false;
    }

    private void startPassWhenDue(long nowMillis) {
        if (nowMillis < nextPassMillis && nowMillis >= nextPassMillis - PASS_MILLIS) {
            return;
        }
        nextPassMillis = nowMillis + PASS_MILLIS;
        retention.pinned.expire(nowMillis);
        for (int i = 0; i < open.size(); i++) {
            open.get(i).startPass();
            open.get(i).structures().startPass();
        }
        if (governor.pressure() != PressureLevel.NORMAL) {
            slabs.forEach(TenantSlabs::trim);
        }
    }

    @Override
    public boolean compact(double deadShare) {
        boolean begun = false;
        for (TenantSlabs memory : slabs) {
            begun |= memory.data.deadShare() > deadShare && memory.compact(open, deadShare, 0);
        }
        return begun;
    }

    /** As {@link #compact(double)}; so much memory may be taken anew for what is moved. */
    boolean compact(double deadShare, long newBytes) {
        boolean begun = false;
        for (TenantSlabs memory : slabs) {
            begun |= memory.compact(open, deadShare, newBytes);
        }
        return begun;
    }

    @Override
    public void drop(int collection) {
        KvTable table = table(collection);
        if (table != null) {
            tables[collection] = null;
            open.remove(table);
            retention.pinned.endAll(collection);
            table.close();
            table.structures().close();
            dropping.add(table);
        }
    }

    @Override
    public long memoryBytes() {
        long bytes = 0;
        for (int i = 0; i < slabs.size(); i++) {
            bytes += slabs.get(i).memoryBytes();
        }
        return bytes;
    }

    @Override
    public long count(int collection) {
        KvTable table = table(collection);
        return table == null ? 0 : table.live();
    }

    @Override
    public void close() {
        Arrays.fill(tables, null);
        open.clear();
        dropping.clear();
        slabs.forEach(TenantSlabs::close);
    }

    /** Bytes of versions, headers and slab rounding included. */
    long dataBytes() {
        return slabs.stream().mapToLong(memory -> memory.data.allocatedBytes()).sum();
    }

    /** Bytes of buckets, queues and change marks. */
    long indexBytes() {
        return slabs.stream().mapToLong(memory -> memory.index.allocatedBytes()).sum();
    }

    /** The table of a collection, null when it is not open. */
    @Nullable KvTable table(int collection) {
        return collection > 0 && collection < tables.length ? tables[collection] : null;
    }

    private TenantSlabs slabsOf(int tenant) {
        for (int i = 0; i < slabs.size(); i++) {
            if (slabs.get(i).tenant == tenant) {
                return slabs.get(i);
            }
        }
        TenantSlabs fresh = new TenantSlabs(governor, tenant);
        slabs.add(fresh);
        return fresh;
    }

    /** Frees a part of a tenant's oldest dropped collection; false when it has none. */
    private boolean dropStep(int tenant) {
        for (int i = 0; i < dropping.size(); i++) {
            KvTable table = dropping.get(i);
            if (table.tenant() == tenant) {
                if (table.dropStep()) {
                    dropping.remove(i);
                }
                return true;
            }
        }
        return false;
    }

    private static long hashOf(EffectReader effect) {
        return KeyHash.of(effect.buffer(), effect.keyOffset(), effect.keyLength());
    }
}
