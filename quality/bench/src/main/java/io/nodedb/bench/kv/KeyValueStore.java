package io.nodedb.bench.kv;

import org.jspecify.annotations.Nullable;

/** A contestant's store. Safe for several threads; closing is for one, when the others are done. */
interface KeyValueStore extends AutoCloseable {
    byte @Nullable [] get(byte[] key) throws Exception;

    /**
     * Returns when the write survives what the tier says. The arrays are the caller's again then.
     */
    void put(byte[] key, byte[] value, Tier tier) throws Exception;

    /** Stores the keys 0 to {@code keys} - 1 in version 0, as fast as it goes. */
    void load(Records records, long keys) throws Exception;

    @Override
    void close();
}
