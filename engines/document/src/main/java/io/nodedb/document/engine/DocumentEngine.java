package io.nodedb.document.engine;

import io.nodedb.base.errors.BugException;
import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.CheckpointCursor;
import io.nodedb.engine.CollectionOptions;
import io.nodedb.engine.Engine;
import io.nodedb.engine.EngineFiles;
import io.nodedb.engine.ExecutionContext;
import io.nodedb.plan.Call;
import io.nodedb.plan.document.RangeScanCall;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.storage.rows.RowStore;
import io.nodedb.storage.rows.cache.BlockRequests;
import io.nodedb.storage.wal.EffectFormat;
import io.nodedb.storage.wal.EffectReader;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The document collections of one partition: a keyspace of its row store for each, rows ordered by
 * the bytes of their keys, as many as the disk holds.
 *
 * <p>Failures: a damaged block is DATA_CORRUPTED with file and offset, a block cache full of blocks
 * in use RESOURCES_EXHAUSTED; both are answers to the call. OUT_OF_MEMORY is decided by {@link
 * #reserve}.
 */
@CoreOwned
public final class DocumentEngine implements Engine {
    private final RowStore store;
    private final DocumentFiles files;
    private final RowOperations operations;
    private final RowScans scans;
    private final BlockRequests untold = new BlockRequests();

    /** By collection number; numbers are dense. */
    private @Nullable CollectionOptions[] collections = new @Nullable CollectionOptions[32];

    DocumentEngine(RowStore store, MemoryGovernor governor) {
        this.store = store;
        this.files = new DocumentFiles(store, governor);
        this.operations = new RowOperations(store);
        this.scans = new RowScans(store);
    }

    @Override
    public EngineFiles files() {
        return files;
    }

    @Override
    public void openCollection(int collection, CollectionOptions options) {
        Check.that(collection > 0, "collection number is positive", collection);
        if (collection >= collections.length) {
            collections =
                    Arrays.copyOf(collections, Math.max(collection + 1, 2 * collections.length));
        }
        collections[collection] = options;
        store.openKeyspace(collection);
    }

    @Override
    public void load(EffectReader effect, long lsn) {
        throw new BugException("an engine with files of its own loads no checkpoint");
    }

    @Override
    public void opened(long nowMillis) {}

    @Override
    public int execute(Call call, ExecutionContext context) {
        CollectionOptions options = options(call.collection());
        if (options == null) {
            return context.fail(ErrorCode.NOT_FOUND, "there is no collection=" + call.collection());
        }
        try {
            if (call instanceof KvCall one) {
                return operations.execute(options, one, context);
            }
            if (call instanceof RangeScanCall page) {
                return scans.execute(page, context);
            }
        } catch (NodeDbException failed) {
            return context.fail(failed.code(), String.valueOf(failed.getMessage()));
        }
        return context.fail(
                ErrorCode.UNSUPPORTED,
                "the document engine knows no operation=" + call.operation());
    }

    @Override
    public long newestStamp(int collection, byte[] key, int offset, int length, long keyHash) {
        if (options(collection) == null) {
            return 0;
        }
        try {
            return operations.newestStamp(collection, key, offset, length, untold);
        } finally {
            untold.clear();
        }
    }

    @Override
    public long newestStamp(
            int collection,
            byte[] key,
            int offset,
            int length,
            long keyHash,
            ExecutionContext context) {
        if (options(collection) == null) {
            return 0;
        }
        BlockRequests blocks = context.blocks();
        long stamp = operations.newestStamp(collection, key, offset, length, blocks);
        if (stamp == READ_FIRST) {
            context.readElsewhere(blocks::load);
        }
        return stamp;
    }

    @Override
    public boolean reserve(int tenant, int operationCount, long bytes) {
        return store.reserve(operationCount, bytes);
    }

    @Override
    public long apply(EffectReader effect, long stamp) {
        int collection = effect.collection();
        if (options(collection) == null) {
            return 0;
        }
        int rowsAdded = RowEffects.rowsAdded(effect);
        return switch (effect.kind()) {
            case EffectFormat.PUT ->
                    store.put(
                            collection,
                            effect.buffer(),
                            effect.keyOffset(),
                            effect.keyLength(),
                            effect.buffer(),
                            effect.valueOffset(),
                            effect.valueLength(),
                            rowsAdded,
                            stamp);
            case EffectFormat.DELETE ->
                    store.delete(
                            collection,
                            effect.buffer(),
                            effect.keyOffset(),
                            effect.keyLength(),
                            rowsAdded,
                            stamp);
            default -> throw new BugException("a document effect of unknown kind " + effect.kind());
        };
    }

    /** Also of a dropped collection: its versions share memtables with others'. */
    @Override
    public void stamp(int collection, long handle, long lsn) {
        store.stamp(handle, lsn);
    }

    @Override
    public void undo(int collection, long handle) {
        store.undo(handle);
    }

    @Override
    public int expire(ExecutionContext context, int tenant, int maxOperations) {
        return 0;
    }

    @Override
    public long nextExpiryMillis() {
        return Long.MAX_VALUE;
    }

    @Override
    public boolean checkpointNeeded() {
        return !store.isWrittenOut();
    }

    @Override
    public CheckpointCursor beginCheckpoint(boolean full) {
        throw new BugException("an engine with files of its own emits no checkpoint");
    }

    @Override
    public boolean maintain(ExecutionContext context, int tenant) {
        return false;
    }

    @Override
    public boolean compact(double deadShare) {
        return false;
    }

    @Override
    public void drop(int collection) {
        if (collection > 0 && collection < collections.length) {
            collections[collection] = null;
        }
        store.dropKeyspace(collection);
    }

    @Override
    public long memoryBytes() {
        return store.memoryBytes();
    }

    @Override
    public long count(int collection) {
        return options(collection) == null ? 0 : store.rows(collection);
    }

    @Override
    public void close() {
        Arrays.fill(collections, null);
        store.close();
    }

    private @Nullable CollectionOptions options(int collection) {
        return collection > 0 && collection < collections.length ? collections[collection] : null;
    }
}
