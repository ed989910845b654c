package io.nodedb.server.resp;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.bridge.lane.Request;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.Reply;
import io.nodedb.plan.kv.command.WaitEndCall;
import io.nodedb.plan.kv.command.WaitTicket;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Where a blocked command waits at one core: a request that the core keeps until it has something.
 * Belongs to its connection's lane.
 */
@ControlPlane
final class WaitingPlace implements PartAnswer {
    private final BlockedCommand owner;
    private final WaitTicket ticket;
    private final int partition;
    private final int collection;
    private final Command command;
    private final Arguments arguments;
    private boolean hasWaited;

    /** The core has a request, or will get one. */
    private boolean taken;

    /** It was told that there is something, and keeps its place while it goes for it. */
    private boolean kept;

    private boolean ended;

    /**
     * @param command what waits; one that only reads tells that there is something
     * @param arguments not copied
     */
    WaitingPlace(
            BlockedCommand owner,
            WaitTicket ticket,
            int partition,
            int collection,
            Command command,
            Arguments arguments,
            boolean hasWaited) {
        this.owner = owner;
        this.ticket = ticket;
        this.partition = partition;
        this.collection = collection;
        this.command = command;
        this.arguments = arguments;
        this.hasWaited = hasWaited;
    }

    WaitTicket ticket() {
        return ticket;
    }

    boolean onlyTells() {
        return !command.writes();
    }

    boolean isTaken() {
        return taken;
    }

    private RespLane lane() {
        return owner.connection().lane();
    }

    private int core() {
        return lane().router().coreOf(partition);
    }

    /** Once. */
    void take() {
        taken = true;
        if (lane().mayWaitAt(core())) {
            send();
        } else {
            taken = false;
            owner.failed(
                    this,
                    ErrorCode.RESOURCES_EXHAUSTED,
                    "too many clients wait for keys of one core: limit="
                            + lane().mostWaitingAt(core()));
        }
    }

    private void send() {
        if (ended) {
            taken = false;
            lane().waitsNoLonger(core());
            return;
        }
        RespServer server = lane().server();
        Request<Call> request = lane().ports().port(core()).acquire(server.tenant());
        if (request == null) {
            lane().parts().later(this::send);
            return;
        }
        CommandCall call = (CommandCall) request.reusable;
        call.reset();
        call.command = command;
        call.collection = collection;
        call.seed = ThreadLocalRandom.current().nextLong();
        call.arguments.addAll(arguments);
        call.ticket = ticket;
        call.onlyKey = hasWaited ? CommandCall.ALL_WAITED_KEYS : CommandCall.ALL_KEYS;
        request.payload = call;
        request.partition = partition;
        request.deadlineNanos = Request.NO_DEADLINE;
        request.durability = server.durability();
        request.session = owner.connection().state().id();
        request.attachment = this;
        request.port.submit(request);
    }

    /** What it was told of has gone meanwhile: it waits on, in its place. */
    void comeBack() {
        kept = false;
        hasWaited = true;
        take();
    }

    @Override
    public void answered(Reply part) {
        notTaken();
        kept = onlyTells() && !part.isNothing() && !part.isError();
        owner.answered(this, part);
    }

    @Override
    public void failed(ErrorCode code, @Nullable String message) {
        notTaken();
        owner.failed(this, code, message);
    }

    private void notTaken() {
        taken = false;
        lane().waitsNoLonger(core());
    }

    /** The command has ended, or begins anew: the core forgets the place. */
    void end() {
        if (!ended) {
            ended = true;
            if (taken || kept) {
                sendEnd();
            }
        }
    }

    private void sendEnd() {
        RespServer server = lane().server();
        Request<Call> request = lane().ports().port(core()).acquire(server.tenant());
        if (request == null) {
            lane().parts().later(this::sendEnd);
            return;
        }
        WaitEndCall call = new WaitEndCall();
        call.ticket = ticket;
        request.payload = call;
        request.partition = partition;
        request.deadlineNanos = lane().time().nanoTime() + server.requestTimeoutNanos();
        request.attachment = ENDED;
        request.port.submit(request);
    }

    /** Nobody waits for the answer. */
    private static final PartAnswer ENDED =
            new PartAnswer() {
                @Override
                public void answered(Reply part) {}

                @Override
                public void failed(ErrorCode code, @Nullable String message) {}
            };
}
