package io.nodedb.bench.bridge.variant;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Two positions, each written by one side and read by the other, which keeps a copy and looks
 * across only when that is used up. The slots are plain; the positions publish them.
 *
 * @see <a href="https://doi.org/10.1109/TSE.1977.229904">Lamport, Proving the Correctness of
 *     Multiprocess Programs, 1977</a>; the cached copies are as in Lee, Bu and Chandranmenon's ring
 */
final class LamportRing<T> extends VariantFields.Padded implements RingVariant<T> {
    private static final VarHandle PUBLISHED;
    private static final VarHandle RELEASED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            PUBLISHED =
                    lookup.findVarHandle(
                            VariantFields.Producer.class, "producerPublished", long.class);
            RELEASED =
                    lookup.findVarHandle(
                            VariantFields.Consumer.class, "consumerReleased", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    LamportRing(int capacity) {
        super(capacity);
        producerLimit = capacity;
    }

    @Override
    public boolean offer(T element) {
        long position = producerNext;
        if (position >= producerLimit) {
            producerLimit = (long) RELEASED.getAcquire(this) + mask + 1;
            if (position >= producerLimit) {
                return false;
            }
        }
        slots[(int) (position & mask)] = element;
        producerNext = position + 1;
        PUBLISHED.setRelease(this, position + 1);
        return true;
    }

    @Override
    @SuppressWarnings("unchecked") // offer took nothing but T
    public @Nullable T poll() {
        long position = consumerNext;
        if (position >= consumerLimit) {
            consumerLimit = (long) PUBLISHED.getAcquire(this);
            if (position >= consumerLimit) {
                return null;
            }
        }
        int slot = (int) (position & mask);
        T element = (T) slots[slot];
        slots[slot] = null;
        consumerNext = position + 1;
        RELEASED.setRelease(this, position + 1);
        return element;
    }
}
