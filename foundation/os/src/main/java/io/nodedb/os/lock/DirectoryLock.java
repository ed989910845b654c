package io.nodedb.os.lock;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Shared;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Holds a directory for this process by an operating-system lock on its file {@value #FILE_NAME}.
 * The system releases it when the process ends, however it ends; the process number in the file is
 * information for people and is not looked at.
 *
 * <p>POSIX drops a process's locks on a file as soon as the process closes <em>any</em> descriptor
 * of it, so a second attempt within this process must not even open the file. It is found in a
 * table that all class loaders share: the system properties.
 */
@Shared("the system properties' atomic operations; closing is synchronized")
public final class DirectoryLock implements AutoCloseable {
    /** Name of the file in the directory. */
    public static final String FILE_NAME = "LOCK";

    /** The locked byte lies behind the text, which stays readable where locks are mandatory. */
    private static final long LOCKED_POSITION = 1L << 30;

    private static final int LONGEST_PID = 20;
    private static final String HELD_PREFIX = "io.nodedb.lock:";

    private final Path directory;
    private final String heldKey;
    private final FileChannel channel;

    private DirectoryLock(Path directory, String heldKey, FileChannel channel) {
        this.directory = directory;
        this.heldKey = heldKey;
        this.channel = channel;
    }

    /**
     * Locks an existing directory. {@link ErrorCode#ALREADY_OPEN}, naming the holder, when this or
     * another process holds it.
     */
    public static DirectoryLock acquire(Path directory) throws IOException {
        Path real = directory.toRealPath();
        String heldKey = HELD_PREFIX + real;
        String self = Long.toString(ProcessHandle.current().pid());
        if (System.getProperties().putIfAbsent(heldKey, self) != null) {
            throw alreadyOpen(real, "this process", self);
        }
        try {
            return new DirectoryLock(real, heldKey, lock(real, self));
        } catch (IOException | RuntimeException e) {
            System.getProperties().remove(heldKey);
            throw e;
        }
    }

    private static FileChannel lock(Path directory, String self) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        directory.resolve(FILE_NAME),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            if (tryLock(channel) == null) {
                throw alreadyOpen(directory, "another process", readPid(channel));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((self + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock(LOCKED_POSITION, 1, false);
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** The process that holds a directory, as its file says, for messages. */
    private static String readPid(FileChannel channel) {
        ByteBuffer text = ByteBuffer.allocate(LONGEST_PID);
        try {
            channel.read(text, 0);
        } catch (IOException e) {
            return "unknown";
        }
        String pid =
                new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
        return pid.isEmpty() ? "unknown" : pid;
    }

    private static NodeDbException alreadyOpen(Path directory, String holder, String pid) {
        return new NodeDbException(
                ErrorCode.ALREADY_OPEN,
                "The directory is held by " + holder + ": directory=" + directory + " pid=" + pid);
    }

    /** The directory that is held, with symbolic links resolved. */
    public Path directory() {
        return directory;
    }

    /** Releases the directory; may be called twice. The file stays. */
    @Override
    public synchronized void close() throws IOException {
        if (channel.isOpen()) {
            channel.close();
            System.getProperties().remove(heldKey);
        }
    }
}
