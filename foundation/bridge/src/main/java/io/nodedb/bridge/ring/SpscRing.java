package io.nodedb.bridge.ring;

import io.nodedb.base.ownership.Shared;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of references from one thread to one other. The object moves with all that was
 * written to it before {@link #offer}; the producer forgets it, the slot is cleared when it is
 * taken.
 */
@Shared("release and acquire of two positions")
public final class SpscRing<T> extends RingPositions {
    /** Largest capacity. */
    public static final int MAX_CAPACITY = 1 << 24;

    private final @Nullable Object[] slots;

    /** {@code capacity} is a power of two. */
    public SpscRing(int capacity) {
        super(capacity, MAX_CAPACITY);
        slots = new Object[capacity];
    }

    /** Producer. False when the ring is full. */
    public boolean offer(T element) {
        @Nullable Object[] ring = slots;
        long position = producerPosition;
        if (position >= producerLimit && !fits(position + 1)) {
            return false;
        }
        ring[(int) position & (ring.length - 1)] = element;
        publishTo(position + 1);
        return true;
    }

    /** Consumer. Null when the ring is empty. */
    @SuppressWarnings("unchecked") // offer took nothing but T
    public @Nullable T poll() {
        @Nullable Object[] ring = slots;
        long position = consumerPosition;
        if (position >= consumerLimit && !refill()) {
            return null;
        }
        int slot = (int) position & (ring.length - 1);
        T element = (T) ring[slot];
        ring[slot] = null;
        releaseTo(position + 1);
        return element;
    }
}
