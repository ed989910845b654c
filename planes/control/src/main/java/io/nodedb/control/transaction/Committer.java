package io.nodedb.control.transaction;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.control.dispatch.Dispatcher;
import io.nodedb.control.port.CallerWait;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A caller's side of a commit: starts it with the coordinator and waits, or is told. */
@Immutable
final class Committer {
    /**
     * How long past its deadline a caller trusts the coordinator to tell the outcome. It does so
     * one second after the deadline; beyond this the lane thread itself is gone.
     */
    private static final long CALLER_GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final TransactionCoordinator coordinator;
    private final Dispatcher dispatcher;
    private final CallerWait wait;
    private final TimeSource time;

    Committer(
            TransactionCoordinator coordinator,
            Dispatcher dispatcher,
            CallerWait wait,
            TimeSource time) {
        this.coordinator = coordinator;
        this.dispatcher = dispatcher;
        this.wait = wait;
        this.time = time;
    }

    CommitOutcome commit(
            WriteSet writes,
            long snapshotLsn,
            long deadlineNanos,
            byte durability,
            TransactionOptions options) {
        dispatcher.refuseOnLaneThread();
        long pause = TimeUnit.MICROSECONDS.toNanos(50);
        while (true) {
            CommitOutcome outcome =
                    await(
                            start(writes, snapshotLsn, deadlineNanos, durability, options, null),
                            deadlineNanos);
            if (outcome.error() != ErrorCode.RESOURCES_EXHAUSTED
                    || time.nanoTime() + pause - deadlineNanos >= 0) {
                return outcome;
            }
            // Nothing was done: wait for room, as every waiting caller does.
            wait.pause(pause);
            pause = Math.min(2 * pause, TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    void commitAsync(
            WriteSet writes,
            long snapshotLsn,
            long deadlineNanos,
            byte durability,
            TransactionOptions options,
            Consumer<CommitOutcome> listener) {
        CommitTask ignored =
                start(writes, snapshotLsn, deadlineNanos, durability, options, listener);
    }

    private CommitTask start(
            WriteSet writes,
            long snapshotLsn,
            long deadlineNanos,
            byte durability,
            TransactionOptions options,
            @Nullable Consumer<CommitOutcome> listener) {
        return coordinator.commit(
                writes.byCore(), snapshotLsn, deadlineNanos, durability, options.call(), listener);
    }

    private CommitOutcome await(CommitTask task, long deadlineNanos) {
        wait.await(task, deadlineNanos + CALLER_GRACE_NANOS);
        CommitOutcome outcome = task.outcome();
        return outcome != null
                ? outcome
                : CommitOutcome.failed(
                        ErrorCode.OUTCOME_UNKNOWN, "The coordinator did not tell the outcome");
    }
}
