package io.nodedb.plan.kv.command;

import io.nodedb.base.ids.KeyHash;
import io.nodedb.plan.Call;

/**
 * Looks at a key for a later {@link CommandBatchCall}. The answer is held until everything that was
 * seen is durable; its watermark is the LSN that the watch counts from: the key has no newer
 * version, and any that comes is newer.
 */
public final class WatchCall extends Call {
    private static final byte[] EMPTY = {};

    public int collection;
    public byte[] key = EMPTY;
    public long keyHash;

    /** Answer: the key was there. */
    public boolean present;

    /** Answer: the key was there only as one whose time had run out. */
    public boolean expired;

    /** {@code ownKey} is not copied and must not change any more. */
    public void watch(int ofCollection, byte[] ownKey) {
        collection = ofCollection;
        key = ownKey;
        keyHash = KeyHash.of(ownKey);
        present = false;
        expired = false;
    }

    /** The key as this answer tells it. */
    public WatchedKey watched(int partition, long watermarkLsn) {
        return new WatchedKey(partition, collection, key, keyHash, watermarkLsn, present, expired);
    }

    @Override
    public boolean writes() {
        return false;
    }

    @Override
    public int operation() {
        return 122;
    }

    @Override
    public int collection() {
        return collection;
    }

    @Override
    public long valuesHash() {
        return keyHash;
    }

    @Override
    public void reset() {
        collection = 0;
        key = EMPTY;
        keyHash = 0;
        present = false;
        expired = false;
    }
}
