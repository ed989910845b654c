package io.nodedb.simulator;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.Lsn;
import io.nodedb.control.catalog.Catalog;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.event.Change;
import io.nodedb.event.ChangeFeed;
import io.nodedb.event.ChangeFilter;
import io.nodedb.event.Operation;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A consumer of all changes that stores its position with what it took, as consumers should, and
 * subscribes again from there after a crash; sometimes from further back, as one does that had not
 * stored its last position.
 */
final class FeedActor extends Actor {
    private static final int MOST_AT_ONCE = 20;

    private final SplittableRandom random;
    private final CommittedHistory history;
    private @Nullable SimulatedLife life;
    private @Nullable ChangeFeed feed;
    private long position;
    private long olderPosition;
    private boolean slow;

    FeedActor(CommittedHistory history, SplittableRandom random) {
        super("feed");
        this.history = history;
        this.random = random;
    }

    @Override
    void attach(SimulatedLife newLife) {
        life = newLife;
        // Only a feed that is open holds the log: further back may be gone.
        boolean reachesBack =
                newLife.kernel().wal().reader().reachesBackTo() <= olderPosition
                        && !history.isIncomplete();
        long from = reachesBack && random.nextInt(4) == 0 ? olderPosition : position;
        feed = newLife.kernel().events().changes(from, ChangeFilter.ALL_DATA);
        slow = random.nextInt(4) == 0;
    }

    @Override
    void detach() {
        ChangeFeed open = feed;
        feed = null;
        life = null;
        olderPosition = position;
        if (open != null) {
            open.close();
        }
    }

    @Override
    boolean idle() {
        return true;
    }

    /** Everything up to here has been told. */
    long position() {
        return position;
    }

    @Override
    boolean step() {
        return !(slow && random.nextInt(50) > 0) && take(1 + random.nextInt(MOST_AT_ONCE));
    }

    boolean take(int most) {
        ChangeFeed open = feed;
        SimulatedLife now = life;
        if (open == null || now == null) {
            return false;
        }
        history.clockShowed(
                Math.max(now.time().epochMillis(), Lsn.millis(now.progress().ackingLsn())));
        for (int i = 0; i < most; i++) {
            Change change;
            try {
                change = open.poll();
            } catch (NodeDbException e) {
                if (e.code() == ErrorCode.STORAGE_FAILED && now.expectsDiskFaults()) {
                    return true; // polling again tries again
                }
                if (e.code() != ErrorCode.LSN_TOO_OLD || !history.isIncomplete()) {
                    throw e;
                }
                resubscribe(now, open);
                return true;
            }
            position = Math.max(position, open.position());
            if (change == null) {
                return i > 0;
            }
            if (change.operation() == Operation.GAP) {
                now.requireGapsAllowed();
                history.gap();
            } else {
                take(now, change);
            }
        }
        return true;
    }

    private void take(SimulatedLife now, Change change) {
        if (change.collection() < Catalog.FIRST_USER_COLLECTION) {
            return;
        }
        CollectionInfo collection =
                now.kernel().control().catalog().state().byId(change.collection());
        if (collection == null) {
            throw new AssertionError("a change of an unknown collection: " + change);
        }
        if (collection.name().equals(SimulatedLife.BATCHES)) {
            return; // it has no feed: what its clients know is theirs to check
        }
        history.add(collection.name(), change);
        now.trace().add(change.lsn());
    }

    /** The log was cut: it goes on from now. */
    private void resubscribe(SimulatedLife now, ChangeFeed old) {
        old.close();
        // Neither beyond what a power loss leaves nor beyond what readers are told.
        position = Math.min(now.progress().syncedLsn(), now.progress().durableLsn());
        feed = now.kernel().events().changes(position, ChangeFilter.ALL_DATA);
    }
}
