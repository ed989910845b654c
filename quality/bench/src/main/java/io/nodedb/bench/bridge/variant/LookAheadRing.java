package io.nodedb.bench.bridge.variant;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * As {@link FastForwardRing}, but the producer looks a quarter of the ring ahead: slots are cleared
 * in order, so when that one is clear, all before it are. The ring that stands looks three quarters
 * ahead and tells its positions as well.
 *
 * @see <a href="https://github.com/JCTools/JCTools">JCTools' SpscArrayQueue</a>, for the idea of
 *     looking ahead
 */
final class LookAheadRing<T> extends VariantFields.Padded implements RingVariant<T> {
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);

    private final long lookAhead;

    LookAheadRing(int capacity) {
        super(capacity);
        lookAhead = capacity / 4;
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
        long ahead = position + lookAhead;
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
        int slot = (int) (position & mask);
        T element = (T) SLOT.getAcquire(ring, slot);
        if (element == null) {
            return null;
        }
        SLOT.setRelease(ring, slot, null);
        consumerNext = position + 1;
        return element;
    }
}
