package io.nodedb.data.core;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.Priority;
import io.nodedb.bridge.lane.Request;
import io.nodedb.plan.Call;
import org.jspecify.annotations.Nullable;

/**
 * The core's four queues. Higher priorities go first, but in every {@code backgroundShare} tasks at
 * least one comes from the background queue when it has any, so that a flood of ordinary work can't
 * starve it.
 *
 * <p>Every request in them holds a slot of its lane until it is answered, which bounds them all.
 * The rings are first in, first out, and taking nothing from them is what keeps a lane with many
 * requests from filling the queues ahead of the others; so the core stops taking when a queue holds
 * {@code capacity}. Only the background queue, which drains slowly beside other work, goes on to
 * take: what waits there for its turn must not keep urgent requests in the rings behind it.
 */
@CoreOwned
final class PriorityQueues {
    private final RequestQueue[] queues = {
        new RequestQueue(), new RequestQueue(), new RequestQueue(), new RequestQueue()
    };
    private final int capacity;
    private final int backgroundShare;
    private int sinceBackground;
    private int size;

    PriorityQueues(int capacity, int backgroundShare) {
        this.capacity = capacity;
        this.backgroundShare = backgroundShare;
    }

    /** True when any queue but the background's is full: nothing is taken from the rings then. */
    boolean full() {
        for (int priority = 0; priority < Priority.BACKGROUND; priority++) {
            if (queues[priority].size() >= capacity) {
                return true;
            }
        }
        return false;
    }

    void add(Request<Call> request) {
        queues[request.priority].add(request);
        size++;
    }

    /** The next task, or null. */
    @Nullable Request<Call> poll() {
        if (size == 0) {
            return null;
        }
        RequestQueue background = queues[Priority.BACKGROUND];
        if (sinceBackground >= backgroundShare - 1 && !background.isEmpty()) {
            return take(background);
        }
        for (RequestQueue queue : queues) {
            if (!queue.isEmpty()) {
                return take(queue);
            }
        }
        return null;
    }

    private @Nullable Request<Call> take(RequestQueue queue) {
        size--;
        sinceBackground = queue == queues[Priority.BACKGROUND] ? 0 : sinceBackground + 1;
        return queue.poll();
    }

    int size() {
        return size;
    }
}
