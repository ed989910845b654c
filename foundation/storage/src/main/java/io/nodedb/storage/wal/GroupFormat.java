package io.nodedb.storage.wal;

import io.nodedb.storage.bytes.LittleEndian;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Header of a group: what one write carries. Groups start at multiples of 8; the first one after a
 * sync starts on a new block of {@link SegmentFormat#BLOCK_BYTES}, so that synced bytes are never
 * written again. A group never crosses segments. Little-endian, 64 bytes, then the records:
 *
 * <pre>
 *  0 u32 magic "WGRP"
 *  4 u32 CRC32C          of bytes 8 to 64
 *  8 u64 position        global position of this group: bytes of a recycled segment never match
 * 16 u64 database id
 * 24 u64 incarnation     counts the starts of the database
 * 32 u64 synced before   every group below this position was synced when this one was written
 * 40 u64 previous end    global position where the group before this one ended; 0 for the first ever
 * 48 u32 payload length  a multiple of 8
 * 52 u32 record count
 * 56 u32 CRC32C          of the payload
 * 60 u32 0
 * </pre>
 *
 * <p>{@code previous end} chains the groups: a reader that follows it can skip nothing unnoticed,
 * and what an earlier start cut from the tail can never be reached again.
 */
final class GroupFormat {
    static final int MAGIC = 0x50524757;
    static final int HEADER_BYTES = 64;
    static final int ALIGNMENT = 8;

    static final int CRC_OFFSET = 4;
    static final int POSITION_OFFSET = 8;
    static final int DATABASE_OFFSET = 16;
    static final int INCARNATION_OFFSET = 24;
    static final int SYNCED_BEFORE_OFFSET = 32;
    static final int PREVIOUS_END_OFFSET = 40;
    static final int PAYLOAD_LENGTH_OFFSET = 48;
    static final int RECORD_COUNT_OFFSET = 52;
    static final int PAYLOAD_CRC_OFFSET = 56;
    static final int RESERVED_OFFSET = 60;

    private GroupFormat() {}

    /**
     * Completes a group whose payload lies in {@code group} (little-endian) from byte 64 to {@code
     * length}, and leaves the buffer ready to be written whole.
     */
    static void seal(
            ByteBuffer group,
            int length,
            long position,
            long databaseId,
            long incarnation,
            long syncedBefore,
            long previousEnd,
            int recordCount,
            CRC32C crc) {
        group.clear();
        group.putInt(0, MAGIC);
        group.putLong(POSITION_OFFSET, position);
        group.putLong(DATABASE_OFFSET, databaseId);
        group.putLong(INCARNATION_OFFSET, incarnation);
        group.putLong(SYNCED_BEFORE_OFFSET, syncedBefore);
        group.putLong(PREVIOUS_END_OFFSET, previousEnd);
        group.putInt(PAYLOAD_LENGTH_OFFSET, length - HEADER_BYTES);
        group.putInt(RECORD_COUNT_OFFSET, recordCount);
        group.putInt(PAYLOAD_CRC_OFFSET, checksum(group, HEADER_BYTES, length, crc));
        group.putInt(RESERVED_OFFSET, 0);
        group.putInt(CRC_OFFSET, checksum(group, POSITION_OFFSET, HEADER_BYTES, crc));
        group.limit(length).position(0);
    }

    private static int checksum(ByteBuffer bytes, int from, int to, CRC32C crc) {
        crc.reset();
        bytes.limit(to).position(from);
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /**
     * Do 64 bytes hold the header of a group of this database at this position? Recycled, zeroed
     * and torn bytes do not.
     */
    static boolean isHeader(byte[] bytes, int offset, long position, long databaseId, CRC32C crc) {
        if (LittleEndian.getInt(bytes, offset) != MAGIC
                || LittleEndian.getLong(bytes, offset + POSITION_OFFSET) != position
                || LittleEndian.getLong(bytes, offset + DATABASE_OFFSET) != databaseId) {
            return false;
        }
        crc.reset();
        crc.update(bytes, offset + POSITION_OFFSET, HEADER_BYTES - POSITION_OFFSET);
        return LittleEndian.getInt(bytes, offset + CRC_OFFSET) == (int) crc.getValue();
    }

    static boolean payloadMatches(
            byte[] header, int headerOffset, byte[] payload, int from, int length, CRC32C crc) {
        crc.reset();
        crc.update(payload, from, length);
        return LittleEndian.getInt(header, headerOffset + PAYLOAD_CRC_OFFSET)
                == (int) crc.getValue();
    }
}
