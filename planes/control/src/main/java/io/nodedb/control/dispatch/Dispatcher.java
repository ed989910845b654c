package io.nodedb.control.dispatch;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Shared;
import io.nodedb.control.port.CallerWait;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends calls to cores and brings back answers, for callers that wait and for callers that do not.
 *
 * <p><b>Back-pressure.</b> When a core's ring is full, or the core answers {@code
 * RESOURCES_EXHAUSTED}, a waiting caller waits (a doubling pause from {@link #FIRST_PAUSE_NANOS} to
 * {@link #LONGEST_PAUSE_NANOS}) and sends again until the bound of {@code backPressureNanos} or its
 * deadline has passed; a caller that does not wait gets the error at once and decides itself.
 * Nothing was executed in either case.
 *
 * <p>Every other error reaches the caller as it came. A call that was answered in the core's place
 * ({@link Exchange#callMayBeInUse()}) is never sent again.
 *
 * <p>Safe for every thread. A waiting call from inside an asynchronous callback is refused: the
 * thread that would complete it is the one that waits.
 */
@Shared("immutable; CallSender is guarded")
public final class Dispatcher {
    /** First pause of a caller under back-pressure. */
    static final long FIRST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    /** Longest pause of a caller under back-pressure. */
    static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /**
     * How long past its deadline a waiting caller trusts the request tracker to answer. It always
     * does; beyond this the lane thread itself is gone.
     */
    static final long CALLER_GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** How long a waiting caller puts up with back-pressure, unless its deadline is nearer. */
    public static final long DEFAULT_BACK_PRESSURE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final CallSender sender;
    private final TimeSource time;
    private final CallerWait wait;
    private final long backPressureNanos;
    private volatile boolean closed;

    public Dispatcher(CallSender sender, TimeSource time, CallerWait wait, long backPressureNanos) {
        this.sender = sender;
        this.time = time;
        this.wait = wait;
        this.backPressureNanos = backPressureNanos;
    }

    /** Sends, waits for the answer and returns when it is a success; throws any error. */
    public void call(int core, Exchange<?> exchange) {
        refuseOnLaneThread();
        sendUntold(core, exchange, time.nanoTime());
        // Its wait tells the core, or does the core's work.
        finish(core, exchange);
    }

    /** The first half of {@link #call}: returns when the call is under way. */
    public void start(int core, Exchange<?> exchange) {
        refuseOnLaneThread();
        sendUntold(core, exchange, time.nanoTime());
        exchange.tell();
    }

    /** The second half of {@link #call}. */
    public void finish(int core, Exchange<?> exchange) {
        refuseOnLaneThread();
        long since = time.nanoTime();
        long pause = FIRST_PAUSE_NANOS;
        while (true) {
            if (!wait.await(exchange, exchange.deadlineNanos + CALLER_GRACE_NANOS)) {
                exchange.abandon();
                throw new NodeDbException(
                        exchange.call.writes()
                                ? ErrorCode.OUTCOME_UNKNOWN
                                : ErrorCode.DEADLINE_EXCEEDED,
                        "No answer came, not even from the request tracker: core=" + core);
            }
            if (exchange.errorCode() == 0) {
                return;
            }
            if (!exchange.failedWith(ErrorCode.RESOURCES_EXHAUSTED)
                    || exchange.callMayBeInUse()
                    || patienceIsOver(exchange, since)) {
                throw exchange.failure();
            }
            wait.pause(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
            sendUntold(core, exchange, since);
        }
    }

    /**
     * Sends without waiting. {@code listener} is told on the lane thread; when the ring is full, at
     * once on this thread, with {@code RESOURCES_EXHAUSTED}.
     */
    public void send(int core, Exchange<?> exchange, AnswerListener listener) {
        if (closed) {
            refuse(exchange, listener, ErrorCode.SHUTTING_DOWN, "The database is closing", 1_000);
        } else if (!sender.send(core, exchange, listener)) {
            refuse(exchange, listener, ErrorCode.RESOURCES_EXHAUSTED, ringFull(core), 1);
        }
    }

    /**
     * Waits for a stage of this database: for {@code timeoutNanos}, then {@code DEADLINE_EXCEEDED}.
     * A stage that fails with {@code RESOURCES_EXHAUSTED} is asked for again under back-pressure,
     * as {@link #call} does.
     */
    public <T> T await(Supplier<? extends CompletionStage<T>> stage, long timeoutNanos) {
        refuseOnLaneThread();
        long since = time.nanoTime();
        long pause = FIRST_PAUSE_NANOS;
        while (true) {
            AwaitedStage<T> awaited = new AwaitedStage<>(stage.get());
            if (!wait.await(awaited, since + timeoutNanos)) {
                throw new NodeDbException(
                        ErrorCode.DEADLINE_EXCEEDED,
                        "The operation was not completed in time; it may complete later");
            }
            if (!awaited.failedWith(ErrorCode.RESOURCES_EXHAUSTED)
                    || time.nanoTime() - since >= Math.min(backPressureNanos, timeoutNanos)) {
                return awaited.result();
            }
            wait.pause(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
    }

    /** From now on every call is refused with {@code SHUTTING_DOWN}; what is under way finishes. */
    public void close() {
        closed = true;
    }

    public boolean isClosed() {
        return closed;
    }

    /** Throws when this thread completes stages at this moment and so must not wait. */
    public void refuseOnLaneThread() {
        if (sender.isInCallback()) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "A callback of an asynchronous call must not wait for the database: use the"
                            + " asynchronous methods, or continue on an executor of your own");
        }
    }

    private void sendUntold(int core, Exchange<?> exchange, long since) {
        long pause = FIRST_PAUSE_NANOS;
        while (true) {
            if (closed) {
                throw new NodeDbException(
                        ErrorCode.SHUTTING_DOWN, "The database is closing", 1_000, null);
            }
            if (sender.sendUntold(core, exchange, null)) {
                return;
            }
            if (patienceIsOver(exchange, since)) {
                throw new NodeDbException(
                        ErrorCode.RESOURCES_EXHAUSTED, ringFull(core), pauseMillis(), null);
            }
            wait.pause(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
    }

    private boolean patienceIsOver(Exchange<?> exchange, long since) {
        long now = time.nanoTime();
        return now - since >= backPressureNanos || now - exchange.deadlineNanos >= 0;
    }

    private static void refuse(
            Exchange<?> exchange,
            @Nullable AnswerListener listener,
            ErrorCode code,
            String message,
            long retryMillis) {
        exchange.prepareToSend(null, CallerWait.Awaited.ANY_CORE, listener);
        exchange.refuse(code, message, retryMillis);
    }

    private static String ringFull(int core) {
        return "The request ring of the core is full: core=" + core;
    }

    private static long pauseMillis() {
        return TimeUnit.NANOSECONDS.toMillis(LONGEST_PAUSE_NANOS);
    }
}
