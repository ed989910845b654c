package io.nodedb.storage.rows.segment;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.nodedb.storage.bytes.LittleEndian;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import io.nodedb.storage.quarantine.DamagedFileException;
import io.nodedb.storage.rows.block.BlockPlace;
import java.util.zip.CRC32C;

/**
 * A file of sorted rows. Little-endian; every byte is under a checksum.
 *
 * <pre>
 *   header, 64 bytes:
 *      0 u64 magic "NDBROW\0\1"
 *      8 u32 version
 *     12 u32 engine
 *     16 u64 database id
 *     24 u32 partition
 *     28 u32 0
 *     32 u64 file number
 *     40     0
 *     60 u32 CRC32C of the 60 bytes before
 *   sections, each:
 *     data blocks      versions in order ({@link io.nodedb.storage.rows.block.BlockBuilder})
 *     filter block     of the section's keys ({@link io.nodedb.storage.rows.block.KeyFilter}); absent
 *                      when filters are off
 *     index block      last (key, LSN) of each data block → varints: offset, stored bytes, raw bytes
 *   directory block    first the smallest key of the file without a value, then for each section its
 *                      last (key, LSN) → varints: offset, stored, raw bytes of the filter block (0, 0,
 *                      0 without), the same of the index block
 *   footer, 128 bytes:
 *      0 u64 magic "NDBROE\0\1"
 *      8 u32 version
 *     12 u32 sections
 *     16 u64 file number
 *     24 u64 size of the file
 *     32 u64 offset of the directory block
 *     40 u32 its stored bytes
 *     44 u32 its raw bytes
 *     48 u64 versions
 *     56 u64 deletions among them
 *     64 u64 lowest LSN
 *     72 u64 highest LSN
 *     80 u64 key bytes
 *     88 u64 value bytes
 *     96     0
 *    120 u32 checksum in the trailer of the directory block
 *    124 u32 CRC32C of the 124 bytes before
 * </pre>
 *
 * Blocks are as {@link io.nodedb.storage.rows.block.BlockFormat} says. In a file that was written
 * before its commit had an LSN, all LSNs are 0 and the manifest says which it is.
 */
final class SegmentFormat {
    static final int VERSION = 1;
    static final int HEADER_BYTES = 64;
    static final int FOOTER_BYTES = 128;

    private static final long HEADER_MAGIC = magic("NDBROW\0\1");
    private static final long FOOTER_MAGIC = magic("NDBROE\0\1");
    private static final int HEADER_CRC_AT = 60;
    private static final int DIRECTORY_CRC_AT = 120;
    private static final int FOOTER_CRC_AT = 124;

    private SegmentFormat() {}

    /** What a footer says. */
    record Footer(
            int sections,
            long number,
            long size,
            BlockPlace directory,
            long entries,
            long deletions,
            long lowestLsn,
            long highestLsn,
            long keyBytes,
            long valueBytes,
            int directoryChecksum) {}

    static byte[] header(CheckpointOwner owner, long number) {
        byte[] bytes = new byte[HEADER_BYTES];
        LittleEndian.putLong(bytes, 0, HEADER_MAGIC);
        LittleEndian.putInt(bytes, 8, VERSION);
        LittleEndian.putInt(bytes, 12, owner.engine());
        LittleEndian.putLong(bytes, 16, owner.databaseId());
        LittleEndian.putInt(bytes, 24, owner.partition());
        LittleEndian.putLong(bytes, 32, number);
        LittleEndian.putInt(bytes, HEADER_CRC_AT, checksum(bytes, HEADER_CRC_AT));
        return bytes;
    }

    static void checkHeader(String path, byte[] bytes, CheckpointOwner owner, long number) {
        if (LittleEndian.getLong(bytes, 0) != HEADER_MAGIC) {
            throw new DamagedFileException(path, 0, "magic number");
        }
        if (LittleEndian.getInt(bytes, HEADER_CRC_AT) != checksum(bytes, HEADER_CRC_AT)) {
            throw new DamagedFileException(path, HEADER_CRC_AT, "checksum of the header");
        }
        checkVersion(path, 8, LittleEndian.getInt(bytes, 8));
        if (LittleEndian.getLong(bytes, 32) != number
                || LittleEndian.getInt(bytes, 12) != owner.engine()
                || LittleEndian.getLong(bytes, 16) != owner.databaseId()
                || LittleEndian.getInt(bytes, 24) != owner.partition()) {
            throw new DamagedFileException(
                    path, 12, "another's file: expected=" + owner + " number=" + number);
        }
    }

    static byte[] footer(Footer footer) {
        byte[] bytes = new byte[FOOTER_BYTES];
        LittleEndian.putLong(bytes, 0, FOOTER_MAGIC);
        LittleEndian.putInt(bytes, 8, VERSION);
        LittleEndian.putInt(bytes, 12, footer.sections());
        LittleEndian.putLong(bytes, 16, footer.number());
        LittleEndian.putLong(bytes, 24, footer.size());
        LittleEndian.putLong(bytes, 32, footer.directory().offset());
        LittleEndian.putInt(bytes, 40, footer.directory().storedBytes());
        LittleEndian.putInt(bytes, 44, footer.directory().rawBytes());
        LittleEndian.putLong(bytes, 48, footer.entries());
        LittleEndian.putLong(bytes, 56, footer.deletions());
        LittleEndian.putLong(bytes, 64, footer.lowestLsn());
        LittleEndian.putLong(bytes, 72, footer.highestLsn());
        LittleEndian.putLong(bytes, 80, footer.keyBytes());
        LittleEndian.putLong(bytes, 88, footer.valueBytes());
        LittleEndian.putInt(bytes, DIRECTORY_CRC_AT, footer.directoryChecksum());
        LittleEndian.putInt(bytes, FOOTER_CRC_AT, checksum(bytes, FOOTER_CRC_AT));
        return bytes;
    }

    /** The checksum of a footer, which the manifest repeats. */
    static int footerChecksum(byte[] footer) {
        return LittleEndian.getInt(footer, FOOTER_CRC_AT);
    }

    static Footer readFooter(String path, byte[] bytes, long at) {
        if (LittleEndian.getLong(bytes, 0) != FOOTER_MAGIC) {
            throw new DamagedFileException(path, at, "magic number of the footer");
        }
        if (footerChecksum(bytes) != checksum(bytes, FOOTER_CRC_AT)) {
            throw new DamagedFileException(path, at + FOOTER_CRC_AT, "checksum of the footer");
        }
        checkVersion(path, at + 8, LittleEndian.getInt(bytes, 8));
        return new Footer(
                LittleEndian.getInt(bytes, 12),
                LittleEndian.getLong(bytes, 16),
                LittleEndian.getLong(bytes, 24),
                new BlockPlace(
                        LittleEndian.getLong(bytes, 32),
                        LittleEndian.getInt(bytes, 40),
                        LittleEndian.getInt(bytes, 44)),
                LittleEndian.getLong(bytes, 48),
                LittleEndian.getLong(bytes, 56),
                LittleEndian.getLong(bytes, 64),
                LittleEndian.getLong(bytes, 72),
                LittleEndian.getLong(bytes, 80),
                LittleEndian.getLong(bytes, 88),
                LittleEndian.getInt(bytes, DIRECTORY_CRC_AT));
    }

    private static void checkVersion(String path, long at, int version) {
        if (version != VERSION) {
            throw new DamagedFileException(path, at, "unknown version: actual=" + version);
        }
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static long magic(String eightCharacters) {
        return LittleEndian.getLong(eightCharacters.getBytes(ISO_8859_1), 0);
    }
}
