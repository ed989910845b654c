package io.nodedb.data.maintenance;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.engine.ExecutionContext;
import org.jspecify.annotations.Nullable;

/** One engine's part of a round of checkpoints, until it has {@link #finished}. */
@CoreOwned
sealed interface Checkpoint permits CheckpointJob, FileCheckpoint {
    /**
     * One slice.
     *
     * @param urgent somebody waits: the I/O is charged, but not held up
     * @return true when there was something to do on this core
     */
    boolean step(ExecutionContext context, long nowNanos, boolean urgent);

    /** It goes on as soon as the I/O budget allows. */
    boolean waitsForBudget();

    /** It has ended, and nobody works on the folder for it any more. */
    boolean finished();

    /** Why it failed; null when it did not, or was cancelled. */
    @Nullable Throwable failure();

    /** What it covers counts. */
    boolean published();

    /** The tenant whose collection is being written at this moment: charged with the time. */
    int tenant();

    EngineSlot slot();

    /** Gives up. */
    void fail(Throwable why);

    /** The engine will be replaced. To be called again until it is {@link #finished}. */
    void cancel();
}
