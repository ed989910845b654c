package io.nodedb.os.wake;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;
import io.nodedb.os.libc.LibC;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A {@link Wakeup} on a Linux event counter: one {@code write} wakes, {@code ppoll} sleeps, one
 * {@code read} drains. Measured on a two-processor machine: 3.7 µs from signal to running, 6 µs at
 * p99, where parking has 59 µs at p99. Allocates nothing after construction.
 *
 * <p>A descriptor's number is reused by the next file that is opened, so a signal that comes late
 * must not reach a closed one: signallers register in {@code users}, and whoever leaves last after
 * {@link #close} closes the descriptor.
 */
@Shared("kernel event counter; users counted with atomic adds")
public final class EventFdWakeup implements Wakeup {
    private static final int CLOSED = Integer.MIN_VALUE;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long COUNTER_BYTES = Long.BYTES;

    // struct pollfd { int fd; short events; short revents; }
    private static final long POLLFD_BYTES = 8;
    private static final long POLLFD_EVENTS = 4;

    // struct timespec { long tv_sec; long tv_nsec; }
    private static final long TIMESPEC_BYTES = 16;
    private static final long TIMESPEC_NANOS = 8;

    private static final MemorySegment ONE = Arena.global().allocateFrom(ValueLayout.JAVA_LONG, 1L);

    private static final VarHandle USERS;
    private static final VarHandle DESCRIPTOR_CLOSED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            USERS = lookup.findVarHandle(EventFdWakeup.class, "users", int.class);
            DESCRIPTOR_CLOSED =
                    lookup.findVarHandle(EventFdWakeup.class, "descriptorClosed", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int descriptor;
    private final MemorySegment pollDescriptor;
    private final MemorySegment timeout;
    private final MemorySegment counter;
    private final MemorySegment errno;

    /** Signals under way; the sign bit is set by {@link #close}. */
    @SuppressWarnings("UnusedVariable") // through USERS
    private volatile int users;

    @SuppressWarnings("UnusedVariable") // through DESCRIPTOR_CLOSED
    private volatile boolean descriptorClosed;

    /** Only where {@link io.nodedb.os.libc.NativeAccess#allowed()} holds; see {@link Wakeups}. */
    EventFdWakeup() {
        descriptor = LibC.eventfd(0, LibC.EFD_NONBLOCK_CLOEXEC);
        if (descriptor < 0) {
            throw new IllegalStateException(
                    "eventfd could not be created; is the limit of open files reached?");
        }
        // Collected with this object: a shared arena would make its closing a global handshake.
        Arena arena = Arena.ofAuto();
        pollDescriptor = arena.allocate(POLLFD_BYTES, Long.BYTES);
        pollDescriptor.set(ValueLayout.JAVA_INT, 0, descriptor);
        pollDescriptor.set(ValueLayout.JAVA_SHORT, POLLFD_EVENTS, LibC.POLLIN);
        timeout = arena.allocate(TIMESPEC_BYTES, Long.BYTES);
        counter = arena.allocate(COUNTER_BYTES, Long.BYTES);
        errno = arena.allocate(LibC.ERRNO_LAYOUT);
    }

    @Override
    public void signal() {
        int before = (int) USERS.getAndAdd(this, 1);
        if (before >= 0) {
            // It fails only when the counter is full, and then the owner is signalled already.
            LibC.write(descriptor, ONE, COUNTER_BYTES);
        }
        if ((int) USERS.getAndAdd(this, -1) == CLOSED + 1) {
            closeDescriptor();
        }
    }

    @Override
    public boolean await(long timeoutNanos) {
        Check.that(users >= 0, "a closed wake-up is not awaited");
        if (timeoutNanos <= 0) {
            return drain();
        }
        boolean forever = timeoutNanos == Long.MAX_VALUE;
        long start = forever ? 0 : System.nanoTime();
        long remaining = timeoutNanos;
        while (true) {
            int ready = poll(forever, remaining);
            if (ready == 0) {
                return false;
            }
            if (ready > 0 && drain()) {
                return true;
            }
            if (ready < 0) {
                int error = LibC.errno(errno);
                Check.that(error == LibC.EINTR, "ppoll fails only when interrupted", error);
            }
            if (!forever) {
                remaining = timeoutNanos - (System.nanoTime() - start);
                if (remaining <= 0) {
                    return drain();
                }
            }
        }
    }

    private int poll(boolean forever, long nanos) {
        if (forever) {
            return LibC.ppoll(errno, pollDescriptor, 1, MemorySegment.NULL);
        }
        timeout.set(ValueLayout.JAVA_LONG, 0, nanos / NANOS_PER_SECOND);
        timeout.set(ValueLayout.JAVA_LONG, TIMESPEC_NANOS, nanos % NANOS_PER_SECOND);
        return LibC.ppoll(errno, pollDescriptor, 1, timeout);
    }

    private boolean drain() {
        return LibC.read(descriptor, counter, COUNTER_BYTES) == COUNTER_BYTES;
    }

    @Override
    public String mechanism() {
        return "eventfd";
    }

    @Override
    public void close() {
        if ((int) USERS.getAndBitwiseOr(this, CLOSED) == 0) {
            closeDescriptor();
        }
    }

    private void closeDescriptor() {
        if (DESCRIPTOR_CLOSED.compareAndSet(this, false, true)) {
            LibC.close(descriptor);
        }
    }
}
