package io.nodedb.bridge.lane;

import io.nodedb.base.errors.ErrorCode;

/** Takes what comes back from the cores, on the lane's thread. */
public interface ResponseHandler<P> {
    /**
     * A part of a large result, in order of {@link Chunk#sequence}, before the final answer. The
     * handler owns the chunk until it gives it back ({@link LanePort#giveBack}); until then the
     * core has less credit.
     */
    void onPartial(Chunk chunk);

    /** The final answer. The handler owns the request until it recycles it. */
    void onFinal(Request<P> request);

    /**
     * The core did not answer in time: DEADLINE_EXCEEDED when the request certainly wrote nothing,
     * OUTCOME_UNKNOWN otherwise. The core still owns the request: only its {@link Request#id},
     * {@link Request#tenant}, {@link Request#partition} and {@link Request#attachment} may be read,
     * now and not later, and it is not recycled; that happens by itself when the late answer
     * arrives.
     */
    void onExpired(Request<P> request, ErrorCode code);
}
