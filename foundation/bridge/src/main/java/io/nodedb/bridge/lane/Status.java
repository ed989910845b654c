package io.nodedb.bridge.lane;

import io.nodedb.base.ownership.Immutable;

/** What a final answer says. Partial answers travel as {@link Chunk}s. */
@Immutable
public final class Status {
    public static final byte OK = 0;

    /** {@link Request#errorCode} says which. */
    public static final byte ERROR = 1;

    private Status() {}
}
