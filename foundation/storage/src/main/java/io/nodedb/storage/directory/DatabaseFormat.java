package io.nodedb.storage.directory;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.DiskFile;
import io.nodedb.storage.bytes.LittleEndian;
import io.nodedb.storage.quarantine.DamagedFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A database's identity: the file {@code FORMAT}, written once when the database is created. 40
 * bytes, little-endian:
 *
 * <pre>
 *  0 u64 magic "NODEDB\0\1"
 *  8 u32 format version
 * 12 u32 data partitions
 * 16 u64 database id       random; every other file repeats it
 * 24 i64 created           milliseconds since 1970
 * 32 u32 0
 * 36 u32 CRC32C of bytes 0 to 36
 * </pre>
 *
 * @param databaseId repeated in every file of the database
 * @param partitions data partitions, fixed at creation
 * @param createdMillis milliseconds since 1970
 */
@Immutable
public record DatabaseFormat(long databaseId, int partitions, long createdMillis) {
    /** Name of the file. */
    public static final String FILE = "FORMAT";

    /** The version that this code writes, and the newest that it reads. */
    public static final int VERSION = 1;

    private static final String UNFINISHED = "FORMAT.new";
    private static final long MAGIC = 0x0100_4244_4544_4F4EL;
    private static final int BYTES = 40;
    private static final int CRC_AT = 36;

    /** Reads the identity; null when the directory holds no database yet. */
    public static @Nullable DatabaseFormat read(Disk disk) throws IOException {
        byte[] bytes = new byte[BYTES];
        int read;
        long size;
        try (DiskFile file = disk.openForRead(FILE)) {
            size = file.size();
            read = file.read(0, ByteBuffer.wrap(bytes));
        } catch (NoSuchFileException absent) {
            return null;
        }
        if (read < BYTES || size != BYTES) {
            throw new DamagedFileException(
                    disk.describe(FILE),
                    Math.min(read, size),
                    "the file has " + size + " bytes instead of " + BYTES);
        }
        if (LittleEndian.getLong(bytes, 0) != MAGIC) {
            throw new DamagedFileException(
                    disk.describe(FILE), 0, "this is no database of this kind");
        }
        if (LittleEndian.getInt(bytes, CRC_AT) != checksum(bytes)) {
            throw new DamagedFileException(
                    disk.describe(FILE), CRC_AT, "the checksum does not match");
        }
        int version = LittleEndian.getInt(bytes, 8);
        if (version > VERSION) {
            throw new NodeDbException(
                    ErrorCode.UNSUPPORTED,
                    "the database was written by a newer version: path="
                            + disk.describe(FILE)
                            + " version="
                            + version
                            + " newestKnown="
                            + VERSION);
        }
        return new DatabaseFormat(
                LittleEndian.getLong(bytes, 16),
                LittleEndian.getInt(bytes, 12),
                LittleEndian.getLong(bytes, 24));
    }

    /** Writes the identity of a new database; it lasts when this returns. */
    public void create(Disk disk) throws IOException {
        byte[] bytes = new byte[BYTES];
        LittleEndian.putLong(bytes, 0, MAGIC);
        LittleEndian.putInt(bytes, 8, VERSION);
        LittleEndian.putInt(bytes, 12, partitions);
        LittleEndian.putLong(bytes, 16, databaseId);
        LittleEndian.putLong(bytes, 24, createdMillis);
        LittleEndian.putInt(bytes, CRC_AT, checksum(bytes));
        disk.delete(UNFINISHED);
        try (DiskFile file = disk.create(UNFINISHED)) {
            file.write(0, ByteBuffer.wrap(bytes));
            file.sync();
        }
        disk.rename(UNFINISHED, FILE);
        disk.syncDirectory("");
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, CRC_AT);
        return (int) crc.getValue();
    }
}
