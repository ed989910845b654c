package io.nodedb.server.resp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.bridge.lane.Chunk;
import io.nodedb.bridge.lane.Request;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.Reply;
import io.nodedb.server.lane.SharedReadBuffer;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * One client: reads its commands, keeps the order of its replies, writes them once a turn.
 *
 * <p>Replies leave in the order of the commands, see {@link ReplyQueue}. A client that leaves too
 * many replies unread, or has too many commands under way, is not read from until that has changed.
 *
 * <p>Belongs to its lane's thread.
 */
@ControlPlane
final class RespConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = System.getLogger(RespConnection.class.getName());

    /** Room for what is left of commands that have not come whole. */
    private static final int SMALLEST_REST = 256;

    /** Room that is given to an argument of which nothing has come. */
    private static final int LARGEST_PROMISE = 64 << 10;

    /** Read from a client that waits for a key, to see it go; its commands wait, too. */
    private static final int MOST_WHILE_BLOCKED = 64 << 10;

    private final RespLane lane;
    private final RespServer server;
    private final ClientState state;
    private final RespLimits limits;
    private final CommandParser parser;
    private final CommandInput input;
    private final CommandPace pace = new CommandPace();
    private final KeyRouter keys;
    private final Subscriptions subscriptions;
    private final Reply scratch = new Reply();
    private final ReplyQueue replies;

    private @Nullable ChannelHandlerContext channel;
    private @Nullable ByteBuf in;
    private boolean parsing;
    private boolean broken;
    private boolean closing;
    private boolean gone;
    private boolean flushing;
    private boolean stalled;
    private boolean hasNoRoom;
    private boolean slowed;
    private @Nullable Reply captured;

    private @Nullable BlockedCommand blocked;

    /** A command is under way after which the next one must not begin. */
    private int held;

    RespConnection(RespLane lane, ClientState state) {
        this.lane = lane;
        this.server = lane.server();
        this.state = state;
        this.limits = server.limits();
        this.parser = new CommandParser(limits);
        this.input = new CommandInput(parser, io.netty.buffer.Unpooled.EMPTY_BUFFER);
        this.keys = new KeyRouter(lane.router());
        this.subscriptions = new Subscriptions(server.pubSub(), this);
        this.replies = new ReplyQueue(this, lane);
    }

    RespLane lane() {
        return lane;
    }

    RespServer server() {
        return server;
    }

    ClientState state() {
        return state;
    }

    KeyRouter keys() {
        return keys;
    }

    boolean isGone() {
        return gone;
    }

    /** Replies are owed. */
    boolean hasCommandsUnderWay() {
        return !replies.isEmpty();
    }

    boolean isResp3() {
        return replies.isResp3();
    }

    void useResp3(boolean on) {
        replies.useResp3(on);
    }

    /** As {@link ReplyQueue#useResp3AfterReplies}. */
    void useResp3AfterReplies(boolean on) {
        replies.useResp3AfterReplies(on);
    }

    // ---- reading

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context;
        server.clients().add(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        state.sawBytes(lane.time().epochMillis());
        if (broken || gone) {
            bytes.release();
            return;
        }
        if (comesTooSlowly()) {
            bytes.release();
            broken = true;
            replyError("ERR Protocol error: the command comes too slowly");
            closeAfterReplies();
            return;
        }
        ByteBuf rest = in;
        if (rest == null) {
            in = bytes;
        } else {
            if (rest.writableBytes() < bytes.readableBytes()) {
                rest.discardReadBytes();
                rest.ensureWritable(Math.max(bytes.readableBytes(), room(rest.readableBytes())));
            }
            rest.writeBytes(bytes);
            bytes.release();
        }
        goOn();
    }

    /** Runs what has been read, as far as it may. */
    void goOn() {
        if (parsing || gone) {
            return;
        }
        parsing = true;
        stalled = false;
        try {
            ByteBuf bytes = in;
            while (bytes != null && bytes.isReadable() && mayBegin() && command(bytes)) {
                bytes = in;
            }
        } finally {
            parsing = false;
        }
        keepRest();
        readOrNot();
    }

    private boolean comesTooSlowly() {
        ByteBuf rest = in;
        if (rest == null || held > 0 || stalled) {
            pace.taken();
            return false;
        }
        return pace.isTooSlow(rest.readableBytes(), state.lastSeenMillis());
    }

    private boolean mayBegin() {
        return held == 0
                && !broken
                && !closing
                && !stalled
                && replies.pending() < limits.maxPending();
    }

    /** One command. @return false when there is none, or it must wait */
    private boolean command(ByteBuf bytes) {
        parser.setStranger(!state.isAuthenticated());
        switch (parser.parse(bytes)) {
            case MORE -> {
                return false;
            }
            case NOTHING -> {
                bytes.skipBytes(parser.consumed());
                parser.next();
                return true;
            }
            case BROKEN -> {
                broken = true;
                replyError("ERR " + parser.error());
                closeAfterReplies();
                return false;
            }
            case COMMAND -> {
                input.at(bytes);
                hasNoRoom = false;
                if (!server.dispatcher().run(this, input) || hasNoRoom) {
                    stalled = true;
                    lane.stall(this);
                    return false;
                }
                pace.taken();
                if (!gone) {
                    bytes.skipBytes(parser.consumed());
                    parser.next();
                }
                return !gone;
            }
        }
        return false;
    }

    private void keepRest() {
        ByteBuf bytes = in;
        if (bytes == null) {
            return;
        }
        if (!bytes.isReadable()) {
            in = null;
            bytes.release();
        } else if (!stalled && held == 0 && mustMove(bytes)) {
            int size = bytes.readableBytes() + room(bytes.readableBytes());
            ByteBuf own = bytes.alloc().buffer(Math.max(SMALLEST_REST, size));
            own.writeBytes(bytes);
            bytes.release();
            in = own;
        }
    }

    /**
     * Room for what is missing of a command of which so much is here: not more than that again, so
     * that a length that is only promised takes no memory.
     */
    private int room(int here) {
        return Math.min(parser.missing(), Math.max(here, LARGEST_PROMISE));
    }

    /**
     * Does the rest want more room, or is it a small part of a buffer that others could read into?
     */
    private boolean mustMove(ByteBuf bytes) {
        return Math.min(parser.missing(), LARGEST_PROMISE / 2) > bytes.writableBytes()
                || (bytes.capacity() >= SharedReadBuffer.BYTES
                        && bytes.readableBytes() < SharedReadBuffer.BYTES / 4
                        && parser.missing() < SharedReadBuffer.BYTES / 4);
    }

    private void readOrNot() {
        ChannelHandlerContext context = channel;
        if (context != null) {
            boolean read =
                    (held == 0 || readsWhileBlocked())
                            && !stalled
                            && !closing
                            && replies.pending() < limits.maxPending()
                            && context.channel().isWritable()
                            && mayReadAsToRings();
            if (context.channel().config().isAutoRead() != read) {
                context.channel().config().setAutoRead(read);
            }
        }
    }

    private boolean mayReadAsToRings() {
        boolean may = lane.mayRead(this);
        if (!may && !slowed) {
            slowed = true;
            lane.slow(this);
        }
        return may;
    }

    /** The rings have room again, or less than before. */
    void pressureChanged() {
        slowed = false;
        if (!gone) {
            readOrNot();
        }
    }

    private boolean readsWhileBlocked() {
        ByteBuf bytes = in;
        return blocked != null && (bytes == null || bytes.readableBytes() < MOST_WHILE_BLOCKED);
    }

    /** The client waits with this command, until {@link #unblock}. */
    void block(BlockedCommand command) {
        blocked = command;
        lane.blocks();
        hold();
    }

    /** What {@link #block} has begun has ended; {@link #release} follows. */
    void unblock() {
        blocked = null;
        state.setWaiting(null, 0);
        lane.unblocks();
    }

    /** The command with which the client waits. */
    @Nullable BlockedCommand blocked() {
        return blocked;
    }

    /** No further command begins until {@link #release}: what is under way comes first. */
    void hold() {
        held++;
    }

    /** Ends a {@link #hold}; to be called on the lane's thread. */
    void release() {
        held--;
        if (held == 0) {
            goOn();
        }
    }

    // ---- replies

    /**
     * A request for the next reply, to be filled and {@link #submit}ted; null when the core's port
     * has no room now.
     */
    @Nullable Request<Call> newRequest(int core) {
        Request<Call> request = lane.ports().port(core).acquire(server.tenant());
        if (request != null) {
            request.session = state.id();
        }
        return request;
    }

    /** Sends a request whose answer is the next reply. */
    void submit(Request<Call> request) {
        PendingReply reply = append();
        if (request.payload instanceof CommandCall call) {
            reply.measure(LatencyFamily.of(call.command), lane.turnNanos());
        }
        request.attachment = reply;
        request.port.submit(request);
    }

    /**
     * Sends a command on keys whose name is the argument at {@code first}; when its core has no
     * room, again at the end of a turn.
     */
    void sendOrWait(Command command, CommandInput words, int first) {
        if (!server.dispatcher().send(this, command, words.from(first), 1)) {
            hasNoRoom = true;
        }
    }

    /** The next reply, which {@link #answer} brings later. */
    PendingReply append() {
        return replies.append(state.wantsNoReply());
    }

    /** Brings a reply that was promised by {@link #append}; its content is copied. */
    void answer(PendingReply reply, Reply content) {
        Reply own = new Reply();
        int at = own.raw(content.length());
        System.arraycopy(content.bytes(), 0, own.bytes(), at, content.length());
        reply.own = own;
        reply.ready = true;
        drain();
    }

    /** As {@link #answer}, for what comes after the client may have gone. */
    void answerUnlessGone(PendingReply reply, Reply content) {
        if (gone) {
            lane.giveBack(reply);
        } else {
            answer(reply, content);
        }
    }

    /** Runs once all replies before this one have been sent. */
    void whenFirst(PendingReply reply, Runnable action) {
        reply.whenFirst = action;
        drain();
    }

    /** A buffer to build one immediate reply in. */
    Reply build() {
        scratch.clear();
        return scratch;
    }

    /** Collects immediate replies instead of sending them, for those between others. */
    void capture(Reply into, Runnable commands) {
        captured = into;
        try {
            commands.run();
        } finally {
            captured = null;
        }
    }

    /** The next reply, at once. */
    void reply(Reply content) {
        Reply into = captured;
        if (into != null) {
            int at = into.raw(content.length());
            System.arraycopy(content.bytes(), 0, into.bytes(), at, content.length());
            return;
        }
        if (replies.isEmpty()) {
            if (!state.wantsNoReply()) {
                replies.send(content);
            }
        } else {
            answer(append(), content);
        }
    }

    void replyOk() {
        Reply reply = build();
        reply.ok();
        reply(reply);
    }

    /** An error that does not make EXEC fail. */
    void replyErrorOnly(String text) {
        server.statistics().countError();
        Reply reply = build();
        reply.error(text);
        reply(reply);
    }

    void replyError(String text) {
        server.statistics().countError();
        Reply reply = build();
        reply.error(text);
        reply(reply);
        state.failed();
    }

    /** Something that is no reply, such as a published message; it is not changed any more. */
    void push(Reply message) {
        if (gone) {
            return;
        }
        replies.push(message);
    }

    /** Any lane: delivers what another client has published. */
    void pushFrom(RespConnection publisher, Reply message) {
        if (publisher.lane == lane) {
            push(message);
        } else {
            lane.loop().sockets().execute(() -> push(message));
        }
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    /** A part of a reply has come. */
    void part(PendingReply reply, Request<Call> request, Chunk chunk) {
        replies.part(reply, request, chunk);
    }

    boolean isWritable() {
        ChannelHandlerContext context = channel;
        return context != null && context.channel().isWritable();
    }

    /** Sends what is ready, in order, and goes on with commands that waited for that. */
    void drain() {
        if (gone) {
            return;
        }
        boolean any = replies.drain();
        if (any && !parsing && in != null && mayBegin()) {
            goOn();
        }
        readOrNot();
        closeIfDone();
    }

    /** There is something for the end of the turn. */
    void flushLater() {
        if (!flushing) {
            flushing = true;
            lane.flushLater(this);
        }
    }

    /** Lane, at the end of its turn. */
    void flush() {
        flushing = false;
        ByteBuf bytes = replies.takeOut();
        ChannelHandlerContext context = channel;
        if (bytes == null) {
            return;
        }
        if (context == null || gone) {
            bytes.release();
            return;
        }
        ChannelFuture ignored = context.writeAndFlush(bytes, context.voidPromise());
        if (context.channel().bytesBeforeWritable() > server.outputLimitBytes()) {
            LOG.log(Level.WARNING, "Client {0} reads too slowly and is closed", state.id());
            close();
            return;
        }
        readOrNot();
        closeIfDone();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            drain();
        }
        readOrNot();
    }

    // ---- the end

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent && !state.isSubscribed() && blocked == null) {
            close();
        }
    }

    /** The client gets its replies, then the connection is closed. */
    void closeAfterReplies() {
        closing = true;
        closeIfDone();
    }

    private void closeIfDone() {
        ChannelHandlerContext context = channel;
        if (closing && replies.isSent() && context != null && !gone) {
            ChannelFuture ignored =
                    context.writeAndFlush(io.netty.buffer.Unpooled.EMPTY_BUFFER)
                            .addListener(io.netty.channel.ChannelFutureListener.CLOSE);
        }
    }

    /** Closes at once. */
    void close() {
        ChannelHandlerContext context = channel;
        if (context != null) {
            ChannelFuture ignored = context.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end();
    }

    /** What is under way finishes without anybody to tell. */
    private void end() {
        if (gone) {
            return;
        }
        gone = true;
        server.clients().remove(this);
        BlockedCommand waits = blocked;
        if (waits != null) {
            waits.clientGone();
        }
        subscriptions.end();
        state.end();
        state.endTransaction();
        replies.end();
        ReferenceCountUtil.release(in);
        in = null;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.log(Level.ERROR, "Connection " + state.id() + " failed", cause);
        }
        ChannelFuture ignored = context.close();
    }
}
