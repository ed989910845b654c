package io.nodedb.server.resp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.bridge.lane.Chunk;
import io.nodedb.bridge.lane.Request;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.Reply;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One client: reads its commands, keeps the order of its replies, writes them once a turn.
 *
 * <p>Replies leave in the order of the commands, whatever order the cores answer in: each owed
 * reply has its place in a list, whose head is encoded as soon as it is ready. A client that leaves
 * too many replies unread, or has too many commands under way, is not read from until that has
 * changed; what a core streams to it waits for credit, so it slows nobody else.
 *
 * <p>Belongs to its lane's thread.
 */
@ControlPlane
final class RespConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = System.getLogger(RespConnection.class.getName());
    private static final int FIRST_OUT_BYTES = 1024;

    private final RespLane lane;
    private final RespServer server;
    private final ClientState state;
    private final RespLimits limits;
    private final CommandParser parser;
    private final CommandInput input;
    private final ReplyEncoder encoder = new ReplyEncoder();
    private final KeyRouter keys;
    private final Subscriptions subscriptions;
    private final Reply scratch = new Reply();
    private final ArrayDeque<Reply> pushes = new ArrayDeque<>();

    private @Nullable ChannelHandlerContext channel;
    private @Nullable ByteBuf in;
    private @Nullable ByteBuf out;
    private @Nullable PendingReply first;
    private @Nullable PendingReply last;
    private int pending;
    private boolean parsing;
    private boolean broken;
    private boolean closing;
    private boolean gone;
    private boolean flushing;
    private boolean stalled;
    private boolean hasNoRoom;
    private @Nullable Reply captured;

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

    boolean isResp3() {
        return encoder.isResp3();
    }

    void useResp3(boolean on) {
        encoder.useResp3(on);
    }

    /**
     * The protocol changes with the next reply: those that are owed before it still use the old
     * one.
     */
    void afterReplies(boolean resp3) {
        if (first == null) {
            encoder.useResp3(resp3);
        } else {
            append().switchTo = resp3 ? PendingReply.RESP3 : PendingReply.RESP2;
            PendingReply change = java.util.Objects.requireNonNull(last);
            change.ready = true;
            change.own = new Reply();
        }
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
        ByteBuf rest = in;
        if (rest == null) {
            in = bytes;
        } else {
            if (rest.writableBytes() < bytes.readableBytes()) {
                rest.discardReadBytes();
                rest.ensureWritable(Math.max(bytes.readableBytes(), parser.missing()));
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

    private boolean mayBegin() {
        return held == 0 && !broken && !closing && !stalled && pending < limits.maxPending();
    }

    /** One command. @return false when there is none, or it must wait */
    private boolean command(ByteBuf bytes) {
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
        } else if (parser.missing() > bytes.writableBytes() && !stalled && held == 0) {
            // The rest of a large argument: room for all of it at once.
            ByteBuf larger = bytes.alloc().buffer(bytes.readableBytes() + parser.missing());
            larger.writeBytes(bytes);
            bytes.release();
            in = larger;
        }
    }

    private void readOrNot() {
        ChannelHandlerContext context = channel;
        if (context != null) {
            boolean read =
                    held == 0
                            && !stalled
                            && !closing
                            && pending < limits.maxPending()
                            && context.channel().isWritable();
            if (context.channel().config().isAutoRead() != read) {
                context.channel().config().setAutoRead(read);
            }
        }
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
        reply.submittedNanos = lane.time().nanoTime();
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
        PendingReply reply = lane.newReply(this);
        reply.silent = state.wantsNoReply();
        if (last == null) {
            first = reply;
        } else {
            last.next = reply;
        }
        last = reply;
        pending++;
        return reply;
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
        if (first == null) {
            if (!state.wantsNoReply()) {
                encoder.encode(content.bytes(), 0, content.length(), out());
                flushLater();
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
        reply.error(ErrorTexts.oneLine(text));
        reply(reply);
        state.failed();
    }

    /** Something that is no reply, such as a published message; it is not changed any more. */
    void push(Reply message) {
        if (gone) {
            return;
        }
        if (encoder.isBetween()) {
            encoder.encode(message.bytes(), 0, message.length(), out());
            flushLater();
        } else {
            pushes.add(message);
        }
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
    void part(PendingReply reply, Chunk chunk) {
        if (reply == first && writable() && reply.parts == null) {
            if (!reply.silent) {
                encoder.encode(chunk.bytes, 0, chunk.length, out());
                flushLater();
            }
            lane.giveBack(chunk);
            return;
        }
        ArrayDeque<Chunk> parts = reply.parts;
        if (parts == null) {
            parts = new ArrayDeque<>();
            reply.parts = parts;
        }
        parts.add(chunk);
    }

    private boolean writable() {
        ChannelHandlerContext context = channel;
        return context != null && context.channel().isWritable();
    }

    /** Encodes what is ready, in order. */
    void drain() {
        PendingReply head = first;
        boolean any = false;
        while (head != null && !gone && begun(head) && sendParts(head) && head.ready) {
            encode(head);
            any = true;
            first = head.next;
            if (first == null) {
                last = null;
            }
            pending--;
            lane.giveBack(head);
            head = first;
        }
        if (any) {
            sendPushes();
        }
        if (any && !parsing && in != null && mayBegin()) {
            goOn();
        }
        readOrNot();
        closeIfDone();
    }

    /**
     * @return false when parts must wait until the client has read more
     */
    private boolean sendParts(PendingReply head) {
        ArrayDeque<Chunk> parts = head.parts;
        while (parts != null && !parts.isEmpty()) {
            if (!writable()) {
                return false;
            }
            Chunk chunk = parts.poll();
            if (!head.silent) {
                encoder.encode(chunk.bytes, 0, chunk.length, out());
                flushLater();
            }
            lane.giveBack(chunk);
        }
        head.parts = null;
        return true;
    }

    private void encode(PendingReply head) {
        Request<Call> request = head.request;
        if (head.switchTo != 0) {
            encoder.useResp3(head.switchTo == PendingReply.RESP3);
        }
        if (head.silent) {
            recycle(request);
            return;
        }
        Reply own = head.own;
        if (own != null) {
            encoder.encode(own.bytes(), 0, own.length(), out());
        } else if (request != null) {
            if (request.errorCode != Request.NO_ERROR) {
                Reply error =
                        ErrorTexts.reply(ErrorCode.ofNumber(request.errorCode), request.message);
                encoder.encode(error.bytes(), 0, error.length(), out());
                server.statistics().countError();
            } else if (request.payload instanceof CommandCall call) {
                Reply reply = call.reply;
                encoder.encode(reply.bytes(), 0, reply.length(), out());
            }
        }
        if (request != null) {
            server.answered(this, request, head.submittedNanos);
        }
        recycle(request);
        flushLater();
    }

    private static void recycle(@Nullable Request<Call> request) {
        if (request != null) {
            request.port.recycle(request);
        }
    }

    /** What came while a reply was half sent. */
    private void sendPushes() {
        while (!pushes.isEmpty() && encoder.isBetween()) {
            Reply message = pushes.poll();
            encoder.encode(message.bytes(), 0, message.length(), out());
            flushLater();
        }
    }

    private ByteBuf out() {
        ByteBuf bytes = out;
        if (bytes == null) {
            bytes = lane.alloc().buffer(FIRST_OUT_BYTES);
            out = bytes;
        }
        return bytes;
    }

    private void flushLater() {
        if (!flushing) {
            flushing = true;
            lane.flushLater(this);
        }
    }

    /** Lane, at the end of its turn. */
    void flush() {
        flushing = false;
        ByteBuf bytes = out;
        out = null;
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

    /** The client gets its replies, then the connection is closed. */
    void closeAfterReplies() {
        closing = true;
        closeIfDone();
    }

    private void closeIfDone() {
        ChannelHandlerContext context = channel;
        if (closing && first == null && out == null && context != null && !gone) {
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
        subscriptions.end();
        state.end();
        for (PendingReply reply = first; reply != null; ) {
            PendingReply next = reply.next;
            reply.next = null;
            ArrayDeque<Chunk> parts = reply.parts;
            if (parts != null) {
                parts.forEach(lane::giveBack);
                reply.parts = null;
            }
            if (reply.ready || reply.whenFirst != null) {
                recycle(reply.request);
                lane.giveBack(reply);
            }
            reply = next;
        }
        first = null;
        last = null;
        releaseBuffers();
    }

    private void releaseBuffers() {
        ReferenceCountUtil.release(in);
        in = null;
        ReferenceCountUtil.release(out);
        out = null;
        pushes.clear();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.log(Level.ERROR, "Connection " + state.id() + " failed", cause);
        }
        ChannelFuture ignored = context.close();
    }
}
