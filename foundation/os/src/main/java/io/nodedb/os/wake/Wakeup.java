package io.nodedb.os.wake;

/**
 * One thread's place to sleep. Signals accumulate: a signal that comes before {@link #await} makes
 * it return at once; any number of signals is consumed by one {@code await} (drained in full).
 */
public interface Wakeup extends AutoCloseable {
    /**
     * Wakes the owner, now or when it next awaits. Any thread; never blocks. Nothing happens after
     * {@link #close}.
     */
    void signal();

    /**
     * Owner only. Blocks until signalled or until the time has passed; {@link Long#MAX_VALUE} waits
     * for ever, 0 only consumes. Returns true when signalled.
     */
    boolean await(long timeoutNanos);

    /** {@code eventfd} or {@code park}: for the log and metrics. */
    String mechanism();

    @Override
    void close();
}
