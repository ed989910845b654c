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
        /** Of {@link #core}: nobody knows, or several. */
        int ANY_CORE = -1;

        boolean isComplete();

        /** The core that was asked, which may not have been told yet. */
        default int core() {
            return ANY_CORE;
        }

        /** The answer may have to wait for the log. */
        default boolean writes() {
            return true;
        }

        /**
         * Wakes the core that was asked, if nobody has. The waiting caller does so before it waits,
         * unless it does the core's work in its place.
         */
        default void tell() {}

        /** From now on completion unparks this thread. */
        void unparkOnCompletion(Thread thread);
    }
}
