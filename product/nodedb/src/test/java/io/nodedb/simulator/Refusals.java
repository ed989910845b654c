package io.nodedb.simulator;

import io.nodedb.base.errors.NodeDbException;
import io.nodedb.simulator.ClientOperation.Outcome;
import java.util.concurrent.CompletionException;

/** What an error tells a client about its request. */
final class Refusals {
    private Refusals() {}

    /** The outcome that an error leaves; throws those that no simulation should see. */
    static Outcome outcome(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (!(cause instanceof NodeDbException error)) {
            throw new AssertionError("an unexpected failure reached a client", failure);
        }
        return switch (error.code()) {
            case CONFLICT,
                    DEADLINE_EXCEEDED,
                    RESOURCES_EXHAUSTED,
                    DISK_FULL,
                    SHUTTING_DOWN,
                    SNAPSHOT_TOO_OLD ->
                    Outcome.REFUSED;
            case OUTCOME_UNKNOWN, STORAGE_FAILED -> Outcome.OPEN;
            default -> throw new AssertionError("an unexpected error reached a client", failure);
        };
    }
}
