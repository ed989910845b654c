package io.nodedb.plan;

/**
 * One unit of work for one core, with room for its answer. Mutable and reused, so that hot calls
 * allocate nothing; owned by whoever holds the request it travels in.
 */
public abstract class Call {
    /** True when executing it may write. */
    public abstract boolean writes();

    /** A stable number of the operation: part of failure fingerprints and idempotency hashes. */
    public abstract int operation();

    /** The collection it works on, 0 when none. */
    public abstract int collection();

    /**
     * A hash of every bound value: with tenant, collection and operation it makes the fingerprint
     * of this exact request.
     */
    public abstract long valuesHash();

    /**
     * Forgets inputs and answer, so that nothing of one request leaks into the next. Buffers are
     * kept.
     */
    public abstract void reset();
}
