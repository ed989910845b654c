package io.nodedb.control.port;

import java.util.concurrent.CompletionStage;

/**
 * The registry of open scans by collection: every scan holds a permit, and a collection that is
 * being purged gives out no more of them.
 */
public interface CollectionDrain {
    /**
     * Takes a scan's permit.
     *
     * @return false when the collection is draining
     */
    boolean enter(int collection);

    /** Gives back a permit that {@link #enter} granted. */
    void leave(int collection);

    /**
     * Marks the collection as draining and completes when its last open scan has ended; completes
     * exceptionally when that takes longer than the registry allows. May be called again.
     */
    CompletionStage<Void> drain(int collection);

    /** Clears the mark: the purge was given up. Nothing happens when there is none. */
    void clear(int collection);
}
