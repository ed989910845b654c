package io.nodedb.storage.rows.manifest;

import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.DiskFile;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import io.nodedb.storage.quarantine.DamagedFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The manifest on disk, twice: {@code MANIFEST} and, the same again, {@code MANIFEST.1}, so that a
 * damaged one costs nothing.
 *
 * <p><b>Publishing</b> makes the names of the row files last, then writes first the one and then
 * the other, each to a synced temporary file that takes its name. A crash leaves the manifest
 * before or the one after; files that only the one before lists are deleted only when both hold the
 * one after. The higher sequence counts.
 *
 * <p>One background thread at a time.
 */
public final class RowManifestFile {
    static final String MANIFEST = "MANIFEST";
    static final String SECOND = "MANIFEST.1";
    static final String FRESH = "MANIFEST.new";

    private final Disk disk;
    private final String directory;
    private final CheckpointOwner owner;

    public RowManifestFile(Disk disk, String directory, CheckpointOwner owner) {
        this.disk = disk;
        this.directory = directory;
        this.owner = owner;
    }

    /** Neither of the two exists. */
    public boolean isNew() {
        return !disk.exists(directory + "/" + MANIFEST) && !disk.exists(directory + "/" + SECOND);
    }

    /**
     * Names of those of the two that were lost. One of the first manifest may be missing: a crash
     * came between the two writes.
     */
    public List<String> lost(RowManifest counts) {
        List<String> lost = new ArrayList<>();
        if (!disk.exists(directory + "/" + MANIFEST)) {
            lost.add(MANIFEST);
        }
        if (!disk.exists(directory + "/" + SECOND) && counts.sequence() > 1) {
            lost.add(SECOND);
        }
        return lost;
    }

    /** What is found, and which of the two was damaged. */
    public record Found(RowManifest manifest, List<DamagedFileException> damaged) {}

    /**
     * The manifest that counts. {@link DamagedFileException} when both are damaged, or one is and
     * the other missing.
     */
    public Found read() throws IOException {
        List<DamagedFileException> damaged = new ArrayList<>();
        RowManifest newest = null;
        for (String name : List.of(MANIFEST, SECOND)) {
            try {
                RowManifest manifest = read(name);
                if (manifest != null
                        && (newest == null || manifest.sequence() > newest.sequence())) {
                    newest = manifest;
                }
            } catch (DamagedFileException e) {
                damaged.add(e);
            }
        }
        if (newest == null) {
            throw damaged.isEmpty()
                    ? new DamagedFileException(directory + "/" + MANIFEST, 0, "no manifest")
                    : damaged.getFirst();
        }
        return new Found(newest, damaged);
    }

    private @Nullable RowManifest read(String name) throws IOException {
        String path = directory + "/" + name;
        if (!disk.exists(path)) {
            return null;
        }
        try (DiskFile file = disk.openForRead(path)) {
            long size = file.size();
            if (size > RowManifestFormat.MAX_BYTES) {
                throw new DamagedFileException(path, 0, "size of a manifest: actual=" + size);
            }
            byte[] bytes = new byte[(int) size];
            int read = file.read(0, ByteBuffer.wrap(bytes));
            if (read < size) {
                throw new DamagedFileException(path, read, "end of file: expected=" + size);
            }
            return RowManifestFormat.decode(path, bytes, owner);
        }
    }

    /** Makes a manifest count; after an exception either may. */
    public void publish(RowManifest next) throws IOException {
        byte[] bytes = RowManifestFormat.encode(next, owner);
        disk.syncDirectory(directory);
        write(MANIFEST, bytes);
        disk.syncDirectory(directory);
        write(SECOND, bytes);
        disk.syncDirectory(directory);
    }

    private void write(String name, byte[] bytes) throws IOException {
        String fresh = directory + "/" + FRESH;
        disk.delete(fresh);
        try (DiskFile file = disk.create(fresh)) {
            file.write(0, ByteBuffer.wrap(bytes));
            file.sync();
        }
        disk.rename(fresh, directory + "/" + name);
    }
}
