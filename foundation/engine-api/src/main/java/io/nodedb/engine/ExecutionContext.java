package io.nodedb.engine;

import io.nodedb.base.errors.BugException;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.storage.rows.cache.BlockRequests;
import io.nodedb.storage.wal.Effects;
import org.jspecify.annotations.Nullable;

/**
 * What the owning core offers an engine while it executes one call or one slice of maintenance. Not
 * to be kept.
 */
public interface ExecutionContext {
    /** The core's wall clock for this call. */
    long nowMillis();

    /** Read at this LSN; 0 reads the newest applied versions. */
    long readLsn();

    /**
     * True when the quantum is over and the engine should return {@link Outcome#YIELD} (or end its
     * slice).
     */
    boolean quantumOver();

    /** Where a write's effects go. */
    Effects effects();

    /**
     * The answer tells something about this pending batch: it is held until that is durable. To be
     * called before {@link #takeChunk}, and again in each quantum that sees something pending.
     */
    void dependsOn(long batchSequence);

    /**
     * May the answer be sent in parts? If not (the call is one of a batch, whose answers are held),
     * all of it goes into the call's own buffer, whatever its size, durable or not.
     */
    default boolean inParts() {
        return true;
    }

    /**
     * A free chunk for a partial response, or null (also while the call depends on what is not
     * durable): return {@link Outcome#WAIT_FOR_CREDIT}.
     */
    byte @Nullable [] takeChunk();

    /** Sends the chunk that {@link #takeChunk} gave, with its first {@code length} bytes. */
    void sendChunk(int length);

    /**
     * Runs a blocking read on the I/O pool; the call is parked and executed again when it has
     * ended. Return {@link Outcome#WAIT_FOR_READ} after it. The read must touch nothing that the
     * core owns.
     */
    void readElsewhere(Runnable read);

    /**
     * The blocks that the call in hand waits for. When it returns {@link Outcome#WAIT_FOR_READ}
     * they are kept for its next execution; otherwise the core clears them.
     */
    default BlockRequests blocks() {
        throw new BugException("this context has no blocks read");
    }

    /**
     * Records why the call fails. @return the code's number, to be returned by {@link
     * Engine#execute}
     */
    int fail(ErrorCode code, String message);
}
