package io.nodedb.bridge.lane;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The envelope of a question to one core, and of its final answer: one reused object that moves
 * lane → core → lane. The lane fills the first part, the core the second; whoever does not hold it
 * does not touch it, but for the life signs at the end.
 *
 * <pre>
 *              markLogged (core)             answered late: dropped
 *   OPEN ───────────────────────▶ LOGGED ──── deadline ───▶ (lane: OUTCOME_UNKNOWN)
 *     └──── deadline (lane) ────▶ ABANDONED                 (lane: DEADLINE_EXCEEDED)
 * </pre>
 *
 * @param <P> the payload: what is asked, with room for what is answered
 */
@Shared("ownership moves through the port's rings; life signs by release, acquire and exchange")
public final class Request<P> implements LaneMessage {
    /** For {@link #deadlineNanos}: there is none. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /** For {@link #readLsn}: the newest state. */
    public static final long NEWEST = 0;

    /** For {@link #snapshotSlot}: no snapshot is registered. */
    public static final int NO_SNAPSHOT = -1;

    /** No error, in {@link #errorCode}. */
    public static final int NO_ERROR = 0;

    private static final byte[] NO_BYTES = {};

    private static final int OPEN = 0;
    private static final int LOGGED = 1;
    private static final int ABANDONED = 2;

    private static final VarHandle STATE;
    private static final VarHandle LEASE;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(Request.class, "state", int.class);
            LEASE = lookup.findVarHandle(Request.class, "leaseUntilNanos", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Where the request comes from and its answer goes. */
    public final LanePort<P> port;

    /** The payload that the lane made for this object; {@link #payload} after each recycling. */
    public final P reusable;

    // The question: filled by the lane.

    /** Unique within the process; set by the port. */
    public long id;

    /** Set by the port. */
    public int tenant;

    public int partition;

    /** What is asked: {@link #reusable}, or an object of the sender's. */
    public P payload;

    /**
     * Absolute, in {@code TimeSource.nanoTime}; {@link #NO_DEADLINE} for none. The core moves it
     * ({@link #extendDeadline}) before each chunk that it sends.
     */
    public long deadlineNanos = NO_DEADLINE;

    /** Of {@link Priority}. */
    public byte priority = Priority.NORMAL;

    /**
     * Requests of one session to one partition take effect in order; 0 when order does not matter.
     */
    public long session;

    public long traceHigh;
    public long traceLow;

    /** Read at this snapshot; {@link #NEWEST} for what is applied. */
    public long readLsn;

    /**
     * The published slot that holds {@link #readLsn} against the horizon, or {@link #NO_SNAPSHOT}.
     */
    public int snapshotSlot = NO_SNAPSHOT;

    /** Of {@link WriteSource}. */
    public byte source = WriteSource.CLIENT;

    /** Of {@link Durability}. */
    public byte durability = Durability.DEFAULT;

    /** The first {@link #idempotencyLength} bytes count; the array is reused. */
    public byte[] idempotencyKey = NO_BYTES;

    /** 0: no key. */
    public int idempotencyLength;

    /** The caller's roles, as the catalog numbers their sets. */
    public int rolesId;

    /** The lane's own: who waits for the answer. The core does not touch it. */
    public @Nullable Object attachment;

    // The answer: filled by the core.

    /** Of {@link Status}. */
    public byte status;

    /** How often the core has tried. */
    public int attempt;

    /** {@code ErrorCode.number()}, or {@link #NO_ERROR}. */
    public int errorCode;

    /** Details of the error. */
    public @Nullable String message;

    /** With an error that may be retried. */
    public long retryAfterMillis;

    /** What the answer reflects: every commit up to it. */
    public long watermarkLsn;

    /**
     * Position in the core's WAL ring behind the prepared record, for the coordinator of a commit.
     */
    public long ringPosition;

    /**
     * The newest batch on its way through the log that the answer tells of, in the core's own
     * counting; 0 when none. The core's alone: it holds the answer until that batch lasts.
     */
    public long dependsOn;

    /** What the request waits for between two of its quanta. The core's alone. */
    public @Nullable Object parked;

    /** For the core's queues while it holds the request. */
    public @Nullable Request<P> next;

    /**
     * Chunks of this object that are not back. The core's alone; it outlives recycling, because the
     * chunks of one answer may come back while the next is made.
     */
    int chunksOut;

    /** Chunks of the present answer so far. The core's alone. */
    int chunksSent;

    /** The lane wants no chunks for now: {@link LanePort#pause}. */
    volatile boolean paused;

    /** The core has not answered it since it took it. The core's alone. */
    boolean taken;

    /** One of {@link Place}. The lane's alone. */
    byte place = Place.FREE;

    /** Nobody waits: drop the answer when it comes. The lane's alone. */
    boolean dropAnswer;

    /** Index in the tracker. The lane's alone. */
    int trackerIndex;

    /** The lease that the lane gave when it first looked; 0 before. The lane's alone. */
    long firstLeaseNanos;

    @SuppressWarnings("UnusedVariable") // through STATE
    private volatile int state;

    @SuppressWarnings("UnusedVariable") // through LEASE
    private volatile long leaseUntilNanos;

    Request(LanePort<P> port, P reusable) {
        this.port = port;
        this.reusable = reusable;
        this.payload = reusable;
    }

    /** Where a request is, as its lane sees it. */
    static final class Place {
        static final byte FREE = 0;
        static final byte HELD = 1;
        static final byte IN_FLIGHT = 2;

        private Place() {}
    }

    /**
     * Core: the request's record is about to enter the WAL ring, call it before. From then on the
     * lane answers OUTCOME_UNKNOWN when the core's answer does not come in time. False: the lane
     * has already said DEADLINE_EXCEEDED, so nothing may be written. Calling it again is harmless.
     */
    public boolean markLogged() {
        return STATE.compareAndSet(this, OPEN, LOGGED) || (int) STATE.getAcquire(this) == LOGGED;
    }

    /** Its record entered the WAL ring, or was about to. Any thread. */
    public boolean isLogged() {
        return (int) STATE.getAcquire(this) == LOGGED;
    }

    /** Core: nobody waits for the answer any more, so work for it may stop. */
    public boolean isAbandoned() {
        return (int) STATE.getAcquire(this) == ABANDONED;
    }

    /** Core: a sign of life, good until then ({@code TimeSource.nanoTime}). */
    public void renewLease(long untilNanos) {
        LEASE.setRelease(this, untilNanos);
    }

    /** Lane: the core's last sign of life; 0 when there was none. */
    long leaseUntilNanos() {
        return (long) LEASE.getAcquire(this);
    }

    /** Lane: gives up waiting. False when it was logged before. */
    boolean abandon() {
        dropAnswer = true;
        return STATE.compareAndSet(this, OPEN, ABANDONED);
    }

    /** Copies an idempotency key in. */
    public void setIdempotencyKey(byte[] bytes, int offset, int length) {
        Check.that(length >= 0, "length of an idempotency key", length);
        if (idempotencyKey.length < length) {
            idempotencyKey = new byte[length];
        }
        System.arraycopy(bytes, offset, idempotencyKey, 0, length);
        idempotencyLength = length;
    }

    /** Core: nobody loses patience before this time; a later deadline, or none, stays. */
    public void extendDeadline(long nanos) {
        if (deadlineNanos != NO_DEADLINE && nanos - deadlineNanos > 0) {
            deadlineNanos = nanos;
        }
    }

    /** Core: the final answer is a success. */
    public void succeed(long watermark) {
        status = Status.OK;
        errorCode = NO_ERROR;
        message = null;
        retryAfterMillis = 0;
        watermarkLsn = watermark;
    }

    /** Core: the final answer is an error, by {@code ErrorCode.number()}. */
    public void fail(int code, @Nullable String details, long retryAfter) {
        status = Status.ERROR;
        errorCode = code;
        message = details;
        retryAfterMillis = retryAfter;
    }

    /** Lane: as new, but for the objects that are reused. */
    void reset() {
        payload = reusable;
        partition = 0;
        deadlineNanos = NO_DEADLINE;
        priority = Priority.NORMAL;
        session = 0;
        traceHigh = 0;
        traceLow = 0;
        readLsn = NEWEST;
        snapshotSlot = NO_SNAPSHOT;
        source = WriteSource.CLIENT;
        durability = Durability.DEFAULT;
        idempotencyLength = 0;
        rolesId = 0;
        attachment = null;
        status = Status.OK;
        attempt = 0;
        errorCode = NO_ERROR;
        message = null;
        retryAfterMillis = 0;
        watermarkLsn = 0;
        ringPosition = 0;
        dependsOn = 0;
        parked = null;
        chunksSent = 0;
        paused = false;
        next = null;
        dropAnswer = false;
        firstLeaseNanos = 0;
        // The request ring publishes them with everything else.
        STATE.setOpaque(this, OPEN);
        LEASE.setOpaque(this, 0L);
    }
}
