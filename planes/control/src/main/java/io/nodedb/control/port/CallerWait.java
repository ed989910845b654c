package io.nodedb.control.port;

/**
 * How a caller's thread spends the time until its answer is there. In production it spins briefly
 * and parks; a single-threaded simulation steps the other planes instead.
 */
public interface CallerWait {
    /**
     * Returns when {@code awaited} is complete or {@code giveUpNanos} (of the same clock as every
     * deadline) has passed. An interrupt does not end the wait; it is restored afterwards.
     *
     * @return true when it is complete
     */
    boolean await(Awaited awaited, long giveUpNanos);

    /** Lets about so much time pass: back-pressure and back-off of synchronous callers. */
    void pause(long nanos);

    /** What a caller waits for; completed by the lane thread. */
    interface Awaited {
        boolean isComplete();

        /** From now on completion unparks this thread. */
        void unparkOnCompletion(Thread thread);
    }
}
