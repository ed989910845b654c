package io.nodedb.data.offload;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;
import io.nodedb.bridge.wake.Doorbell;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * What helpers hand back to one core: continuations that the core runs in its own turn. Helpers
 * post, the core polls.
 */
@Shared("bounded multi-producer single-consumer queue")
public final class CoreInbox {
    /**
     * Bound of work under way for one core: a core has at most one read per parked task and a few
     * background jobs.
     */
    private static final int CAPACITY = 8192;

    private final MpscVarHandleArrayQueue<Runnable> queue = new MpscVarHandleArrayQueue<>(CAPACITY);
    private final Doorbell doorbell;

    public CoreInbox(Doorbell doorbell) {
        this.doorbell = doorbell;
    }

    /** Posts a continuation and wakes the core. Any thread. */
    public void post(Runnable continuation) {
        Check.that(queue.offer(continuation), "the inbox holds all work under way");
        doorbell.ring();
    }

    /** Core only. */
    public @Nullable Runnable poll() {
        return queue.poll();
    }

    /** Core only: is there something to run? */
    public boolean isEmpty() {
        return queue.isEmpty();
    }
}
