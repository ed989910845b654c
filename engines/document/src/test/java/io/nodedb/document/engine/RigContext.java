package io.nodedb.document.engine;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.engine.ExecutionContext;
import io.nodedb.storage.rows.cache.BlockRequests;
import io.nodedb.storage.wal.Effects;
import org.jspecify.annotations.Nullable;

/** A core's context of one call after another. */
final class RigContext implements ExecutionContext {
    final Effects effects = new Effects(256);
    final BlockRequests blocks = new BlockRequests();
    long readLsn;
    long dependsOn;

    /** How often the quantum may be asked for before it is over. */
    int quantum = Integer.MAX_VALUE;

    int reads;
    @Nullable Runnable read;
    @Nullable String message;

    @Override
    public long nowMillis() {
        return 0;
    }

    @Override
    public long readLsn() {
        return readLsn;
    }

    @Override
    public boolean quantumOver() {
        return quantum-- <= 0;
    }

    @Override
    public Effects effects() {
        return effects;
    }

    @Override
    public void dependsOn(long batchSequence) {
        dependsOn = Math.max(dependsOn, batchSequence);
    }

    @Override
    public byte @Nullable [] takeChunk() {
        return null;
    }

    @Override
    public void sendChunk(int length) {
        throw new AssertionError("a row is answered whole");
    }

    @Override
    public void readElsewhere(Runnable wanted) {
        reads++;
        read = wanted;
    }

    @Override
    public BlockRequests blocks() {
        return blocks;
    }

    @Override
    public int fail(ErrorCode code, String why) {
        message = why;
        return code.number();
    }
}
