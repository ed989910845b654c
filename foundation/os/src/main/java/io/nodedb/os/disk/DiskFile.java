package io.nodedb.os.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An open file with positional input and output. Reads may run from several threads at once;
 * writes, {@link #allocate}, {@link #truncate} and {@link #sync} come from one thread at a time. A
 * full disk is {@link DiskFullException}.
 */
public interface DiskFile extends AutoCloseable {
    /**
     * Reads until {@code target} is full or the file ends; returns the number of bytes read (0 at
     * the end).
     */
    int read(long position, ByteBuffer target) throws IOException;

    /**
     * Writes all remaining bytes of {@code source}. After an exception any part of them may have
     * been written.
     */
    void write(long position, ByteBuffer source) throws IOException;

    /**
     * Makes the file {@code lengthBytes} long, all new bytes written as zeros, so that later writes
     * there need no new space.
     */
    void allocate(long lengthBytes) throws IOException;

    /** Cuts the file to {@code lengthBytes}. */
    void truncate(long lengthBytes) throws IOException;

    /** Makes all bytes written so far, and the length, last (fdatasync). */
    void sync() throws IOException;

    long size() throws IOException;

    @Override
    void close() throws IOException;
}
