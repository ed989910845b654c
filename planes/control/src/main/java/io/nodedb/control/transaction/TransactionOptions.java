package io.nodedb.control.transaction;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.control.dispatch.CallOptions;

/**
 * What a transaction may take.
 *
 * @param call deadline of the whole transaction with all its attempts, durability, source, tenant
 * @param maxAttempts how often it is run when it meets conflicts
 */
@Immutable
public record TransactionOptions(CallOptions call, int maxAttempts) {
    /**
     * With a jittered back-off, ten attempts get through unless a key is fought over constantly.
     */
    public static final int DEFAULT_ATTEMPTS = 10;

    public static final TransactionOptions DEFAULT =
            new TransactionOptions(CallOptions.DEFAULT, DEFAULT_ATTEMPTS);
}
