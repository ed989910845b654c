package io.nodedb.storage.rows;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.rows.cache.BlockRequests;

/**
 * One memtable, one file of level 0 or one level, as a cursor sees it: keys in order, each with its
 * newest version up to an age, deletions included.
 *
 * <p>Moves answer as {@link RowStore} says; after anything but {@code FOUND} the source stands
 * nowhere. Owned by one core.
 */
@CoreOwned
interface RowSource {
    /** To the first key at or behind (or only behind) a key. */
    int ceiling(byte[] rowKey, int length, boolean inclusive, long bound, BlockRequests requests);

    /** To the last key before a key. */
    int lower(byte[] rowKey, int length, long bound, BlockRequests requests);

    /** To the key behind the present one. */
    int advance(long bound, BlockRequests requests);

    /** To the key before the present one. */
    int retreat(long bound, BlockRequests requests);

    /** False when it has changed since it was positioned, so that its position means nothing. */
    boolean isCurrent();

    byte[] key();

    int keyLength();

    /** {@link io.nodedb.storage.rows.block.RowVersion#age} of the version. */
    long age();

    int kind();

    int valueLength();

    void copyValue(byte[] target);
}
