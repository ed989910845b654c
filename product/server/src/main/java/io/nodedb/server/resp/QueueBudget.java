package io.nodedb.server.resp;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the commands that all clients have queued since MULTI may hold of the heap together, so that
 * many clients, each within its own limit, can't end the server.
 */
@Shared("atomic")
final class QueueBudget {
    private static final int SHARE_OF_HEAP = 8;

    private final long limitBytes;
    private final AtomicLong takenBytes = new AtomicLong();

    QueueBudget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** An eighth of the heap. */
    static QueueBudget ofHeap() {
        return new QueueBudget(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    }

    /** Takes so much; false, changing nothing, when there is not so much left. */
    boolean tryTake(long bytes) {
        long before = takenBytes.get();
        while (bytes <= limitBytes - before) {
            long witness = takenBytes.compareAndExchange(before, before + bytes);
            if (witness == before) {
                return true;
            }
            before = witness;
        }
        return false;
    }

    void giveBack(long bytes) {
        long left = takenBytes.addAndGet(-bytes);
        Check.that(left >= 0, "no more is given back than was taken", left);
    }

    long takenBytes() {
        return takenBytes.get();
    }
}
