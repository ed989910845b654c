package io.nodedb.data.core;

import io.nodedb.bridge.wake.Duty;

/**
 * What a core's thread drives beside its core, in turns: the sockets of a server's lane, so that a
 * request for one of the core's own partitions crosses no thread. Belongs to that thread; its steps
 * never wait and catch their failures.
 */
public interface CoreCompanion extends Duty {
    /** The thread has started. */
    void begin();

    /**
     * The thread is about to sleep: from now on whoever has something for the companion wakes it.
     * False when there is something already.
     */
    boolean arm();

    /** The thread is awake again. */
    void disarm();

    /** The thread ends. */
    void end();
}
