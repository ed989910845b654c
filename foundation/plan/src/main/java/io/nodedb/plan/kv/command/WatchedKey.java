package io.nodedb.plan.kv.command;

import io.nodedb.base.ownership.Immutable;

/**
 * A key that must be as it was when it was watched ({@link WatchCall}), or the batch is not made.
 *
 * @param lsn the watch counts from here: any newer version is a change
 * @param present it was there; then being gone is a change, also when only its time has run out
 * @param expired its time had run out; then that it is removed for good is no change
 */
@Immutable
@SuppressWarnings("ArrayRecordComponent") // the watcher's own copy, which is only read
public record WatchedKey(
        int partition,
        int collection,
        byte[] key,
        long keyHash,
        long lsn,
        boolean present,
        boolean expired) {}
