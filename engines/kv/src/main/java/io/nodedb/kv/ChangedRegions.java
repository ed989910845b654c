package io.nodedb.kv;

import io.nodedb.base.memory.SlabAllocator;
import io.nodedb.base.ownership.CoreOwned;

/**
 * Which ranges of hashes have changed: one bit for each of 2<sup>bits</sup> equal regions, about as
 * many as the index has buckets, so that a checkpoint visits little more than what changed.
 */
@CoreOwned
final class ChangedRegions {
    private static final int MIN_BITS = 6;

    /** 128 KiB of bits: still spread in well under a quantum when the number of regions doubles. */
    private static final int MAX_BITS = 20;

    private final SlabAllocator slabs;
    private int bits = MIN_BITS;
    private long words;
    private long changed;

    ChangedRegions(SlabAllocator slabs) {
        this.slabs = slabs;
        words = newWords(bits);
    }

    boolean isEmpty() {
        return changed == 0;
    }

    /** Makes regions as narrow as an index's buckets, within bounds; they never get wider again. */
    void fitTo(int indexBits) {
        int wanted = Math.min(indexBits, MAX_BITS);
        while (bits < wanted) {
            narrow();
        }
    }

    void mark(long hash) {
        set((int) (hash >>> (64 - bits)));
    }

    /** Marks everything that {@code other} has marked. */
    void markAll(ChangedRegions other) {
        fitTo(other.bits);
        other.fitTo(bits);
        for (int region = other.next(0); region >= 0; region = other.next(region + 1)) {
            set(region);
        }
    }

    /** The first changed region from {@code region} on, or -1. */
    int next(int region) {
        if (region >>> bits != 0) {
            return -1;
        }
        int word = region >>> 6;
        long rest = slabs.getLong(words, 8 * word) & (-1L << (region & 63));
        while (rest == 0) {
            word++;
            if (word == 1 << (bits - 6)) {
                return -1;
            }
            rest = slabs.getLong(words, 8 * word);
        }
        return word * 64 + Long.numberOfTrailingZeros(rest);
    }

    long firstHash(int region) {
        return (long) region << (64 - bits);
    }

    int regionOf(long hash) {
        return (int) (hash >>> (64 - bits));
    }

    void free() {
        slabs.free(words, 1 << (bits - 3));
    }

    private void set(int region) {
        int at = 8 * (region >>> 6);
        long word = slabs.getLong(words, at);
        long with = word | 1L << (region & 63);
        if (with != word) {
            slabs.putLong(words, at, with);
            changed++;
        }
    }

    private long newWords(int ofBits) {
        int bytes = 1 << (ofBits - 3);
        long block = slabs.allocateBeyondLimit(bytes);
        slabs.clear(block, 0, bytes);
        return block;
    }

    private void narrow() {
        long wide = words;
        int wideBytes = 1 << (bits - 3);
        words = newWords(bits + 1);
        bits++;
        for (int at = 0; at < wideBytes; at += 8) {
            long word = slabs.getLong(wide, at);
            slabs.putLong(words, 2 * at, twice((int) word));
            slabs.putLong(words, 2 * at + 8, twice((int) (word >>> 32)));
        }
        changed *= 2;
        slabs.free(wide, wideBytes);
    }

    /** Each of 32 bits twice. */
    private static long twice(int half) {
        long spread = Long.expand(half & 0xFFFF_FFFFL, 0x5555_5555_5555_5555L);
        return spread | spread << 1;
    }
}
