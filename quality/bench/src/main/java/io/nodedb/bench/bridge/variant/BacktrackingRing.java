package io.nodedb.bench.bridge.variant;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Both sides probe a batch ahead. The producer looks for a clear slot a batch in front of it. The
 * consumer looks for a filled slot a batch in front of it and, finding none, halves the distance
 * until there is one; up to there it reads without looking for more.
 *
 * @see <a href="https://doi.org/10.1007/s10766-012-0213-x">Wang, Zhang, Tang and Hua, B-Queue:
 *     Efficient and Practical Queuing for Fast Core-to-Core Communication, 2013</a>
 */
final class BacktrackingRing<T> extends VariantFields.Padded implements RingVariant<T> {
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);

    /** The producer's batch is a quarter of the ring; the consumer's is smaller than that. */
    private static final int MOST_PROBED = 256;

    private final long producerBatch;
    private final long consumerBatch;

    BacktrackingRing(int capacity) {
        super(capacity);
        producerBatch = capacity / 4;
        consumerBatch = Math.min(MOST_PROBED, Math.max(1, capacity / 4));
    }

    @Override
    public boolean offer(T element) {
        @Nullable Object[] ring = slots;
        long position = producerNext;
        if (position >= producerLimit && !hasRoom(ring, position)) {
            return false;
        }
        SLOT.setRelease(ring, (int) (position & mask), element);
        producerNext = position + 1;
        return true;
    }

    private boolean hasRoom(@Nullable Object[] ring, long position) {
        long ahead = position + producerBatch;
        if (SLOT.getAcquire(ring, (int) (ahead & mask)) == null) {
            producerLimit = ahead;
            return true;
        }
        return SLOT.getAcquire(ring, (int) (position & mask)) == null;
    }

    @Override
    @SuppressWarnings("unchecked") // offer took nothing but T
    public @Nullable T poll() {
        @Nullable Object[] ring = slots;
        long position = consumerNext;
        if (position >= consumerLimit && !hasElements(ring, position)) {
            return null;
        }
        int slot = (int) (position & mask);
        // hasElements acquired a slot at or behind this one, and with it all before it.
        T element = (T) ring[slot];
        SLOT.setRelease(ring, slot, null);
        consumerNext = position + 1;
        return element;
    }

    private boolean hasElements(@Nullable Object[] ring, long position) {
        for (long ahead = consumerBatch; ahead > 0; ahead >>= 1) {
            if (SLOT.getAcquire(ring, (int) ((position + ahead - 1) & mask)) != null) {
                consumerLimit = position + ahead;
                return true;
            }
        }
        return false;
    }
}
