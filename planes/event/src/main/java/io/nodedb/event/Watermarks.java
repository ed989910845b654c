package io.nodedb.event;

import io.nodedb.base.ownership.Shared;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntUnaryOperator;

/**
 * Up to which LSN every commit of a core's partitions has been seen. The hub raises them; anybody
 * may read: windows close by them.
 */
@Shared("one atomic per core, written by the hub")
public final class Watermarks {
    private final AtomicLongArray byCore;
    private final IntUnaryOperator coreOf;

    Watermarks(int cores, IntUnaryOperator coreOf, long lsn) {
        this.byCore = new AtomicLongArray(cores);
        this.coreOf = coreOf;
        for (int core = 0; core < cores; core++) {
            byCore.set(core, lsn);
        }
    }

    boolean raise(int core, long lsn) {
        if (lsn <= byCore.get(core)) {
            return false;
        }
        byCore.setRelease(core, lsn);
        return true;
    }

    /** Of one core. */
    public long ofCore(int core) {
        return byCore.getAcquire(core);
    }

    /** Of one partition: its core's. */
    public long ofPartition(int partition) {
        return ofCore(coreOf.applyAsInt(partition));
    }

    /** Of all partitions. */
    public long lowest() {
        long lowest = Long.MAX_VALUE;
        for (int core = 0; core < byCore.length(); core++) {
            lowest = Math.min(lowest, byCore.getAcquire(core));
        }
        return lowest;
    }
}
