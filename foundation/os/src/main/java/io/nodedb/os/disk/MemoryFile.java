package io.nodedb.os.disk;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.util.concurrent.atomic.AtomicBoolean;

/** An open handle on the bytes of a {@link MemoryDisk}. */
@Shared("the lock of the bytes")
final class MemoryFile implements DiskFile {
    private final String path;
    private final MemoryBytes bytes;
    private final boolean writable;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Takes over one reference to {@code bytes}. */
    MemoryFile(String path, MemoryBytes bytes, boolean writable) {
        this.path = path;
        this.bytes = bytes;
        this.writable = writable;
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
        checkOpen();
        return bytes.read(position, target);
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
        checkWritable();
        if (!bytes.write(position, source)) {
            throw DiskErrors.full("memory:" + path, null);
        }
    }

    @Override
    public void allocate(long lengthBytes) throws IOException {
        checkWritable();
        long before = bytes.size();
        Check.that(lengthBytes >= before, "a file is not cut by allocating", before, lengthBytes);
        if (!bytes.extend(lengthBytes)) {
            throw DiskErrors.full("memory:" + path, null);
        }
    }

    @Override
    public void truncate(long lengthBytes) throws IOException {
        checkWritable();
        long before = bytes.size();
        Check.that(
                lengthBytes <= before, "a file is not lengthened by cutting", before, lengthBytes);
        bytes.truncate(lengthBytes);
    }

    @Override
    public void sync() throws IOException {
        checkOpen();
    }

    @Override
    public long size() throws IOException {
        checkOpen();
        return bytes.size();
    }

    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            bytes.release();
        }
    }

    private void checkOpen() throws IOException {
        if (closed.get()) {
            throw new ClosedChannelException();
        }
    }

    private void checkWritable() throws IOException {
        checkOpen();
        if (!writable) {
            throw new NonWritableChannelException();
        }
    }

    @Override
    public String toString() {
        return "memory:" + path;
    }
}
