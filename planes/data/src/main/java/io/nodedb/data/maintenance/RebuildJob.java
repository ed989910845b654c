package io.nodedb.data.maintenance;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.data.commit.CommitBarrier;
import io.nodedb.data.commit.CommitPath;
import io.nodedb.data.offload.CoreInbox;
import io.nodedb.data.offload.HelperJob;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.data.partition.Partitions;
import io.nodedb.engine.Engine;
import java.util.BitSet;
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
        Engine fresh = service.loader().create(slot.engineId(), slot.partition());
        BitSet described = partitions.describeTo(slot, fresh);
        submitted =
                service.workers()
                        .submit(
                                new HelperJob(inbox) {
                                    @Override
                                    protected void work() throws Exception {
                                        service.loader()
                                                .reload(
                                                        fresh,
                                                        slot.partition(),
                                                        slot.engineId(),
                                                        service.store(
                                                                slot.partition(), slot.engineId()),
                                                        stampedLsn);
                                        fresh.opened(nowMillis);
                                    }

                                    @Override
                                    protected void finished(@Nullable Throwable thrown) {
                                        finished = true;
                                        if (thrown == null) {
                                            partitions.install(slot, fresh, described);
                                        } else {
                                            failure = thrown;
                                            fresh.close();
                                        }
                                    }
                                });
        if (!submitted) {
            fresh.close();
        }
        return submitted;
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
