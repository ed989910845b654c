package io.nodedb.control.dispatch;

import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.bridge.lane.Chunk;
import io.nodedb.bridge.lane.Completion;
import io.nodedb.bridge.lane.Durability;
import io.nodedb.bridge.lane.Priority;
import io.nodedb.bridge.lane.Request;
import io.nodedb.bridge.lane.WriteSource;
import io.nodedb.control.port.CallerWait;
import io.nodedb.plan.Call;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One call with its envelope, on its way to a core and back with the answer.
 *
 * <pre>
 *   FILLED ──sent──► UNDER WAY ──answer──► COMPLETE ──reset──► FILLED
 *                        └──answered by the tracker──► COMPLETE, the call is lost
 * </pre>
 *
 * <p>Fields are the sender's before it is sent, nobody's while it is under way, and readable after
 * {@link #isComplete()} returned true (or in the listener). When the tracker answered in the core's
 * place, the core may still hold the call: {@link #callMayBeInUse()} is then true, and neither the
 * call nor this exchange is used again.
 */
public final class Exchange<C extends Call> implements CallerWait.Awaited, Completion<Call> {
    public final C call;

    public int tenant;
    public int partition;

    /** Calls of one session to one partition take effect in order; 0 when it does not matter. */
    public long session;

    public long deadlineNanos;
    public byte priority = Priority.NORMAL;
    public byte source = WriteSource.CLIENT;
    public byte durability = Durability.DEFAULT;
    public long readLsn;
    public int snapshotSlot = -1;
    public byte @Nullable [] idempotencyKey;

    /** Number of an {@link ErrorCode}, 0 for success. */
    private int errorCode;

    private @Nullable String message;
    private long retryAfterMillis;
    private long watermarkLsn;
    private boolean callMayBeInUse;
    private boolean abandoned;
    private final PartialAnswer parts = new PartialAnswer();

    private @Nullable ExchangeSender lane;
    private @Nullable AnswerListener listener;
    private int core = ANY_CORE;
    private boolean told;
    private volatile boolean complete;
    private volatile @Nullable Thread waiter;

    public Exchange(C call) {
        this.call = call;
    }

    /** Sets the envelope from a caller's options. */
    public void envelope(CallOptions options, long nowNanos) {
        tenant = options.tenant();
        deadlineNanos = nowNanos + options.timeoutNanos();
        priority = options.priority();
        source = options.source();
        durability = options.durability().number();
        idempotencyKey = options.idempotencyKey();
    }

    /** Forgets the answer, so that the same call can be sent (again). */
    void prepareToSend(
            @Nullable ExchangeSender over, int toCore, @Nullable AnswerListener onAnswer) {
        lane = over;
        core = toCore;
        told = false;
        Check.that(!callMayBeInUse(), "a lost call is not sent again");
        errorCode = 0;
        message = null;
        retryAfterMillis = 0;
        watermarkLsn = 0;
        if (!parts.isEmpty()) {
            parts.clear();
        }
        listener = onAnswer;
        waiter = null;
        complete = false;
    }

    /** Fills the envelope of the request that it travels in. */
    void fill(Request<Call> request) {
        request.payload = call;
        request.partition = partition;
        request.session = session;
        request.deadlineNanos = deadlineNanos;
        request.priority = priority;
        request.source = source;
        request.durability = durability;
        request.readLsn = readLsn;
        request.snapshotSlot = snapshotSlot;
        byte[] key = idempotencyKey;
        if (key != null) {
            request.setIdempotencyKey(key, 0, key.length);
        }
        request.attachment = this;
    }

    /**
     * The caller gives up waiting: whatever comes later finds nobody. Neither the call nor this
     * exchange is used again.
     */
    void abandon() {
        abandoned = true;
    }

    /** Lane thread: the answer has come. */
    @Override
    public void complete(Request<Call> request) {
        int error = request.errorCode;
        String text = request.message;
        long retryMillis = request.retryAfterMillis;
        long watermark = request.watermarkLsn;
        over().recycle(request);
        answer(error, text, retryMillis, watermark, false);
    }

    /** Lane thread: one part of the answer has come. */
    @Override
    public void completePartially(Chunk chunk) {
        try {
            parts.append(chunk.bytes, chunk.length, chunk.sequence);
        } finally {
            over().giveBack(chunk);
        }
    }

    /** Lane thread: the request tracker answers in the core's place. */
    @Override
    public void expire(ErrorCode code) {
        answer(
                code.number(),
                "The core did not answer before the deadline: partition=" + partition,
                0,
                0,
                true);
    }

    private ExchangeSender over() {
        ExchangeSender sentOver = lane;
        if (sentOver == null) {
            throw new IllegalStateException("an answer came to what was not sent");
        }
        return sentOver;
    }

    private void answer(
            int error, @Nullable String text, long retryMillis, long watermark, boolean lost) {
        errorCode = error;
        message = text;
        retryAfterMillis = retryMillis;
        watermarkLsn = watermark;
        callMayBeInUse = lost;
        AnswerListener waiting = listener;
        complete = true;
        Thread parked = waiter;
        if (parked != null) {
            LockSupport.unpark(parked);
        }
        if (waiting != null) {
            waiting.answered(this);
        }
    }

    /** Answers an exchange that was not sent. */
    public void refuse(ErrorCode code, String why, long retryMillis) {
        answer(code.number(), why, retryMillis, 0, false);
    }

    @Override
    public boolean isComplete() {
        return complete;
    }

    @Override
    public int core() {
        return core;
    }

    @Override
    public boolean writes() {
        return call.writes();
    }

    /** Sender, once the exchange was sent. */
    @Override
    public void tell() {
        if (!told && core != ANY_CORE) {
            told = true;
            over().tell(core);
        }
    }

    @Override
    public void unparkOnCompletion(Thread thread) {
        waiter = thread;
    }

    /** The answer's error number, 0 for success. */
    public int errorCode() {
        return errorCode;
    }

    public boolean failedWith(ErrorCode code) {
        return errorCode == code.number();
    }

    /** The error as an exception; only when there is one. */
    public NodeDbException failure() {
        return new NodeDbException(
                ErrorCode.ofNumber(errorCode), message(), retryAfterMillis, null);
    }

    /** The error's text; empty without one. */
    public String message() {
        String text = message;
        return text == null ? "" : text;
    }

    public long retryAfterMillis() {
        return retryAfterMillis;
    }

    /** The LSN that a read saw, or at which a write was committed. */
    public long watermarkLsn() {
        return watermarkLsn;
    }

    public boolean callMayBeInUse() {
        return callMayBeInUse || abandoned;
    }

    /** True when the answer came in parts. */
    public boolean hasParts() {
        return !parts.isEmpty();
    }

    /** The reassembled answer of the length that the core announced. */
    public byte[] takeParts(int announcedLength) {
        return parts.take(announcedLength);
    }
}
