package io.nodedb.storage.rows.segment;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.storage.rows.block.BlockPlace;
import io.nodedb.storage.rows.block.RowKey;
import java.util.ArrayList;
import java.util.List;

/**
 * The directory of a file, kept in memory: it says which section may hold a version, and where the
 * section's filter and index blocks are. A section is a run of at most {@link
 * SegmentWriter#SECTION_BLOCKS} data blocks, so a directory takes about 100 bytes for 2 MiB of
 * rows.
 */
@Immutable
public final class SectionTable {
    private final byte[][] lastKeys;
    private final long[] lastLsns;
    private final BlockPlace[] filters;
    private final BlockPlace[] indexes;
    private final long bytes;

    private SectionTable(
            List<byte[]> keys,
            List<Long> lsns,
            List<BlockPlace> filters,
            List<BlockPlace> indexes) {
        this.lastKeys = keys.toArray(new byte[0][]);
        this.lastLsns = new long[lsns.size()];
        long sum = 0;
        for (int i = 0; i < lastLsns.length; i++) {
            lastLsns[i] = lsns.get(i);
            sum += lastKeys[i].length + 96;
        }
        this.filters = filters.toArray(new BlockPlace[0]);
        this.indexes = indexes.toArray(new BlockPlace[0]);
        this.bytes = sum;
    }

    /** The first section whose last version is at or behind (key, bound); -1 when there is none. */
    public int sectionOf(byte[] rowKey, int length, long bound) {
        int low = 0;
        int high = lastKeys.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            byte[] last = lastKeys[middle];
            int order = RowKey.compare(last, last.length, rowKey, length);
            if (order < 0 || (order == 0 && lastLsns[middle] > bound)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == lastKeys.length ? -1 : low;
    }

    public int size() {
        return lastKeys.length;
    }

    public byte[] lastKey(int section) {
        return lastKeys[section];
    }

    public long lastLsn(int section) {
        return lastLsns[section];
    }

    /** Of no length when the file has no filters. */
    public BlockPlace filter(int section) {
        return filters[section];
    }

    public BlockPlace index(int section) {
        return indexes[section];
    }

    /** Heap that it takes, about. */
    public long memoryBytes() {
        return bytes;
    }

    /** Collects sections in order. */
    static final class Builder {
        private final List<byte[]> keys = new ArrayList<>();
        private final List<Long> lsns = new ArrayList<>();
        private final List<BlockPlace> filters = new ArrayList<>();
        private final List<BlockPlace> indexes = new ArrayList<>();

        void add(byte[] lastKey, long lastLsn, BlockPlace filter, BlockPlace index) {
            keys.add(lastKey);
            lsns.add(lastLsn);
            filters.add(filter);
            indexes.add(index);
        }

        SectionTable build() {
            Check.that(!keys.isEmpty(), "a file has sections");
            return new SectionTable(keys, lsns, filters, indexes);
        }
    }
}
