package io.nodedb.data.commit;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.Request;
import io.nodedb.plan.Call;
import org.jspecify.annotations.Nullable;

/**
 * A batch that is applied and on its way through the log: what to stamp, whom to answer and what to
 * tell the Event Plane when it is durable.
 */
@CoreOwned
final class PendingBatch {
    final AppliedVersions versions = new AppliedVersions();
    final FeedCopy feed = new FeedCopy();

    /** Its versions carry this instead of the sequence; 0 when they carry the sequence. */
    long token;

    /** Requests whose answers wait for this batch, newest first, linked by {@link Request#next}. */
    private @Nullable Request<Call> waiters;

    void hold(Request<Call> request) {
        request.next = waiters;
        waiters = request;
    }

    /** Takes all waiting requests, in the order in which they came. */
    @Nullable Request<Call> takeWaiters() {
        Request<Call> reversed = null;
        Request<Call> request = waiters;
        while (request != null) {
            Request<Call> following = request.next;
            request.next = reversed;
            reversed = request;
            request = following;
        }
        waiters = null;
        return reversed;
    }

    void clear() {
        versions.clear();
        feed.clear();
        token = 0;
        waiters = null;
    }
}
