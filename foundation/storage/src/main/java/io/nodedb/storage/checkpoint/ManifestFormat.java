package io.nodedb.storage.checkpoint;

import io.nodedb.storage.bytes.LittleEndian;
import io.nodedb.storage.quarantine.DamagedFileException;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes of a manifest. Little-endian; the whole is under one checksum.
 *
 * <pre>
 *    0 u64 magic "NDBMAN\0\1"
 *    8 u32 version
 *   12 u32 engine
 *   16 u64 database id
 *   24 u32 partition
 *   28 u32 files
 *   32 u64 sequence
 *   40 u64 incarnation
 *   48 u64 covered LSN
 *   56 u64 next file number
 *   64     files, oldest first, 48 bytes each:
 *            0 u64 number
 *            8 u32 kind
 *           12 u32 checksum
 *           16 u64 size in bytes
 *           24 u64 entries
 *           32 u64 highest LSN
 *           40 u64 0
 *   end u32 CRC32C of all before
 * </pre>
 */
final class ManifestFormat {
    static final int VERSION = 1;

    private static final long MAGIC = CheckpointFileFormat.magic("NDBMAN\0\1");
    private static final int FILES_AT = 28;
    private static final int HEADER_BYTES = 64;
    private static final int FILE_BYTES = 48;
    private static final int CRC_BYTES = 4;

    static final int MAX_BYTES = HEADER_BYTES + Manifest.MAX_FILES * FILE_BYTES + CRC_BYTES;

    private ManifestFormat() {}

    static byte[] encode(Manifest manifest) {
        int count = manifest.files().size();
        byte[] bytes = new byte[HEADER_BYTES + count * FILE_BYTES + CRC_BYTES];
        LittleEndian.putLong(bytes, 0, MAGIC);
        LittleEndian.putInt(bytes, 8, VERSION);
        LittleEndian.putInt(bytes, 12, manifest.owner().engine());
        LittleEndian.putLong(bytes, 16, manifest.owner().databaseId());
        LittleEndian.putInt(bytes, 24, manifest.owner().partition());
        LittleEndian.putInt(bytes, FILES_AT, count);
        LittleEndian.putLong(bytes, 32, manifest.sequence());
        LittleEndian.putLong(bytes, 40, manifest.incarnation());
        LittleEndian.putLong(bytes, 48, manifest.coveredLsn());
        LittleEndian.putLong(bytes, 56, manifest.nextFileNumber());
        int at = HEADER_BYTES;
        for (CheckpointFile file : manifest.files()) {
            LittleEndian.putLong(bytes, at, file.number());
            LittleEndian.putInt(bytes, at + 8, file.kind().number());
            LittleEndian.putInt(bytes, at + 12, file.checksum());
            LittleEndian.putLong(bytes, at + 16, file.sizeBytes());
            LittleEndian.putLong(bytes, at + 24, file.entries());
            LittleEndian.putLong(bytes, at + 32, file.highestLsn());
            at += FILE_BYTES;
        }
        LittleEndian.putInt(bytes, at, CheckpointFileFormat.checksum(bytes, 0, at));
        return bytes;
    }

    /** The manifest in the first {@code length} bytes, or {@link DamagedFileException}. */
    static Manifest decode(String path, byte[] bytes, int length, CheckpointOwner owner) {
        int crcAt = length - CRC_BYTES;
        if (length < HEADER_BYTES + CRC_BYTES || length > MAX_BYTES) {
            throw new DamagedFileException(path, 0, "size of a manifest: actual=" + length);
        }
        if (LittleEndian.getLong(bytes, 0) != MAGIC) {
            throw new DamagedFileException(path, 0, "magic number");
        }
        if (LittleEndian.getInt(bytes, crcAt) != CheckpointFileFormat.checksum(bytes, 0, crcAt)) {
            throw new DamagedFileException(path, crcAt, "checksum of the manifest");
        }
        int version = LittleEndian.getInt(bytes, 8);
        if (version != VERSION) {
            throw new DamagedFileException(path, 8, "unknown version: actual=" + version);
        }
        CheckpointOwner found =
                new CheckpointOwner(
                        LittleEndian.getLong(bytes, 16),
                        LittleEndian.getInt(bytes, 12),
                        LittleEndian.getInt(bytes, 24));
        if (!found.equals(owner)) {
            throw new DamagedFileException(
                    path, 12, "another's manifest: expected=" + owner + " actual=" + found);
        }
        int count = LittleEndian.getInt(bytes, FILES_AT);
        if (count < 0 || crcAt - HEADER_BYTES != (long) count * FILE_BYTES) {
            throw new DamagedFileException(path, FILES_AT, "number of files: actual=" + count);
        }
        List<CheckpointFile> files = new ArrayList<>();
        for (int at = HEADER_BYTES; at < crcAt; at += FILE_BYTES) {
            CheckpointFileKind kind =
                    CheckpointFileKind.ofNumber(LittleEndian.getInt(bytes, at + 8));
            boolean inPlace =
                    kind == CheckpointFileKind.DELTA
                            || (kind == CheckpointFileKind.BASE && at == HEADER_BYTES);
            if (kind == null || !inPlace) {
                throw new DamagedFileException(path, at + 8, "kind of a file");
            }
            files.add(
                    new CheckpointFile(
                            LittleEndian.getLong(bytes, at),
                            kind,
                            LittleEndian.getLong(bytes, at + 16),
                            LittleEndian.getLong(bytes, at + 24),
                            LittleEndian.getLong(bytes, at + 32),
                            LittleEndian.getInt(bytes, at + 12)));
        }
        return new Manifest(
                owner,
                LittleEndian.getLong(bytes, 32),
                LittleEndian.getLong(bytes, 40),
                LittleEndian.getLong(bytes, 48),
                LittleEndian.getLong(bytes, 56),
                files);
    }
}
