package io.nodedb;

import io.nodedb.control.catalog.CommitDurability;

/** What an acknowledged write survives. */
public enum Durability {
    /** Power loss: the write is answered after the log is synced. */
    SYNC(CommitDurability.SYNC),
    /**
     * The end of the process, {@code kill -9} included, but not power loss: the write is answered
     * when the operating system has it, and synced within a second.
     */
    ASYNC(CommitDurability.ASYNC);

    private final CommitDurability internal;

    Durability(CommitDurability internal) {
        this.internal = internal;
    }

    CommitDurability internal() {
        return internal;
    }
}
