package io.nodedb.data.failure;

import io.nodedb.base.ownership.Shared;

/**
 * Where unexpected failures are reported with their stack trace. Implementations log; they never
 * throw and never block for long.
 */
@Shared("implementations are thread-safe")
public interface Failures {
    /**
     * Reports a failure.
     *
     * @param place the phase that failed: {@code request}, {@code maintenance}, …
     * @param what the work in hand, for a human
     * @return an id that stands in the log beside the stack trace
     */
    String report(String place, String what, Throwable failure);

    /** Something is not as it should be; everything goes on without it. */
    void warning(String message);

    /** Tells of a state change that an operator wants to see. */
    void notice(boolean error, String message);
}
