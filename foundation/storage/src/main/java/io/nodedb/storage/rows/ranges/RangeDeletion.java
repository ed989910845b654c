package io.nodedb.storage.rows.ranges;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.storage.rows.block.RowKey;

/**
 * Every version of a row key in [from, to) that is older than {@code lsn} is deleted.
 *
 * @param lsn the deletion's commit, or {@link #PURGED}
 * @param id counts up as deletions are committed or purges asked for; a file says up to which it
 *     has been rid of what they cover
 */
@Immutable
@SuppressWarnings("ArrayRecordComponent") // keys are bytes; nobody changes them
public record RangeDeletion(byte[] from, byte[] to, long lsn, long id) {
    /** Of a purged keyspace: newer than every version, and no snapshot keeps any. */
    public static final long PURGED = Long.MAX_VALUE;

    public boolean covers(byte[] rowKey, int length) {
        return RowKey.compare(rowKey, length, from, from.length) >= 0
                && RowKey.compare(rowKey, length, to, to.length) < 0;
    }

    /** True when a key between these two, both inclusive, may be covered. */
    public boolean overlaps(byte[] smallest, byte[] largest) {
        return RowKey.compare(largest, from) >= 0 && RowKey.compare(smallest, to) < 0;
    }

    /** True when every key between these two is covered. */
    public boolean coversAll(byte[] smallest, byte[] largest) {
        return RowKey.compare(smallest, from) >= 0 && RowKey.compare(largest, to) < 0;
    }
}
