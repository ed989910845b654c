package io.nodedb.base.clock;

/** The two clocks of a process. Callable from every thread. */
public interface TimeSource {
    /** Monotonic nanoseconds with an arbitrary origin; only differences mean something. */
    long nanoTime();

    /** Wall-clock milliseconds since 1970; may step back. */
    long epochMillis();
}
