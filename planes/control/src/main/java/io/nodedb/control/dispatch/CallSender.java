package io.nodedb.control.dispatch;

import io.nodedb.base.ownership.Shared;
import io.nodedb.bridge.lane.Chunk;
import io.nodedb.bridge.lane.Request;
import io.nodedb.bridge.lane.SharedLane;
import io.nodedb.plan.Call;
import org.jspecify.annotations.Nullable;

/**
 * Puts exchanges on the shared lane. Sending is for every thread; answers come on the lane thread,
 * between {@link #enterCallbacks} and {@link #leaveCallbacks}.
 */
@Shared("SharedLane's lock; the callback mark is compared with the own thread only")
public final class CallSender implements ExchangeSender {
    private final SharedLane<Call> lane;

    /** A racy read by another thread finds null or a third thread, never itself. */
    private @Nullable Thread inCallbacks;

    public CallSender(SharedLane<Call> lane) {
        this.lane = lane;
    }

    @Override
    public boolean send(int core, Exchange<?> exchange, @Nullable AnswerListener listener) {
        if (!sendUntold(core, exchange, listener)) {
            return false;
        }
        exchange.tell();
        return true;
    }

    /**
     * As {@link #send}, but the core is told only by {@link Exchange#tell}, which whoever waits for
     * the exchange calls unless it does the core's work itself.
     */
    public boolean sendUntold(int core, Exchange<?> exchange, @Nullable AnswerListener listener) {
        Request<Call> request = lane.acquire(core, exchange.tenant);
        if (request == null) {
            return false;
        }
        exchange.prepareToSend(this, core, listener);
        exchange.fill(request);
        lane.submitUntold(request);
        return true;
    }

    @Override
    public void tell(int core) {
        lane.tell(core);
    }

    @Override
    public void recycle(Request<Call> request) {
        lane.recycle(request);
    }

    @Override
    public void giveBack(Chunk chunk) {
        lane.giveBack(chunk);
    }

    /** The lane thread begins to complete exchanges. */
    public void enterCallbacks() {
        inCallbacks = Thread.currentThread();
    }

    /** The lane thread has ended it. */
    public void leaveCallbacks() {
        inCallbacks = null;
    }

    /** True in a callback of an answer: this thread must not wait for another one. */
    public boolean isInCallback() {
        return inCallbacks == Thread.currentThread();
    }
}
