package io.nodedb.storage.rows;

import io.nodedb.base.ownership.Immutable;
import java.util.List;

/**
 * What a store has done since it was opened, and what it holds now.
 *
 * @param bytesWritten key and value bytes that were put or deleted
 * @param bytesFlushed bytes of files that memtables were written to
 * @param bytesCompacted bytes of files that compactions wrote
 * @param bytesCompactionRead bytes of files that compactions read
 * @param reads point reads that were answered
 * @param blocksLookedAt data blocks that those looked into
 * @param misses answers of {@code MISS}, cursors included
 * @param memtables memtables now, the active one included
 * @param levels files and bytes of each level, level 0 first
 */
@Immutable
public record RowStoreStatistics(
        long bytesWritten,
        long bytesFlushed,
        long bytesCompacted,
        long bytesCompactionRead,
        long reads,
        long blocksLookedAt,
        long misses,
        int memtables,
        List<Level> levels) {
    /** One level. */
    @Immutable
    public record Level(int files, long bytes, long entries) {}

    public RowStoreStatistics {
        levels = List.copyOf(levels);
    }

    /** Bytes written to files per byte written to the store. */
    public double writeAmplification() {
        return bytesWritten == 0 ? 0 : (double) (bytesFlushed + bytesCompacted) / bytesWritten;
    }

    /** Data blocks looked into per point read. */
    public double readAmplification() {
        return reads == 0 ? 0 : (double) blocksLookedAt / reads;
    }

    /** Bytes of all levels per byte of the largest one. */
    public double spaceAmplification() {
        long all = levels.stream().mapToLong(Level::bytes).sum();
        long largest = levels.stream().mapToLong(Level::bytes).max().orElse(0);
        return largest == 0 ? 1 : (double) all / largest;
    }
}
