package io.nodedb.control.transaction;

import io.nodedb.base.ownership.Immutable;
import java.util.List;

/**
 * How a batch of commands ended.
 *
 * @param commit committed, then every command has its reply; or why not
 * @param watchChanged it was not made, because a watched key was changed
 * @param callsAreLost a core may still hold some of the commands' calls: they are not used again
 */
@Immutable
public record BatchOutcome(CommitOutcome commit, boolean watchChanged, boolean callsAreLost) {
    static BatchOutcome of(CommitOutcome commit, List<CommitTask.Participant> participants) {
        boolean changed = false;
        boolean lost = false;
        for (CommitTask.Participant participant : participants) {
            changed |= participant.watchChanged();
            lost |= participant.exchange.callMayBeInUse();
        }
        return new BatchOutcome(commit, changed && !commit.isCommitted(), lost);
    }

    public boolean isCommitted() {
        return commit.isCommitted();
    }
}
