package io.nodedb.data.core;

/** What became of a request after one quantum. */
enum Disposition {
    /** Answered, or its answer is held by a batch: the core is done with it. */
    DONE,
    /** More quanta are needed; shorter tasks run in between. */
    YIELD,
    /** The log has no room for its record. */
    WAIT_FOR_LOG,
    /** A prepared transaction holds its key. */
    WAIT_FOR_LOCK,
    /** It reads at an LSN that the core has not been told of yet. */
    WAIT_FOR_DURABLE,
    /** The client holds all its chunks. */
    WAIT_FOR_CREDIT,
    /** A helper thread reads for it; its completion brings it back. */
    READING
}
