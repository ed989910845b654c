package io.nodedb.bridge.ring;

import org.jspecify.annotations.Nullable;

/** What a {@link SpscRing} never changes, padded on both sides as {@link RingLayout} says. */
final class SpscRingSlots {
    /** Less than a whole, so that the slot that is looked at is another one. Measured. */
    private static final double LOOK_AHEAD = 0.75;

    private SpscRingSlots() {}

    abstract static class Fields extends RingPositions {
        final @Nullable Object[] slots;

        /** Kept beside the array: its length lies in the line of the first slots. */
        final long mask;

        /** How far ahead of itself the producer looks for a free slot. */
        final int lookAhead;

        Fields(int capacity, int most) {
            super(capacity, most);
            slots = new Object[capacity];
            mask = capacity - 1L;
            lookAhead = (int) (capacity * LOOK_AHEAD);
        }
    }

    @SuppressWarnings("MultiVariableDeclaration") // padding
    abstract static class Padded extends Fields {
        long d00, d01, d02, d03, d04, d05, d06, d07, d08, d09, d10, d11, d12, d13, d14, d15;

        Padded(int capacity, int most) {
            super(capacity, most);
        }
    }
}
