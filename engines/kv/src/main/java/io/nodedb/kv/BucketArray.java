package io.nodedb.kv;

import io.nodedb.base.memory.SlabAllocator;
import io.nodedb.base.ownership.CoreOwned;

/**
 * 2<sup>bits</sup> buckets in the order of the hashes' top bits, in segments of at most 256 KiB
 * that are allocated when they are first needed, so that neither growing nor zeroing takes long at
 * once.
 */
@CoreOwned
final class BucketArray {
    /** A bucket is one cache line. */
    static final int BUCKET_BYTES = 64;

    private static final int SEGMENT_BITS = 12;

    final int bits;
    private final int segmentBits;
    private final SlabAllocator slabs;
    private final long[] segments;

    BucketArray(SlabAllocator slabs, int bits) {
        this.slabs = slabs;
        this.bits = bits;
        segmentBits = Math.min(bits, SEGMENT_BITS);
        segments = new long[1 << (bits - segmentBits)];
    }

    long buckets() {
        return 1L << bits;
    }

    /** Number of the bucket that a hash falls in. */
    long number(long hash) {
        return hash >>> (64 - bits);
    }

    /** First hash of a bucket. */
    long firstHash(long number) {
        return number << (64 - bits);
    }

    /** Address of the bucket that a hash falls in; its segment must exist. */
    long ofHash(long hash) {
        return at(hash >>> (64 - bits));
    }

    long at(long number) {
        long segment = segments[(int) (number >>> segmentBits)];
        return segment + ((number & ((1L << segmentBits) - 1)) << 6);
    }

    /** Makes sure that a bucket's segment exists; false when the governor refuses. */
    boolean ensure(long number) {
        int segment = (int) (number >>> segmentBits);
        if (segments[segment] != 0) {
            return true;
        }
        long block = slabs.allocate(segmentBytes());
        if (block == SlabAllocator.NONE) {
            return false;
        }
        install(segment, block);
        return true;
    }

    /** Allocates all segments, past the memory limit if need be: for small arrays. */
    void ensureAll() {
        for (int i = 0; i < segments.length; i++) {
            install(i, slabs.allocateBeyondLimit(segmentBytes()));
        }
    }

    /** Frees the segment of a bucket when that is the segment's last one. */
    void freeIfLast(long number) {
        if (((number + 1) & ((1L << segmentBits) - 1)) == 0) {
            int segment = (int) (number >>> segmentBits);
            slabs.free(segments[segment], segmentBytes());
            segments[segment] = 0;
        }
    }

    /** Frees every segment that exists. */
    void freeAll() {
        for (int i = 0; i < segments.length; i++) {
            if (segments[i] != 0) {
                slabs.free(segments[i], segmentBytes());
                segments[i] = 0;
            }
        }
    }

    private void install(int segment, long block) {
        slabs.clear(block, 0, segmentBytes());
        segments[segment] = block;
    }

    private int segmentBytes() {
        return BUCKET_BYTES << segmentBits;
    }
}
