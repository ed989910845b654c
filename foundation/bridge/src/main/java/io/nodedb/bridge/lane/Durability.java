package io.nodedb.bridge.lane;

import io.nodedb.base.ownership.Immutable;

/** When a write is answered. */
@Immutable
public final class Durability {
    /** As the collection or the database says. */
    public static final byte DEFAULT = 0;

    /** Once it survives power loss. */
    public static final byte SYNC = 1;

    /** Once the operating system has it: it survives the end of the process. */
    public static final byte ASYNC = 2;

    private Durability() {}
}
