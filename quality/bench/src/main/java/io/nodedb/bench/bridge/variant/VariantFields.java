package io.nodedb.bench.bridge.variant;

import org.jspecify.annotations.Nullable;

/**
 * The fields of all designs, 128 bytes apart as in the ring that stands, so that the designs differ
 * in what they do and not in where their fields lie.
 */
final class VariantFields {
    private VariantFields() {}

    @SuppressWarnings("MultiVariableDeclaration") // padding
    abstract static class PadBeforeProducer {
        long a00, a01, a02, a03, a04, a05, a06, a07, a08, a09, a10, a11, a12, a13, a14, a15;

        /** Takes the gap behind the object header. */
        int a16;
    }

    /** Written by the producer only. */
    abstract static class Producer extends PadBeforeProducer {
        /** Where the next element goes. */
        long producerNext;

        /** Up to here there is room, as far as the producer has looked. */
        long producerLimit;

        /** Up to here the consumer may read, in designs that tell positions. */
        long producerPublished;
    }

    @SuppressWarnings("MultiVariableDeclaration") // padding
    abstract static class PadBeforeConsumer extends Producer {
        long b00, b01, b02, b03, b04, b05, b06, b07, b08, b09, b10, b11, b12, b13, b14, b15;
    }

    /** Written by the consumer only. */
    abstract static class Consumer extends PadBeforeConsumer {
        /** The next element to be read. */
        long consumerNext;

        /** Up to here there are elements, as far as the consumer has looked. */
        long consumerLimit;

        /** Up to here the producer may overwrite, in designs that tell positions. */
        long consumerReleased;
    }

    @SuppressWarnings("MultiVariableDeclaration") // padding
    abstract static class PadBeforeSlots extends Consumer {
        long c00, c01, c02, c03, c04, c05, c06, c07, c08, c09, c10, c11, c12, c13, c14, c15;
    }

    /** Never changed. */
    abstract static class Slots extends PadBeforeSlots {
        final @Nullable Object[] slots;
        final long mask;

        Slots(int capacity) {
            if (Integer.bitCount(capacity) != 1) {
                throw new IllegalArgumentException("not a power of two: capacity=" + capacity);
            }
            slots = new Object[capacity];
            mask = capacity - 1L;
        }
    }

    @SuppressWarnings("MultiVariableDeclaration") // padding
    abstract static class Padded extends Slots {
        long d00, d01, d02, d03, d04, d05, d06, d07, d08, d09, d10, d11, d12, d13, d14, d15;

        Padded(int capacity) {
            super(capacity);
        }
    }
}
