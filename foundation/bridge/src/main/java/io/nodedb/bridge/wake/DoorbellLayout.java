package io.nodedb.bridge.wake;

/** Keeps the state that everyone reads apart from what is written often. */
final class DoorbellLayout {
    private DoorbellLayout() {}

    @SuppressWarnings("MultiVariableDeclaration") // padding
    abstract static class PadBeforeFlag {
        long a00, a01, a02, a03, a04, a05, a06, a07, a08, a09, a10, a11, a12, a13, a14, a15;

        /** Takes the gap behind the object header, which a field below would slip into. */
        int a16;
    }

    /** Written by the sleeper and by whoever wakes it or stands in for it. */
    abstract static class Flag extends PadBeforeFlag {
        int state;
    }

    @SuppressWarnings("MultiVariableDeclaration") // padding
    abstract static class Padded extends Flag {
        long b00, b01, b02, b03, b04, b05, b06, b07, b08, b09, b10, b11, b12, b13, b14, b15;

        /** Takes the gap behind the smaller fields above. */
        int b16;
    }
}
