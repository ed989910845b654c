package io.nodedb.os.disk;

import io.nodedb.os.libc.NativeAccess;
import java.nio.file.FileSystems;
import java.nio.file.Path;

/** How a {@link FileSystemDisk} reads and writes its files. */
public enum FileAccess {
    /**
     * By calls of the C library, where {@link NativeAccess#allowed()} holds: an interrupt of the
     * calling thread does not close the file.
     */
    NATIVE,

    /** By Java's channels, everywhere: an interrupt of the calling thread closes the file. */
    CHANNEL;

    /** The best that there is for files below {@code root}. */
    public static FileAccess bestFor(Path root) {
        return NativeAccess.allowed() && isOfTheSystem(root) ? NATIVE : CHANNEL;
    }

    /**
     * Neither of another file system provider, nor with bytes that are no text in this locale and
     * so are lost on the way to the C library.
     */
    private static boolean isOfTheSystem(Path root) {
        return root.getFileSystem() == FileSystems.getDefault()
                && Path.of(root.toString()).equals(root);
    }
}
