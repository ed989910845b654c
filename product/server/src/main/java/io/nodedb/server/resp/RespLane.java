package io.nodedb.server.resp;

import io.netty.buffer.ByteBufAllocator;
import io.nodedb.assembly.FrontLane;
import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.bridge.lane.BackPressure;
import io.nodedb.bridge.lane.Chunk;
import io.nodedb.bridge.lane.Lane;
import io.nodedb.bridge.lane.LanePort;
import io.nodedb.bridge.lane.Request;
import io.nodedb.control.catalog.CatalogState;
import io.nodedb.control.dispatch.Exchange;
import io.nodedb.control.dispatch.LaneSender;
import io.nodedb.control.dispatch.Router;
import io.nodedb.control.transaction.CommitOutcome;
import io.nodedb.control.transaction.TransactionCoordinator;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.Reply;
import io.nodedb.server.lane.LaneLoop;
import io.nodedb.server.lane.LaneService;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The RESP clients of one lane: routes the cores' answers to them. */
@ControlPlane
final class RespLane implements LaneService {
    /** Replies kept for reuse. */
    private static final int KEPT_REPLIES = 8192;

    /** Of a port's requests, those that commands which wait for keys may keep, in percent. */
    private static final int WAITING_PERCENT = 75;

    /** Of those requests at which a port slows its lane, the same. */
    private static final int WAITING_OF_SLOW_PERCENT = 90;

    private static final Reply NO_REPLY = new Reply();

    private final RespServer server;
    private final LaneLoop loop;
    private final List<RespConnection> dirty = new ArrayList<>();
    private List<RespConnection> stalled = new ArrayList<>();
    private List<RespConnection> retried = new ArrayList<>();

    /** Connections that were not read from because of {@link #pressure}. */
    private final List<RespConnection> slowed = new ArrayList<>();

    private BackPressure pressure = BackPressure.NONE;
    private final LaneSender sender;
    private final TransactionCoordinator coordinator;
    private final PartSender parts = new PartSender(this);
    private final MovedCommands moved = new MovedCommands(this);
    private final CommandLatencies latencies = new CommandLatencies();
    private @Nullable PendingReply free;
    private int freeCount;
    private int outstanding;
    private final int[] waiting;
    private int blocked;

    RespLane(RespServer server, LaneLoop loop) {
        this.server = server;
        this.loop = loop;
        this.waiting = new int[loop.front().lane().cores()];
        this.sender = new LaneSender(loop.front().lane());
        this.coordinator =
                new TransactionCoordinator(
                        sender, loop.front().log(), server.time(), loop.front().txnIds());
    }

    /** Commits batches of commands. */
    TransactionCoordinator coordinator() {
        return coordinator;
    }

    /** Sends calls that are no commands. */
    LaneSender sender() {
        return sender;
    }

    RespServer server() {
        return server;
    }

    LaneLoop loop() {
        return loop;
    }

    Lane<Call> ports() {
        return loop.front().lane();
    }

    FrontLane front() {
        return loop.front();
    }

    Router router() {
        return server.control().router();
    }

    ByteBufAllocator alloc() {
        return server.alloc();
    }

    TimeSource time() {
        return server.time();
    }

    /** When what this lane does now began: see {@link LaneLoop#turnNanos}. */
    long turnNanos() {
        return loop.turnNanos();
    }

    /** Sends what is only a part of a reply. */
    PartSender parts() {
        return parts;
    }

    CommandLatencies latencies() {
        return latencies;
    }

    /** Has the collection been emptied, so that another one has its name, or soon will? */
    boolean isReplaced(int collection) {
        return server.flusher().successor(collection) != Flusher.NONE;
    }

    /**
     * A batch found its collection gone: when that was emptied, {@code again} runs as soon as the
     * connection, which begins nothing else meanwhile, knows the new one; also when it turns out
     * that there will be none, which {@code again} finds then.
     *
     * @return false when that is not why, or there is none
     */
    boolean isTriedAgain(
            RespConnection connection, @Nullable ErrorCode error, int collection, Runnable again) {
        if (error != ErrorCode.NOT_FOUND
                || connection.isGone()
                || !isReplaced(collection)
                || !server.comesBack(connection.state())) {
            return false;
        }
        tryAgain(connection, again);
        return true;
    }

    private void tryAgain(RespConnection connection, Runnable again) {
        ClientState state = connection.state();
        if (state.find(server.control().catalog().state(), false)
                || connection.isGone()
                || !server.comesBack(state)) {
            again.run();
        } else {
            parts.later(() -> tryAgain(connection, again));
        }
    }

    /** An error as the client is told it: of a collection that is gone, as any new command is. */
    String textOf(RespConnection connection, ErrorCode code, @Nullable String message) {
        if (code == ErrorCode.NOT_FOUND) {
            CatalogState catalog = server.control().catalog().state();
            String name = connection.state().collectionName();
            if (Databases.served(catalog, name) == null) {
                return Databases.gone(catalog, name);
            }
        }
        return ErrorTexts.of(code, message);
    }

    /** As {@link #textOf(RespConnection, ErrorCode, String)}, of a batch that was not made. */
    String textOf(RespConnection connection, CommitOutcome outcome) {
        ErrorCode code = outcome.error();
        return textOf(connection, code == null ? ErrorCode.INTERNAL : code, outcome.message());
    }

    /** A reply that is an error, with such a text. */
    Reply errorReply(RespConnection connection, ErrorCode code, @Nullable String message) {
        Reply reply = new Reply();
        reply.error(textOf(connection, code, message));
        return reply;
    }

    /** A client waits for a key from now on. */
    void blocks() {
        blocked++;
    }

    void unblocks() {
        blocked--;
    }

    /**
     * Commands of this lane that may wait for keys at one core, each of which keeps one of the
     * port's requests, maybe for ever: the others are for those who don't wait, and are so many
     * that who waits alone never stops the lane from reading.
     */
    int mostWaitingAt(int core) {
        LanePort<Call> port = ports().port(core);
        return Math.min(
                port.capacity() * WAITING_PERCENT / 100,
                port.slowAt() * WAITING_OF_SLOW_PERCENT / 100);
    }

    /** Takes the place of a command that waits at a core; false when there is none left. */
    boolean mayWaitAt(int core) {
        if (waiting[core] >= mostWaitingAt(core)) {
            return false;
        }
        waiting[core]++;
        return true;
    }

    /** Gives back what {@link #mayWaitAt} gave. */
    void waitsNoLonger(int core) {
        waiting[core]--;
    }

    PendingReply newReply(RespConnection connection) {
        PendingReply reply = free;
        if (reply == null) {
            reply = new PendingReply();
        } else {
            free = reply.next;
            freeCount--;
            reply.next = null;
        }
        reply.connection = connection;
        outstanding++;
        return reply;
    }

    void giveBack(PendingReply reply) {
        outstanding--;
        reply.reset();
        if (freeCount < KEPT_REPLIES) {
            reply.next = free;
            free = reply;
            freeCount++;
        }
    }

    /** At the end of the turn this client's replies are flushed. */
    void flushLater(RespConnection connection) {
        dirty.add(connection);
    }

    /** A core's port had no room: the client goes on when it has. */
    void stall(RespConnection connection) {
        stalled.add(connection);
    }

    @Override
    public void onFinal(Request<Call> request) {
        if (request.attachment instanceof PendingReply reply) {
            if (request.errorCode != Request.NO_ERROR && moved.take(request, reply)) {
                return;
            }
            reply.request = request;
            reply.ready = true;
            RespConnection connection = reply.connection;
            if (connection == null || connection.isGone()) {
                request.port.recycle(request);
                giveBack(reply);
            } else {
                connection.drain();
            }
        } else if (request.attachment instanceof Exchange<?>) {
            sender.onFinal(request);
        } else if (request.attachment instanceof PartAnswer part) {
            if (request.errorCode == Request.NO_ERROR) {
                part.answered(request.payload instanceof CommandCall call ? call.reply : NO_REPLY);
            } else {
                part.failed(ErrorCode.ofNumber(request.errorCode), request.message);
            }
            request.port.recycle(request);
        } else {
            server.unexpected(request);
            request.port.recycle(request);
        }
    }

    @Override
    @SuppressWarnings("unchecked") // it came over this lane
    public void onPartial(Chunk chunk) {
        if (chunk.request().attachment instanceof Exchange<?>) {
            sender.onPartial(chunk);
            return;
        }
        if (chunk.request().attachment instanceof PendingReply reply
                && reply.connection != null
                && !reply.connection.isGone()) {
            reply.connection.part(reply, (Request<Call>) chunk.request(), chunk);
        } else {
            giveBack(chunk);
        }
    }

    /** An emptied chunk goes back to its core. */
    void giveBack(Chunk chunk) {
        @SuppressWarnings("unchecked") // it came over this lane
        Request<Call> request = (Request<Call>) chunk.request();
        request.port.giveBack(chunk);
    }

    @Override
    public void onExpired(Request<Call> request, ErrorCode code) {
        if (request.attachment instanceof Exchange<?>) {
            sender.onExpired(request, code);
            return;
        }
        if (request.attachment instanceof PartAnswer part) {
            part.failed(code, "the core did not answer before the deadline");
            return;
        }
        if (request.attachment instanceof PendingReply reply) {
            RespConnection connection = reply.connection;
            if (connection == null || connection.isGone()) {
                giveBack(reply);
                return;
            }
            reply.own = ErrorTexts.reply(code, "the core did not answer before the deadline");
            reply.ready = true;
            connection.drain();
        }
    }

    /**
     * May a client be read from, as far as the rings are concerned? At {@code ring_slow} only if it
     * has nothing under way, at {@code ring_stop} not at all.
     */
    boolean mayRead(RespConnection connection) {
        return pressure == BackPressure.NONE
                || (pressure == BackPressure.SLOW && !connection.hasCommandsUnderWay());
    }

    /** A client is not read from until {@link RespConnection#pressureChanged}. */
    void slow(RespConnection connection) {
        slowed.add(connection);
    }

    private void followPressure() {
        BackPressure now = ports().pressure();
        if (now == pressure) {
            return;
        }
        pressure = now;
        List<RespConnection> looked = List.copyOf(slowed);
        slowed.clear();
        looked.forEach(RespConnection::pressureChanged);
    }

    @Override
    public boolean turnEnds() {
        boolean worked = !dirty.isEmpty();
        followPressure();
        parts.retry();
        moved.retry();
        worked |= coordinator.hasWork();
        coordinator.step();
        if (!stalled.isEmpty()) {
            List<RespConnection> waiting = stalled;
            stalled = retried;
            retried = waiting;
            for (RespConnection connection : waiting) {
                connection.goOn();
            }
            waiting.clear();
        }
        for (int i = 0; i < dirty.size(); i++) {
            dirty.get(i).flush();
        }
        dirty.clear();
        return worked;
    }

    @Override
    public boolean hasWork() {
        return coordinator.hasWork();
    }

    @Override
    public int outstanding() {
        // Who waits for a key may do so for ever.
        return outstanding - blocked + coordinator.open();
    }
}
