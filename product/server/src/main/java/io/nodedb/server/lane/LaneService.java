package io.nodedb.server.lane;

import io.nodedb.bridge.lane.ResponseHandler;
import io.nodedb.plan.Call;

/** What a lane's clients speak: takes the cores' answers on the lane's thread. */
public interface LaneService extends ResponseHandler<Call> {
    /**
     * Once a turn, after what has come from sockets and cores was handled: requests may have room
     * again, what was written can be flushed. @return true when it did something
     */
    boolean turnEnds();

    /** Any thread, and changing nothing: is there something from the log? */
    boolean hasWork();

    /** Requests and batches that clients still wait for. */
    int outstanding();
}
