package io.nodedb.plan.commit;

import io.nodedb.base.ownership.Immutable;
import org.jspecify.annotations.Nullable;

/**
 * One write of a transaction: the key's value after it, or its deletion.
 *
 * @param partition the key's partition
 * @param value the new value; null deletes
 * @param expireAtMillis epoch milliseconds, 0 for never, {@link
 *     io.nodedb.plan.kv.KvCall#KEEP_EXPIRY} to keep the present one
 * @param definition version of the collection's definition that the value was made by, as {@link
 *     io.nodedb.plan.kv.KvCall#definition}
 */
@Immutable
@SuppressWarnings(
        "ArrayRecordComponent") // the arrays are the transaction's own copies and are only read
public record KeyWrite(
        int partition,
        int collection,
        byte[] key,
        long keyHash,
        byte @Nullable [] value,
        long expireAtMillis,
        int definition) {
    /** To a collection without a definition. */
    public KeyWrite(
            int partition,
            int collection,
            byte[] key,
            long keyHash,
            byte @Nullable [] value,
            long expireAtMillis) {
        this(partition, collection, key, keyHash, value, expireAtMillis, 0);
    }
}
