package io.nodedb.server.resp;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.bridge.lane.Chunk;
import io.nodedb.bridge.lane.Request;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.Reply;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The replies that are owed to one client, in the order of its commands, whatever order the cores
 * answer in: the head is encoded as soon as it is ready. What a core streams waits here until the
 * client has read what came before: then the answer is paused, and the few chunks that were on
 * their way are copied, so that others' answers have them. A reply that breaks off in the middle of
 * a value ends the connection, since nothing that follows could be told from the value.
 *
 * <p>Belongs to its connection.
 */
@ControlPlane
final class ReplyQueue {
    private static final int FIRST_OUT_BYTES = 1024;

    private final RespConnection connection;
    private final RespLane lane;
    private final RespServer server;
    private final ReplyEncoder encoder = new ReplyEncoder();
    private final ArrayDeque<Reply> pushes = new ArrayDeque<>();
    private @Nullable ByteBuf out;
    private @Nullable PendingReply first;
    private @Nullable PendingReply last;
    private int pending;

    ReplyQueue(RespConnection connection, RespLane lane) {
        this.connection = connection;
        this.lane = lane;
        this.server = lane.server();
    }

    boolean isEmpty() {
        return first == null;
    }

    /** Everything was handed to the channel. */
    boolean isSent() {
        return first == null && out == null;
    }

    /** How many replies are owed. */
    int pending() {
        return pending;
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
    void useResp3AfterReplies(boolean on) {
        if (first == null) {
            encoder.useResp3(on);
            return;
        }
        PendingReply change = append(false);
        change.switchTo = on ? PendingReply.RESP3 : PendingReply.RESP2;
        change.own = new Reply();
        change.ready = true;
    }

    /** The next reply, which is brought later. */
    PendingReply append(boolean silent) {
        PendingReply reply = lane.newReply(connection);
        reply.silent = silent;
        if (last == null) {
            first = reply;
        } else {
            last.next = reply;
        }
        last = reply;
        pending++;
        return reply;
    }

    /** An immediate reply when none is owed before it. */
    void send(Reply content) {
        encoder.encode(content.bytes(), 0, content.length(), out());
        connection.flushLater();
    }

    /** What is no reply, between two of them. */
    void push(Reply message) {
        if (encoder.isBetween()) {
            send(message);
        } else {
            pushes.add(message);
        }
    }

    /** A part of a reply has come. */
    void part(PendingReply reply, Request<Call> request, Chunk chunk) {
        reply.inParts = true;
        if (reply == first && connection.isWritable() && reply.parts == null) {
            encode(reply, chunk.bytes, chunk.length);
        } else {
            keep(reply, request, chunk);
        }
        lane.giveBack(chunk);
    }

    private static void keep(PendingReply reply, Request<Call> request, Chunk chunk) {
        ArrayDeque<byte[]> parts = reply.parts;
        if (parts == null) {
            parts = new ArrayDeque<>();
            reply.parts = parts;
            reply.streaming = request;
            request.port.pause(request);
        }
        parts.add(Arrays.copyOf(chunk.bytes, chunk.length));
    }

    private void encode(PendingReply reply, byte[] bytes, int length) {
        if (!reply.silent) {
            encoder.encode(bytes, 0, length, out());
            connection.flushLater();
        }
    }

    /** Encodes what is ready, in order. @return true when that was anything */
    boolean drain() {
        PendingReply head = first;
        boolean any = false;
        while (head != null && begun(head) && sendParts(head) && head.ready) {
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
        return any;
    }

    /** What waits for the replies before it begins now. */
    private static boolean begun(PendingReply head) {
        Runnable action = head.whenFirst;
        if (action != null) {
            head.whenFirst = null;
            action.run();
        }
        return true;
    }

    /** False when parts must wait until the client has read more. */
    private boolean sendParts(PendingReply head) {
        ArrayDeque<byte[]> parts = head.parts;
        if (parts == null) {
            return true;
        }
        while (!parts.isEmpty()) {
            if (!connection.isWritable()) {
                return false;
            }
            byte[] part = parts.poll();
            encode(head, part, part.length);
        }
        head.parts = null;
        Request<Call> request = head.streaming;
        head.streaming = null;
        if (request != null && !head.ready) {
            request.port.resume(request);
        }
        return true;
    }

    private void encode(PendingReply head) {
        Request<Call> request = head.request;
        long nanos = measured(head);
        if (head.switchTo != 0) {
            encoder.useResp3(head.switchTo == PendingReply.RESP3);
        }
        if (head.silent) {
            recycle(request);
            return;
        }
        if (!encoder.isBetween() && breaksOff(head)) {
            recycle(request);
            connection.close();
            return;
        }
        Reply own = head.own;
        if (own != null) {
            encoder.encode(own.bytes(), 0, own.length(), out());
        } else if (request != null) {
            encode(request);
            server.answered(connection, request, nanos);
        }
        recycle(request);
        connection.flushLater();
    }

    /** Does a reply that is half sent end with something else than its rest? */
    private static boolean breaksOff(PendingReply head) {
        Request<Call> request = head.request;
        return head.own != null || (request != null && request.errorCode != Request.NO_ERROR);
    }

    /** How long its command took; 0 when that is not measured. */
    private long measured(PendingReply head) {
        LatencyFamily family = head.family;
        if (family == null) {
            return 0;
        }
        long nanos = lane.turnNanos() - head.submittedNanos;
        lane.latencies().record(family, nanos);
        return nanos;
    }

    private void encode(Request<Call> request) {
        if (request.errorCode != Request.NO_ERROR) {
            ErrorCode code = ErrorCode.ofNumber(request.errorCode);
            Reply error = lane.errorReply(connection, code, request.message);
            encoder.encode(error.bytes(), 0, error.length(), out());
            server.statistics().countError();
        } else if (request.payload instanceof CommandCall call) {
            encoder.encode(call.reply.bytes(), 0, call.reply.length(), out());
        }
    }

    private static void recycle(@Nullable Request<Call> request) {
        if (request != null) {
            request.port.recycle(request);
        }
    }

    /** What came while a reply was half sent. */
    private void sendPushes() {
        while (!pushes.isEmpty() && encoder.isBetween()) {
            send(pushes.poll());
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

    /** What was encoded since the last time, which the caller releases; null for nothing. */
    @Nullable ByteBuf takeOut() {
        ByteBuf bytes = out;
        out = null;
        return bytes;
    }

    /** The client has gone: what is under way finishes without anybody to tell. */
    void end() {
        for (PendingReply reply = first; reply != null; ) {
            PendingReply next = reply.next;
            reply.next = null;
            Request<Call> streaming = reply.streaming;
            if (reply.ready || reply.whenFirst != null) {
                recycle(reply.request);
                lane.giveBack(reply);
            } else if (streaming != null) {
                // It only read, and would wait for a client that is gone.
                boolean ignored = streaming.port.abandon(streaming);
                lane.giveBack(reply);
            }
            reply = next;
        }
        first = null;
        last = null;
        pending = 0;
        pushes.clear();
        ReferenceCountUtil.release(out);
        out = null;
    }
}
