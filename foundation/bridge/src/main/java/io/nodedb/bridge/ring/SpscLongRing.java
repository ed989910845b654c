package io.nodedb.bridge.ring;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;

/** A bounded queue of tuples of one to four longs from one thread to one other. */
@Shared("release and acquire of two positions")
public final class SpscLongRing extends RingPositions {
    /** Largest capacity in tuples. */
    public static final int MAX_CAPACITY = 1 << 24;

    /** Most longs in a tuple. */
    public static final int MAX_STRIDE = 4;

    private final long[] slots;
    private final int stride;

    /** {@code capacity} tuples, a power of two, of {@code stride} longs. */
    public SpscLongRing(int capacity, int stride) {
        super(capacity, MAX_CAPACITY);
        Check.that(stride >= 1 && stride <= MAX_STRIDE, "a tuple has one to four longs", stride);
        this.stride = stride;
        slots = new long[Math.multiplyExact(capacity, stride)];
    }

    /** Producer. Takes the first longs, as many as the stride; false when the ring is full. */
    public boolean offer(long a, long b, long c, long d) {
        long position = producerPosition;
        if (position >= producerLimit && !fits(position + 1)) {
            return false;
        }
        int slot = slot(position);
        slots[slot] = a;
        if (stride > 1) {
            slots[slot + 1] = b;
        }
        if (stride > 2) {
            slots[slot + 2] = c;
        }
        if (stride > 3) {
            slots[slot + 3] = d;
        }
        publishTo(position + 1);
        return true;
    }

    /** Consumer. Fills the first longs of {@code into}; false when the ring is empty. */
    public boolean poll(long[] into) {
        long position = consumerPosition;
        if (position >= consumerLimit && !refill()) {
            return false;
        }
        int slot = slot(position);
        for (int i = 0; i < stride; i++) {
            into[i] = slots[slot + i];
        }
        releaseTo(position + 1);
        return true;
    }

    private int slot(long position) {
        return ((int) position & (capacity() - 1)) * stride;
    }
}
