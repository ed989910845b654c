package io.nodedb.bridge.ring;

import io.nodedb.base.ownership.Shared;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of references from one thread to one other. The object moves with all that was
 * written to it before {@link #offer}; the producer forgets it, the slot is cleared when it is
 * taken.
 *
 * <p>The slots themselves carry the news, as in FastForward: a filled slot tells the consumer, a
 * cleared one the producer, so the sides do not fetch each other's positions, which are written
 * only for {@link #size} and {@link #isEmpty}. The producer looks three quarters of the ring ahead:
 * slots are cleared in order, so when that one is clear, all before it are.
 */
@Shared("release and acquire of the slots")
public final class SpscRing<T> extends SpscRingSlots.Padded {
    /** Largest capacity. */
    public static final int MAX_CAPACITY = 1 << 24;

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);

    /** {@code capacity} is a power of two. */
    public SpscRing(int capacity) {
        super(capacity, MAX_CAPACITY);
    }

    /** Producer. False when the ring is full. */
    public boolean offer(T element) {
        @Nullable Object[] ring = slots;
        long position = producerPosition;
        if (position >= producerLimit && !hasRoom(ring, position)) {
            return false;
        }
        SLOT.setRelease(ring, (int) (position & mask), element);
        publishTo(position + 1);
        return true;
    }

    private boolean hasRoom(@Nullable Object[] ring, long position) {
        long ahead = position + lookAhead;
        if (SLOT.getAcquire(ring, (int) (ahead & mask)) == null) {
            producerLimit = ahead;
            return true;
        }
        return SLOT.getAcquire(ring, (int) (position & mask)) == null;
    }

    /** Consumer. Null when the ring is empty. */
    @SuppressWarnings("unchecked") // offer took nothing but T
    public @Nullable T poll() {
        long position = consumerPosition;
        int slot = (int) (position & mask);
        @Nullable Object[] ring = slots;
        T element = (T) SLOT.getAcquire(ring, slot);
        if (element == null) {
            return null;
        }
        SLOT.setRelease(ring, slot, null);
        releaseTo(position + 1);
        return element;
    }
}
