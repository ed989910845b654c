package io.nodedb;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Immutable;
import java.time.Duration;

/** What a transaction may take. Immutable; each method returns a copy. */
@Immutable
public final class TransactionOptions {
    /** A deadline of 30 s over all attempts, ten attempts, the collections' durability. */
    public static final TransactionOptions DEFAULTS =
            new TransactionOptions(io.nodedb.control.transaction.TransactionOptions.DEFAULT);

    private static final int MOST_ATTEMPTS = 1_000;

    private final io.nodedb.control.transaction.TransactionOptions internal;

    private TransactionOptions(io.nodedb.control.transaction.TransactionOptions internal) {
        this.internal = internal;
    }

    /** All attempts together end within this time. */
    public TransactionOptions deadline(Duration timeout) {
        return new TransactionOptions(
                new io.nodedb.control.transaction.TransactionOptions(
                        internal.call().withTimeoutNanos(timeout.toNanos()),
                        internal.maxAttempts()));
    }

    /** What the commit survives; without it the strictest of the collections that it writes. */
    public TransactionOptions durability(Durability durability) {
        return new TransactionOptions(
                new io.nodedb.control.transaction.TransactionOptions(
                        internal.call().withDurability(durability.internal()),
                        internal.maxAttempts()));
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
        return new TransactionOptions(
                new io.nodedb.control.transaction.TransactionOptions(internal.call(), attempts));
    }

    io.nodedb.control.transaction.TransactionOptions internal() {
        return internal;
    }
}
