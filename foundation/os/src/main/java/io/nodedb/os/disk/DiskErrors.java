package io.nodedb.os.disk;

import io.nodedb.base.errors.Check;
import java.io.IOException;
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
