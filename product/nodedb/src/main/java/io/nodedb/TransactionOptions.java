package io.nodedb;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.control.dispatch.CallOptions;
import java.time.Duration;

/** What a transaction may take. Immutable; each method returns a copy. */
@Immutable
public final class TransactionOptions {
    /**
     * The deadline of {@code request_deadline} (30 s) over all attempts, ten attempts, the
     * collections' durability.
     */
    public static final TransactionOptions DEFAULTS =
            new TransactionOptions(
                    RequestOptions.DEFAULTS,
                    io.nodedb.control.transaction.TransactionOptions.DEFAULT_ATTEMPTS);

    private static final int MOST_ATTEMPTS = 1_000;

    private final RequestOptions call;
    private final int attempts;

    private TransactionOptions(RequestOptions call, int attempts) {
        this.call = call;
        this.attempts = attempts;
    }

    /** All attempts together end within this time. */
    public TransactionOptions deadline(Duration timeout) {
        return new TransactionOptions(call.deadline(timeout), attempts);
    }

    /** What the commit survives; without it the strictest of the collections that it writes. */
    public TransactionOptions durability(Durability durability) {
        return new TransactionOptions(call.durability(durability), attempts);
    }

    /** How often it is run when it meets conflicts; 1 gives {@code CONFLICT} to the caller. */
    public TransactionOptions attempts(int attempts) {
        if (attempts < 1 || attempts > MOST_ATTEMPTS) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "A transaction is tried 1 to "
                            + MOST_ATTEMPTS
                            + " times: attempts="
                            + attempts);
        }
        return new TransactionOptions(call, attempts);
    }

    /** As it is run; {@code defaults} give the deadline if this does not. */
    io.nodedb.control.transaction.TransactionOptions over(CallOptions defaults) {
        return new io.nodedb.control.transaction.TransactionOptions(call.over(defaults), attempts);
    }
}
