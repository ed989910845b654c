package io.nodedb.bridge.ring;

import io.nodedb.base.errors.Check;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What all rings share: two positions that only grow (64 bits, so they never wrap), each written by
 * one side with release and read by the other with acquire, and a cached copy of the other's on
 * each side, so that a side looks across only when its copy is used up.
 */
abstract class RingPositions extends RingLayout.Padded {
    private static final VarHandle PRODUCER;
    private static final VarHandle CONSUMER;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            PRODUCER =
                    lookup.findVarHandle(
                            RingLayout.ProducerFields.class, "producerPosition", long.class);
            CONSUMER =
                    lookup.findVarHandle(
                            RingLayout.ConsumerFields.class, "consumerPosition", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int capacity;

    RingPositions(int capacity, int most) {
        Check.that(
                capacity > 0 && capacity <= most && Integer.bitCount(capacity) == 1,
                "a ring's capacity is a power of two up to " + most,
                capacity);
        this.capacity = capacity;
        producerLimit = capacity;
    }

    /** How much fits: elements, or bytes of a byte ring. */
    public final int capacity() {
        return capacity;
    }

    /** Nothing to be read now. Any thread; exact for the consumer when it is false. */
    public final boolean isEmpty() {
        return (long) CONSUMER.getAcquire(this) >= (long) PRODUCER.getAcquire(this);
    }

    /** How much is in use, 0 to the capacity. Any thread; a snapshot for others than the owners. */
    public final int size() {
        // An element may be taken before its producer's position is visible, so either may be
        // ahead.
        long consumer = (long) CONSUMER.getAcquire(this);
        long producer = (long) PRODUCER.getAcquire(this);
        return Math.clamp(producer - consumer, 0, capacity);
    }

    /** Where the producer stands: elements or bytes published since the start. Any thread. */
    public final long producerPosition() {
        return (long) PRODUCER.getAcquire(this);
    }

    /** Where the consumer stands: elements or bytes released since the start. Any thread. */
    public final long consumerPosition() {
        return (long) CONSUMER.getAcquire(this);
    }

    /** Producer: looks across; true when everything up to {@code end} fits now. */
    final boolean fits(long end) {
        producerLimit = (long) CONSUMER.getAcquire(this) + capacity;
        return end <= producerLimit;
    }

    /** Consumer: looks across; true when something is there. */
    final boolean refill() {
        consumerLimit = (long) PRODUCER.getAcquire(this);
        return consumerPosition < consumerLimit;
    }

    /** Producer: makes everything up to {@code position} visible. */
    final void publishTo(long position) {
        PRODUCER.setRelease(this, position);
    }

    /** Consumer: gives everything up to {@code position} back. */
    final void releaseTo(long position) {
        CONSUMER.setRelease(this, position);
    }
}
