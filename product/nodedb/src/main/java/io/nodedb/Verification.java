package io.nodedb;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.document.engine.DocumentEngineFactory;
import io.nodedb.kv.KvEngineFactory;
import io.nodedb.os.disk.FileSystemDisk;
import io.nodedb.os.lock.DirectoryLock;
import io.nodedb.storage.directory.DatabaseFormat;
import io.nodedb.storage.directory.DirectoryVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a check of a closed database's files found. No file of the database is changed.
 *
 * @param findings one sentence for each damage, with file and offset; empty when all is well
 * @param checkpointFiles checkpoint files that were read
 * @param checkpointEntries entries in them
 * @param logRecords records of the log
 */
@Immutable
public record Verification(
        List<String> findings, long checkpointFiles, long checkpointEntries, long logRecords) {
    public Verification {
        findings = List.copyOf(findings);
    }

    /** True when nothing is damaged. */
    public boolean sound() {
        return findings.isEmpty();
    }

    /**
     * Checks every file of the database in a directory.
     *
     * @throws NodeDbException NOT_FOUND when there is no database; ALREADY_OPEN while a process has
     *     it open; STORAGE_FAILED when it can't be read
     */
    public static Verification of(Path directory) {
        // Nothing is locked, and so created, in a folder that never was a database.
        if (!Files.exists(directory.resolve(DatabaseFormat.FILE))
                && !Files.exists(directory.resolve("wal"))) {
            throw new NodeDbException(
                    ErrorCode.NOT_FOUND, "there is no database: path=" + directory);
        }
        try (DirectoryLock lock = DirectoryLock.acquire(directory)) {
            DirectoryVerifier.Report report =
                    DirectoryVerifier.verify(
                            new FileSystemDisk(lock.directory()),
                            Map.of(KvEngineFactory.ID, new KvEngineFactory().name()),
                            Map.of(DocumentEngineFactory.ID, new DocumentEngineFactory().name()));
            return new Verification(
                    report.findings(),
                    report.checkpointFiles(),
                    report.checkpointEntries(),
                    report.logRecords());
        } catch (IOException e) {
            throw new NodeDbException(
                    ErrorCode.STORAGE_FAILED,
                    "the database can't be read: path=" + directory + " cause=" + e,
                    e);
        }
    }
}
