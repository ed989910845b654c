package io.nodedb.storage.rows.ranges;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.rows.block.RowKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What was lost to damage and is neither deleted since nor given up: mostly nothing. Carried by the
 * manifest. Owned by one core.
 */
@CoreOwned
public final class LostRanges {
    private final List<LostRange> ranges;

    public LostRanges(List<LostRange> recovered) {
        this.ranges = new ArrayList<>(recovered);
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    public List<LostRange> all() {
        return List.copyOf(ranges);
    }

    public void add(List<LostRange> lost) {
        ranges.addAll(lost);
    }

    public void forget(Predicate<LostRange> done) {
        ranges.removeIf(done);
    }

    /**
     * What may hold a version of a key that a read wants rather than what it found; null when
     * nothing may.
     *
     * @param foundAge of the version that was found, or of the deletion; 0 without one
     */
    public @Nullable LostRange hiding(byte[] rowKey, int length, long bound, long foundAge) {
        for (LostRange lost : ranges) {
            if (lost.mayMatter(bound, foundAge) && lost.covers(rowKey, length)) {
                return lost;
            }
        }
        return null;
    }

    /**
     * What may hold visible keys between two, of which the upper does not count and the lower only
     * when it is {@code inclusive}; null when nothing may.
     *
     * @param deletions those that cover all that was lost leave no key visible
     */
    public @Nullable LostRange between(
            byte[] low,
            int lowLength,
            boolean inclusive,
            byte[] high,
            int highLength,
            long bound,
            RangeDeletions deletions) {
        for (LostRange lost : ranges) {
            if (lost.lowestLsn() <= bound
                    && !deletions.coverWhole(lost, bound)
                    && RowKey.compare(lost.from(), lost.from().length, high, highLength) < 0
                    && reachesBeyond(lost.to(), low, lowLength, inclusive)) {
                return lost;
            }
        }
        return null;
    }

    /** True when a key before {@code to} lies beyond {@code low}, or is it. */
    private static boolean reachesBeyond(byte[] to, byte[] low, int lowLength, boolean inclusive) {
        if (RowKey.compare(to, to.length, low, lowLength) <= 0) {
            return false;
        }
        boolean isNextKey =
                to.length == lowLength + 1
                        && to[lowLength] == 0
                        && RowKey.compare(to, lowLength, low, lowLength) == 0;
        return inclusive || !isNextKey;
    }
}
