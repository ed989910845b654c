package io.nodedb.data.commit;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.bridge.lane.Request;
import io.nodedb.plan.Call;

/** Where the commit path sends answers that it held. */
public interface Answers {
    /**
     * What the answer waited for is durable: it is sent as it stands, with the error that it may
     * carry.
     */
    void release(Request<Call> request);

    void fail(Request<Call> request, ErrorCode code, String message);

    /**
     * The log failed while a read waited for what it had seen: it is executed again at the durable
     * LSN.
     */
    void executeAgain(Request<Call> request);

    /** A request that was {@link CommitResult#DECIDED_LATER} is decided; its answer follows. */
    void sessionGoesOn(Request<Call> request);
}
