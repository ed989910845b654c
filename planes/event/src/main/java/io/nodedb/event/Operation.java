package io.nodedb.event;

/** What a {@link Change} did to its key, as the value before it tells. */
public enum Operation {
    /** The key had no value before. */
    INSERT,
    /**
     * The key had a value before, or it is not known whether it had ({@link
     * Change#oldValueKnown()}).
     */
    UPDATE,
    /** Somebody deleted the key. */
    DELETE,
    /** The key's time ran out. */
    EXPIRE,
    /**
     * Not a change: the log no longer holds what comes next. The feed ends with LSN_TOO_OLD; take a
     * snapshot and subscribe from its LSN.
     */
    GAP
}
