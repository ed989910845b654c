package io.nodedb.storage.checkpoint;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.os.disk.Disk;
import io.nodedb.storage.quarantine.DamagedFileException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Checks the manifests of one folder and every file that they list, and changes none. */
public final class ManifestVerifier {
    /**
     * What was checked.
     *
     * @param findings one sentence for each damage
     * @param highestLsn in a readable manifest
     */
    @Immutable
    public record Report(List<String> findings, long files, long entries, long highestLsn) {
        public Report {
            findings = List.copyOf(findings);
        }
    }

    private final ManifestStore store;
    private final List<String> findings = new ArrayList<>();
    private final List<String> checked = new ArrayList<>();
    private long files;
    private long entries;
    private long highestLsn;

    private ManifestVerifier(ManifestStore store) {
        this.store = store;
    }

    public static Report verify(Disk disk, String directory, CheckpointOwner owner)
            throws IOException {
        return new ManifestVerifier(ManifestStore.inspect(disk, directory, owner)).run();
    }

    private Report run() throws IOException {
        for (String name : List.of(ManifestStore.MANIFEST, ManifestStore.PREVIOUS)) {
            Manifest manifest;
            try {
                manifest = store.read(name);
            } catch (DamagedFileException damage) {
                findings.add(damage.getMessage());
                continue;
            }
            if (manifest != null) {
                highestLsn = Math.max(highestLsn, manifest.highestLsn());
                for (CheckpointFile file : manifest.files()) {
                    verify(file);
                }
            }
        }
        return new Report(findings, files, entries, highestLsn);
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
