package io.nodedb.storage.wal;

import io.nodedb.storage.bytes.LittleEndian;
import java.util.zip.CRC32C;

/**
 * One record of the log. Starts at a multiple of 8; zeros fill up to the next one. Little-endian:
 *
 * <pre>
 *  0 u32 length          whole record without the filling
 *  4 u32 CRC32C          of bytes 8 to length
 *  8 u8  type            one of the constants below
 *  9 u8  flags           bit 0 {@link #ASYNC}, bits 1-3 source of the write
 * 10 u16 participants
 * 12 u16 extension bytes a multiple of 8; what a reader does not know it skips
 * 14 u16 0
 * 16 u64 LSN
 * 24 u64 transaction id  unique within one incarnation, never 0 where it is used; 0 on BATCH, TOMBSTONE, NOTE
 * 32 u64 origin replica
 * 40 u64 origin mutation
 * 48     extension
 *        participants, 16 bytes each:
 *          0 u16 partition
 *          2 u16 0
 *          4 u32 section bytes
 *          8 u64 log index of the partition, dense over BATCH, COMMIT and TOMBSTONE; 0 on PART, PREPARE, ABORT
 *        sections, in the order of the participants, unaligned: {@link EffectFormat} operations
 * </pre>
 *
 * <table>
 * <caption>Types</caption>
 * <tr><td>BATCH 1</td><td>a commit in one record: one or several partitions of one core</td></tr>
 * <tr><td>PART 2</td><td>a slice of a large write set: one participant, whose section is a part number u32 and bytes of its operations, cut anywhere</td></tr>
 * <tr><td>PREPARE 3</td><td>the last word of one core in a transaction: operations, or empty sections where parts carried them</td></tr>
 * <tr><td>COMMIT 4</td><td>decides; empty sections; extension: u64 global position of the group that holds
 *   the transaction's first PART or PREPARE</td></tr>
 * <tr><td>ABORT 5</td><td>decides; empty sections</td></tr>
 * <tr><td>TOMBSTONE 6</td><td>a collection was purged: participant is the system partition, section is the collection id u32</td></tr>
 * <tr><td>NOTE 7</td><td>no operations; each participant carries the <em>last</em> log index of its partition. The first
 *   record of every segment is one, with the extension: u64 last LSN before the segment; so both
 *   survive the cutting of older segments</td></tr>
 * </table>
 *
 * <p>The log's writer stamps LSN, log indexes and checksum; the cores leave them zero.
 */
public final class RecordFormat {
    public static final int BATCH = 1;
    public static final int PART = 2;
    public static final int PREPARE = 3;
    public static final int COMMIT = 4;
    public static final int ABORT = 5;
    public static final int TOMBSTONE = 6;
    public static final int NOTE = 7;

    /** Flag: acknowledged after the write; synced within {@code async_sync_interval}. */
    public static final int ASYNC = 1;

    static final int SOURCE_SHIFT = 1;
    static final int SOURCE_MASK = 7;

    static final int LENGTH_OFFSET = 0;
    static final int CRC_OFFSET = 4;
    static final int TYPE_OFFSET = 8;
    static final int FLAGS_OFFSET = 9;
    static final int PARTICIPANTS_OFFSET = 10;
    static final int EXTENSION_OFFSET = 12;
    static final int LSN_OFFSET = 16;
    static final int TXN_OFFSET = 24;
    static final int REPLICA_OFFSET = 32;
    static final int MUTATION_OFFSET = 40;
    static final int HEADER_BYTES = 48;

    static final int PARTICIPANT_BYTES = 16;
    static final int SECTION_BYTES_OFFSET = 4;
    static final int LOG_INDEX_OFFSET = 8;

    /** Extension of a COMMIT. */
    static final int COMMIT_EXTENSION_BYTES = 8;

    /** Extension of the NOTE that opens a segment. */
    static final int NOTE_EXTENSION_BYTES = 8;

    /** Part number before the operations of a PART. */
    static final int PART_NUMBER_BYTES = 4;

    static final int TOMBSTONE_BYTES = 4;

    static final int ALIGNMENT = 8;
    static final int MAX_PARTICIPANTS = 0xFFFF;

    private RecordFormat() {}

    /** Bytes of a record without extension, sections counted together: what to claim. */
    public static int bytes(int participants, int sectionBytes) {
        return Math.addExact(HEADER_BYTES + participants * PARTICIPANT_BYTES, sectionBytes);
    }

    /** Bytes of a {@link #PART} that carries {@code effectBytes} of operations. */
    public static int partBytes(int effectBytes) {
        return bytes(1, Math.addExact(PART_NUMBER_BYTES, effectBytes));
    }

    /** Bytes of a {@link #TOMBSTONE}. */
    public static int tombstoneBytes() {
        return bytes(1, TOMBSTONE_BYTES);
    }

    /** Flags byte of a record. */
    public static int flags(int durabilityFlag, int source) {
        return durabilityFlag | (source & SOURCE_MASK) << SOURCE_SHIFT;
    }

    static int aligned(int length) {
        return (length + ALIGNMENT - 1) & -ALIGNMENT;
    }

    static int participantsAt(byte[] bytes, int offset) {
        return offset
                + HEADER_BYTES
                + LittleEndian.getUnsignedShort(bytes, offset + EXTENSION_OFFSET);
    }

    static void stampLsn(byte[] bytes, int offset, long lsn) {
        LittleEndian.putLong(bytes, offset + LSN_OFFSET, lsn);
    }

    static void stampLogIndex(byte[] bytes, int offset, int participant, long index) {
        int descriptor = participantsAt(bytes, offset) + participant * PARTICIPANT_BYTES;
        LittleEndian.putLong(bytes, descriptor + LOG_INDEX_OFFSET, index);
    }

    /** Writes the checksum: the last thing that happens to a record. */
    static void seal(byte[] bytes, int offset, int length, CRC32C crc) {
        LittleEndian.putInt(bytes, offset + CRC_OFFSET, checksum(bytes, offset, length, crc));
    }

    static int checksum(byte[] bytes, int offset, int length, CRC32C crc) {
        crc.reset();
        crc.update(bytes, offset + TYPE_OFFSET, length - TYPE_OFFSET);
        return (int) crc.getValue();
    }
}
