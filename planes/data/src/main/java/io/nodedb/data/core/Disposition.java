package io.nodedb.data.core;

/** What became of a request after one quantum. */
enum Disposition {
    /** Answered, or its answer is held by a batch: the core is done with it. */
    DONE,
    /** In the log's hands; its effects show, and its session goes on, when it is decided. */
    DECIDED_LATER,
    /** Answered without having been executed: neither a success nor a failure of the core. */
    REFUSED,
    /** More quanta are needed; shorter tasks run in between. */
    YIELD,
    /** The log has no room for its record. */
    WAIT_FOR_LOG,
    /** A prepared transaction holds its key. */
    WAIT_FOR_LOCK,
    /** Memory is short: this turn's share of writes is used up. */
    WAIT_FOR_TURN,
    /** What is in memory must first go to files: background work lags behind. */
    WAIT_FOR_FILES,
    /** It reads at an LSN that the core has not been told of yet. */
    WAIT_FOR_DURABLE,
    /** A large answer tells of a batch on its way through the log; parts can't be held back. */
    WAIT_FOR_BATCH,
    /** The client holds all its chunks. */
    WAIT_FOR_CREDIT,
    /** A helper thread reads for it; its completion brings it back. */
    READING,
    /** Its keys have nothing: it waits with {@link WaitingClients} until they have. */
    PARKED
}
