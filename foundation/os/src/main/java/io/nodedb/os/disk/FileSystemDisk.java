package io.nodedb.os.disk;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;
import io.nodedb.os.libc.NativeAccess;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A {@link Disk} on the operating system's file system, below one folder.
 *
 * <p>With {@link FileAccess#NATIVE} an interrupt does nothing to a file. With {@link
 * FileAccess#CHANNEL} an interrupt of a thread that is inside a file's method closes that file for
 * everyone ({@link java.nio.channels.ClosedByInterruptException}): there the threads that do the
 * database's input and output must be its own. {@link #survivesInterrupts()} says which it is.
 */
@Shared("no state")
public final class FileSystemDisk implements Disk {
    private static final boolean SYNCS_DIRECTORIES =
            !System.getProperty("os.name", "").startsWith("Windows");

    private final Path root;
    private final FileAccess access;

    /**
     * Uses the best access that there is. {@code root} is created with its parents at the first
     * {@link #createDirectories}.
     */
    public FileSystemDisk(Path root) {
        this(root, FileAccess.bestFor(root));
    }

    /** As {@link #FileSystemDisk(Path)} with a chosen access, for tests and measurements. */
    public FileSystemDisk(Path root, FileAccess access) {
        Check.that(
                access == FileAccess.CHANNEL || NativeAccess.allowed(),
                "foreign calls are made only where they are allowed");
        this.root = root.toAbsolutePath().normalize();
        this.access = access;
    }

    /** The folder below which everything lies. */
    public Path root() {
        return root;
    }

    @Override
    public DiskFile openForRead(String path) throws IOException {
        return open(resolve(path), OpenMode.READ);
    }

    @Override
    public DiskFile openForWrite(String path) throws IOException {
        return open(resolve(path), OpenMode.WRITE);
    }

    @Override
    public DiskFile create(String path) throws IOException {
        return open(resolve(path), OpenMode.CREATE);
    }

    private DiskFile open(Path file, OpenMode mode) throws IOException {
        return switch (access) {
            case NATIVE -> NativeFile.open(file, mode);
            case CHANNEL -> FileSystemFile.open(file, mode);
        };
    }

    @Override
    public void createDirectories(String path) throws IOException {
        Path directory = resolve(path);
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw DiskErrors.translate(e, directory.toString());
        }
    }

    @Override
    public boolean exists(String path) {
        return Files.exists(resolve(path), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public List<String> list(String directory) throws IOException {
        try (Stream<Path> entries = Files.list(resolve(directory))) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Path target = resolve(to);
        try {
            Files.move(resolve(from), target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw DiskErrors.translate(e, target.toString());
        }
    }

    @Override
    public void link(String existing, String link) throws IOException {
        Path source = resolve(existing);
        Path target = resolve(link);
        try {
            Files.createLink(target, source);
        } catch (FileAlreadyExistsException | NoSuchFileException e) {
            throw e;
        } catch (UnsupportedOperationException | IOException e) {
            if (e instanceof IOException failure
                    && DiskErrors.translate(failure, target.toString())
                            instanceof DiskFullException full) {
                throw full;
            }
            copy(source, target);
        }
    }

    /** Where there are no hard links; synced, because a link to a synced file is synced too. */
    private void copy(Path source, Path target) throws IOException {
        try {
            Files.copy(source, target);
            sync(target, OpenMode.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (IOException e) {
            Files.deleteIfExists(target);
            throw DiskErrors.translate(e, target.toString());
        }
    }

    @Override
    public void delete(String path) throws IOException {
        Files.deleteIfExists(resolve(path));
    }

    @Override
    public void syncDirectory(String directory) throws IOException {
        Path path = resolve(directory);
        if (!SYNCS_DIRECTORIES) {
            return;
        }
        sync(path, OpenMode.READ);
    }

    private void sync(Path path, OpenMode mode) throws IOException {
        switch (access) {
            case NATIVE -> {
                try (NativeFile file = NativeFile.open(path, mode)) {
                    file.syncWithAttributes();
                }
            }
            case CHANNEL -> {
                try (FileSystemFile file = FileSystemFile.open(path, mode)) {
                    file.syncWithAttributes();
                }
            }
        }
    }

    @Override
    public long freeBytes() throws IOException {
        return Files.getFileStore(root).getUsableSpace();
    }

    @Override
    public boolean survivesInterrupts() {
        return access == FileAccess.NATIVE;
    }

    /** A channel's buffers are the JDK's, of which no more is known. */
    @Override
    public long callBufferBytes(int threads) {
        return ZeroFill.WRITE_BYTES
                + switch (access) {
                    case NATIVE -> (long) threads * CallMemory.TRANSFER_BYTES;
                    case CHANNEL -> 0;
                };
    }

    @Override
    public String describe(String path) {
        return resolve(path).toString();
    }

    private Path resolve(String path) {
        DiskErrors.checkPath(path);
        return root.resolve(path);
    }
}
