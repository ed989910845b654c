package io.nodedb.data.commit;

import io.nodedb.base.ownership.CoreOwned;
import java.util.Set;

/**
 * Passed when every batch and every prepared transaction that was under way when it was made has
 * come back from the log.
 */
@CoreOwned
public final class CommitBarrier {
    private final CommitPath commits;
    private final long sequence;
    private final Set<Long> transactions;

    CommitBarrier(CommitPath commits, long sequence, Set<Long> transactions) {
        this.commits = commits;
        this.sequence = sequence;
        this.transactions = transactions;
    }

    public boolean passed() {
        return !commits.pending(sequence) && !commits.anyPrepared(transactions);
    }
}
