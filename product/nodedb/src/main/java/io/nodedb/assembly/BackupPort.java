package io.nodedb.assembly;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.os.disk.Disk;
import io.nodedb.storage.wal.Pins;

/**
 * What a backup needs of an open database. Callable from every thread.
 *
 * @param disk the database's own; only to be read
 * @param pins hold the log back while it is copied
 */
@Immutable
public record BackupPort(Disk disk, Pins pins) {
    static BackupPort of(Kernel kernel) {
        return new BackupPort(kernel.environment().disk(), kernel.writer().pins());
    }
}
