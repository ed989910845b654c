package io.nodedb.storage.rows;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.rows.block.BlockCursor;
import io.nodedb.storage.rows.block.BlockKind;
import io.nodedb.storage.rows.cache.BlockCache;
import io.nodedb.storage.rows.cache.BlockFile;
import io.nodedb.storage.rows.cache.BlockRequests;
import io.nodedb.storage.rows.segment.Levels;
import io.nodedb.storage.rows.segment.Segment;
import java.util.List;

/**
 * A place in files that do not overlap, version by version, through the cache. It holds no block:
 * {@link #isCurrent} tells whether those that it stands on are still there.
 *
 * <p>Moves answer {@link RowStore#FOUND}, {@link RowStore#ABSENT} or {@link RowStore#MISS}; after
 * either of the latter it stands nowhere. Owned by one core.
 */
@CoreOwned
final class RunPosition {
    private static final int NOWHERE = -1;

    /** Blocks that a scan asks for at a time, at most. */
    private static final int MOST_AHEAD = 16;

    private final BlockCache cache;
    private final List<Segment> segments;
    private final BlockCursor index = new BlockCursor();
    private final BlockCursor data = new BlockCursor();
    private final long[] offsets = new long[MOST_AHEAD];
    private final int[] storedBytes = new int[MOST_AHEAD];
    private final int[] rawBytes = new int[MOST_AHEAD];
    private int ahead = 1;
    private int at = NOWHERE;
    private int section;
    private int indexFrame;
    private long indexTicket;
    private int dataFrame;
    private long dataTicket;

    /**
     * @param segments in order of their keys
     */
    RunPosition(BlockCache cache, List<Segment> segments) {
        this.cache = cache;
        this.segments = segments;
    }

    /** To the first version at or behind (key, bound). */
    int seek(byte[] rowKey, int length, long bound, BlockRequests requests) {
        at = Math.max(0, Levels.indexAtOrBefore(segments, rowKey, length));
        if (segments.isEmpty()) {
            return nowhere(RowStore.ABSENT);
        }
        section = segment().sections().sectionOf(rowKey, length, bound);
        if (section < 0) {
            return firstOfSegment(at + 1, requests);
        }
        int outcome = openIndex(requests);
        if (outcome != RowStore.FOUND) {
            return outcome;
        }
        if (!index.seek(rowKey, length, bound)) {
            return firstOfSection(section + 1, requests);
        }
        outcome = openData(requests);
        if (outcome != RowStore.FOUND) {
            return outcome;
        }
        return data.seek(rowKey, length, bound) ? RowStore.FOUND : nextBlock(requests);
    }

    /** To the last version of all. */
    int last(BlockRequests requests) {
        return lastOfSegment(segments.size() - 1, requests);
    }

    int next(BlockRequests requests) {
        return data.next() ? RowStore.FOUND : nextBlock(requests);
    }

    int previous(BlockRequests requests) {
        return data.previous() ? RowStore.FOUND : previousBlock(requests);
    }

    /** To the version before, when that is in the same block: else it stays. */
    boolean previousInBlock() {
        if (data.previous()) {
            return true;
        }
        data.first();
        return false;
    }

    /** Undoes {@link #previousInBlock}. */
    void nextInBlock() {
        data.next();
    }

    boolean isCurrent() {
        return at != NOWHERE
                && cache.stillHolds(indexFrame, indexTicket)
                && cache.stillHolds(dataFrame, dataTicket);
    }

    /** The present version. */
    BlockCursor entry() {
        return data;
    }

    long lsn() {
        return segment().lsn(data.lsn());
    }

    private Segment segment() {
        return segments.get(at);
    }

    private int nextBlock(BlockRequests requests) {
        if (!index.next()) {
            return firstOfSection(section + 1, requests);
        }
        if (!cache.isExpected(segment().file(), index.valueVarint(0))) {
            return fetchAhead(requests);
        }
        int outcome = openData(requests);
        if (outcome == RowStore.FOUND) {
            data.first();
        }
        return outcome;
    }

    /**
     * The next block is not there: asks for some behind it too, twice as many each time. The places
     * are read before any block is asked for, since that may evict the index.
     */
    private int fetchAhead(BlockRequests requests) {
        ahead = Math.min(MOST_AHEAD, 2 * ahead);
        int count = 0;
        do {
            offsets[count] = index.valueVarint(0);
            storedBytes[count] = (int) index.valueVarint(index.varintEnd());
            rawBytes[count] = (int) index.valueVarint(index.varintEnd());
            count++;
        } while (count < ahead && index.next());
        BlockFile file = segment().file();
        cache.frame(file, BlockKind.DATA, offsets[0], storedBytes[0], rawBytes[0], requests);
        for (int i = 1; i < count; i++) {
            cache.prefetch(file, BlockKind.DATA, offsets[i], storedBytes[i], rawBytes[i], requests);
        }
        return nowhere(RowStore.MISS);
    }

    private int firstOfSection(int next, BlockRequests requests) {
        if (next == segment().sections().size()) {
            return firstOfSegment(at + 1, requests);
        }
        section = next;
        int outcome = openIndex(requests);
        if (outcome == RowStore.FOUND) {
            index.first();
            outcome = openData(requests);
        }
        if (outcome == RowStore.FOUND) {
            data.first();
        }
        return outcome;
    }

    private int firstOfSegment(int next, BlockRequests requests) {
        if (next == segments.size()) {
            return nowhere(RowStore.ABSENT);
        }
        at = next;
        return firstOfSection(0, requests);
    }

    private int previousBlock(BlockRequests requests) {
        if (!index.previous()) {
            return lastOfSection(section - 1, requests);
        }
        int outcome = openData(requests);
        if (outcome == RowStore.FOUND) {
            data.last();
        }
        return outcome;
    }

    private int lastOfSection(int previous, BlockRequests requests) {
        if (previous < 0) {
            return lastOfSegment(at - 1, requests);
        }
        section = previous;
        int outcome = openIndex(requests);
        if (outcome == RowStore.FOUND) {
            index.last();
            outcome = openData(requests);
        }
        if (outcome == RowStore.FOUND) {
            data.last();
        }
        return outcome;
    }

    private int lastOfSegment(int previous, BlockRequests requests) {
        if (previous < 0) {
            return nowhere(RowStore.ABSENT);
        }
        at = previous;
        return lastOfSection(segment().sections().size() - 1, requests);
    }

    private int openIndex(BlockRequests requests) {
        Segment segment = segment();
        int frame =
                cache.frame(
                        segment.file(),
                        BlockKind.INDEX,
                        segment.sections().index(section),
                        requests);
        if (frame == BlockCache.MISS) {
            return nowhere(RowStore.MISS);
        }
        indexFrame = frame;
        indexTicket = cache.ticket(frame);
        index.reset(cache.memory(frame), cache.position(frame), cache.size(frame));
        return RowStore.FOUND;
    }

    private int openData(BlockRequests requests) {
        long offset = index.valueVarint(0);
        int stored = (int) index.valueVarint(index.varintEnd());
        int raw = (int) index.valueVarint(index.varintEnd());
        int frame = cache.frame(segment().file(), BlockKind.DATA, offset, stored, raw, requests);
        if (frame == BlockCache.MISS) {
            return nowhere(RowStore.MISS);
        }
        dataFrame = frame;
        dataTicket = cache.ticket(frame);
        data.reset(cache.memory(frame), cache.position(frame), cache.size(frame));
        return RowStore.FOUND;
    }

    private int nowhere(int outcome) {
        at = NOWHERE;
        return outcome;
    }
}
