package io.nodedb.control.transaction;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.Shared;
import io.nodedb.bridge.lane.Durability;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.dispatch.Exchange;
import io.nodedb.control.dispatch.ExchangeSender;
import io.nodedb.control.port.LogPort;
import io.nodedb.plan.commit.CommitCall;
import io.nodedb.plan.kv.command.CommandBatchCall;
import io.nodedb.storage.wal.CommitPort;
import io.nodedb.storage.wal.CommitRequest;
import io.nodedb.storage.wal.RecordFormat;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Commits write sets: the state machine of two-phase commit with the log as the place of decision.
 *
 * <p>A write set of one core goes there in one call and that core commits it. One of several cores
 * is prepared on each; when every participant has answered its ring position, COMMIT goes to the
 * WAL writer, which first drains each participant's ring to that position, so that in the log every
 * PREPARE stands before the COMMIT that it belongs to. Any refusal, and any answer that did not
 * come in time, makes it ABORT, sent to those that are or may be prepared. Presumed abort: a crash
 * before COMMIT is in the log leaves the transaction undone.
 *
 * <p><b>No early abort.</b> Of those that were asked, the decision waits for every participant's
 * answer, or for the request tracker's in its place after the deadline. From then on the tracker's
 * word keeps the core from logging a prepare, so no participant can begin to hold locks that nobody
 * would release.
 *
 * <p>Thread rule: {@link #commit} from every thread; answers and {@link #step} on the lane thread,
 * which owns all state that follows. {@code open} is the only count that both change. A coordinator
 * over a thread's own lane ({@code LaneSender}), with a commit port of its own, is that thread's
 * alone.
 */
@Shared("concurrent queue and atomic count towards the lane thread")
public final class TransactionCoordinator {
    /** Commits under way at one time; beyond it a commit is refused with RESOURCES_EXHAUSTED. */
    public static final int MAX_OPEN = 1024;

    /** How long past its deadline a decided commit may keep its caller waiting for the log. */
    private static final long OUTCOME_GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long REFUSED_RETRY_MILLIS = 5;

    private final ExchangeSender sender;
    private final CommitPort commits;
    private final TimeSource time;
    private final LongSupplier txnIds;

    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentLinkedQueue<Unsent> unsent = new ConcurrentLinkedQueue<>();

    // The lane thread's own.
    private final ArrayDeque<CommitRequest> unsubmitted = new ArrayDeque<>();
    private boolean untold;
    private final Map<Long, CommitTask> deciding = new HashMap<>();
    private long nextOverdueCheckNanos;
    private boolean checkedOverdue;

    /** The last commit that was answered; written by the lane thread. */
    private volatile long lastCommitLsn;

    /**
     * @param txnIds numbers that no other transaction in the log has; callable from every thread
     */
    public TransactionCoordinator(
            ExchangeSender sender, LogPort log, TimeSource time, LongSupplier txnIds) {
        this.sender = sender;
        this.commits = log.commits();
        this.time = time;
        this.txnIds = txnIds;
    }

    /**
     * Starts a commit; the outcome comes through the task and {@code listener}, on the lane thread,
     * or at once when too many are under way.
     *
     * @param snapshotLsn newer versions of a written key are conflicts; 0 checks for none
     * @param durability a resolved constant of the bridge's {@code Durability}
     */
    CommitTask commit(
            List<WriteSet.Part> parts,
            long snapshotLsn,
            long deadlineNanos,
            byte durability,
            CallOptions options,
            @Nullable Consumer<CommitOutcome> listener) {
        long txnId = txnIds.getAsLong();
        boolean oneCore = parts.size() == 1;
        List<CommitTask.Participant> participants = new ArrayList<>(parts.size());
        for (WriteSet.Part part : parts) {
            CommitCall call = new CommitCall();
            call.txnId = txnId;
            call.snapshotLsn = snapshotLsn;
            call.prepareOnly = !oneCore;
            call.writes = part.writes();
            Exchange<CommitCall> exchange = new Exchange<>(call);
            exchange.envelope(options, time.nanoTime());
            exchange.deadlineNanos = deadlineNanos;
            exchange.durability = durability;
            exchange.partition = part.writes().getFirst().partition();
            participants.add(new CommitTask.Participant(part.core(), exchange));
        }
        CommitTask task =
                new CommitTask(txnId, deadlineNanos, durability, participants, false, listener);
        start(task);
        return task;
    }

    /**
     * Starts a batch of commands; the outcome comes to {@code listener}, on the lane thread, or at
     * once when too many are under way. Until then the batch and its calls are not touched; with it
     * the replies stand in the commands' calls, unless {@link BatchOutcome#callsAreLost} says
     * otherwise.
     *
     * <p>Cores are prepared one after the other, in the order of their numbers: a participant that
     * waits for a key holds keys on lower cores only, so no circle of waiting is possible. What its
     * session sends to other cores before the outcome may take effect before the batch does.
     *
     * @param durability a resolved constant of the bridge's {@code Durability}
     * @param session as {@link Exchange#session}
     */
    public void commit(
            CommandBatch batch,
            long deadlineNanos,
            byte durability,
            CallOptions options,
            long session,
            Consumer<BatchOutcome> listener) {
        List<CommandBatch.Part> parts = batch.byCore();
        long txnId = txnIds.getAsLong();
        List<CommitTask.Participant> participants = new ArrayList<>(parts.size());
        for (CommandBatch.Part part : parts) {
            CommandBatchCall call = part.call();
            call.txnId = txnId;
            call.prepareOnly = parts.size() > 1;
            Exchange<CommandBatchCall> exchange = new Exchange<>(call);
            exchange.envelope(options, time.nanoTime());
            exchange.deadlineNanos = deadlineNanos;
            exchange.durability = durability;
            exchange.session = session;
            exchange.partition = part.partition();
            participants.add(new CommitTask.Participant(part.core(), exchange));
        }
        if (participants.isEmpty()) {
            listener.accept(BatchOutcome.of(CommitOutcome.committed(0), participants));
            return;
        }
        start(
                new CommitTask(
                        txnId,
                        deadlineNanos,
                        durability,
                        participants,
                        true,
                        outcome -> listener.accept(BatchOutcome.of(outcome, participants))));
    }

    private void start(CommitTask task) {
        if (open.incrementAndGet() > MAX_OPEN) {
            open.decrementAndGet();
            task.deliver(
                    new CommitOutcome(
                            0,
                            ErrorCode.RESOURCES_EXHAUSTED,
                            "Too many commits are under way: limit=" + MAX_OPEN,
                            REFUSED_RETRY_MILLIS));
            return;
        }
        if (task.inTurn) {
            send(new Unsent(task, task.next()));
            return;
        }
        for (CommitTask.Participant participant : task.participants) {
            send(new Unsent(task, participant));
        }
    }

    /** Commits under way. */
    public int open() {
        return open.get();
    }

    /** The last commit that this coordinator made and answered; 0 before the first. */
    public long lastCommitLsn() {
        return lastCommitLsn;
    }

    /** Lane thread: sends what had no room, takes the log's answers, looks after deadlines. */
    public void step() {
        retryUnsent();
        for (CommitRequest answer = commits.poll(); answer != null; answer = commits.poll()) {
            logged(answer);
        }
        while (!unsubmitted.isEmpty() && commits.submit(unsubmitted.getFirst())) {
            unsubmitted.removeFirst();
            untold = true;
        }
        if (untold) {
            untold = false;
            commits.flush();
        }
        answerOverdue();
    }

    /** Any thread: there is something for {@link #step} to do at once. */
    public boolean hasWork() {
        return commits.hasAnswers();
    }

    private void send(Unsent part) {
        if (!sender.send(
                part.participant.core,
                part.participant.exchange,
                answered -> answered(part.task, part.participant))) {
            unsent.add(part);
        }
    }

    private void retryUnsent() {
        for (int left = unsent.size(); left > 0; left--) {
            Unsent part = unsent.poll();
            if (part == null) {
                return;
            }
            if (time.nanoTime() - part.task.deadlineNanos >= 0) {
                part.participant.exchange.refuse(
                        ErrorCode.RESOURCES_EXHAUSTED,
                        "The request ring of the core was full until the transaction's deadline:"
                                + " core="
                                + part.participant.core,
                        REFUSED_RETRY_MILLIS);
                answered(part.task, part.participant);
            } else {
                send(part);
            }
        }
    }

    private void answered(CommitTask task, CommitTask.Participant participant) {
        task.answered(participant);
        if (task.participants.size() == 1) {
            end(
                    task,
                    participant.isPrepared()
                            ? CommitOutcome.committed(participant.exchange.watermarkLsn())
                            : refusal(participant));
        } else if (task.allAnswered()) {
            decide(task);
        } else if (task.inTurn) {
            if (participant.isPrepared() && time.nanoTime() - task.deadlineNanos < 0) {
                send(new Unsent(task, task.next()));
            } else {
                decide(task);
            }
        }
    }

    private static CommitOutcome refusal(CommitTask.Participant participant) {
        return participant.watchChanged()
                ? CommitOutcome.failed(ErrorCode.CONFLICT, "A watched key was changed")
                : CommitOutcome.failed(participant.exchange);
    }

    private void decide(CommitTask task) {
        CommitTask.Participant refused = refusal(task);
        if (refused == null && task.allAnswered() && time.nanoTime() - task.deadlineNanos < 0) {
            task.decide(CommitTask.State.COMMITTING);
            submit(task, task.participants, true);
            return;
        }
        task.refuse(
                refused == null
                        ? CommitOutcome.failed(
                                ErrorCode.DEADLINE_EXCEEDED,
                                "The transaction was prepared only after its deadline and was"
                                        + " rolled back")
                        : refusedBy(refused));
        List<CommitTask.Participant> bound = new ArrayList<>();
        for (CommitTask.Participant participant : task.participants) {
            if (participant.mayBePrepared()) {
                bound.add(participant);
            }
        }
        task.decide(CommitTask.State.ABORTING);
        if (bound.isEmpty()) {
            end(task, task.refusal());
        } else {
            submit(task, bound, false);
        }
    }

    /** The participant whose error the caller is told: a real answer rather than a lost one. */
    private static CommitTask.@Nullable Participant refusal(CommitTask task) {
        CommitTask.Participant chosen = null;
        for (CommitTask.Participant participant : task.participants) {
            if (participant.answered
                    && !participant.isPrepared()
                    && (chosen == null || chosen.exchange.callMayBeInUse())) {
                chosen = participant;
            }
        }
        return chosen;
    }

    private static CommitOutcome refusedBy(CommitTask.Participant participant) {
        if (participant.exchange.callMayBeInUse()) {
            // Whatever the core logged, only COMMIT decides, and COMMIT will not be written.
            return CommitOutcome.failed(
                    ErrorCode.DEADLINE_EXCEEDED,
                    "A core did not answer in time and the transaction was rolled back: core="
                            + participant.core);
        }
        return refusal(participant);
    }

    private void submit(CommitTask task, List<CommitTask.Participant> bound, boolean commit) {
        CommitRequest request = new CommitRequest();
        if (commit) {
            CommitTask.Participant any = bound.getFirst();
            request.commit(
                    task.txnId,
                    RecordFormat.flags(
                            task.durability == Durability.ASYNC ? RecordFormat.ASYNC : 0,
                            any.exchange.source),
                    0,
                    0);
        } else {
            request.abort(task.txnId);
        }
        for (CommitTask.Participant participant : bound) {
            // A core whose answer was lost is sent the abort without waiting for its ring.
            request.core(
                    participant.core,
                    participant.isPrepared() ? participant.exchange.call.ringPosition : 0);
            if (participant.isPrepared() || !task.inTurn) {
                participant.exchange.call.eachPartition(request::partition);
            }
        }
        deciding.put(task.txnId, task);
        unsubmitted.addLast(request);
    }

    private void logged(CommitRequest answer) {
        CommitTask task = deciding.remove(answer.txnId());
        if (task == null) {
            return;
        }
        if (task.state() == CommitTask.State.ABORTING) {
            end(task, task.refusal());
        } else if (answer.error() == 0) {
            end(task, CommitOutcome.committed(answer.lsn()));
        } else {
            end(
                    task,
                    CommitOutcome.failed(
                            ErrorCode.ofNumber(answer.error()),
                            "The log failed while it wrote the transaction's commit"));
        }
    }

    private void end(CommitTask task, CommitOutcome how) {
        if (how.lsn() > lastCommitLsn) {
            lastCommitLsn = how.lsn();
        }
        open.decrementAndGet();
        task.end(how);
    }

    /** Looks about every tenth of a second for callers that have waited too long for the log. */
    private void answerOverdue() {
        long now = time.nanoTime();
        if (deciding.isEmpty() || (checkedOverdue && now - nextOverdueCheckNanos < 0)) {
            return;
        }
        checkedOverdue = true;
        nextOverdueCheckNanos = now + OUTCOME_GRACE_NANOS / 10;
        for (CommitTask task : deciding.values()) {
            if (!task.isDelivered() && now - task.deadlineNanos >= OUTCOME_GRACE_NANOS) {
                task.deliver(
                        task.state() == CommitTask.State.ABORTING
                                ? task.refusal()
                                : CommitOutcome.failed(
                                        ErrorCode.OUTCOME_UNKNOWN,
                                        "The log did not answer the transaction's commit in time"));
            }
        }
    }

    private record Unsent(CommitTask task, CommitTask.Participant participant) {}
}
