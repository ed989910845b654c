package io.nodedb.os.disk;

import io.nodedb.os.libc.LibC;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Native memory that one thread's file calls need: where {@code errno} is left, and the way between
 * heap and kernel. It belongs to the thread, not to the file, because several threads read one file
 * at once, and because there are more files than threads that use them. Freed with the thread.
 */
final class CallMemory {
    /**
     * Size of one transfer to or from the heap: enough that the calls cost little beside the
     * copying, little enough for every thread to have one.
     */
    static final int TRANSFER_BYTES = 1 << 16;

    private static final ThreadLocal<CallMemory> OF_THREAD =
            ThreadLocal.withInitial(CallMemory::new);

    private final MemorySegment errno = Arena.ofAuto().allocate(LibC.ERRNO_LAYOUT);
    private @Nullable ByteBuffer transfer;

    private CallMemory() {}

    static CallMemory ofThread() {
        return OF_THREAD.get();
    }

    MemorySegment errno() {
        return errno;
    }

    /** A direct buffer from 0 to {@code bytes}, or to its capacity if that is less. */
    ByteBuffer transfer(int bytes) {
        ByteBuffer buffer = transfer;
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(TRANSFER_BYTES);
            transfer = buffer;
        }
        return buffer.clear().limit(Math.min(bytes, TRANSFER_BYTES));
    }
}
