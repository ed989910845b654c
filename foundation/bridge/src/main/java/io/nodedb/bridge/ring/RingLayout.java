package io.nodedb.bridge.ring;

/**
 * Keeps the producer's and the consumer's fields 128 bytes apart (two cache lines, because
 * processors fetch neighbours in pairs) from each other and from everything else: the virtual
 * machine lays out the fields of a superclass before those of its subclass.
 *
 * <p>A ring's unchanging fields (its array, its mask) lie behind both and are followed by {@link
 * io.nodedb.bridge.ring.SpscRing SpscRing's} and {@link io.nodedb.bridge.ring.SpscByteRing
 * SpscByteRing's} own padding: the array is allocated right behind the ring, and both sides write
 * to its first elements. Measured: without that padding and with the array's length as the mask
 * (one more look at the line of the first elements) a ring passes a fifth less.
 */
final class RingLayout {
    private RingLayout() {}

    @SuppressWarnings("MultiVariableDeclaration") // padding
    abstract static class PadBeforeProducerFields {
        long a00, a01, a02, a03, a04, a05, a06, a07, a08, a09, a10, a11, a12, a13, a14, a15;

        /** Takes the gap behind the object header, which a field below would slip into. */
        int a16;
    }

    /** Written by the producer only. */
    abstract static class ProducerFields extends PadBeforeProducerFields {
        /** Where the next element goes; the consumer may read up to here. */
        long producerPosition;

        /** The producer need not look at the consumer's position before it gets here. */
        long producerLimit;

        /** Where a claim in progress will end; equal to the position when there is none. */
        long producerNext;

        /** Length of what is claimed. */
        int producerLength;
    }

    @SuppressWarnings("MultiVariableDeclaration") // padding
    abstract static class PadBeforeConsumerFields extends ProducerFields {
        long b00, b01, b02, b03, b04, b05, b06, b07, b08, b09, b10, b11, b12, b13, b14, b15;

        /** Takes the gap behind the smaller field above. */
        int b16;
    }

    /** Written by the consumer only. */
    abstract static class ConsumerFields extends PadBeforeConsumerFields {
        /** The next element to be read; the producer may write up to one capacity behind here. */
        long consumerPosition;

        /** The consumer need not look at the producer's position before it gets here. */
        long consumerLimit;

        /** Where the element that is being looked at ends; the position when there is none. */
        long consumerNext;

        /** Length of the element that is being looked at. */
        long consumerLength;
    }

    @SuppressWarnings("MultiVariableDeclaration") // padding
    abstract static class Padded extends ConsumerFields {
        long c00, c01, c02, c03, c04, c05, c06, c07, c08, c09, c10, c11, c12, c13, c14, c15;
    }
}
