package io.nodedb.bridge.lane;

import io.nodedb.base.ownership.Immutable;

/**
 * Where a write comes from, so that triggers don't trigger themselves. Stable: part of log records.
 */
@Immutable
public final class WriteSource {
    public static final byte CLIENT = 0;
    public static final byte TRIGGER = 1;
    public static final byte SYNC = 2;
    public static final byte REPLICATION = 3;
    public static final byte SCHEDULE = 4;

    private WriteSource() {}
}
