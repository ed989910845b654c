package io.nodedb.kv;

import io.nodedb.base.errors.Check;
import io.nodedb.base.memory.SlabAllocator;
import io.nodedb.base.ownership.CoreOwned;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the newest version of a key by its hash. A bucket is one cache line:
 *
 * <pre>
 *  0 u8 × 7  tags: eight other bits of the hash; 0 is an empty slot
 *  7 u8      0x80: the bucket overflows, and slot 6 is the address of the next bucket
 *  8 i64 × 7 addresses of versions
 * </pre>
 *
 * Buckets stand in the order of the hashes' top bits, so a scan in hash order is a walk over
 * buckets.
 *
 * <p><b>Resizing</b> is incremental: a second array of twice or half the size takes over bucket
 * after bucket, in hash order. Every hash below {@code boundary} lives in the new array, the others
 * in the old, so a lookup always visits one bucket. A segment of the old array is freed as soon as
 * its last bucket has moved. When the governor refuses a new segment, the move just stops for a
 * while; buckets overflow instead.
 */
@CoreOwned
final class HashIndex {
    /** 16 buckets, 1 KiB. */
    private static final int MIN_BITS = 4;

    private static final int SLOTS = 7;
    private static final int LAST_SLOT = SLOTS - 1;

    /** Slots filled, in percent, at which the array doubles and halves. */
    private static final int GROW_PERCENT = 80;

    private static final int SHRINK_PERCENT = 20;

    /** Buckets that each insertion or removal moves while the array changes its size. */
    private static final int MOVED_PER_CHANGE = 2;

    private static final long LOW = 0x0101_0101_0101_0101L;
    private static final long LOW_SEVEN_BITS = 0x7F7F_7F7F_7F7F_7F7FL;
    private static final long SEVEN_LANES = 0x0080_8080_8080_8080L;
    private static final long SIX_LANES = 0x0000_8080_8080_8080L;

    private final SlabAllocator slabs;
    private final EntryStore entries;

    private BucketArray array;

    /** Takes over from {@link #array}; null when the size does not change. */
    private @Nullable BucketArray next;

    /** Buckets of the smaller of the two arrays that have moved. */
    private long moved;

    /** Hashes below this, unsigned, live in {@link #next}. */
    private long boundary;

    private long size;
    private long movedInAll;

    /** Where the last {@link #find} found its entry. */
    private long foundBucket;

    private int foundSlot;

    private long[] collected = new long[16];

    HashIndex(SlabAllocator slabs, EntryStore entries) {
        this.slabs = slabs;
        this.entries = entries;
        array = new BucketArray(slabs, MIN_BITS);
        array.ensureAll();
    }

    /** Keys in the index. */
    long size() {
        return size;
    }

    /** Top bits of a hash that tell buckets apart. */
    int bits() {
        return array.bits;
    }

    /** The newest version of a key, 0 when it is not there. */
    long find(long hash, byte[] key, int offset, int length) {
        long bucket = bucketOf(hash);
        long pattern = tagOf(hash) * LOW;
        while (true) {
            long tags = slabs.getLong(bucket, 0);
            long match = zeroLanes(tags ^ pattern) & lanes(tags);
            while (match != 0) {
                int slot = Long.numberOfTrailingZeros(match) >>> 3;
                long entry = slabs.getLong(bucket, 8 + 8 * slot);
                if (entries.keyEquals(entry, key, offset, length)) {
                    foundBucket = bucket;
                    foundSlot = slot;
                    return entry;
                }
                match &= match - 1;
            }
            if (tags >= 0) {
                return 0;
            }
            bucket = slabs.getLong(bucket, 8 + 8 * LAST_SLOT);
        }
    }

    /** Reads the bucket that a hash falls in. @return what is of no meaning */
    long touchBucket(long hash) {
        return slabs.getLong(bucketOf(hash), 0);
    }

    /**
     * Reads the versions of the bucket whose keys may have this hash. @return what is of no meaning
     */
    long touchVersions(long hash) {
        long bucket = bucketOf(hash);
        long tags = slabs.getLong(bucket, 0);
        long match = zeroLanes(tags ^ tagOf(hash) * LOW) & lanes(tags);
        long read = 0;
        while (match != 0) {
            int slot = Long.numberOfTrailingZeros(match) >>> 3;
            read += entries.touch(slabs.getLong(bucket, 8 + 8 * slot));
            match &= match - 1;
        }
        return read;
    }

    /** Adds a key that {@link #find} did not find. */
    void insert(long hash, long entry) {
        insertInto(bucketOf(hash), tagOf(hash), entry);
        size++;
        resizeIfNeeded();
        step(MOVED_PER_CHANGE);
    }

    /** Puts another version in the place of the one that {@link #find} found last. */
    void replaceFound(long entry) {
        slabs.putLong(foundBucket, 8 + 8 * foundSlot, entry);
    }

    /** Takes out the key that {@link #find} found last. */
    void removeFound() {
        slabs.putByte(foundBucket, foundSlot, (byte) 0);
        size--;
        resizeIfNeeded();
        step(MOVED_PER_CHANGE);
    }

    /** Buckets that any operation has moved so far. */
    long movedInAll() {
        return movedInAll;
    }

    /** The array is changing its size. */
    boolean isMoving() {
        return next != null;
    }

    /** Moves at most {@code buckets} buckets; false when nothing could be moved. */
    boolean step(int buckets) {
        BucketArray target = next;
        for (int i = 0; i < buckets; i++) {
            if (target == null) {
                return i > 0;
            }
            boolean done = target.bits > array.bits ? split(target) : merge(target);
            if (!done) {
                return i > 0;
            }
            moved++;
            if (moved == Math.min(array.buckets(), target.buckets())) {
                array = target;
                next = null;
                moved = 0;
                resizeIfNeeded();
            } else {
                boundary = moved << (64 - Math.min(array.bits, target.bits));
            }
            target = next;
        }
        return true;
    }

    /**
     * Collects the versions of the bucket that a hash falls in, for {@link #collected}; every key
     * in the index whose hash lies below {@link #nextBucketHash} and not below the bucket's first
     * hash is among them.
     */
    int collect(long hash) {
        return collectFrom(bucketOf(hash));
    }

    /** A version that the last {@link #collect} found. */
    long collected(int i) {
        return collected[i];
    }

    /** The first hash after the bucket that a hash falls in; 0 when it is the last bucket. */
    long nextBucketHash(long hash) {
        BucketArray home = arrayOf(hash);
        return home.firstHash(home.number(hash) + 1);
    }

    /** Frees all buckets; the index can't be used any more. */
    void free() {
        // Overflow buckets are found by walking; the caller has emptied the index bucket by bucket.
        Check.that(size == 0, "index is empty", size);
        array.freeAll();
        if (next != null) {
            next.freeAll();
        }
    }

    /**
     * Empties the bucket of a hash and frees its overflow; the collected versions are the caller's.
     */
    int takeAll(long hash) {
        long bucket = bucketOf(hash);
        int count = collectFrom(bucket);
        freeOverflow(bucket);
        slabs.putLong(bucket, 0, 0);
        size -= count;
        return count;
    }

    private BucketArray arrayOf(long hash) {
        BucketArray target = next;
        return target != null && Long.compareUnsigned(hash, boundary) < 0 ? target : array;
    }

    private long bucketOf(long hash) {
        return arrayOf(hash).ofHash(hash);
    }

    /** Eight bits that are neither the bucket's nor the slot's, never 0. */
    private static long tagOf(long hash) {
        long tag = hash >>> 10 & 0xFF;
        return tag == 0 ? 1 : tag;
    }

    /**
     * The high bit of every lane that is 0, and of no other: the shorter formula, {@code (tags -
     * LOW) & ~tags}, borrows across lanes and takes an empty slot for a match of tag 1.
     */
    private static long zeroLanes(long tags) {
        return ~(((tags & LOW_SEVEN_BITS) + LOW_SEVEN_BITS) | tags);
    }

    /** The lanes that are slots for versions. */
    private static long lanes(long tags) {
        return tags < 0 ? SIX_LANES : SEVEN_LANES;
    }

    private void insertInto(long firstBucket, long tag, long entry) {
        long bucket = firstBucket;
        while (true) {
            long tags = slabs.getLong(bucket, 0);
            long empty = zeroLanes(tags) & lanes(tags);
            if (empty != 0) {
                put(bucket, Long.numberOfTrailingZeros(empty) >>> 3, tag, entry);
                return;
            }
            if (tags >= 0) {
                bucket = addOverflow(bucket);
            } else {
                bucket = slabs.getLong(bucket, 8 + 8 * LAST_SLOT);
            }
        }
    }

    private void put(long bucket, int slot, long tag, long entry) {
        slabs.putLong(bucket, 8 + 8 * slot, entry);
        slabs.putByte(bucket, slot, (byte) tag);
    }

    /** Moves a full bucket's last slot to a new bucket behind it. */
    private long addOverflow(long bucket) {
        long overflow = slabs.allocateBeyondLimit(BucketArray.BUCKET_BYTES);
        slabs.clear(overflow, 0, BucketArray.BUCKET_BYTES);
        put(
                overflow,
                0,
                slabs.getByte(bucket, LAST_SLOT) & 0xFF,
                slabs.getLong(bucket, 8 + 8 * LAST_SLOT));
        slabs.putLong(bucket, 8 + 8 * LAST_SLOT, overflow);
        slabs.putByte(bucket, LAST_SLOT, (byte) 0);
        slabs.putByte(bucket, SLOTS, (byte) 0x80);
        return overflow;
    }

    private int collectFrom(long firstBucket) {
        int count = 0;
        long bucket = firstBucket;
        while (true) {
            long tags = slabs.getLong(bucket, 0);
            int slots = tags < 0 ? LAST_SLOT : SLOTS;
            if (count + slots > collected.length) {
                collected = Arrays.copyOf(collected, 2 * collected.length);
            }
            for (int slot = 0; slot < slots; slot++) {
                if ((tags >>> (8 * slot) & 0xFF) != 0) {
                    collected[count++] = slabs.getLong(bucket, 8 + 8 * slot);
                }
            }
            if (tags >= 0) {
                return count;
            }
            bucket = slabs.getLong(bucket, 8 + 8 * LAST_SLOT);
        }
    }

    private void freeOverflow(long firstBucket) {
        long bucket = firstBucket;
        while (slabs.getLong(bucket, 0) < 0) {
            long overflow = slabs.getLong(bucket, 8 + 8 * LAST_SLOT);
            if (bucket != firstBucket) {
                slabs.free(bucket, BucketArray.BUCKET_BYTES);
            }
            bucket = overflow;
        }
        if (bucket != firstBucket) {
            slabs.free(bucket, BucketArray.BUCKET_BYTES);
        }
    }

    private void resizeIfNeeded() {
        if (next != null) {
            return;
        }
        long slots = array.buckets() * SLOTS;
        if (size * 100 > slots * GROW_PERCENT) {
            next = new BucketArray(slabs, array.bits + 1);
        } else if (size * 100 < slots * SHRINK_PERCENT && array.bits > MIN_BITS) {
            next = new BucketArray(slabs, array.bits - 1);
        }
        boundary = 0;
    }

    private boolean split(BucketArray target) {
        if (!target.ensure(2 * moved)) {
            return false;
        }
        moveInto(target, array.at(moved));
        array.freeIfLast(moved);
        return true;
    }

    private boolean merge(BucketArray target) {
        if (!target.ensure(moved)) {
            return false;
        }
        moveInto(target, array.at(2 * moved));
        moveInto(target, array.at(2 * moved + 1));
        array.freeIfLast(2 * moved + 1);
        return true;
    }

    private void moveInto(BucketArray target, long bucket) {
        movedInAll++;
        int count = collectFrom(bucket);
        freeOverflow(bucket);
        for (int i = 0; i < count; i++) {
            long hash = entries.keyHash(collected[i]);
            insertInto(target.ofHash(hash), tagOf(hash), collected[i]);
        }
    }
}
