package io.nodedb.data.commit;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.wal.CommitPort;
import io.nodedb.storage.wal.CommitRequest;
import io.nodedb.storage.wal.RecordFormat;
import java.util.ArrayDeque;

/**
 * The core as coordinator of its own large writes: asks the WAL writer for the COMMIT; the outcome
 * comes back through the acknowledgement ring.
 */
@CoreOwned
public final class LocalCoordinator {
    private final int core;
    private final CommitPort port;
    private final long txnIdBase;
    private final ArrayDeque<CommitRequest> waiting = new ArrayDeque<>();
    private long counter;

    /**
     * {@code txnIdBase} makes this core's transaction ids different from every other coordinator's.
     */
    public LocalCoordinator(int core, CommitPort port, long txnIdBase) {
        this.core = core;
        this.port = port;
        this.txnIdBase = txnIdBase;
    }

    long nextTxnId() {
        return txnIdBase + ++counter;
    }

    void commit(
            long txnId, SectionedEffects effects, long ringPosition, byte source, boolean async) {
        CommitRequest request =
                new CommitRequest()
                        .commit(
                                txnId,
                                RecordFormat.flags(async ? RecordFormat.ASYNC : 0, source),
                                0,
                                0)
                        .core(core, ringPosition);
        for (int i = 0; i < effects.count(); i++) {
            request.partition(effects.partition(i));
        }
        waiting.add(request);
        poll();
    }

    /**
     * Takes back answered requests (the core learns the outcome from its acknowledgement ring) and
     * sends waiting ones.
     */
    public void poll() {
        while (port.poll() != null) {
            // the acknowledgement tells
        }
        while (!waiting.isEmpty() && port.submit(waiting.getFirst())) {
            waiting.removeFirst();
            port.flush();
        }
    }
}
