package io.nodedb.storage.checkpoint;

import io.nodedb.storage.bytes.LittleEndian;
import java.util.zip.CRC32C;

/**
 * Bytes of a checkpoint file. Little-endian, unaligned; every byte is under a checksum.
 *
 * <pre>
 * header, 64 bytes
 *    0 u64 magic "NDBCKP\0\1"
 *    8 u32 version
 *   12 u32 engine
 *   16 u64 database id
 *   24 u32 partition
 *   28 u32 kind            1 base, 2 delta, 3 spill
 *   32 u64 file number
 *   40     zeros
 *   60 u32 CRC32C of bytes 0 to 60
 * blocks, each 16 bytes and a payload of at most 64 KiB (more only for a single larger entry)
 *    0 u32 magic "BLCK"
 *    4 u32 payload length
 *    8 u32 entries
 *   12 u32 CRC32C of block number u32, bytes 0 to 12, payload
 *   16     entries: u64 LSN, then one {@link io.nodedb.storage.wal.EffectFormat} operation
 * footer, 64 bytes, the file's last
 *    0 u64 magic "NDBCKE\0\1"
 *    8 u64 blocks
 *   16 u64 entries
 *   24 u64 highest LSN of an entry; 0 when there is none
 *   32 u64 bytes of the whole file
 *   40 u32 CRC32C over the header and all block headers, in order
 *   44     zeros
 *   60 u32 CRC32C of bytes 0 to 60
 * </pre>
 */
final class CheckpointFileFormat {
    static final int VERSION = 1;

    static final long HEADER_MAGIC = magic("NDBCKP\0\1");
    static final int HEADER_BYTES = 64;
    static final int VERSION_AT = 8;
    static final int ENGINE_AT = 12;
    static final int DATABASE_AT = 16;
    static final int PARTITION_AT = 24;
    static final int KIND_AT = 28;
    static final int NUMBER_AT = 32;

    static final int BLOCK_MAGIC = (int) magic("BLCK\0\0\0\0");
    static final int BLOCK_HEADER_BYTES = 16;
    static final int BLOCK_LENGTH_AT = 4;
    static final int BLOCK_ENTRIES_AT = 8;
    static final int BLOCK_CRC_AT = 12;

    /**
     * Payload of a block that holds more than one entry: small enough to read and check at once.
     */
    static final int MAX_BLOCK_PAYLOAD = 64 << 10;

    static final int ENTRY_LSN_BYTES = 8;

    static final long FOOTER_MAGIC = magic("NDBCKE\0\1");
    static final int FOOTER_BYTES = 64;
    static final int FOOTER_BLOCKS_AT = 8;
    static final int FOOTER_ENTRIES_AT = 16;
    static final int FOOTER_LSN_AT = 24;
    static final int FOOTER_SIZE_AT = 32;
    static final int FOOTER_CHAIN_AT = 40;

    /** Of header and footer alike. */
    static final int FRAME_CRC_AT = 60;

    private CheckpointFileFormat() {}

    static long magic(String eightCharacters) {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value |= (long) eightCharacters.charAt(i) << (8 * i);
        }
        return value;
    }

    static byte[] header(CheckpointOwner owner, CheckpointFileKind kind, long number) {
        byte[] header = new byte[HEADER_BYTES];
        LittleEndian.putLong(header, 0, HEADER_MAGIC);
        LittleEndian.putInt(header, VERSION_AT, VERSION);
        LittleEndian.putInt(header, ENGINE_AT, owner.engine());
        LittleEndian.putLong(header, DATABASE_AT, owner.databaseId());
        LittleEndian.putInt(header, PARTITION_AT, owner.partition());
        LittleEndian.putInt(header, KIND_AT, kind.number());
        LittleEndian.putLong(header, NUMBER_AT, number);
        sealFrame(header);
        return header;
    }

    static void sealFrame(byte[] frame) {
        LittleEndian.putInt(frame, FRAME_CRC_AT, checksum(frame, 0, FRAME_CRC_AT));
    }

    static boolean frameIsWhole(byte[] frame) {
        return LittleEndian.getInt(frame, FRAME_CRC_AT) == checksum(frame, 0, FRAME_CRC_AT);
    }

    static int checksum(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /** Checksum of a block; {@code scratch} has 4 bytes. */
    static int blockChecksum(
            CRC32C crc,
            int blockNumber,
            byte[] header,
            byte[] payload,
            int offset,
            int length,
            byte[] scratch) {
        LittleEndian.putInt(scratch, 0, blockNumber);
        crc.reset();
        crc.update(scratch, 0, Integer.BYTES);
        crc.update(header, 0, BLOCK_CRC_AT);
        crc.update(payload, offset, length);
        return (int) crc.getValue();
    }
}
