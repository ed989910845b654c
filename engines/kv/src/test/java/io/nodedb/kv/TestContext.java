package io.nodedb.kv;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.engine.ExecutionContext;
import io.nodedb.storage.wal.Effects;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** A core's context whose time, quanta and credit the test decides. */
final class TestContext implements ExecutionContext {
    final Effects effects = new Effects(256);
    final ByteArrayOutputStream chunks = new ByteArrayOutputStream();
    long nowMillis;
    long readLsn;

    /** How often {@link #quantumOver} may still be asked before it is. */
    int quantum = Integer.MAX_VALUE;

    /** Chunks that may still be taken. */
    int credit = Integer.MAX_VALUE;

    long dependsOn;
    @Nullable String message;
    private byte[] chunk = new byte[0];

    /** Ready for another execution at {@code nowMillis}. */
    TestContext begin(long now, long lsn) {
        nowMillis = now;
        readLsn = lsn;
        dependsOn = 0;
        message = null;
        quantum = Integer.MAX_VALUE;
        effects.reset();
        return this;
    }

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
        if (credit == 0) {
            return null;
        }
        credit--;
        chunk = new byte[4096];
        return chunk;
    }

    @Override
    public void sendChunk(int length) {
        chunks.write(chunk, 0, length);
    }

    @Override
    public void readElsewhere(Runnable read) {
        throw new AssertionError("everything is in memory");
    }

    @Override
    public int fail(ErrorCode code, String why) {
        message = why;
        return code.number();
    }
}
