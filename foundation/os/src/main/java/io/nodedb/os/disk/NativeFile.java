package io.nodedb.os.disk;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;
import io.nodedb.os.libc.FileCalls;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Path;

/**
 * A file of a {@link FileSystemDisk} through the C library. An interrupt of a thread that is inside
 * one of its methods changes nothing: the call is carried out, the file stays open and the
 * interrupt stays pending. Transfers of direct buffers copy nothing, and allocate nothing once they
 * are compiled; those of heap buffers go through a small direct buffer of the thread.
 */
@Shared("positional calls of the kernel; the descriptor counts its users")
final class NativeFile implements DiskFile {
    private final Path path;
    private final Descriptor descriptor;
    private final boolean writable;

    private NativeFile(Path path, Descriptor descriptor, boolean writable) {
        this.path = path;
        this.descriptor = descriptor;
        this.writable = writable;
    }

    /** Only where {@link io.nodedb.os.libc.NativeAccess#allowed()} holds. */
    static NativeFile open(Path path, OpenMode mode) throws IOException {
        return new NativeFile(path, Descriptor.open(path, mode), mode != OpenMode.READ);
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
        if (target.isReadOnly()) {
            // The kernel would not mind.
            throw new IllegalArgumentException("nothing is read into a read-only buffer");
        }
        int start = target.position();
        int number = descriptor.enter();
        try {
            CallMemory memory = CallMemory.ofThread();
            while (target.hasRemaining()) {
                long at = position + target.position() - start;
                int read =
                        target.isDirect()
                                ? readOnce(number, memory, at, target)
                                : readToHeap(number, memory, at, target);
                if (read == 0) {
                    break;
                }
                target.position(target.position() + read);
            }
        } finally {
            descriptor.leave();
        }
        return target.position() - start;
    }

    private int readToHeap(int number, CallMemory memory, long position, ByteBuffer target)
            throws IOException {
        ByteBuffer transfer = memory.transfer(target.remaining());
        int read = readOnce(number, memory, position, transfer);
        target.put(target.position(), transfer, 0, read);
        return read;
    }

    /** Leaves the buffer's position where it is. */
    private int readOnce(int number, CallMemory memory, long position, ByteBuffer direct)
            throws IOException {
        MemorySegment errno = memory.errno();
        long read;
        while ((read =
                        FileCalls.pread(
                                errno,
                                number,
                                MemorySegment.ofBuffer(direct),
                                direct.remaining(),
                                position))
                < 0) {
            descriptor.throwUnlessEintr("read", errno);
        }
        return (int) read;
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
        int start = source.position();
        int number = enterToWrite();
        try {
            CallMemory memory = CallMemory.ofThread();
            while (source.hasRemaining()) {
                long at = position + source.position() - start;
                int written =
                        source.isDirect()
                                ? writeOnce(number, memory, at, source)
                                : writeFromHeap(number, memory, at, source);
                source.position(source.position() + written);
            }
        } finally {
            descriptor.leave();
        }
    }

    private int writeFromHeap(int number, CallMemory memory, long position, ByteBuffer source)
            throws IOException {
        ByteBuffer transfer = memory.transfer(source.remaining());
        transfer.put(0, source, source.position(), transfer.remaining());
        return writeOnce(number, memory, position, transfer);
    }

    /** Leaves the buffer's position where it is. */
    private int writeOnce(int number, CallMemory memory, long position, ByteBuffer direct)
            throws IOException {
        MemorySegment errno = memory.errno();
        long written;
        while ((written =
                        FileCalls.pwrite(
                                errno,
                                number,
                                MemorySegment.ofBuffer(direct),
                                direct.remaining(),
                                position))
                < 0) {
            descriptor.throwUnlessEintr("write", errno);
        }
        if (written == 0) {
            // No file system does this; if one did, repeating could go on for ever.
            throw new IOException("nothing was written to " + path);
        }
        return (int) written;
    }

    @Override
    public void allocate(long lengthBytes) throws IOException {
        ZeroFill.lengthen(this, path, lengthBytes);
    }

    @Override
    public void truncate(long lengthBytes) throws IOException {
        int number = enterToWrite();
        try {
            MemorySegment errno = CallMemory.ofThread().errno();
            long before = size(number, errno);
            Check.that(
                    lengthBytes <= before,
                    "a file is not lengthened by cutting",
                    before,
                    lengthBytes);
            while (FileCalls.ftruncate(errno, number, lengthBytes) < 0) {
                descriptor.throwUnlessEintr("truncate", errno);
            }
        } finally {
            descriptor.leave();
        }
    }

    @Override
    public void sync() throws IOException {
        int number = descriptor.enter();
        try {
            MemorySegment errno = CallMemory.ofThread().errno();
            while (FileCalls.fdatasync(errno, number) < 0) {
                descriptor.throwUnlessEintr("sync", errno);
            }
        } finally {
            descriptor.leave();
        }
    }

    /** As {@link #sync()}, with the file's attributes or the folder's names. */
    void syncWithAttributes() throws IOException {
        int number = descriptor.enter();
        try {
            MemorySegment errno = CallMemory.ofThread().errno();
            while (FileCalls.fsync(errno, number) < 0) {
                descriptor.throwUnlessEintr("sync", errno);
            }
        } finally {
            descriptor.leave();
        }
    }

    @Override
    public long size() throws IOException {
        int number = descriptor.enter();
        try {
            return size(number, CallMemory.ofThread().errno());
        } finally {
            descriptor.leave();
        }
    }

    /** By seeking: reads and writes name their positions, so nobody uses the file's own. */
    private long size(int number, MemorySegment errno) throws IOException {
        long size;
        while ((size = FileCalls.lseek(errno, number, 0, FileCalls.SEEK_END)) < 0) {
            descriptor.throwUnlessEintr("size", errno);
        }
        return size;
    }

    private int enterToWrite() throws IOException {
        int number = descriptor.enter();
        if (!writable) {
            descriptor.leave();
            throw new NonWritableChannelException();
        }
        return number;
    }

    @Override
    public void close() throws IOException {
        descriptor.close();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
