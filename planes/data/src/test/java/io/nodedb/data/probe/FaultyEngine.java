package io.nodedb.data.probe;

import io.nodedb.data.probe.Faults.Phase;
import io.nodedb.engine.CheckpointCursor;
import io.nodedb.engine.CheckpointSink;
import io.nodedb.engine.CollectionOptions;
import io.nodedb.engine.Engine;
import io.nodedb.engine.EngineFiles;
import io.nodedb.engine.ExecutionContext;
import io.nodedb.plan.Call;
import io.nodedb.storage.wal.EffectReader;
import org.jspecify.annotations.Nullable;

/** Lets another engine work, or fail as {@link Faults} says. */
public final class FaultyEngine implements Engine {
    private final Engine engine;
    private final Faults faults;
    private boolean serves;

    public FaultyEngine(Engine engine, Faults faults) {
        this.engine = engine;
        this.faults = faults;
    }

    /** The engine inside. */
    public Engine inner() {
        return engine;
    }

    @Override
    public void openCollection(int collection, CollectionOptions options) {
        engine.openCollection(collection, options);
    }

    @Override
    public void load(EffectReader effect, long lsn) {
        engine.load(effect, lsn);
    }

    @Override
    public void opened(long nowMillis) {
        serves = true;
        engine.opened(nowMillis);
    }

    @Override
    public void touch(Call call, int round) {
        faults.at(Phase.TOUCH, call);
        engine.touch(call, round);
    }

    @Override
    public int execute(Call call, ExecutionContext context) {
        faults.at(Phase.EXECUTE, call);
        if (faults.interception != null) {
            Integer outcome = faults.interception.execute(call, context);
            if (outcome != null) {
                return outcome;
            }
        }
        return engine.execute(call, context);
    }

    @Override
    public long newestStamp(int collection, byte[] key, int offset, int length, long keyHash) {
        return engine.newestStamp(collection, key, offset, length, keyHash);
    }

    @Override
    public long newestStamp(
            int collection,
            byte[] key,
            int offset,
            int length,
            long keyHash,
            ExecutionContext context) {
        return engine.newestStamp(collection, key, offset, length, keyHash, context);
    }

    @Override
    public @Nullable EngineFiles files() {
        return engine.files();
    }

    @Override
    public boolean newestHasExpired(
            int collection, byte[] key, int offset, int length, long keyHash, long nowMillis) {
        return engine.newestHasExpired(collection, key, offset, length, keyHash, nowMillis);
    }

    @Override
    public boolean reserve(int tenant, int operations, long bytes) {
        return !faults.noMemory.getAsBoolean() && engine.reserve(tenant, operations, bytes);
    }

    @Override
    public long apply(EffectReader effect, long stamp) {
        faults.at(serves ? Phase.APPLY : Phase.REPLAY, null);
        return engine.apply(effect, stamp);
    }

    @Override
    public void stamp(int collection, long handle, long lsn) {
        faults.at(Phase.STAMP, null);
        engine.stamp(collection, handle, lsn);
    }

    @Override
    public void undo(int collection, long handle) {
        faults.at(Phase.UNDO, null);
        engine.undo(collection, handle);
    }

    @Override
    public int expire(ExecutionContext context, int tenant, int maxOperations) {
        faults.at(Phase.EXPIRE, null);
        faults.expiring.accept(tenant);
        return engine.expire(context, tenant, maxOperations);
    }

    @Override
    public long nextExpiryMillis() {
        return engine.nextExpiryMillis();
    }

    @Override
    public boolean checkpointNeeded() {
        return engine.checkpointNeeded();
    }

    @Override
    public CheckpointCursor beginCheckpoint(boolean full) {
        faults.at(Phase.CHECKPOINT_BEGIN, null);
        CheckpointCursor cursor = engine.beginCheckpoint(full);
        return new CheckpointCursor() {
            @Override
            public boolean step(CheckpointSink sink, ExecutionContext context) {
                faults.at(Phase.CHECKPOINT_STEP, null);
                return cursor.step(sink, context);
            }

            @Override
            public int tenant() {
                return cursor.tenant();
            }

            @Override
            public void published() {
                cursor.published();
            }

            @Override
            public void abandoned() {
                cursor.abandoned();
            }
        };
    }

    @Override
    public boolean maintain(ExecutionContext context, int tenant) {
        faults.at(Phase.MAINTAIN, null);
        if (faults.housekeeping.test(tenant)) {
            return true;
        }
        return engine.maintain(context, tenant);
    }

    @Override
    public boolean compact(double deadShare) {
        return engine.compact(deadShare);
    }

    @Override
    public void drop(int collection) {
        engine.drop(collection);
    }

    @Override
    public long memoryBytes() {
        return engine.memoryBytes();
    }

    @Override
    public long count(int collection) {
        return engine.count(collection);
    }

    @Override
    public void close() {
        engine.close();
    }
}
