package io.nodedb.os.disk;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Set;

/**
 * A file of a {@link FileSystemDisk} on Java's own channel. An interrupt of a thread that is inside
 * one of its methods closes it for everyone.
 */
@Shared("the channel")
final class FileSystemFile implements DiskFile {
    /**
     * Size of one transfer to or from the heap: Java passes heap bytes through a direct buffer of
     * the transfer's size, which it keeps for the thread's life.
     */
    private static final int TRANSFER_BYTES = 1 << 20;

    private final Path path;
    private final FileChannel channel;

    private FileSystemFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static FileSystemFile open(Path path, OpenMode mode) throws IOException {
        try {
            return new FileSystemFile(path, FileChannel.open(path, options(mode)));
        } catch (IOException e) {
            throw DiskErrors.translate(e, path.toString());
        }
    }

    private static Set<StandardOpenOption> options(OpenMode mode) {
        return switch (mode) {
            case READ -> EnumSet.of(StandardOpenOption.READ);
            case WRITE -> EnumSet.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
            case CREATE ->
                    EnumSet.of(
                            StandardOpenOption.CREATE_NEW,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
        };
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
        if (explained == failure && channel.isOpen() && ZeroFill.lacksRoom(path, missingBytes)) {
            return DiskErrors.full(path.toString(), failure);
        }
        return explained;
    }

    @Override
    public void allocate(long lengthBytes) throws IOException {
        ZeroFill.lengthen(this, path, lengthBytes);
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
        force(false);
    }

    /** As {@link #sync()}, with the file's attributes or the folder's names. */
    void syncWithAttributes() throws IOException {
        force(true);
    }

    private void force(boolean attributes) throws IOException {
        try {
            channel.force(attributes);
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
