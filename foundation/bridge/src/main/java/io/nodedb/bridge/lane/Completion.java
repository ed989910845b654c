package io.nodedb.bridge.lane;

import io.nodedb.base.errors.ErrorCode;

/**
 * Waits for the answer to one request of a {@link SharedLane}, as its {@link Request#attachment}.
 * Called on the thread {@code lane-shared}, which serves everyone: it hands over and returns.
 */
public interface Completion<P> {
    /** The final answer; the receiver recycles the request ({@link SharedLane#recycle}). */
    void complete(Request<P> request);

    /** A part of the answer; the receiver gives the chunk back ({@link SharedLane#giveBack}). */
    void completePartially(Chunk chunk);

    /**
     * No answer came in time; see {@link ResponseHandler#onExpired}. The request must not be
     * touched any more.
     */
    void expire(ErrorCode code);
}
