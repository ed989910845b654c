package io.nodedb.bridge.lane;

import io.nodedb.base.ownership.Immutable;

/** Which of a core's queues a request joins; lower numbers go first. */
@Immutable
public final class Priority {
    public static final byte CRITICAL = 0;
    public static final byte HIGH = 1;
    public static final byte NORMAL = 2;

    /** Gets at least one turn in sixteen. */
    public static final byte BACKGROUND = 3;

    /** How many there are. */
    public static final int COUNT = 4;

    private Priority() {}
}
