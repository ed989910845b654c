package io.nodedb.bridge.ring;

/** What a {@link SpscByteRing} never changes, padded on both sides as {@link RingLayout} says. */
final class SpscByteRingBuffer {
    private SpscByteRingBuffer() {}

    abstract static class Fields extends RingPositions {
        final byte[] buffer;

        /** Kept beside the buffer: its length lies in the line of the first bytes. */
        final long mask;

        Fields(int capacity, int most) {
            super(capacity, most);
            buffer = new byte[capacity];
            mask = capacity - 1L;
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
