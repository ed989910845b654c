package io.nodedb.data.maintenance;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.Tenants;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.data.core.LogView;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.engine.EngineFiles;
import io.nodedb.engine.ExecutionContext;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint of an engine with files of its own: what is in memory is sealed, and {@link
 * FileWork} runs the engine's jobs until they cover what was committed when it began.
 */
@CoreOwned
final class FileCheckpoint implements Checkpoint {
    private final EngineSlot slot;
    private final EngineFiles files;
    private final FileWork work;
    private final LogView log;
    private final long targetLsn;
    private long coveredWhenSealed;
    private long syncedWhenSealed;
    private boolean finished;
    private @Nullable Throwable failure;

    FileCheckpoint(EngineSlot slot, EngineFiles files, FileWork work, LogView log, long targetLsn) {
        this.slot = slot;
        this.files = files;
        this.work = work;
        this.log = log;
        this.targetLsn = targetLsn;
        seal();
        work.hasten(slot);
    }

    @Override
    public boolean step(ExecutionContext context, long nowNanos, boolean urgent) {
        if (finished) {
            return false;
        }
        if (urgent) {
            work.sparesNoDisk(slot);
        }
        Throwable failed = work.failure(slot);
        if (failed != null) {
            fail(failed);
        } else if (files.coveredLsn() >= targetLsn) {
            end();
        } else if (log.failed()) {
            fail(new NodeDbException(ErrorCode.STORAGE_FAILED, "the log failed: " + log.failure()));
        } else if (log.syncedLsn() >= targetLsn
                && (syncedWhenSealed < targetLsn || files.coveredLsn() != coveredWhenSealed)) {
            // What was published, or found to be published, while the log was synced less far could
            // not cover what it can now.
            seal();
        }
        return finished;
    }

    private void seal() {
        coveredWhenSealed = files.coveredLsn();
        syncedWhenSealed = log.syncedLsn();
        files.seal();
    }

    @Override
    public boolean waitsForBudget() {
        // The jobs do, and say so.
        return false;
    }

    @Override
    public boolean finished() {
        return finished;
    }

    @Override
    public @Nullable Throwable failure() {
        return failure;
    }

    @Override
    public boolean published() {
        return finished && failure == null && files.coveredLsn() >= targetLsn;
    }

    @Override
    public int tenant() {
        return Tenants.SYSTEM;
    }

    @Override
    public EngineSlot slot() {
        return slot;
    }

    @Override
    public void fail(Throwable why) {
        if (!finished) {
            failure = why;
            end();
        }
    }

    @Override
    public void cancel() {
        end();
    }

    private void end() {
        finished = true;
        work.hasEnded(slot);
    }
}
