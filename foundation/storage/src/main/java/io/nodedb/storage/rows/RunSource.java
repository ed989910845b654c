package io.nodedb.storage.rows;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.rows.cache.BlockCache;
import io.nodedb.storage.rows.cache.BlockRequests;
import io.nodedb.storage.rows.segment.Segment;
import java.util.List;

/** Files that do not overlap, as a cursor sees them. Owned by one core. */
@CoreOwned
final class RunSource implements RowSource {
    /** Behind every version of a key: below the lowest LSN. */
    private static final long BEHIND_ALL = -1;

    /** Before every version of a key. */
    private static final long BEFORE_ALL = Long.MAX_VALUE;

    private final RunPosition position;
    private byte[] key = new byte[64];
    private int keyLength;

    RunSource(BlockCache cache, List<Segment> segments) {
        this.position = new RunPosition(cache, segments);
    }

    @Override
    public int ceiling(
            byte[] rowKey, int length, boolean inclusive, long bound, BlockRequests requests) {
        int outcome = position.seek(rowKey, length, inclusive ? bound : BEHIND_ALL, requests);
        while (outcome == RowStore.FOUND && position.lsn() > bound) {
            outcome = position.next(requests);
        }
        return outcome == RowStore.FOUND ? take() : outcome;
    }

    @Override
    public int advance(long bound, BlockRequests requests) {
        int outcome = position.next(requests);
        while (outcome == RowStore.FOUND
                && (position.lsn() > bound || position.entry().keyEquals(key, keyLength))) {
            outcome = position.next(requests);
        }
        return outcome == RowStore.FOUND ? take() : outcome;
    }

    @Override
    public int lower(byte[] rowKey, int length, long bound, BlockRequests requests) {
        int outcome = position.seek(rowKey, length, BEFORE_ALL, requests);
        if (outcome == RowStore.FOUND) {
            outcome = position.previous(requests);
        } else if (outcome == RowStore.ABSENT) {
            outcome = position.last(requests);
        }
        return outcome == RowStore.FOUND ? settleBackward(bound, requests) : outcome;
    }

    @Override
    public int retreat(long bound, BlockRequests requests) {
        int outcome = position.previous(requests);
        while (outcome == RowStore.FOUND && position.entry().keyEquals(key, keyLength)) {
            outcome = position.previous(requests);
        }
        return outcome == RowStore.FOUND ? settleBackward(bound, requests) : outcome;
    }

    /** From the oldest version of a key to its newest visible one, or on to keys before it. */
    private int settleBackward(long bound, BlockRequests requests) {
        int outcome = RowStore.FOUND;
        while (outcome == RowStore.FOUND) {
            int found = take();
            if (position.lsn() <= bound) {
                if (position.previousInBlock()) {
                    boolean alone = !position.entry().keyEquals(key, keyLength);
                    position.nextInBlock();
                    if (alone) {
                        return found;
                    }
                }
                return position.seek(key, keyLength, bound, requests);
            }
            outcome = position.previous(requests);
            while (outcome == RowStore.FOUND && position.entry().keyEquals(key, keyLength)) {
                outcome = position.previous(requests);
            }
        }
        return outcome;
    }

    private int take() {
        int length = position.entry().keyLength();
        if (key.length < length) {
            key = new byte[2 * length];
        }
        System.arraycopy(position.entry().key(), 0, key, 0, length);
        keyLength = length;
        return RowStore.FOUND;
    }

    @Override
    public boolean isCurrent() {
        return position.isCurrent();
    }

    @Override
    public byte[] key() {
        return key;
    }

    @Override
    public int keyLength() {
        return keyLength;
    }

    @Override
    public long age() {
        return position.lsn();
    }

    @Override
    public int kind() {
        return position.entry().kind();
    }

    @Override
    public int valueLength() {
        return position.entry().valueLength();
    }

    @Override
    public void copyValue(byte[] target) {
        position.entry().copyValue(target);
    }
}
