package io.nodedb.os.libc;

import io.nodedb.base.errors.BugException;
import io.nodedb.base.ownership.Shared;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Functions of the Linux C library, with its names and its results (-1 for a failure). Loading this
 * class makes foreign calls possible: ask {@link NativeAccess#allowed()} first. The calls allocate
 * nothing. Constants are those of the generic Linux ABI, which amd64 and aarch64 share. Source: man
 * pages eventfd(2), poll(2), sched_setaffinity(2).
 */
@Shared("constants")
public final class LibC {
    /** {@code EINTR}: a call was interrupted by a signal. */
    public static final int EINTR = 4;

    /** {@code EFD_NONBLOCK | EFD_CLOEXEC}. */
    public static final int EFD_NONBLOCK_CLOEXEC = 0x800 | 0x80000;

    /** {@code POLLIN}. */
    public static final short POLLIN = 1;

    /** Where a call that takes one leaves {@code errno}; one per thread that calls. */
    public static final MemoryLayout ERRNO_LAYOUT = Linker.Option.captureStateLayout();

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout POINTER = ValueLayout.ADDRESS;
    private static final long ERRNO_OFFSET =
            ERRNO_LAYOUT.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle EVENTFD =
            function("eventfd", FunctionDescriptor.of(INT, INT, INT));
    private static final MethodHandle PPOLL =
            function(
                    "ppoll",
                    FunctionDescriptor.of(INT, POINTER, LONG, POINTER, POINTER),
                    Linker.Option.captureCallState("errno"));
    private static final MethodHandle READ =
            function("read", FunctionDescriptor.of(LONG, INT, POINTER, LONG));
    private static final MethodHandle WRITE =
            function("write", FunctionDescriptor.of(LONG, INT, POINTER, LONG));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(INT, INT));
    private static final MethodHandle SCHED_SETAFFINITY =
            function(
                    "sched_setaffinity",
                    FunctionDescriptor.of(INT, INT, LONG, POINTER),
                    Linker.Option.captureCallState("errno"));

    private LibC() {}

    static MethodHandle function(
            String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
    }

    /** A new event counter's descriptor, or -1. */
    public static int eventfd(int initialValue, int flags) {
        try {
            return (int) EVENTFD.invokeExact(initialValue, flags);
        } catch (Throwable thrown) {
            throw unexpected("eventfd", thrown);
        }
    }

    /**
     * Waits for events on {@code count} descriptors. {@code timeout} is a {@code struct timespec},
     * or {@link MemorySegment#NULL} to wait for ever. Returns how many are ready, 0 after the time,
     * -1 on failure.
     */
    public static int ppoll(
            MemorySegment errno, MemorySegment descriptors, long count, MemorySegment timeout) {
        try {
            return (int) PPOLL.invokeExact(errno, descriptors, count, timeout, MemorySegment.NULL);
        } catch (Throwable thrown) {
            throw unexpected("ppoll", thrown);
        }
    }

    /** Reads up to {@code bytes}; returns how many, or -1. */
    public static long read(int descriptor, MemorySegment target, long bytes) {
        try {
            return (long) READ.invokeExact(descriptor, target, bytes);
        } catch (Throwable thrown) {
            throw unexpected("read", thrown);
        }
    }

    /** Writes up to {@code bytes}; returns how many, or -1. */
    public static long write(int descriptor, MemorySegment source, long bytes) {
        try {
            return (long) WRITE.invokeExact(descriptor, source, bytes);
        } catch (Throwable thrown) {
            throw unexpected("write", thrown);
        }
    }

    /** Closes a descriptor; its number may be given out again at once. */
    public static int close(int descriptor) {
        try {
            return (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable thrown) {
            throw unexpected("close", thrown);
        }
    }

    /** Binds a thread (0: the calling one) to the processors whose bits are set. */
    public static int schedSetAffinity(
            MemorySegment errno, int thread, long maskBytes, MemorySegment mask) {
        try {
            return (int) SCHED_SETAFFINITY.invokeExact(errno, thread, maskBytes, mask);
        } catch (Throwable thrown) {
            throw unexpected("sched_setaffinity", thrown);
        }
    }

    /** The error number that a failed call left. */
    public static int errno(MemorySegment errno) {
        return errno.get(INT, ERRNO_OFFSET);
    }

    static BugException unexpected(String function, Throwable thrown) {
        BugException bug = new BugException("foreign call failed to link or run: " + function);
        bug.initCause(thrown);
        return bug;
    }
}
