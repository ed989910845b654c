package io.nodedb.server.resp;

import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.bridge.lane.Request;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.command.Reply;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A reply that is owed to a client, in the order of its commands; reused. It is the attachment of
 * the request that brings it, or holds what was answered without one.
 */
@ControlPlane
final class PendingReply {
    @Nullable RespConnection connection;
    @Nullable PendingReply next;

    /** The answered request, until its reply was encoded. */
    @Nullable Request<Call> request;

    /** What was answered without a request, or by the tracker in its place. */
    @Nullable Reply own;

    /** Parts that have come and can't be sent yet, copied; with them its request is paused. */
    @Nullable ArrayDeque<byte[]> parts;

    /** The request that brings parts, until its last answer. */
    @Nullable Request<Call> streaming;

    static final byte RESP2 = 2;
    static final byte RESP3 = 3;

    /** What begins when all replies before this one were sent. */
    @Nullable Runnable whenFirst;

    boolean ready;

    /** Parts of it have come. */
    boolean inParts;

    /** The protocol that begins with this reply; 0 for no change. */
    byte switchTo;

    /** Nothing is sent: the client wants no replies. */
    boolean silent;

    long submittedNanos;

    /** Where its time counts; null for what is answered without the cores. */
    @Nullable LatencyFamily family;

    /** Its time runs from now on. */
    void measure(LatencyFamily as, long nowNanos) {
        family = as;
        submittedNanos = nowNanos;
    }

    void reset() {
        connection = null;
        next = null;
        request = null;
        own = null;
        parts = null;
        streaming = null;
        whenFirst = null;
        ready = false;
        inParts = false;
        switchTo = 0;
        silent = false;
        submittedNanos = 0;
        family = null;
    }
}
