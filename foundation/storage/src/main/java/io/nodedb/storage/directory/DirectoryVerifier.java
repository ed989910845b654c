package io.nodedb.storage.directory;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.Partitions;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.os.disk.Disk;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import io.nodedb.storage.checkpoint.FolderReport;
import io.nodedb.storage.checkpoint.ManifestVerifier;
import io.nodedb.storage.quarantine.DamagedFileException;
import io.nodedb.storage.quarantine.QuarantineVerifier;
import io.nodedb.storage.rows.RowFolderVerifier;
import io.nodedb.storage.wal.RecoveredLog;
import io.nodedb.storage.wal.WalVerifier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Checks every file of a closed database and changes none: identity, manifests, checkpoint files,
 * files of rows, log, and whether the log goes on where they end; and tells what earlier starts set
 * aside. Every finding names its file, and the offset where there is one.
 */
public final class DirectoryVerifier {
    /**
     * What was checked.
     *
     * @param findings one sentence for each damage; empty when all is well
     * @param checkpointFiles checkpoint files and files of rows read
     * @param checkpointEntries entries and versions in them
     * @param logRecords records of the log
     */
    @Immutable
    public record Report(
            List<String> findings, long checkpointFiles, long checkpointEntries, long logRecords) {
        public Report {
            findings = List.copyOf(findings);
        }
    }

    /** The folder of a partition's engine, and up to which commit its files hold everything. */
    private record Folder(String directory, long coveredLsn, boolean published) {}

    private static final String LOG = "wal";

    private final Disk disk;
    private final List<String> findings = new ArrayList<>();
    private final List<Folder> folders = new ArrayList<>();
    private long files;
    private long entries;
    private long highestLsn;

    private DirectoryVerifier(Disk disk) {
        this.disk = disk;
    }

    /**
     * Checks the database on a disk.
     *
     * @param engines folders of engines that are written as checkpoints, by engine number
     * @param rowEngines folders of engines that keep rows in files of their own, by engine number
     * @throws NodeDbException NOT_FOUND when there is no database
     */
    public static Report verify(
            Disk disk, Map<Integer, String> engines, Map<Integer, String> rowEngines)
            throws IOException {
        return new DirectoryVerifier(disk).run(engines, rowEngines);
    }

    private Report run(Map<Integer, String> engines, Map<Integer, String> rowEngines)
            throws IOException {
        DatabaseFormat format;
        try {
            format = DatabaseFormat.read(disk);
        } catch (DamagedFileException damage) {
            findings.add(damage.getMessage());
            return report(0);
        }
        if (format == null && !disk.list(LOG).isEmpty()) {
            findings.add("A file is missing: path=" + DatabaseFormat.FILE);
            return report(0);
        }
        if (format == null) {
            throw new NodeDbException(
                    ErrorCode.NOT_FOUND,
                    "there is no database: path=" + disk.describe(DatabaseFormat.FILE));
        }
        for (Map.Entry<Integer, String> engine : engines.entrySet()) {
            verifyPlace(format, Partitions.SYSTEM, engine.getKey(), engine.getValue());
            for (int partition = 0; partition < format.partitions(); partition++) {
                verifyPlace(format, partition, engine.getKey(), engine.getValue());
            }
        }
        for (Map.Entry<Integer, String> engine : rowEngines.entrySet()) {
            verifyRows(format, engine.getKey(), engine.getValue());
        }
        long records = 0;
        try {
            RecoveredLog log = WalVerifier.verify(disk, LOG, format.databaseId(), highestLsn);
            records = log.records();
            verifyContinuity(log.reachesBackTo());
        } catch (NodeDbException damage) {
            findings.add(damage.getMessage());
        }
        findings.addAll(QuarantineVerifier.verify(disk, "quarantine"));
        return report(records);
    }

    /** What the files of a folder do not hold, the log must. */
    private void verifyContinuity(long reachesBackTo) {
        for (Folder folder : folders) {
            if (folder.coveredLsn() < reachesBackTo) {
                findings.add(
                        (folder.published()
                                        ? "The log does not reach back to what the files cover"
                                        : "There is no manifest, and the log does not hold everything")
                                + ": path="
                                + folder.directory()
                                + " covered_lsn="
                                + folder.coveredLsn()
                                + " log="
                                + LOG
                                + " reaches_back_to_lsn="
                                + reachesBackTo);
            }
        }
    }

    private void verifyPlace(DatabaseFormat format, int partition, int engineId, String engine)
            throws IOException {
        String directory = Partitions.directory(partition) + "/" + engine;
        note(
                directory,
                ManifestVerifier.verify(
                        disk,
                        directory,
                        new CheckpointOwner(format.databaseId(), engineId, partition)));
    }

    /**
     * An engine that came with a newer version has no folder until the database is first opened
     * with it, which makes one in every partition.
     */
    private void verifyRows(DatabaseFormat format, int engineId, String engine) throws IOException {
        List<String> missing = new ArrayList<>();
        for (int partition = 0; partition < format.partitions(); partition++) {
            String directory = Partitions.directory(partition) + "/" + engine;
            if (disk.exists(directory)) {
                CheckpointOwner owner =
                        new CheckpointOwner(format.databaseId(), engineId, partition);
                note(directory, RowFolderVerifier.verify(disk, directory, owner));
            } else {
                missing.add(directory);
            }
        }
        if (missing.size() < format.partitions()) {
            missing.forEach(directory ->
                    findings.add(
                            "A folder is missing, which other partitions have: path=" + directory));
        }
    }

    private void note(String directory, FolderReport folder) {
        findings.addAll(folder.findings());
        files += folder.files();
        entries += folder.entries();
        highestLsn = Math.max(highestLsn, folder.highestLsn());
        folders.add(new Folder(directory, folder.coveredLsn(), folder.published()));
    }

    private Report report(long records) {
        return new Report(findings, files, entries, records);
    }
}
