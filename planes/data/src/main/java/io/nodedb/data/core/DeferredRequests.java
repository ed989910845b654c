package io.nodedb.data.core;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.Request;
import io.nodedb.plan.Call;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait for something (room in the log, a lock, credit, an acknowledgement, a turn of
 * their session), in the order in which they came, and which sessions have a request under way.
 *
 * <p>Requests of one session take effect in order: while one of them waits, yields or reads
 * elsewhere, its later ones wait behind it. A pass ({@link #beginPass}, {@link #next}, …, {@link
 * #endPass}) looks at every waiting request once.
 */
@CoreOwned
final class DeferredRequests {
    private RequestQueue waiting = new RequestQueue();
    private RequestQueue unseen = new RequestQueue();

    /** Waiting requests of each session. */
    private final SessionCounts waitingOf = new SessionCounts();

    /** Requests of each session that have begun and are in the queues or with a helper. */
    private final SessionCounts begun = new SessionCounts();

    /** Sessions of which the present pass has left one waiting. */
    private final SessionCounts blocked = new SessionCounts();

    /** May a request that has not begun run now? */
    boolean mayBegin(Request<Call> request) {
        return waitingOf.of(request.session) == 0 && begun.of(request.session) == 0;
    }

    /** The request has begun and is not finished; it will come back through the queues. */
    void begin(Request<Call> request) {
        begun.add(request.session);
    }

    /** A request that had begun came back. */
    void comeBack(Request<Call> request) {
        begun.remove(request.session);
    }

    /** Puts a request behind all that wait. */
    void add(Request<Call> request) {
        waitingOf.add(request.session);
        waiting.add(request);
    }

    /** Puts a request that had begun before all that wait: its session's later ones are behind. */
    void addFirst(Request<Call> request) {
        waitingOf.add(request.session);
        waiting.addFirst(request);
    }

    /** Starts a pass over all that wait now. */
    void beginPass() {
        RequestQueue swapped = unseen;
        unseen = waiting;
        waiting = swapped;
        blocked.clear();
    }

    /** The next of the pass; the caller says what became of it. Null at the end. */
    @Nullable Request<Call> next() {
        Request<Call> request = unseen.poll();
        if (request != null) {
            waitingOf.remove(request.session);
        }
        return request;
    }

    /** May this request of the pass run? Not while an earlier one of its session waits. */
    boolean mayRun(Request<Call> request) {
        return blocked.of(request.session) == 0 && begun.of(request.session) == 0;
    }

    /** Leaves a request of the pass waiting, in its place. */
    void keep(Request<Call> request) {
        blocked.add(request.session);
        add(request);
    }

    /** Ends the pass, also before its end; what it has not seen stays in order. */
    void endPass() {
        waiting.append(unseen);
    }

    int size() {
        return waiting.size() + unseen.size();
    }
}
