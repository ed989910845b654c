package io.nodedb.os.disk;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of a {@link FileSystemDisk}. */
@Shared("the channel")
final class FileSystemFile implements DiskFile {
    /**
     * Size of one write of zeros, and of one transfer to or from the heap: Java passes heap bytes
     * through a direct buffer of the transfer's size, which it keeps for the thread's life.
     */
    private static final int TRANSFER_BYTES = 1 << 20;

    private static final ByteBuffer ZEROS =
            ByteBuffer.allocateDirect(TRANSFER_BYTES).asReadOnlyBuffer();

    private final Path path;
    private final FileChannel channel;

    FileSystemFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
        int start = target.position();
        int end = target.limit();
        try {
            while (target.position() < end) {
                target.limit(transferLimit(target, end));
                if (channel.read(target, position + target.position() - start) < 0) {
                    break;
                }
            }
        } finally {
            target.limit(end);
        }
        return target.position() - start;
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
        int start = source.position();
        int end = source.limit();
        try {
            while (source.position() < end) {
                source.limit(transferLimit(source, end));
                channel.write(source, position + source.position() - start);
            }
        } catch (IOException e) {
            throw explain(e, end - source.position());
        } finally {
            source.limit(end);
        }
    }

    private static int transferLimit(ByteBuffer buffer, int end) {
        return buffer.isDirect() ? end : Math.min(end, buffer.position() + TRANSFER_BYTES);
    }

    /** The error's text follows the locale; the room that is left does not. */
    private IOException explain(IOException failure, long missingBytes) {
        IOException explained = DiskErrors.translate(failure, path.toString());
        if (explained == failure && channel.isOpen() && lacksRoom(missingBytes)) {
            return DiskErrors.full(path.toString(), failure);
        }
        return explained;
    }

    private boolean lacksRoom(long bytes) {
        try {
            return Files.getFileStore(path).getUsableSpace() < bytes;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void allocate(long lengthBytes) throws IOException {
        long before = channel.size();
        Check.that(lengthBytes >= before, "a file is not cut by allocating", before, lengthBytes);
        if (lacksRoom(lengthBytes - before)) {
            throw DiskErrors.full(path + " bytes=" + (lengthBytes - before), null);
        }
        try {
            for (long at = before; at < lengthBytes; ) {
                int bytes = (int) Math.min(TRANSFER_BYTES, lengthBytes - at);
                write(at, ZEROS.slice(0, bytes));
                at += bytes;
            }
        } catch (DiskFullException e) {
            // What was taken in vain would leave the disk full for everyone else.
            channel.truncate(before);
            throw e;
        }
    }

    @Override
    public void truncate(long lengthBytes) throws IOException {
        long before = channel.size();
        Check.that(
                lengthBytes <= before, "a file is not lengthened by cutting", before, lengthBytes);
        channel.truncate(lengthBytes);
    }

    @Override
    public void sync() throws IOException {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw DiskErrors.translate(e, path.toString());
        }
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
