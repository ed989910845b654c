package io.nodedb.server.resp;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.ownership.Shared;
import io.nodedb.kv.ScratchKeyspace;
import java.util.ArrayDeque;
import java.util.function.Function;

/** Empty keyspaces to compute commands in; kept, because their memory is dear to get. */
@Shared("one lock, held while a keyspace is taken or put back")
final class ScratchPool implements AutoCloseable {
    /** Kept for the next; lanes seldom compute at the same time. */
    private static final int KEPT = 4;

    /** One that has grown beyond is given up. */
    private static final long KEPT_BYTES = 8L << 20;

    private final MemoryGovernor memory;
    private final TimeSource time;
    private final ArrayDeque<ScratchKeyspace> free = new ArrayDeque<>();
    private boolean closed;

    ScratchPool(MemoryGovernor memory, TimeSource time) {
        this.memory = memory;
        this.time = time;
    }

    /**
     * Does some work in an empty keyspace, which must not be kept.
     *
     * @throws NodeDbException as the work does
     */
    <T> T with(Function<ScratchKeyspace, T> work) {
        ScratchKeyspace scratch = take();
        boolean whole = false;
        try {
            T result = work.apply(scratch);
            whole = true;
            return result;
        } catch (NodeDbException refused) {
            whole = true;
            throw refused;
        } finally {
            if (whole) {
                giveBack(scratch);
            } else {
                scratch.close();
            }
        }
    }

    private ScratchKeyspace take() {
        ScratchKeyspace known;
        synchronized (free) {
            known = free.pollFirst();
        }
        if (known == null) {
            return new ScratchKeyspace(memory, time.epochMillis());
        }
        known.clear(time.epochMillis());
        return known;
    }

    private void giveBack(ScratchKeyspace scratch) {
        scratch.clear(time.epochMillis());
        synchronized (free) {
            if (!closed && free.size() < KEPT && scratch.memoryBytes() <= KEPT_BYTES) {
                free.addFirst(scratch);
                return;
            }
        }
        scratch.close();
    }

    /** After the last work; frees everything. */
    @Override
    public void close() {
        synchronized (free) {
            closed = true;
            free.forEach(ScratchKeyspace::close);
            free.clear();
        }
        // The thread that usually frees has ended with the database.
        boolean more;
        do {
            more = memory.reclaimer().step();
        } while (more);
    }
}
