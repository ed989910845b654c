package io.nodedb.storage.rows.segment;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.os.disk.DiskFile;
import io.nodedb.storage.quarantine.DamagedFileException;
import java.nio.ByteBuffer;

/** Stands for a file that was found damaged or missing when it was opened: reading it says so. */
@Immutable
final class DamagedDiskFile implements DiskFile {
    private final DamagedFileException damage;

    DamagedDiskFile(DamagedFileException damage) {
        this.damage = damage;
    }

    private DamagedFileException again() {
        return new DamagedFileException(damage.path(), damage.offset(), damage.what(), damage);
    }

    @Override
    public int read(long position, ByteBuffer target) {
        throw again();
    }

    @Override
    public void write(long position, ByteBuffer source) {
        throw again();
    }

    @Override
    public void allocate(long lengthBytes) {
        throw again();
    }

    @Override
    public void truncate(long lengthBytes) {
        throw again();
    }

    @Override
    public void sync() {
        throw again();
    }

    @Override
    public long size() {
        throw again();
    }

    @Override
    public void close() {}
}
