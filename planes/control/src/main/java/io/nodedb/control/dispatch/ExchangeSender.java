package io.nodedb.control.dispatch;

import io.nodedb.bridge.lane.Chunk;
import io.nodedb.bridge.lane.Request;
import io.nodedb.plan.Call;
import org.jspecify.annotations.Nullable;

/**
 * Puts exchanges on a lane: on the one that all threads share ({@link CallSender}), or on a
 * thread's own ({@link LaneSender}). Whose thread may call it is the implementation's to say;
 * answers come on the lane's thread.
 */
public interface ExchangeSender {
    /**
     * Sends a filled exchange. {@code listener} is told of the answer on the lane's thread.
     *
     * @return false when the core's port has no room; nothing was sent
     */
    boolean send(int core, Exchange<?> exchange, @Nullable AnswerListener listener);

    /** Wakes a core to which something was sent. */
    void tell(int core);

    /** Takes back the request of an exchange that was answered. */
    void recycle(Request<Call> request);

    /** Takes back an emptied chunk. */
    void giveBack(Chunk chunk);
}
