package io.nodedb.data.commit;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.Durability;
import io.nodedb.storage.wal.CommitPort;
import io.nodedb.storage.wal.CommitRequest;

/** The core as coordinator of its own large writes: asks the WAL writer for the COMMIT; the outcome comes back through the acknowledgement ring. */
@CoreOwned
public final class LocalCoordinator {
    private final int core;
    private final CommitPort port;
    private final long txnIdBase;
    private long counter;

    /** {@code txnIdBase} makes this core's transaction ids different from every other coordinator's. */
    public LocalCoordinator(int core, CommitPort port, long txnIdBase) {
        this.core = core;
        this.port = port;
        this.txnIdBase = txnIdBase;
    }

    long nextTxnId() {
        return txnIdBase + ++counter;
    }

    void commit(long txnId, SectionedEffects effects, long ringPosition, boolean async) {
        CommitRequest request = new CommitRequest();
        request.txnId = txnId;
        request.commit = true;
        request.durability = async ? Durability.ASYNC : Durability.SYNC;
        request.cores = new int[] {core};
        request.ringPositions = new long[] {ringPosition};
        request.partitions = new int[effects.count()];
        for (int i = 0; i < effects.count(); i++) {
            request.partitions[i] = effects.partition(i);
        }
        port.submit(request);
    }

    /** Takes back answered requests: the core learns the outcome from its acknowledgement ring. */
    void poll() {
        while (port.poll() != null) {
            // nothing to do: the acknowledgement tells
        }
    }
}
