package io.nodedb.data.core;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.Request;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.data.partition.Partitions;
import io.nodedb.engine.Engine;
import io.nodedb.plan.Call;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The requests that came in this turn, before the first of them runs: their engines read ahead what
 * each will need, so that the processor waits for many cache misses at once. (Source: group
 * prefetching, Chen, Ailamaki, Gibbons and Mowry, "Improving Hash Join Performance through
 * Prefetching", ICDE 2004.)
 */
@CoreOwned
final class Arrivals {
    /** Fewer have nothing to overlap. */
    private static final int FEWEST = 3;

    /** More would push out of the nearest cache what the first ones have read. */
    private static final int MOST = 256;

    @SuppressWarnings("unchecked")
    private final @Nullable Request<Call>[] requests = (Request<Call>[]) new Request<?>[MOST];

    private int count;

    void add(Request<Call> request) {
        if (count < MOST) {
            requests[count++] = request;
        }
    }

    /** Have some come since the last {@link #clear}? */
    boolean any() {
        return count > 0;
    }

    /** Touches what they need. */
    void touch(Partitions partitions) {
        if (count < FEWEST) {
            return;
        }
        for (int round = 0; round < Engine.TOUCH_ROUNDS; round++) {
            for (int i = 0; i < count; i++) {
                touch(partitions, requests[i], round);
            }
        }
    }

    /** Forgets them. */
    void clear() {
        Arrays.fill(requests, 0, count, null);
        count = 0;
    }

    private static void touch(Partitions partitions, @Nullable Request<Call> request, int round) {
        if (request == null) {
            return;
        }
        int collection = request.payload.collection();
        if (!partitions.known(collection)) {
            return;
        }
        EngineSlot slot = partitions.find(request.partition, partitions.engineOf(collection));
        if (slot != null && !slot.recovering()) {
            slot.engine().touch(request.payload, round);
        }
    }
}
