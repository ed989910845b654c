package io.nodedb.data.maintenance;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.data.commit.CommitBarrier;
import io.nodedb.data.commit.CommitPath;
import io.nodedb.data.offload.CoreInbox;
import io.nodedb.data.offload.HelperJob;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.data.partition.Partitions;
import io.nodedb.data.recovery.EngineLoader;
import io.nodedb.engine.Engine;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds an engine whose state can't be trusted, from its checkpoint and the durable log. It
 * first waits until everything that touched the engine has come back from the log (new writes are
 * refused meanwhile), so that the log holds all of it; then a background worker loads a new engine,
 * which the core puts in the place of the broken one.
 */
@CoreOwned
final class RebuildJob {
    private final EngineSlot slot;
    private final CheckpointService service;
    private final CoreInbox inbox;
    private final Partitions partitions;
    private final CommitBarrier barrier;
    private boolean submitted;
    private boolean finished;
    private @Nullable Throwable failure;

    RebuildJob(
            EngineSlot slot,
            CheckpointService service,
            CoreInbox inbox,
            Partitions partitions,
            CommitPath commits) {
        this.slot = slot;
        this.service = service;
        this.inbox = inbox;
        this.partitions = partitions;
        this.barrier = commits.barrier();
    }

    /**
     * @param stampedLsn every commit up to here has been taken from the acknowledgement ring
     */
    boolean step(long stampedLsn, long nowMillis) {
        if (submitted || !barrier.passed(stampedLsn)) {
            return false;
        }
        Partitions.Description described = partitions.describe(slot);
        submitted = service.workers().submit(new Loading(described, stampedLsn, nowMillis));
        return submitted;
    }

    /** A background worker's part. */
    private final class Loading extends HelperJob {
        private final Partitions.Description described;
        private final long lastLsn;
        private final long nowMillis;
        private @Nullable Engine rebuilt;

        Loading(Partitions.Description described, long lastLsn, long nowMillis) {
            super(inbox);
            this.described = described;
            this.lastLsn = lastLsn;
            this.nowMillis = nowMillis;
        }

        @Override
        protected void work() throws Exception {
            EngineLoader loader = service.loader();
            Engine loaded =
                    loader.keepsFiles(slot.engineId())
                            ? loader.reload(this::fresh, slot.partition(), slot.engineId(), lastLsn)
                            : loader.reload(
                                    this::fresh,
                                    slot.partition(),
                                    slot.engineId(),
                                    service.store(slot.partition(), slot.engineId()),
                                    lastLsn);
            rebuilt = loaded;
            loaded.opened(nowMillis);
        }

        private Engine fresh() {
            Engine fresh = service.loader().create(slot.engineId(), slot.partition());
            described.openIn(fresh);
            return fresh;
        }

        @Override
        protected void finished(@Nullable Throwable thrown) {
            finished = true;
            failure = thrown;
            Engine loaded = rebuilt;
            if (loaded == null) {
                return;
            }
            if (thrown == null) {
                partitions.install(slot, loaded, described);
            } else {
                loaded.close();
            }
        }
    }

    boolean finished() {
        return finished;
    }

    @Nullable Throwable failure() {
        return failure;
    }

    EngineSlot slot() {
        return slot;
    }
}
