package io.nodedb.bench.kv;

/** What an acknowledged write survives; the same for all contestants of a work. */
enum Tier {
    /** The end of the process, not power loss: the operating system has the write. */
    ASYNC,
    /** Power loss: the write is on the disk. */
    SYNC
}
