package io.nodedb.bench.bridge.variant;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * As {@link LamportRing}, but a side tells its position only after a batch of elements. The
 * producer has to {@link #flush} before it pauses, or the last of them stay unseen; the consumer
 * tells its position as well when it finds nothing, so that a full ring cannot stay so.
 *
 * @see <a href="https://doi.org/10.1109/IPDPS.2010.5470368">Lee, Bu and Chandranmenon, A Lock-Free,
 *     Cache-Efficient Multi-Core Synchronization Mechanism for Line-Rate Network Traffic
 *     Monitoring, 2010</a> (MCRingBuffer)
 */
final class BatchedRing<T> extends VariantFields.Padded implements RingVariant<T> {
    private static final VarHandle PUBLISHED;
    private static final VarHandle RELEASED;

    /** Four cache lines of slots. */
    private static final int MOST_BATCH = 64;

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

    private final long batchMask;

    BatchedRing(int capacity) {
        super(capacity);
        producerLimit = capacity;
        batchMask = Math.min(MOST_BATCH, capacity) - 1L;
    }

    @Override
    public boolean offer(T element) {
        long position = producerNext;
        if (position >= producerLimit) {
            producerLimit = (long) RELEASED.getAcquire(this) + mask + 1;
            if (position >= producerLimit) {
                flush();
                return false;
            }
        }
        slots[(int) (position & mask)] = element;
        producerNext = position + 1;
        if ((producerNext & batchMask) == 0) {
            flush();
        }
        return true;
    }

    @Override
    public void flush() {
        PUBLISHED.setRelease(this, producerNext);
    }

    @Override
    @SuppressWarnings("unchecked") // offer took nothing but T
    public @Nullable T poll() {
        long position = consumerNext;
        if (position >= consumerLimit) {
            consumerLimit = (long) PUBLISHED.getAcquire(this);
            if (position >= consumerLimit) {
                RELEASED.setRelease(this, position);
                return null;
            }
        }
        int slot = (int) (position & mask);
        T element = (T) slots[slot];
        slots[slot] = null;
        consumerNext = position + 1;
        if ((consumerNext & batchMask) == 0) {
            RELEASED.setRelease(this, consumerNext);
        }
        return element;
    }
}
