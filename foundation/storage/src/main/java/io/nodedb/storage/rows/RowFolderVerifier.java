package io.nodedb.storage.rows;

import io.nodedb.base.ids.Lsn;
import io.nodedb.os.disk.Disk;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import io.nodedb.storage.checkpoint.FolderReport;
import io.nodedb.storage.quarantine.DamagedFileException;
import io.nodedb.storage.rows.manifest.RowManifestFile;
import io.nodedb.storage.rows.segment.Segment;
import io.nodedb.storage.rows.segment.SegmentCheck;
import io.nodedb.storage.rows.segment.SegmentInfo;
import io.nodedb.storage.rows.segment.SegmentOpener;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/** Checks the manifests of a row store's folder and every block that they list; changes none. */
public final class RowFolderVerifier {
    private final Disk disk;
    private final String directory;
    private final CheckpointOwner owner;
    private final List<String> findings = new ArrayList<>();
    private long files;
    private long entries;

    private RowFolderVerifier(Disk disk, String directory, CheckpointOwner owner) {
        this.disk = disk;
        this.directory = directory;
        this.owner = owner;
    }

    /** Blocks; nobody may have the folder open. */
    public static FolderReport verify(Disk disk, String directory, CheckpointOwner owner)
            throws IOException {
        return new RowFolderVerifier(disk, directory, owner).run();
    }

    private FolderReport run() throws IOException {
        RowManifestFile manifests = new RowManifestFile(disk, directory, owner);
        RowStoreLoader loader = new RowStoreLoader(disk, directory, owner, (damage, covered) -> {});
        if (loader.isNew()) {
            return new FolderReport(findings, 0, 0, 0, Lsn.NONE, false);
        }
        RowManifestFile.Found found;
        try {
            found = manifests.read();
        } catch (DamagedFileException damage) {
            findings.add(damage.getMessage());
            return new FolderReport(findings, 0, 0, 0, Lsn.NONE, true);
        }
        found.damaged().forEach(damage -> findings.add(damage.getMessage()));
        for (String lost : manifests.lost(found.manifest())) {
            missing(lost);
        }
        for (List<SegmentInfo> level : found.manifest().levels()) {
            for (SegmentInfo info : level) {
                verify(info);
            }
        }
        return new FolderReport(
                findings,
                files,
                entries,
                found.manifest().highestLsn(),
                found.manifest().coveredLsn(),
                true);
    }

    private void missing(String name) {
        findings.add("A file is missing: path=" + directory + "/" + name);
    }

    private void verify(SegmentInfo info) throws IOException {
        files++;
        try {
            Segment segment = SegmentOpener.open(disk, directory, owner, info);
            try {
                new SegmentCheck(segment).run();
                entries += info.entries();
            } finally {
                segment.file().file().close();
            }
        } catch (NoSuchFileException e) {
            missing(info.name());
        } catch (DamagedFileException damage) {
            findings.add(damage.getMessage());
        }
    }
}
