package io.nodedb.base.memory;

/** What governed memory is used for; each has its own gauge. */
public enum MemoryTag {
    /** Entries of the key-value engine. */
    KV_DATA,
    /** Buckets and expiry wheels of the key-value engine. */
    KV_INDEX,
    /** Rings, requests and chunks of the bridge. */
    RINGS,
    /** Buffers of the WAL writer and of log readers. */
    WAL_BUFFERS,
    /** Blocks on their way into checkpoint files. */
    CHECKPOINT,
    /** Event rings and subscriptions. */
    EVENTS,
    /** Blocks read from files. */
    BLOCK_CACHE,
    /** Memtables of row stores. */
    ROW_MEMTABLE,
    /** Directories of the files of row stores, and buffers of the jobs that write them. */
    ROW_FILES,
    OTHER;

    /** Held by the key-value engine, whose budget is {@code kv_memory}. */
    boolean isKeyValue() {
        return this == KV_DATA || this == KV_INDEX;
    }
}
