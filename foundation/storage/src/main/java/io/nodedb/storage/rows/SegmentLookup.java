package io.nodedb.storage.rows;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.rows.block.BlockCursor;
import io.nodedb.storage.rows.block.BlockKind;
import io.nodedb.storage.rows.block.BlockPlace;
import io.nodedb.storage.rows.block.KeyFilter;
import io.nodedb.storage.rows.cache.BlockCache;
import io.nodedb.storage.rows.cache.BlockRequests;
import io.nodedb.storage.rows.segment.Segment;

/**
 * Point reads in files, through the cache: filter, index and one data block of the only section
 * that may hold the version. Owned by one core; allocates nothing when all three hit.
 */
@CoreOwned
final class SegmentLookup {
    private final BlockCache cache;
    private final BlockCursor index = new BlockCursor();
    private final BlockCursor data = new BlockCursor();
    private long blocksLookedAt;

    SegmentLookup(BlockCache cache) {
        this.cache = cache;
    }

    /**
     * @param hash {@link KeyFilter#hash} of the key
     * @return {@link RowStore#FOUND} when {@link #entry} is the newest version of the key up to
     *     {@code bound}, deletion or not; {@link RowStore#ABSENT} when the file has none; {@link
     *     RowStore#MISS}
     */
    int find(
            Segment segment,
            byte[] rowKey,
            int length,
            long hash,
            long bound,
            BlockRequests requests) {
        if (segment.info().lowestLsn() > bound) {
            return RowStore.ABSENT;
        }
        int section = segment.sections().sectionOf(rowKey, length, bound);
        if (section < 0) {
            return RowStore.ABSENT;
        }
        BlockPlace indexPlace = segment.sections().index(section);
        BlockPlace filterPlace = segment.sections().filter(section);
        if (filterPlace.storedBytes() > 0) {
            int filter = cache.frame(segment.file(), BlockKind.FILTER, filterPlace, requests);
            if (filter == BlockCache.MISS) {
                // Both will be needed, so one wait does for both.
                cache.frame(segment.file(), BlockKind.INDEX, indexPlace, requests);
                return RowStore.MISS;
            }
            if (!KeyFilter.mayHold(
                    cache.memory(filter), cache.position(filter), cache.size(filter), hash)) {
                return RowStore.ABSENT;
            }
        }
        int indexFrame = cache.frame(segment.file(), BlockKind.INDEX, indexPlace, requests);
        if (indexFrame == BlockCache.MISS) {
            return RowStore.MISS;
        }
        index.reset(cache.memory(indexFrame), cache.position(indexFrame), cache.size(indexFrame));
        if (!index.seek(rowKey, length, bound)) {
            return RowStore.ABSENT;
        }
        long offset = index.valueVarint(0);
        int stored = (int) index.valueVarint(index.varintEnd());
        int raw = (int) index.valueVarint(index.varintEnd());
        int frame = cache.frame(segment.file(), BlockKind.DATA, offset, stored, raw, requests);
        if (frame == BlockCache.MISS) {
            return RowStore.MISS;
        }
        blocksLookedAt++;
        data.reset(cache.memory(frame), cache.position(frame), cache.size(frame));
        return data.seek(rowKey, length, bound) && data.keyEquals(rowKey, length)
                ? RowStore.FOUND
                : RowStore.ABSENT;
    }

    /** What was found; valid until the next call. */
    BlockCursor entry() {
        return data;
    }

    long blocksLookedAt() {
        return blocksLookedAt;
    }
}
