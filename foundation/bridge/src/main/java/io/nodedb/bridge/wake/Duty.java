package io.nodedb.bridge.wake;

/**
 * What one thread does again and again, in steps: its own, or a {@link StandIn}'s while that thread
 * sleeps. A step catches what its thread would catch.
 */
public interface Duty {
    /** One step. @return false when there was nothing to do */
    boolean step();

    /**
     * Is there something for a step to do? Any thread, also while another one is at work: a wrong
     * answer then does no harm, and nothing is changed.
     */
    boolean hasWork();

    /** How long there will be nothing to do by itself. Only whoever does the duty. */
    long idleNanos();

    /**
     * Will the next step wait for a disk or otherwise take much longer than the others? A stand-in
     * then first hands back what else it holds. Only whoever does the duty.
     */
    default boolean takesLong() {
        return false;
    }
}
