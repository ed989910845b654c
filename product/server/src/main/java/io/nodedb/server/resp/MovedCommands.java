package io.nodedb.server.resp;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.bridge.lane.Request;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.command.CommandCall;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Commands that found their collection gone, because another client has emptied the database while
 * they were on their way: they are sent again, in their order, to the one that has replaced it.
 * Belongs to its lane.
 */
@ControlPlane
final class MovedCommands {
    private final RespLane lane;
    private final ArrayDeque<Request<Call>> waiting = new ArrayDeque<>();

    MovedCommands(RespLane lane) {
        this.lane = lane;
    }

    /** Takes an answer that must not be told; false when it is to be told. */
    boolean take(Request<Call> request, PendingReply reply) {
        if (request.errorCode != ErrorCode.NOT_FOUND.number()
                || reply.inParts
                || !(request.payload instanceof CommandCall call)
                || !lane.isReplaced(call.collection)) {
            return false;
        }
        waiting.add(request);
        return true;
    }

    /** At the end of a turn: sends what can be sent. */
    void retry() {
        while (!waiting.isEmpty() && sent(waiting.getFirst())) {
            waiting.removeFirst();
        }
    }

    private boolean sent(Request<Call> old) {
        PendingReply reply = (PendingReply) java.util.Objects.requireNonNull(old.attachment);
        RespConnection connection = reply.connection;
        if (connection == null || connection.isGone()) {
            old.port.recycle(old);
            lane.giveBack(reply);
            return true;
        }
        CommandCall asked = (CommandCall) old.payload;
        int successor = lane.server().flusher().successor(asked.collection);
        @Nullable Request<Call> request =
                successor == Flusher.SOON ? null : old.port.acquire(lane.server().tenant());
        if (request == null) {
            return false;
        }
        CommandCall call = (CommandCall) request.reusable;
        call.reset();
        call.command = asked.command;
        call.collection = successor;
        call.seed = asked.seed;
        call.arguments.addAll(asked.arguments);
        request.payload = call;
        request.partition = old.partition;
        request.session = old.session;
        request.durability = old.durability;
        request.deadlineNanos = lane.time().nanoTime() + lane.server().requestTimeoutNanos();
        request.attachment = reply;
        old.port.recycle(old);
        request.port.submit(request);
        return true;
    }
}
