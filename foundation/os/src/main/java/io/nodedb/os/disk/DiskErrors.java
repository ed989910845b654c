package io.nodedb.os.disk;

import io.nodedb.base.errors.Check;
import io.nodedb.os.libc.FileCalls;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the implementations share: recognising a full disk, checking paths. */
final class DiskErrors {
    /** The C library's texts for ENOSPC and EDQUOT (Linux, macOS), and the one of Windows. */
    private static final List<String> FULL =
            List.of(
                    "No space left on device",
                    "Disk quota exceeded",
                    "Disc quota exceeded",
                    "There is not enough space on the disk");

    private DiskErrors() {}

    /**
     * {@code failure}, or a {@link DiskFullException} when it says that there was no room. Java
     * hands over the error's text but not its number.
     */
    static IOException translate(IOException failure, String place) {
        return isFull(failure.getMessage()) ? full(place, failure) : failure;
    }

    /** What a failed call of the C library means, with the types that Java's channels throw. */
    static IOException ofErrno(String call, String place, int errno) {
        return switch (errno) {
            case FileCalls.ENOENT -> new NoSuchFileException(place);
            case FileCalls.EEXIST -> new FileAlreadyExistsException(place);
            case FileCalls.EACCES -> new AccessDeniedException(place);
            case FileCalls.ENOSPC, FileCalls.EDQUOT -> full(place, failed(call, place, errno));
            default -> failed(call, place, errno);
        };
    }

    private static FileSystemException failed(String call, String place, int errno) {
        String reason = call + " failed: " + FileCalls.strerror(errno) + " (errno " + errno + ")";
        return new FileSystemException(place, null, reason);
    }

    static DiskFullException full(String place, @Nullable IOException cause) {
        String message = "No space left for " + place;
        return cause == null
                ? new DiskFullException(message)
                : new DiskFullException(message, cause);
    }

    private static boolean isFull(@Nullable String message) {
        return message != null && FULL.stream().anyMatch(message::contains);
    }

    /** Paths come from the database itself, so a wrong one is a bug. */
    static void checkPath(String path) {
        Check.that(!path.startsWith("/"), "a path on a disk is relative");
        if (path.contains("..")) {
            for (String name : path.split("/", -1)) {
                Check.that(!name.equals(".."), "a path stays below its disk's root");
            }
        }
    }
}
