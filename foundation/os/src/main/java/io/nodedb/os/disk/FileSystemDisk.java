package io.nodedb.os.disk;

import io.nodedb.base.ownership.Shared;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A {@link Disk} on the operating system's file system, below one folder.
 *
 * <p>An interrupt of a thread that is inside a file's method closes that file for everyone ({@link
 * java.nio.channels.ClosedByInterruptException}): the threads that do the database's input and
 * output are its own and are never interrupted.
 */
@Shared("no state")
public final class FileSystemDisk implements Disk {
    private static final boolean SYNCS_DIRECTORIES =
            !System.getProperty("os.name", "").startsWith("Windows");

    private final Path root;

    /** {@code root} is created with its parents at the first {@link #createDirectories}. */
    public FileSystemDisk(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    /** The folder below which everything lies. */
    public Path root() {
        return root;
    }

    @Override
    public DiskFile openForRead(String path) throws IOException {
        Path file = resolve(path);
        return new FileSystemFile(file, FileChannel.open(file, StandardOpenOption.READ));
    }

    @Override
    public DiskFile openForWrite(String path) throws IOException {
        Path file = resolve(path);
        return new FileSystemFile(
                file, FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public DiskFile create(String path) throws IOException {
        Path file = resolve(path);
        try {
            return new FileSystemFile(
                    file,
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE_NEW,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw DiskErrors.translate(e, file.toString());
        }
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
    private static void copy(Path source, Path target) throws IOException {
        try {
            Files.copy(source, target);
            try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
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
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            throw DiskErrors.translate(e, path.toString());
        }
    }

    @Override
    public long freeBytes() throws IOException {
        return Files.getFileStore(root).getUsableSpace();
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
