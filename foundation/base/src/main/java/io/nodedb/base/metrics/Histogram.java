package io.nodedb.base.metrics;

import io.nodedb.base.ownership.Shared;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The distribution of a number, in buckets whose width grows with the value: exact below 32, then
 * 16 buckets for each doubling, so that a quantile is at most 6.25 % too large. Recording costs two
 * stores and allocates nothing; one thread records, any thread takes snapshots. After
 * HdrHistogram's log-linear scheme.
 */
@Shared("one writer, release and acquire")
public final class Histogram implements Metric {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    private static final int STEP_BITS = 4;
    private static final int STEPS = 1 << STEP_BITS;

    /** Doublings from 16 up to 2^63, after the exact values below 16. */
    private static final int BUCKETS = STEPS + (63 - STEP_BITS) * STEPS;

    /** Slots after the buckets: the sum of all values, and the largest. */
    private static final int SUM = BUCKETS;

    private static final int MAX = BUCKETS + 1;

    private final long[] cells = new long[BUCKETS + 2];

    /** Records one value; negative ones count as 0. Owner only. */
    public void record(long value) {
        long counted = Math.max(value, 0);
        int bucket = bucketOf(counted);
        cells[SUM] += counted;
        cells[MAX] = Math.max(cells[MAX], counted);
        LONGS.setRelease(cells, bucket, cells[bucket] + 1);
    }

    /** The counts now; values recorded meanwhile may be missing. */
    public Snapshot snapshot() {
        long[] counts = new long[BUCKETS];
        long count = 0;
        for (int i = 0; i < BUCKETS; i++) {
            counts[i] = (long) LONGS.getAcquire(cells, i);
            count += counts[i];
        }
        long sum = (long) LONGS.getAcquire(cells, SUM);
        long max = (long) LONGS.getAcquire(cells, MAX);
        return new Snapshot(counts, count, sum, max);
    }

    static int bucketOf(long value) {
        if (value < STEPS) {
            return (int) value;
        }
        int doubling = 63 - Long.numberOfLeadingZeros(value);
        int step = (int) (value >>> (doubling - STEP_BITS)) & (STEPS - 1);
        return STEPS + (doubling - STEP_BITS) * STEPS + step;
    }

    /** The largest value that falls in a bucket. */
    static long upperBound(int bucket) {
        if (bucket < STEPS) {
            return bucket;
        }
        int doubling = (bucket - STEPS) / STEPS + STEP_BITS;
        int step = (bucket - STEPS) % STEPS;
        return (1L << doubling) + ((step + 1L) << (doubling - STEP_BITS)) - 1;
    }

    /** The recorded values at one moment. */
    public static final class Snapshot {
        private final long[] counts;
        private final long count;
        private final long sum;
        private final long max;

        private Snapshot(long[] counts, long count, long sum, long max) {
            this.counts = counts;
            this.count = count;
            this.sum = sum;
            this.max = max;
        }

        public long count() {
            return count;
        }

        public long sum() {
            return sum;
        }

        public long max() {
            return max;
        }

        /** The value that a share {@code q} (0 to 1) of all values does not pass; 0 when empty. */
        public long quantile(double q) {
            long rank = Math.max(1, (long) Math.ceil(q * count));
            long seen = 0;
            for (int i = 0; i < counts.length; i++) {
                seen += counts[i];
                if (seen >= rank) {
                    return Math.min(upperBound(i), max);
                }
            }
            return max;
        }

        /** How many values are at most {@code bound}, rounded up to the bound's bucket. */
        public long countUpTo(long bound) {
            long seen = 0;
            for (int i = 0; i <= bucketOf(Math.max(bound, 0)); i++) {
                seen += counts[i];
            }
            return seen;
        }
    }
}
