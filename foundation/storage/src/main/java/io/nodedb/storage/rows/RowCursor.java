package io.nodedb.storage.rows;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.rows.cache.BlockRequests;

/**
 * Walks the rows of one keyspace that are visible at one LSN, in both directions.
 *
 * <p>A move answers {@link RowStore#FOUND}, {@link RowStore#ABSENT} (no further row that way)
 * {@link RowStore#MISS} or {@link RowStore#AGAIN}. After a miss, once the blocks are loaded, and
 * after {@code AGAIN}, the same move is made again and goes on from where it was. Writes between
 * two moves are seen as far as the LSN sees them: the cursor stands on a key, not on a place. After
 * {@code ABSENT} the cursor has no position until the next seek.
 *
 * <p>Owned by its store's core; holds no block between two moves, so it may be kept as long as its
 * snapshot.
 */
@CoreOwned
public interface RowCursor extends AutoCloseable {
    /**
     * Starts over, without a position.
     *
     * @param readLsn as {@link RowStore#get}
     * @param requests get what a move misses
     */
    void open(int keyspace, long readLsn, BlockRequests requests);

    /**
     * Goes on where it is, with other requests: a move that was not finished may be made again with
     * them.
     */
    void resume(BlockRequests requests);

    /** To the first row. */
    int first();

    /** To the last row. */
    int last();

    /** To the first row whose key is at or after {@code key}. */
    int seek(byte[] key, int offset, int length);

    /** To the last row whose key is before {@code key}. */
    int seekBefore(byte[] key, int offset, int length);

    /** To the next row. */
    int next();

    /** To the row before. */
    int previous();

    /** The present row's key; the array is the cursor's and valid until the next move. */
    byte[] key();

    int keyLength();

    /** The present row's value; the array is the cursor's and valid until the next move. */
    byte[] value();

    int valueLength();

    /** The present version's stamp: its LSN, or negative while pending. */
    long stamp();

    /** Forgets the position; it can be opened again. */
    @Override
    void close();
}
