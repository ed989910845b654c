package io.nodedb.bridge.lane;

/** Keeps what the lane writes 128 bytes apart from what the core writes. */
final class PortLayout {
    private PortLayout() {}

    @SuppressWarnings("MultiVariableDeclaration") // padding
    abstract static class PadBeforeLaneFields {
        long a00, a01, a02, a03, a04, a05, a06, a07, a08, a09, a10, a11, a12, a13, a14, a15;

        /** Takes the gap behind the object header, which a field below would slip into. */
        int a16;
    }

    /** The lane's. */
    abstract static class LaneFields extends PadBeforeLaneFields {
        /** How many entries of the stack of free requests are filled. */
        int freeRequests;

        /** How many request objects were made so far. */
        int madeRequests;

        /** Requests that are not free: held by the lane, in flight or abandoned. */
        int outstanding;

        /** Submitted requests and returned chunks of which the core has not been told. */
        int untold;

        /** Counts answers that were resumed. */
        int resumed;

        /** Above the stop mark, and not yet back below the slow mark. */
        boolean stopped;

        long nextId;
    }

    @SuppressWarnings("MultiVariableDeclaration") // padding
    abstract static class PadBeforeCoreFields extends LaneFields {
        long b00, b01, b02, b03, b04, b05, b06, b07, b08, b09, b10, b11, b12, b13, b14, b15;

        /** Takes the gap behind the smaller fields above. */
        int b16;
    }

    /** The core's. */
    abstract static class CoreFields extends PadBeforeCoreFields {
        /** How many entries of the stack of free chunks are filled. */
        int freeChunks;

        /** How many resumed answers the core knows of. */
        int resumedSeen;

        /** Responses of which the lane has not been told. */
        int unflushed;
    }

    @SuppressWarnings("MultiVariableDeclaration") // padding
    abstract static class Padded extends CoreFields {
        long c00, c01, c02, c03, c04, c05, c06, c07, c08, c09, c10, c11, c12, c13, c14, c15;
    }
}
