package io.nodedb.engine;

/**
 * A fuzzy checkpoint in progress: writes go on between slices. Every change that was committed
 * before it began, and is newer than the last published checkpoint, is emitted; a change made
 * meanwhile may be emitted too and is in any case part of the next one.
 */
public interface CheckpointCursor {
    /**
     * Emits committed versions until the sink is full, the context's quantum is over, or all is
     * emitted. @return true when all is emitted
     */
    boolean step(CheckpointSink sink, ExecutionContext context);

    /** Whose collection is emitted next: whom the time is charged to. */
    int tenant();

    /** The emitted entries are safe in a published manifest. */
    void published();

    /** The checkpoint failed: what was emitted counts as changed again. */
    void abandoned();
}
