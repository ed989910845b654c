package io.nodedb.storage.checkpoint;

import io.nodedb.base.ids.Lsn;
import io.nodedb.os.disk.Disk;
import io.nodedb.storage.quarantine.DamagedFileException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks the manifests of one folder and every file that they list, and changes none. */
public final class ManifestVerifier {
    private final Disk disk;
    private final String directory;
    private final ManifestStore store;
    private final List<String> findings = new ArrayList<>();
    private final List<String> checked = new ArrayList<>();
    private long files;
    private long entries;
    private long highestLsn;

    private ManifestVerifier(Disk disk, String directory, ManifestStore store) {
        this.disk = disk;
        this.directory = directory;
        this.store = store;
    }

    public static FolderReport verify(Disk disk, String directory, CheckpointOwner owner)
            throws IOException {
        ManifestStore store = ManifestStore.inspect(disk, directory, owner);
        return new ManifestVerifier(disk, directory, store).run();
    }

    private FolderReport run() throws IOException {
        boolean hasNewest = store.exists(ManifestStore.MANIFEST);
        boolean hasPrevious = store.exists(ManifestStore.PREVIOUS);
        Manifest newest = hasNewest ? verify(ManifestStore.MANIFEST) : null;
        Manifest previous = hasPrevious ? verify(ManifestStore.PREVIOUS) : null;
        if (!hasNewest && (hasPrevious || hasCheckpoints())) {
            missing(ManifestStore.MANIFEST);
        }
        // The manifest of a partition's creation is the only one that none came before.
        if (!hasPrevious && newest != null && newest.sequence() > 0) {
            missing(ManifestStore.PREVIOUS);
        }
        Manifest counts = newest != null ? newest : previous;
        return new FolderReport(
                findings,
                files,
                entries,
                highestLsn,
                counts == null ? Lsn.NONE : counts.coveredLsn(),
                hasNewest || hasPrevious);
    }

    private void missing(String name) {
        findings.add("A file is missing: path=" + store.path(name));
    }

    private boolean hasCheckpoints() throws IOException {
        return disk.list(directory).stream()
                .anyMatch(name -> CheckpointFileKind.fileNumber(name) >= 0);
    }

    private @Nullable Manifest verify(String name) throws IOException {
        Manifest manifest;
        try {
            manifest = store.read(name);
        } catch (DamagedFileException damage) {
            findings.add(damage.getMessage());
            return null;
        }
        if (manifest != null) {
            highestLsn = Math.max(highestLsn, manifest.highestLsn());
            for (CheckpointFile file : manifest.files()) {
                verify(file);
            }
        }
        return manifest;
    }

    private void verify(CheckpointFile file) throws IOException {
        if (checked.contains(file.name())) {
            return;
        }
        checked.add(file.name());
        files++;
        try (CheckpointFileReader reader = store.open(file)) {
            while (reader.next()) {
                entries++;
            }
        } catch (DamagedFileException damage) {
            findings.add(damage.getMessage());
        }
    }
}
