package io.nodedb.bench.bridge.variant;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The slots carry the news both ways: the producer looks at the slot that it wants to fill, the
 * consumer at the one that it wants to take. No side ever sees the other's position.
 *
 * @see <a href="https://doi.org/10.1145/1345206.1345215">Giacomoni, Moseley and Vachharajani,
 *     FastForward for Efficient Pipeline Parallelism, 2008</a>
 */
final class FastForwardRing<T> extends VariantFields.Padded implements RingVariant<T> {
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);

    FastForwardRing(int capacity) {
        super(capacity);
    }

    @Override
    public boolean offer(T element) {
        @Nullable Object[] ring = slots;
        int slot = (int) (producerNext & mask);
        if (SLOT.getAcquire(ring, slot) != null) {
            return false;
        }
        SLOT.setRelease(ring, slot, element);
        producerNext++;
        return true;
    }

    @Override
    @SuppressWarnings("unchecked") // offer took nothing but T
    public @Nullable T poll() {
        @Nullable Object[] ring = slots;
        int slot = (int) (consumerNext & mask);
        T element = (T) SLOT.getAcquire(ring, slot);
        if (element == null) {
            return null;
        }
        SLOT.setRelease(ring, slot, null);
        consumerNext++;
        return element;
    }
}
