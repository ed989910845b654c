package io.nodedb.control.dispatch;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.bridge.lane.Chunk;
import io.nodedb.bridge.lane.Completion;
import io.nodedb.bridge.lane.Lane;
import io.nodedb.bridge.lane.Request;
import io.nodedb.bridge.lane.ResponseHandler;
import io.nodedb.plan.Call;
import org.jspecify.annotations.Nullable;

/**
 * Puts exchanges on the lane of one thread, and completes them: a server's event loop. Everything
 * here is for that thread, and nothing locks.
 *
 * <p>The cores are told when the thread flushes its lane, once for everything that it has sent. As
 * handler of {@link Lane#poll} and {@link Lane#expire} it takes answers to exchanges; a thread that
 * sends other requests, too, has a handler of its own and passes on those whose attachment is an
 * {@link Exchange}.
 */
@ControlPlane
public final class LaneSender implements ExchangeSender, ResponseHandler<Call> {
    private final Lane<Call> lane;

    public LaneSender(Lane<Call> lane) {
        this.lane = lane;
    }

    @Override
    public boolean send(int core, Exchange<?> exchange, @Nullable AnswerListener listener) {
        Request<Call> request = lane.port(core).acquire(exchange.tenant);
        if (request == null) {
            return false;
        }
        exchange.prepareToSend(this, core, listener);
        exchange.fill(request);
        lane.port(core).submit(request);
        return true;
    }

    @Override
    public void tell(int core) {
        lane.port(core).flush();
    }

    @Override
    public void recycle(Request<Call> request) {
        request.port.recycle(request);
    }

    @Override
    public void giveBack(Chunk chunk) {
        chunk.request().port.giveBack(chunk);
    }

    @Override
    public void onFinal(Request<Call> request) {
        completion(request).complete(request);
    }

    @Override
    public void onPartial(Chunk chunk) {
        completion(chunk.request()).completePartially(chunk);
    }

    @Override
    public void onExpired(Request<Call> request, ErrorCode code) {
        completion(request).expire(code);
    }

    @SuppressWarnings("unchecked") // what comes back from this lane was sent by it
    private static Completion<Call> completion(Request<?> request) {
        if (request.attachment instanceof Completion<?> completion) {
            return (Completion<Call>) completion;
        }
        throw new IllegalStateException("nobody waits for request id=" + request.id);
    }
}
