package io.nodedb.control.transaction;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Shared;
import io.nodedb.control.dispatch.Dispatcher;
import io.nodedb.control.dispatch.Router;
import io.nodedb.control.kv.KvExchanges;
import io.nodedb.control.port.CallerWait;
import io.nodedb.control.scan.RangeScans;
import io.nodedb.control.scan.Scans;
import io.nodedb.control.snapshot.Snapshots;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Begins transactions, and runs them again when they meet conflicts. Callable from every thread.
 */
@Shared("immutable; the coordinator is guarded")
public final class Transactions {
    /** Returns when no change of a collection's definition is under way. */
    @FunctionalInterface
    public interface DefinitionWait {
        /** {@code DEADLINE_EXCEEDED} when it takes longer. */
        void await(int collection, long timeoutNanos);
    }

    private static final long FIRST_BACK_OFF_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long LONGEST_BACK_OFF_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final TransactionCoordinator coordinator;
    private final KvExchanges exchanges;
    private final Scans scans;
    private final RangeScans ranges;
    private final Snapshots snapshots;
    private final Router router;
    private final Dispatcher dispatcher;
    private final CallerWait wait;
    private final TimeSource time;
    private final LongUnaryOperator randomBelow;
    private final long writeLimitBytes;
    private final Committer committer;
    private final DefinitionWait definitions;

    /**
     * @param randomBelow a number from 0 to below its argument; callable from every thread
     * @param writeLimitBytes largest write set
     * @param definitions waits while a collection's definition is being changed
     */
    public Transactions(
            TransactionCoordinator coordinator,
            KvExchanges exchanges,
            Scans scans,
            RangeScans ranges,
            Snapshots snapshots,
            Router router,
            Dispatcher dispatcher,
            CallerWait wait,
            TimeSource time,
            LongUnaryOperator randomBelow,
            long writeLimitBytes,
            DefinitionWait definitions) {
        this.coordinator = coordinator;
        this.exchanges = exchanges;
        this.scans = scans;
        this.ranges = ranges;
        this.snapshots = snapshots;
        this.router = router;
        this.dispatcher = dispatcher;
        this.wait = wait;
        this.time = time;
        this.randomBelow = randomBelow;
        this.writeLimitBytes = writeLimitBytes;
        this.definitions = definitions;
        this.committer = new Committer(coordinator, dispatcher, wait, time);
    }

    /** A new transaction at a snapshot of now. The caller ends it. */
    public Transaction begin(TransactionOptions options) {
        return begin(options, time.nanoTime() + options.call().timeoutNanos());
    }

    /**
     * Runs {@code body} in a transaction and commits it. On a conflict, also with a change of a
     * collection's definition, it is rolled back and run again, after a random pause that doubles,
     * until it succeeds, the attempts are used up or the deadline has passed; {@code body} must
     * therefore have no effects of its own. What it throws rolls back and reaches the caller.
     */
    public <R extends @Nullable Object> R run(
            TransactionOptions options, Function<Transaction, R> body) {
        dispatcher.refuseOnLaneThread();
        long deadline = time.nanoTime() + options.call().timeoutNanos();
        long backOff = FIRST_BACK_OFF_NANOS;
        for (int attempt = 1; ; attempt++) {
            try (Transaction transaction = begin(options, deadline)) {
                return committed(transaction, body, deadline);
            } catch (NodeDbException e) {
                if ((e.code() != ErrorCode.CONFLICT && e.code() != ErrorCode.DEFINITION_CHANGED)
                        || attempt >= options.maxAttempts()
                        || time.nanoTime() + backOff - deadline >= 0) {
                    throw e;
                }
            }
            wait.pause(backOff / 2 + randomBelow.applyAsLong(backOff / 2 + 1));
            backOff = Math.min(2 * backOff, LONGEST_BACK_OFF_NANOS);
        }
    }

    private <R extends @Nullable Object> R committed(
            Transaction transaction, Function<Transaction, R> body, long deadline) {
        R result = body.apply(transaction);
        if (!transaction.isOpen()) {
            return result;
        }
        try {
            transaction.commit();
        } catch (NodeDbException e) {
            if (e.code() == ErrorCode.DEFINITION_CHANGED) {
                for (int collection : transaction.writtenCollections()) {
                    definitions.await(collection, deadline - time.nanoTime());
                }
            }
            throw e;
        }
        return result;
    }

    private Transaction begin(TransactionOptions options, long deadlineNanos) {
        return new Transaction(
                exchanges,
                scans,
                ranges,
                snapshots,
                committer,
                options,
                snapshots.open(coordinator.lastCommitLsn()),
                deadlineNanos,
                new WriteSet(router, writeLimitBytes));
    }
}
