package io.nodedb.os.disk;

import java.io.IOException;
import java.util.List;

/**
 * A tree of files below one root. Paths are relative, with {@code /} between names. Callable from
 * every thread; one file's methods as {@link DiskFile} says.
 *
 * <p>What lasts: a file's bytes after {@link DiskFile#sync()}; a name (created, renamed, deleted)
 * after {@link #syncDirectory} of its folder.
 */
public interface Disk {
    /**
     * Opens an existing file for reading only. {@link java.nio.file.NoSuchFileException} when
     * absent.
     */
    DiskFile openForRead(String path) throws IOException;

    /**
     * Opens an existing file for reading and writing. {@link java.nio.file.NoSuchFileException}
     * when absent.
     */
    DiskFile openForWrite(String path) throws IOException;

    /**
     * Creates an empty file for reading and writing. {@link
     * java.nio.file.FileAlreadyExistsException} when present.
     */
    DiskFile create(String path) throws IOException;

    /** Creates a folder and those above it; nothing happens when it stands. */
    void createDirectories(String path) throws IOException;

    boolean exists(String path);

    /** Names (not paths) in a folder, sorted; empty when the folder does not exist. */
    List<String> list(String directory) throws IOException;

    /** Atomically gives {@code from} the name {@code to}, replacing a file of that name. */
    void rename(String from, String to) throws IOException;

    /**
     * Makes {@code link} a second name of {@code existing} (a hard link; a copy where the file
     * system has none).
     */
    void link(String existing, String link) throws IOException;

    /** Deletes a file or an empty folder; nothing happens when it does not exist. */
    void delete(String path) throws IOException;

    /** Makes the names in a folder last. */
    void syncDirectory(String directory) throws IOException;

    /** Bytes that may still be written. */
    long freeBytes() throws IOException;

    /**
     * True when an interrupted thread is served as any other: its calls are carried out, its
     * interrupt stays pending, and no file is closed. When false, an interrupt before or during a
     * call closes the file for everyone ({@link java.nio.channels.ClosedByInterruptException}), so
     * only threads that nobody else can interrupt may make calls. False unless an implementation
     * knows better; one that passes calls on answers as the disk behind it does.
     */
    default boolean survivesInterrupts() {
        return false;
    }

    /**
     * Bytes outside of the heap that so many threads hold by making calls, with what all of them
     * share: for the accounting of memory. 0 unless an implementation knows better.
     */
    default long callBufferBytes(int threads) {
        return 0;
    }

    /** Human-readable place of a path, for messages: absolute where there is such a thing. */
    String describe(String path);
}
