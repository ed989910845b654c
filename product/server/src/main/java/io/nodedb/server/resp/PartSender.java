package io.nodedb.server.resp;

import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.bridge.lane.Request;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * Sends commands whose answers are parts of a reply. What a core has no room for waits for the end
 * of a turn. Belongs to its lane's thread.
 */
@ControlPlane
final class PartSender {
    private final RespLane lane;
    private ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private ArrayDeque<Runnable> retried = new ArrayDeque<>();

    PartSender(RespLane lane) {
        this.lane = lane;
    }

    /** Sends a command to one partition; {@code fill} adds its arguments, maybe more than once. */
    void send(
            int partition,
            int collection,
            Command command,
            Consumer<Arguments> fill,
            PartAnswer answer) {
        RespServer server = lane.server();
        Request<Call> request =
                lane.ports().port(lane.router().coreOf(partition)).acquire(server.tenant());
        if (request == null) {
            waiting.add(() -> send(partition, collection, command, fill, answer));
            return;
        }
        CommandCall call = (CommandCall) request.reusable;
        call.reset();
        call.command = command;
        call.collection = collection;
        call.seed = java.util.concurrent.ThreadLocalRandom.current().nextLong();
        fill.accept(call.arguments);
        request.payload = call;
        request.partition = partition;
        request.deadlineNanos = lane.time().nanoTime() + server.requestTimeoutNanos();
        request.durability = server.durability();
        request.attachment = answer;
        request.port.submit(request);
    }

    /** Runs something at the end of a turn. */
    void later(Runnable action) {
        waiting.add(action);
    }

    /** Tries again what had no room. */
    void retry() {
        if (waiting.isEmpty()) {
            return;
        }
        ArrayDeque<Runnable> now = waiting;
        waiting = retried;
        retried = now;
        now.forEach(Runnable::run);
        now.clear();
    }
}
