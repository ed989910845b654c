package io.nodedb.storage.directory;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.Partitions;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.os.disk.Disk;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import io.nodedb.storage.checkpoint.ManifestVerifier;
import io.nodedb.storage.quarantine.DamagedFileException;
import io.nodedb.storage.wal.RecoveredLog;
import io.nodedb.storage.wal.WalVerifier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks every file of a closed database and changes none: identity, manifests, checkpoint files,
 * log. Every finding names its file, and the offset where there is one.
 */
public final class DirectoryVerifier {
    /**
     * What was checked.
     *
     * @param findings one sentence for each damage; empty when all is well
     * @param checkpointFiles checkpoint files read
     * @param checkpointEntries entries in them
     * @param logRecords records of the log
     */
    @Immutable
    public record Report(
            List<String> findings, long checkpointFiles, long checkpointEntries, long logRecords) {
        public Report {
            findings = List.copyOf(findings);
        }
    }

    private final Disk disk;
    private final List<String> findings = new ArrayList<>();
    private long files;
    private long entries;
    private long highestLsn;

    private DirectoryVerifier(Disk disk) {
        this.disk = disk;
    }

    /**
     * Checks the database on a disk.
     *
     * @param engines names of the engines' folders by engine number, in the order of numbers from 1
     * @throws NodeDbException NOT_FOUND when there is no database
     */
    public static Report verify(Disk disk, List<String> engines) throws IOException {
        return new DirectoryVerifier(disk).run(engines);
    }

    private Report run(List<String> engines) throws IOException {
        DatabaseFormat format;
        try {
            format = DatabaseFormat.read(disk);
        } catch (DamagedFileException damage) {
            findings.add(damage.getMessage());
            return report(0);
        }
        if (format == null) {
            throw new NodeDbException(
                    ErrorCode.NOT_FOUND,
                    "there is no database: path=" + disk.describe(DatabaseFormat.FILE));
        }
        for (int i = 0; i < engines.size(); i++) {
            verifyPlace(format, Partitions.SYSTEM, i + 1, engines.get(i));
            for (int partition = 0; partition < format.partitions(); partition++) {
                verifyPlace(format, partition, i + 1, engines.get(i));
            }
        }
        long records = 0;
        try {
            RecoveredLog log = WalVerifier.verify(disk, "wal", format.databaseId(), highestLsn);
            records = log.records();
        } catch (NodeDbException damage) {
            findings.add(damage.getMessage());
        }
        return report(records);
    }

    private void verifyPlace(DatabaseFormat format, int partition, int engineId, String engine)
            throws IOException {
        String directory = Partitions.directory(partition) + "/" + engine;
        CheckpointOwner owner = new CheckpointOwner(format.databaseId(), engineId, partition);
        ManifestVerifier.Report place = ManifestVerifier.verify(disk, directory, owner);
        findings.addAll(place.findings());
        files += place.files();
        entries += place.entries();
        highestLsn = Math.max(highestLsn, place.highestLsn());
    }

    private Report report(long records) {
        return new Report(findings, files, entries, records);
    }
}
