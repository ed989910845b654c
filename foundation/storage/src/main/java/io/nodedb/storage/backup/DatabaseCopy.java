package io.nodedb.storage.backup;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.Partitions;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.DiskFile;
import io.nodedb.storage.directory.DatabaseFormat;
import io.nodedb.storage.directory.DirectoryVerifier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Copies a database that may be running, in this process or in another one, so that the copy is the
 * database as of one moment during the copying: everything that was acknowledged before it began is
 * there, and nothing is there by halves. Opening the copy is a recovery as after a crash.
 *
 * <ol>
 *   <li>The folders of engines. What a manifest lists never changes and stays as long as the
 *       manifest counts; so a folder is copied again until its manifests are the same before and
 *       after. Files may become second names of the database's own ({@link Sharing}).
 *   <li>The log, afterwards, so that it goes at least as far as every file. Segments are copied
 *       from the newest to the oldest and each from its end, page by page, against the direction in
 *       which they are written: so what the copy has of the log is a beginning of it.
 *   <li>The file FORMAT, without which there is no database.
 *   <li>Everything is read and checked. Should a part of the log have been cut or reused meanwhile,
 *       the copying begins anew.
 * </ol>
 */
public final class DatabaseCopy {
    /** Gives a copied file its place without its bytes being copied. */
    @FunctionalInterface
    public interface Sharing {
        /** Nothing is shared. */
        Sharing NONE = _ -> false;

        /**
         * Makes the file at {@code path} of the source appear at {@code path} of the target; false
         * when that is not possible. {@link NoSuchFileException} when it is gone.
         */
        boolean share(String path) throws IOException;
    }

    /**
     * What was copied.
     *
     * @param files all of them
     * @param bytes that were copied
     * @param sharedFiles of which no byte was copied
     * @param logRecords records of the log in the copy
     */
    @Immutable
    public record Report(long files, long bytes, long sharedFiles, long logRecords) {}

    private static final String LOG = "wal";
    private static final String LOG_SUFFIX = ".wal";
    private static final String QUARANTINE = "quarantine";
    private static final String UNFINISHED_SUFFIX = ".new";

    /** Files that say which others count; they are replaced as a whole. */
    private static final List<String> LISTS = List.of("MANIFEST", "REGISTRY");

    /** The log is cut at most once in a checkpoint; twice in one copying is bad luck. */
    private static final int MOST_ATTEMPTS = 3;

    /** A folder's manifests change at most a few times a second. */
    private static final int MOST_ROUNDS = 1_000;

    /** What the kernel copies at once when a file is read while it is written. */
    private static final int PAGE_BYTES = 4 << 10;

    private static final int BUFFER_BYTES = 1 << 20;

    private final Disk source;
    private final Disk target;
    private final Sharing sharing;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private final Set<String> folders = new TreeSet<>();
    private final Set<String> files = new TreeSet<>();
    private long bytes;
    private long shared;

    private DatabaseCopy(Disk source, Disk target, Sharing sharing) {
        this.source = source;
        this.target = target;
        this.sharing = sharing;
    }

    /**
     * Copies a database. The calling thread does all of it.
     *
     * @param target an empty tree; after a failure it holds part of a copy
     * @param engines and {@code rowEngines} as {@link DirectoryVerifier#verify} wants them
     * @throws NodeDbException NOT_FOUND when there is no database, DATA_CORRUPTED when what was
     *     copied is not sound, which then is true of the source
     */
    public static Report copy(
            Disk source,
            Disk target,
            Sharing sharing,
            Map<Integer, String> engines,
            Map<Integer, String> rowEngines)
            throws IOException {
        List<String> findings = List.of();
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            DatabaseCopy copy = new DatabaseCopy(source, target, sharing);
            copy.run();
            DirectoryVerifier.Report checked =
                    DirectoryVerifier.verify(target, engines, rowEngines);
            if (checked.findings().isEmpty()) {
                return new Report(copy.files.size(), copy.bytes, copy.shared, checked.logRecords());
            }
            findings = checked.findings();
            copy.deleteAll();
        }
        throw new NodeDbException(
                ErrorCode.DATA_CORRUPTED,
                "the database can't be copied, it is damaged: directory="
                        + source.describe("")
                        + " findings="
                        + findings.size()
                        + " first="
                        + findings.getFirst());
    }

    private void run() throws IOException {
        DatabaseFormat format = DatabaseFormat.read(source);
        if (format == null) {
            throw new NodeDbException(
                    ErrorCode.NOT_FOUND,
                    "there is no database: path=" + source.describe(DatabaseFormat.FILE));
        }
        copyEngines(Partitions.directory(Partitions.SYSTEM));
        for (int partition = 0; partition < format.partitions(); partition++) {
            copyEngines(Partitions.directory(partition));
        }
        if (source.exists(QUARANTINE)) {
            copyFolder(QUARANTINE);
        }
        copyLog();
        for (String folder : folders) {
            target.syncDirectory(folder);
        }
        copy(DatabaseFormat.FILE);
        target.syncDirectory("");
    }

    private void copyEngines(String partition) throws IOException {
        begin(partition);
        for (String engine : source.list(partition)) {
            copyFolder(partition + "/" + engine);
        }
    }

    private void begin(String folder) throws IOException {
        target.createDirectories(folder);
        folders.add(folder);
    }

    /** Copies what its manifests list, and the manifests. */
    private void copyFolder(String folder) throws IOException {
        begin(folder);
        Map<String, ByteBuffer> lists = lists(folder);
        for (int round = 0; ; round++) {
            Set<String> present = new HashSet<>();
            for (String name : source.list(folder)) {
                if (!isList(name) && !name.endsWith(UNFINISHED_SUFFIX)) {
                    present.add(name);
                    copyOnce(folder + "/" + name);
                }
            }
            deleteOthers(folder, present);
            Map<String, ByteBuffer> now = lists(folder);
            if (now.equals(lists)) {
                break;
            }
            if (round == MOST_ROUNDS) {
                throw new IOException(
                        "the files change faster than they are copied: folder="
                                + source.describe(folder));
            }
            lists = now;
        }
        for (Map.Entry<String, ByteBuffer> list : lists.entrySet()) {
            write(folder + "/" + list.getKey(), list.getValue());
        }
    }

    /** Their bytes by name. One that is being replaced may be missing; that is a change, too. */
    private Map<String, ByteBuffer> lists(String folder) throws IOException {
        Map<String, ByteBuffer> lists = new TreeMap<>();
        for (String name : source.list(folder)) {
            if (isList(name) && !name.endsWith(UNFINISHED_SUFFIX)) {
                try (DiskFile file = source.openForRead(folder + "/" + name)) {
                    ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(file.size()));
                    int ignored = file.read(0, content);
                    lists.put(name, content.flip());
                } catch (NoSuchFileException replaced) {
                    // The next look finds it, and that it has changed.
                }
            }
        }
        return lists;
    }

    private static boolean isList(String name) {
        return LISTS.stream().anyMatch(name::startsWith);
    }

    private void copyOnce(String path) throws IOException {
        if (files.contains(path)) {
            return;
        }
        try {
            if (sharing.share(path)) {
                shared++;
                files.add(path);
            } else {
                copy(path);
            }
        } catch (NoSuchFileException gone) {
            // No manifest that counts lists it any more.
        }
    }

    private void deleteOthers(String folder, Set<String> present) throws IOException {
        for (String name : target.list(folder)) {
            if (!present.contains(name)) {
                target.delete(folder + "/" + name);
                files.remove(folder + "/" + name);
            }
        }
    }

    private void copy(String path) throws IOException {
        try (DiskFile from = source.openForRead(path)) {
            try (DiskFile to = target.create(path)) {
                long position = 0;
                for (int read = readAt(from, position); read > 0; read = readAt(from, position)) {
                    to.write(position, buffer.flip());
                    position += read;
                }
                to.sync();
                bytes += position;
            }
        }
        files.add(path);
    }

    private int readAt(DiskFile from, long position) throws IOException {
        return from.read(position, buffer.clear());
    }

    private void write(String path, ByteBuffer content) throws IOException {
        try (DiskFile to = target.create(path)) {
            bytes += content.remaining();
            to.write(0, content.duplicate());
            to.sync();
        }
        files.add(path);
    }

    private void copyLog() throws IOException {
        begin(LOG);
        List<String> segments = new ArrayList<>();
        for (String name : source.list(LOG)) {
            if (name.endsWith(LOG_SUFFIX)) {
                segments.addFirst(LOG + "/" + name);
            }
        }
        for (String segment : segments) {
            try {
                copyBackwards(segment);
            } catch (NoSuchFileException cut) {
                // And so is everything older.
                break;
            }
        }
    }

    private void copyBackwards(String path) throws IOException {
        try (DiskFile from = source.openForRead(path)) {
            try (DiskFile to = target.create(path)) {
                long size = from.size();
                for (long end = size; end > 0; ) {
                    long begin = Math.max(0, (end - 1) / BUFFER_BYTES * BUFFER_BYTES);
                    readBackwards(from, begin, (int) (end - begin));
                    to.write(begin, buffer);
                    end = begin;
                }
                to.sync();
                bytes += size;
            }
        }
        files.add(path);
    }

    private void readBackwards(DiskFile from, long begin, int length) throws IOException {
        for (int end = length; end > 0; ) {
            int at = (end - 1) / PAGE_BYTES * PAGE_BYTES;
            buffer.clear().position(at).limit(end);
            if (from.read(begin + at, buffer) < end - at) {
                throw new IOException("a segment of the log was cut while it was copied");
            }
            end = at;
        }
        buffer.clear().limit(length);
    }

    private void deleteAll() throws IOException {
        for (String file : files) {
            target.delete(file);
        }
        for (String folder : List.copyOf(folders).reversed()) {
            for (String left : target.list(folder)) {
                target.delete(folder + "/" + left);
            }
            target.delete(folder);
        }
    }
}
