package io.nodedb.storage.wal;

/** How far a reader of a running log may go. */
public enum ReadLimit {
    /** Up to what was acknowledged, also of async commits: for readers inside this process. */
    DURABLE,
    /** Up to what survives a power loss: for events, replicas, everything that leaves. */
    SYNCED
}
