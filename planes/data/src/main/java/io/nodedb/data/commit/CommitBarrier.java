package io.nodedb.data.commit;

import io.nodedb.base.ownership.CoreOwned;
import java.util.Set;

/**
 * Passed when every batch and every prepared transaction that was under way when it was made has
 * come back from the log, and the log's durable LSN covers them.
 */
@CoreOwned
public final class CommitBarrier {
    private final CommitPath commits;
    private final long sequence;
    private final Set<Long> transactions;
    private boolean returned;
    private long lastLsn;

    CommitBarrier(CommitPath commits, long sequence, Set<Long> transactions) {
        this.commits = commits;
        this.sequence = sequence;
        this.transactions = transactions;
    }

    /**
     * @param stampedLsn every commit up to here has been taken from the acknowledgement ring; it
     *     follows the acknowledgements themselves
     */
    public boolean passed(long stampedLsn) {
        if (!returned) {
            if (commits.pending(sequence) || commits.anyPrepared(transactions)) {
                return false;
            }
            returned = true;
            lastLsn = commits.lastLsn();
        }
        return stampedLsn >= lastLsn;
    }
}
