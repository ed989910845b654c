package io.nodedb.storage.checkpoint;

import io.nodedb.base.errors.Check;
import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.DiskFile;
import io.nodedb.storage.quarantine.DamagedFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one partition and engine: its checkpoint files and its manifest.
 *
 * <pre>
 *   p0003/kv/0000000000000001.base    p0003/kv/0000000000000002.delta
 *   p0003/kv/MANIFEST                 p0003/kv/MANIFEST.1   the one before, whose files are kept too
 * </pre>
 *
 * <p><b>Publishing</b> makes the data files' names last, writes the present manifest to {@code
 * MANIFEST.1} and the next to {@code MANIFEST}, each through a synced temporary file and a rename,
 * makes these names last, and only then deletes files that neither lists. A crash at any point
 * leaves the manifest before or the one after, with all of its files.
 *
 * <p>At start {@link CheckpointLoader} decides which manifest counts. Owned by one background
 * thread at a time.
 */
public final class ManifestStore {
    static final String MANIFEST = "MANIFEST";
    static final String PREVIOUS = "MANIFEST.1";
    static final String FRESH = "MANIFEST.new";

    private final Disk disk;
    private final String directory;
    private final CheckpointOwner owner;

    /** Numbers of files that are being written or wait to be published. */
    private final Set<Long> unpublished = new TreeSet<>();

    private @Nullable Manifest current;
    private @Nullable Manifest previous;

    /** Of a publish that failed half-way: it may be the one on disk, so its files must stay. */
    private @Nullable Manifest attempted;

    private long nextFileNumber = 1;
    private boolean ready;

    private ManifestStore(Disk disk, String directory, CheckpointOwner owner) {
        this.disk = disk;
        this.directory = directory;
        this.owner = owner;
    }

    /**
     * Makes the folder if need be. Nothing counts until {@link CheckpointLoader#load} or {@link
     * #begin} has run.
     */
    public static ManifestStore open(Disk disk, String directory, CheckpointOwner owner)
            throws IOException {
        disk.createDirectories(directory);
        // The folder's own name must last too, or all that is synced in it is gone with it.
        for (int slash = directory.lastIndexOf('/');
                slash > 0;
                slash = directory.lastIndexOf('/', slash - 1)) {
            disk.syncDirectory(directory.substring(0, slash));
        }
        disk.syncDirectory("");
        ManifestStore store = new ManifestStore(disk, directory, owner);
        for (String name : disk.list(directory)) {
            store.nextFileNumber =
                    Math.max(store.nextFileNumber, CheckpointFileKind.fileNumber(name) + 1);
        }
        return store;
    }

    /** The folder as it is, for reading only: nothing is made. */
    static ManifestStore inspect(Disk disk, String directory, CheckpointOwner owner) {
        return new ManifestStore(disk, directory, owner);
    }

    /**
     * Publishes the empty manifest of a partition that was just created, so that from now on a
     * missing manifest is a loss and not a beginning.
     */
    public void begin(long incarnation) throws IOException {
        Check.that(!ready && !exists(MANIFEST) && !exists(PREVIOUS), "the partition is new");
        ready = true;
        publish(Manifest.empty(owner, incarnation), 0);
    }

    /**
     * The highest LSN that a readable manifest here contains: the log was synced at least up to it.
     * For the log's recovery, which comes before loading; a damaged manifest tells nothing here and
     * is reported when it is loaded.
     */
    public long highestPublishedLsn() throws IOException {
        long highest = 0;
        for (String name : List.of(MANIFEST, PREVIOUS)) {
            try {
                Manifest manifest = read(name);
                highest = manifest == null ? highest : Math.max(highest, manifest.highestLsn());
            } catch (DamagedFileException metAgainByTheLoader) {
                // Reported there.
            }
        }
        return highest;
    }

    /** No manifest was ever published here. */
    public boolean isNew() {
        return !ready && !exists(MANIFEST) && !exists(PREVIOUS);
    }

    boolean exists(String name) {
        return disk.exists(directory + "/" + name);
    }

    /** Reads one of the two manifests; null when there is no such file. */
    @Nullable Manifest read(String name) throws IOException {
        String path = directory + "/" + name;
        if (!disk.exists(path)) {
            return null;
        }
        try (DiskFile file = disk.openForRead(path)) {
            long size = file.size();
            if (size > ManifestFormat.MAX_BYTES) {
                throw new DamagedFileException(path, 0, "size of a manifest: actual=" + size);
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) size);
            file.read(0, bytes);
            return ManifestFormat.decode(path, bytes.array(), bytes.position(), owner);
        }
    }

    /** The loader's choice. */
    void use(Manifest chosen, @Nullable Manifest before) {
        ready = true;
        current = chosen;
        previous = before;
        noteNumber(chosen);
        noteNumber(before);
    }

    /** Numbers of a manifest that was read are taken, also when it does not count. */
    void noteNumber(@Nullable Manifest manifest) {
        if (manifest != null) {
            nextFileNumber = Math.max(nextFileNumber, manifest.nextFileNumber());
        }
    }

    /** The manifest that counts; null before loading and when all was lost. */
    public @Nullable Manifest current() {
        return current;
    }

    /**
     * The one before, to fall back to while the log still reaches back to what it covers; may be
     * null.
     */
    public @Nullable Manifest previous() {
        return previous;
    }

    public CheckpointOwner owner() {
        return owner;
    }

    /** Starts a file under a number that no file here ever had. */
    public CheckpointFileWriter newFile(CheckpointFileKind kind) throws IOException {
        long number = nextFileNumber++;
        unpublished.add(number);
        try {
            return new CheckpointFileWriter(disk, directory, owner, kind, number);
        } catch (IOException e) {
            unpublished.remove(number);
            throw e;
        }
    }

    /**
     * Gives a file up that was not published, finished or not. One that a publish which failed
     * half-way names stays: its manifest may be the one on disk.
     */
    public void discard(CheckpointFileWriter writer) throws IOException {
        Check.that(unpublished.remove(writer.number()), "the file was not published");
        if (!isAttempted(writer.number())) {
            writer.abandon();
        }
    }

    private boolean isAttempted(long number) {
        Manifest half = attempted;
        if (half != null) {
            for (CheckpointFile file : half.files()) {
                if (file.number() == number) {
                    return true;
                }
            }
        }
        return false;
    }

    CheckpointFileReader open(CheckpointFile file) throws IOException {
        return CheckpointFileReader.open(disk, directory, owner, file);
    }

    /**
     * Makes {@code next} the manifest that counts. After an {@link IOException} the present one
     * counts on in this process; either may be found at the next start.
     *
     * @param syncedLsn up to where the log is synced: never behind what the files contain
     */
    public void publish(Manifest next, long syncedLsn) throws IOException {
        Check.that(ready, "a checkpoint is published after loading, and never when it was lost");
        Check.that(next.owner().equals(owner), "the manifest is this partition's");
        Check.that(
                syncedLsn >= next.highestLsn(),
                "a checkpoint is never ahead of the log",
                next.highestLsn(),
                syncedLsn);
        Manifest present = current;
        disk.syncDirectory(directory);
        if (present != null) {
            write(PREVIOUS, present);
        }
        attempted = next;
        write(MANIFEST, next);
        disk.syncDirectory(directory);
        attempted = null;
        previous = present;
        current = next;
        noteNumber(next);
        for (CheckpointFile file : next.files()) {
            unpublished.remove(file.number());
        }
        try {
            deleteUnreferenced();
        } catch (IOException e) {
            // It is published all the same; what is left over goes with the next publishing.
        }
    }

    private void write(String name, Manifest manifest) throws IOException {
        String fresh = directory + "/" + FRESH;
        disk.delete(fresh);
        try (DiskFile file = disk.create(fresh)) {
            file.write(0, ByteBuffer.wrap(ManifestFormat.encode(manifest)));
            file.sync();
        }
        disk.rename(fresh, directory + "/" + name);
    }

    /** Deletes checkpoint files that no manifest lists and nobody is writing; other files stay. */
    void deleteUnreferenced() throws IOException {
        Set<String> kept = new HashSet<>();
        keep(kept, current);
        keep(kept, previous);
        keep(kept, attempted);
        for (String name : disk.list(directory)) {
            long number = CheckpointFileKind.fileNumber(name);
            if (number >= 0 && !unpublished.contains(number) && !kept.contains(name)) {
                disk.delete(directory + "/" + name);
            }
        }
    }

    private static void keep(Set<String> kept, @Nullable Manifest manifest) {
        if (manifest != null) {
            for (CheckpointFile file : manifest.files()) {
                kept.add(file.name());
            }
        }
    }

    /** Path of a file of this folder. */
    String path(String name) {
        return directory + "/" + name;
    }

    /** Names of all files listed by either manifest: for `verify` and backups. */
    public List<String> referencedNames() {
        Set<String> kept = new TreeSet<>();
        keep(kept, current);
        keep(kept, previous);
        return new ArrayList<>(kept);
    }
}
