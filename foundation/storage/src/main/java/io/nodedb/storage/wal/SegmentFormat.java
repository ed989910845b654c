package io.nodedb.storage.wal;

import io.nodedb.storage.bytes.LittleEndian;
import java.util.zip.CRC32C;

/**
 * A segment file {@code wal/<generation, 16 hexadecimal digits>.wal}: zero-filled at creation,
 * recycled under a new generation. The first block is the header, groups ({@link GroupFormat})
 * follow. Little-endian:
 *
 * <pre>
 *  0 u64 magic "NDBWAL\0\1"
 *  8 u32 version           1
 * 12 u32 0
 * 16 u64 generation        counts up from 1, never repeats
 * 24 u64 database id
 * 32 u64 segment bytes     whole file; a multiple of the block
 * 40 u64 LSN bound         every LSN in this segment is greater
 * 48 u32 CRC32C            of bytes 0 to 48
 * 52     zeros up to {@link #BLOCK_BYTES}
 * </pre>
 *
 * <p>The global position of a byte is {@code generation * segment bytes + offset}; positions
 * strictly increase along the log. A file is named {@code .wal} only after its header was synced;
 * until then it is {@code .new} and holds nothing.
 */
final class SegmentFormat {
    /** "NDBWAL\0\1" read as a little-endian long. */
    static final long MAGIC = 0x0100_4C41_5742_444EL;

    static final int VERSION = 1;

    /** Header size, and the unit that synced and unsynced bytes never share. */
    static final int BLOCK_BYTES = 4096;

    static final int VERSION_OFFSET = 8;
    static final int GENERATION_OFFSET = 16;
    static final int DATABASE_OFFSET = 24;
    static final int SEGMENT_BYTES_OFFSET = 32;
    static final int LSN_BOUND_OFFSET = 40;
    static final int CRC_OFFSET = 48;
    static final int HEADER_BYTES = 52;

    static final String SUFFIX = ".wal";
    static final String UNFINISHED_SUFFIX = ".new";

    private SegmentFormat() {}

    static String fileName(long generation) {
        return String.format("%016x", generation) + SUFFIX;
    }

    /** The generation in a segment's file name, or -1 for another file. */
    static long generationOf(String fileName) {
        if (fileName.length() != 16 + SUFFIX.length() || !fileName.endsWith(SUFFIX)) {
            return -1;
        }
        try {
            return Long.parseLong(fileName, 0, 16, 16);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** A whole header block. */
    static byte[] encode(long generation, long databaseId, long segmentBytes, long lsnBound) {
        byte[] block = new byte[BLOCK_BYTES];
        LittleEndian.putLong(block, 0, MAGIC);
        LittleEndian.putInt(block, VERSION_OFFSET, VERSION);
        LittleEndian.putLong(block, GENERATION_OFFSET, generation);
        LittleEndian.putLong(block, DATABASE_OFFSET, databaseId);
        LittleEndian.putLong(block, SEGMENT_BYTES_OFFSET, segmentBytes);
        LittleEndian.putLong(block, LSN_BOUND_OFFSET, lsnBound);
        LittleEndian.putInt(block, CRC_OFFSET, checksum(block));
        return block;
    }

    /** Does the block start with magic number and a matching checksum, of whatever version? */
    static boolean isHeader(byte[] block) {
        return LittleEndian.getLong(block, 0) == MAGIC
                && LittleEndian.getInt(block, CRC_OFFSET) == checksum(block);
    }

    private static int checksum(byte[] block) {
        CRC32C crc = new CRC32C();
        crc.update(block, 0, CRC_OFFSET);
        return (int) crc.getValue();
    }
}
