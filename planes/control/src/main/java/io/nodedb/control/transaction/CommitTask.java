package io.nodedb.control.transaction;

import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.control.dispatch.Exchange;
import io.nodedb.control.port.CallerWait;
import io.nodedb.plan.commit.ParticipantCall;
import io.nodedb.plan.kv.command.CommandBatchCall;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One commit on its way. Advanced by the lane thread only; its starter may wait for the outcome or
 * be told.
 *
 * <pre>
 *   PREPARING ──all prepared──────────► COMMITTING ──log──► ENDED
 *       ├──any refusal, none prepared─────────────────────► ENDED
 *       └──any refusal or lost answer─► ABORTING ────log──► ENDED
 * </pre>
 *
 * <p>A commit of one core starts in COMMITTING: that core decides. The outcome is delivered once,
 * at ENDED, or before it when the deadline has long passed; a task that was answered early still
 * goes its way to ENDED.
 */
final class CommitTask implements CallerWait.Awaited {
    enum State {
        PREPARING,
        COMMITTING,
        ABORTING,
        ENDED
    }

    final long txnId;
    final long deadlineNanos;
    final byte durability;
    final List<Participant> participants;

    /** One participant is asked after the other, instead of all at once. */
    final boolean inTurn;

    private final @Nullable Consumer<CommitOutcome> listener;
    private State state;
    private int unanswered;
    private CommitOutcome refusal = CommitOutcome.committed(0);

    private volatile @Nullable CommitOutcome outcome;
    private volatile @Nullable Thread waiter;

    CommitTask(
            long txnId,
            long deadlineNanos,
            byte durability,
            List<Participant> participants,
            boolean inTurn,
            @Nullable Consumer<CommitOutcome> listener) {
        this.txnId = txnId;
        this.deadlineNanos = deadlineNanos;
        this.durability = durability;
        this.participants = participants;
        this.inTurn = inTurn;
        this.listener = listener;
        this.unanswered = participants.size();
        this.state = participants.size() == 1 ? State.COMMITTING : State.PREPARING;
    }

    State state() {
        return state;
    }

    /** Counts an answer. */
    void answered(Participant participant) {
        Check.that(!participant.answered, "each participant answers once", participant.core);
        participant.answered = true;
        unanswered--;
    }

    boolean allAnswered() {
        return unanswered == 0;
    }

    /** The first that has not answered; of those that are prepared in turn, the next. */
    Participant next() {
        return participants.get(participants.size() - unanswered);
    }

    /** The decision: PREPARING is left once and for good. */
    void decide(State decided) {
        Check.that(state == State.PREPARING, "a transaction is decided once", txnId);
        state = decided;
    }

    /** Why it will be aborted; told once the abort is through. */
    void refuse(CommitOutcome why) {
        refusal = why;
    }

    CommitOutcome refusal() {
        return refusal;
    }

    /** The last step. */
    void end(CommitOutcome how) {
        Check.that(state != State.ENDED, "a transaction ends once", txnId);
        state = State.ENDED;
        deliver(how);
    }

    /** Tells the caller, unless it was told before. */
    void deliver(CommitOutcome how) {
        if (outcome != null) {
            return;
        }
        outcome = how;
        Thread parked = waiter;
        if (parked != null) {
            LockSupport.unpark(parked);
        }
        if (listener != null) {
            listener.accept(how);
        }
    }

    boolean isDelivered() {
        return outcome != null;
    }

    /** The outcome, or null while there is none. */
    @Nullable CommitOutcome outcome() {
        return outcome;
    }

    @Override
    public boolean isComplete() {
        return outcome != null;
    }

    @Override
    public void unparkOnCompletion(Thread thread) {
        waiter = thread;
    }

    /** One core's part. */
    static final class Participant {
        final int core;
        final Exchange<? extends ParticipantCall> exchange;
        boolean answered;

        Participant(int core, Exchange<? extends ParticipantCall> exchange) {
            this.core = core;
            this.exchange = exchange;
        }

        boolean isPrepared() {
            return answered && exchange.errorCode() == 0 && !watchChanged();
        }

        /** The core found a watched key changed, and did nothing. */
        boolean watchChanged() {
            return answered
                    && exchange.errorCode() == 0
                    && exchange.call instanceof CommandBatchCall batch
                    && batch.watchChanged;
        }

        /**
         * The core may hold the transaction as prepared, so it must hear the decision. After {@code
         * DEADLINE_EXCEEDED} of the tracker it does not and never will: the core asks the request
         * before it logs.
         */
        boolean mayBePrepared() {
            return isPrepared() || (answered && exchange.failedWith(ErrorCode.OUTCOME_UNKNOWN));
        }
    }
}
