package io.nodedb.engine;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.storage.rows.cache.BlockRequests;
import io.nodedb.storage.wal.Effects;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** A core's context as a contract test sets it up. */
final class ContractContext implements ExecutionContext {
    private static final int CHUNK_BYTES = 4096;

    final Effects effects = new Effects(256);
    final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final BlockRequests blocks = new BlockRequests();
    long nowMillis;
    long readLsn;
    long dependsOn;

    /** Chunks that the client has given back. */
    int credit = Integer.MAX_VALUE;

    /** How often the quantum may be asked for before it is over. */
    int quantum = Integer.MAX_VALUE;

    private byte[] chunk = {};

    @Override
    public long nowMillis() {
        return nowMillis;
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
        if (credit == 0 || dependsOn > 0) {
            return null;
        }
        credit--;
        chunk = new byte[CHUNK_BYTES];
        return chunk;
    }

    @Override
    public void sendChunk(int length) {
        sent.write(chunk, 0, length);
    }

    @Override
    public void readElsewhere(Runnable read) {
        read.run();
    }

    @Override
    public BlockRequests blocks() {
        return blocks;
    }

    /** As a core does once a call has its answer. */
    void endOfCall() {
        blocks.clear();
    }

    @Override
    public int fail(ErrorCode code, String message) {
        return code.number();
    }
}
