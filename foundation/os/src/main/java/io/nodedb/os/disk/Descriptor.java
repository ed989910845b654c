package io.nodedb.os.disk;

import io.nodedb.base.ownership.Shared;
import io.nodedb.os.libc.FileCalls;
import io.nodedb.os.libc.LibC;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file descriptor that several threads use and any of them may close. Its number is reused by the
 * next file that is opened, so a call that comes late must not reach a closed one: whoever makes a
 * call stands between {@link #enter} and {@link #leave}, and who leaves last after {@link #close}
 * closes the descriptor.
 */
@Shared("users counted with atomic adds")
final class Descriptor {
    private static final int CLOSED = Integer.MIN_VALUE;

    /** As Java's channels create files; the process's umask takes away from it. */
    private static final int READ_AND_WRITE_FOR_ALL = 0666;

    /** What Java encodes paths with. */
    private static final Charset PATH_CHARSET =
            Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private final Path path;
    private final int number;

    /** Calls under way; the sign bit is set by {@link #close}. */
    private final AtomicInteger users = new AtomicInteger();

    private final AtomicBoolean numberGivenBack = new AtomicBoolean();

    private Descriptor(Path path, int number) {
        this.path = path;
        this.number = number;
    }

    static Descriptor open(Path path, OpenMode mode) throws IOException {
        MemorySegment errno = CallMemory.ofThread().errno();
        byte[] name = path.toString().getBytes(PATH_CHARSET);
        try (Arena arena = Arena.ofConfined()) {
            // Memory of an arena is zeroed, so the name ends as C wants it.
            MemorySegment cName = arena.allocate(name.length + 1L);
            cName.copyFrom(MemorySegment.ofArray(name));
            int number;
            while ((number = FileCalls.open(errno, cName, flags(mode), READ_AND_WRITE_FOR_ALL))
                    < 0) {
                throwUnlessEintr("open", path, errno);
            }
            return new Descriptor(path, number);
        }
    }

    private static int flags(OpenMode mode) {
        return switch (mode) {
            case READ -> FileCalls.O_RDONLY | FileCalls.O_CLOEXEC;
            case WRITE -> FileCalls.O_RDWR | FileCalls.O_CLOEXEC;
            case CREATE ->
                    FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_EXCL | FileCalls.O_CLOEXEC;
        };
    }

    /**
     * The number, which stays this file's until {@link #leave}. When it throws there is nothing to
     * leave.
     */
    int enter() throws ClosedChannelException {
        if (users.getAndIncrement() < 0) {
            leave();
            throw new ClosedChannelException();
        }
        return number;
    }

    void leave() {
        if (users.decrementAndGet() == CLOSED) {
            giveBack();
        }
    }

    /** Callable twice. Does not wait for the calls that are under way. */
    void close() throws IOException {
        if (users.getAndUpdate(count -> count | CLOSED) == 0 && !giveBack()) {
            throwUnlessEintr("close", path, CallMemory.ofThread().errno());
        }
    }

    /**
     * False when closing failed. The number is free all the same, so it is never tried again: it
     * may be another file's by then.
     */
    private boolean giveBack() {
        return !numberGivenBack.compareAndSet(false, true)
                || FileCalls.close(CallMemory.ofThread().errno(), number) == 0;
    }

    /** After a failed call: returns when a signal interrupted it, so that it is to be repeated. */
    void throwUnlessEintr(String call, MemorySegment errno) throws IOException {
        throwUnlessEintr(call, path, errno);
    }

    private static void throwUnlessEintr(String call, Path path, MemorySegment errno)
            throws IOException {
        int error = LibC.errno(errno);
        if (error != LibC.EINTR) {
            throw DiskErrors.ofErrno(call, path.toString(), error);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
