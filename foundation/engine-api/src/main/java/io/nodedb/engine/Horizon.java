package io.nodedb.engine;

/** Tells which old versions registered snapshots still need. */
@FunctionalInterface
public interface Horizon {
    /**
     * True when a registered snapshot lies in [{@code fromLsn}, {@code toLsn}): it sees the version
     * that was committed at the one and superseded at the other.
     */
    boolean needed(long fromLsn, long toLsn);
}
