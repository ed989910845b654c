package io.nodedb.storage.rows;

/**
 * Tells which old versions registered snapshots still need; {@link
 * io.nodedb.storage.snapshot.SnapshotRegistry#needed} is one. Asked by the core and, after the core
 * has taken the acknowledgement of {@code toLsn} and handed the versions over, by background jobs:
 * callable from every thread.
 */
@FunctionalInterface
public interface VersionHorizon {
    /** True when a registered snapshot lies in [{@code fromLsn}, {@code toLsn}). */
    boolean needed(long fromLsn, long toLsn);
}
