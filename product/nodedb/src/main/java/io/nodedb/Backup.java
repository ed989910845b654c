package io.nodedb;

import static java.util.Objects.requireNonNull;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.document.engine.DocumentEngineFactory;
import io.nodedb.kv.KvEngineFactory;
import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.DiskFullException;
import io.nodedb.os.disk.FileSystemDisk;
import io.nodedb.storage.backup.DatabaseCopy;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;

/**
 * A copy of a whole database in a directory of its own, as of one moment while it was made:
 * everything is in it that was acknowledged before, and of what came meanwhile a beginning. It was
 * read and checked in full. A backup is a database itself: it can be opened, and {@link
 * Verification} checks it.
 *
 * @param directory where it is
 * @param files in it
 * @param bytes that were copied; files that never change are shared with the database where the
 *     file system has hard links
 */
@Immutable
public record Backup(Path directory, long files, long bytes) {
    private static final String UNFINISHED_SUFFIX = ".partial";

    /**
     * Copies the database in a directory, which another process may have open and write to.
     *
     * @param target does not exist yet; its parent does
     * @throws NodeDbException NOT_FOUND when there is no database, INVALID_ARGUMENT when the target
     *     exists, DATA_CORRUPTED when the database is damaged, STORAGE_FAILED or DISK_FULL when it
     *     can't be read or the copy not be written. There is no target then.
     */
    public static Backup of(Path database, Path target) {
        return copy(new FileSystemDisk(requireNonNull(database, "database")), target, true);
    }

    /**
     * Makes a database from a backup, which stays as it is: nothing is shared with it.
     *
     * @param database does not exist yet; its parent does
     * @throws NodeDbException as {@link #of}
     */
    public static Backup restore(Path backup, Path database) {
        return copy(new FileSystemDisk(requireNonNull(backup, "backup")), database, false);
    }

    /**
     * @param share what never changes, where that is possible
     */
    static Backup copy(Disk source, Path target, boolean share) {
        Path unfinished =
                target.toAbsolutePath()
                        .resolveSibling(requireNonNull(target.getFileName()) + UNFINISHED_SUFFIX);
        for (Path taken : new Path[] {target, unfinished}) {
            if (Files.exists(taken)) {
                throw new NodeDbException(
                        ErrorCode.INVALID_ARGUMENT,
                        "there is something already, name another place or remove it: path="
                                + taken);
            }
        }
        try {
            Files.createDirectory(unfinished);
            try {
                FileSystemDisk to = new FileSystemDisk(unfinished);
                DatabaseCopy.Report report =
                        DatabaseCopy.copy(
                                source,
                                to,
                                share && source instanceof FileSystemDisk from
                                        ? path -> link(from, to, path)
                                        : DatabaseCopy.Sharing.NONE,
                                Map.of(KvEngineFactory.ID, new KvEngineFactory().name()),
                                Map.of(
                                        DocumentEngineFactory.ID,
                                        new DocumentEngineFactory().name()));
                Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
                new FileSystemDisk(requireNonNull(target.toAbsolutePath().getParent()))
                        .syncDirectory("");
                return new Backup(target, report.files(), report.bytes());
            } finally {
                deleteTree(unfinished);
            }
        } catch (IOException e) {
            throw new NodeDbException(
                    e instanceof DiskFullException ? ErrorCode.DISK_FULL : ErrorCode.STORAGE_FAILED,
                    "the database can't be copied: from="
                            + source.describe("")
                            + " to="
                            + target
                            + " cause="
                            + e,
                    e);
        }
    }

    private static boolean link(FileSystemDisk from, FileSystemDisk to, String path)
            throws IOException {
        try {
            Files.createLink(to.root().resolve(path), from.root().resolve(path));
            return true;
        } catch (NoSuchFileException gone) {
            throw gone;
        } catch (FileSystemException | UnsupportedOperationException notPossible) {
            // Another file system, or one without hard links.
            return false;
        }
    }

    private static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(
                directory,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path visited, @org.jspecify.annotations.Nullable IOException failure)
                            throws IOException {
                        Files.delete(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
