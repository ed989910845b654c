package io.nodedb.storage.wal;

import java.util.Arrays;

/**
 * Whole groups that no chain reaches, in the order of their positions: where each ends, and where
 * the one that it followed ended. Single-threaded.
 */
final class FoundGroups {
    private static final int FIRST_CAPACITY = 16;

    private long[] ends = new long[FIRST_CAPACITY];
    private long[] previousEnds = new long[FIRST_CAPACITY];
    private int count;

    /** {@code end} is not below that of the group added before. */
    void add(long end, long previousEnd) {
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
            previousEnds = Arrays.copyOf(previousEnds, 2 * count);
        }
        ends[count] = end;
        previousEnds[count] = previousEnd;
        count++;
    }

    /**
     * Follows the chain backwards from where a group is known to have ended; returns where one
     * ended that was not found. What an earlier start cut lies beside the chain and is passed over.
     */
    long missingEnd(long knownEnd) {
        long end = knownEnd;
        for (int i = count - 1; i >= 0; i--) {
            if (ends[i] == end) {
                end = previousEnds[i];
            }
        }
        return end;
    }
}
