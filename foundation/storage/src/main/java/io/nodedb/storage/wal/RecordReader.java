package io.nodedb.storage.wal;

import io.nodedb.base.errors.Check;
import io.nodedb.storage.bytes.LittleEndian;
import java.util.zip.CRC32C;

/**
 * Flyweight over one {@link RecordFormat record}. {@link #wrap} checks every length against the
 * bytes that are there, {@link #checksumMatches} the content; the getters trust both.
 * Single-threaded, reusable, allocates nothing.
 */
public final class RecordReader {
    private final CRC32C crc = new CRC32C();
    private byte[] buffer = new byte[0];
    private int offset;
    private int length;
    private int participants;
    private int participantsAt;

    /**
     * Points at a record of at most {@code available} bytes; false when its lengths contradict each
     * other or do not fit, and then no getter may be called.
     */
    public boolean wrap(byte[] bytes, int at, int available) {
        if (available < RecordFormat.HEADER_BYTES) {
            return false;
        }
        int recordLength = LittleEndian.getInt(bytes, at + RecordFormat.LENGTH_OFFSET);
        if (recordLength < RecordFormat.HEADER_BYTES || recordLength > available) {
            return false;
        }
        int count = LittleEndian.getUnsignedShort(bytes, at + RecordFormat.PARTICIPANTS_OFFSET);
        int first = RecordFormat.participantsAt(bytes, at);
        long end = (long) first + (long) count * RecordFormat.PARTICIPANT_BYTES;
        if (end > at + recordLength) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            int sectionBytes =
                    LittleEndian.getInt(
                            bytes,
                            first
                                    + i * RecordFormat.PARTICIPANT_BYTES
                                    + RecordFormat.SECTION_BYTES_OFFSET);
            if (sectionBytes < 0) {
                return false;
            }
            end += sectionBytes;
        }
        if (end != at + recordLength) {
            return false;
        }
        buffer = bytes;
        offset = at;
        length = recordLength;
        participants = count;
        participantsAt = first;
        return true;
    }

    public boolean checksumMatches() {
        return LittleEndian.getInt(buffer, offset + RecordFormat.CRC_OFFSET)
                == RecordFormat.checksum(buffer, offset, length, crc);
    }

    /** The array that all offsets refer to. */
    public byte[] buffer() {
        return buffer;
    }

    public int offset() {
        return offset;
    }

    /** Bytes of the record, without the filling after it. */
    public int length() {
        return length;
    }

    /** One of the type constants of {@link RecordFormat}. */
    public int type() {
        return LittleEndian.getUnsignedByte(buffer, offset + RecordFormat.TYPE_OFFSET);
    }

    public boolean async() {
        return (flags() & RecordFormat.ASYNC) != 0;
    }

    /** Source of the write, as the bridge numbers it. */
    public int source() {
        return flags() >> RecordFormat.SOURCE_SHIFT & RecordFormat.SOURCE_MASK;
    }

    private int flags() {
        return LittleEndian.getUnsignedByte(buffer, offset + RecordFormat.FLAGS_OFFSET);
    }

    public long lsn() {
        return LittleEndian.getLong(buffer, offset + RecordFormat.LSN_OFFSET);
    }

    public long txnId() {
        return LittleEndian.getLong(buffer, offset + RecordFormat.TXN_OFFSET);
    }

    public long originReplica() {
        return LittleEndian.getLong(buffer, offset + RecordFormat.REPLICA_OFFSET);
    }

    public long originMutation() {
        return LittleEndian.getLong(buffer, offset + RecordFormat.MUTATION_OFFSET);
    }

    public int participants() {
        return participants;
    }

    public int partition(int participant) {
        return LittleEndian.getUnsignedShort(buffer, descriptor(participant));
    }

    public long logIndex(int participant) {
        return LittleEndian.getLong(
                buffer, descriptor(participant) + RecordFormat.LOG_INDEX_OFFSET);
    }

    public int sectionBytes(int participant) {
        return LittleEndian.getInt(
                buffer, descriptor(participant) + RecordFormat.SECTION_BYTES_OFFSET);
    }

    /** Where a participant's section starts; walks the participants before it. */
    public int sectionOffset(int participant) {
        int at = participantsAt + participants * RecordFormat.PARTICIPANT_BYTES;
        for (int i = 0; i < participant; i++) {
            at += sectionBytes(i);
        }
        return at;
    }

    /** The participant with this partition, or -1. */
    public int participantOf(int partition) {
        for (int i = 0; i < participants; i++) {
            if (partition(i) == partition) {
                return i;
            }
        }
        return -1;
    }

    /** Part number of a PART. */
    public int partNumber() {
        Check.that(
                type() == RecordFormat.PART
                        && participants == 1
                        && sectionBytes(0) >= RecordFormat.PART_NUMBER_BYTES,
                "only a PART has a part number",
                type());
        return LittleEndian.getInt(buffer, sectionOffset(0));
    }

    /** Points {@code reader} at a participant's operations (a PART's come after its number). */
    public EffectReader effects(int participant, EffectReader reader) {
        int skip = type() == RecordFormat.PART ? RecordFormat.PART_NUMBER_BYTES : 0;
        return reader.wrap(
                buffer, sectionOffset(participant) + skip, sectionBytes(participant) - skip);
    }

    /** Purged collection of a TOMBSTONE. */
    public int tombstoneCollection() {
        Check.that(
                type() == RecordFormat.TOMBSTONE
                        && participants == 1
                        && sectionBytes(0) == RecordFormat.TOMBSTONE_BYTES,
                "only a TOMBSTONE names a purged collection",
                type());
        return LittleEndian.getInt(buffer, sectionOffset(0));
    }

    /**
     * Of a COMMIT: global position of the group with its transaction's first PART or PREPARE;
     * otherwise (or when it has none) {@link Long#MAX_VALUE}.
     */
    public long firstPreparedPosition() {
        boolean has =
                type() == RecordFormat.COMMIT
                        && participantsAt - offset - RecordFormat.HEADER_BYTES
                                >= RecordFormat.COMMIT_EXTENSION_BYTES;
        return has
                ? LittleEndian.getLong(buffer, offset + RecordFormat.HEADER_BYTES)
                : Long.MAX_VALUE;
    }

    /** Of the NOTE that opens a segment: the last LSN before the segment; otherwise 0. */
    long lsnBeforeSegment() {
        boolean has =
                type() == RecordFormat.NOTE
                        && participantsAt - offset - RecordFormat.HEADER_BYTES
                                >= RecordFormat.NOTE_EXTENSION_BYTES;
        return has ? LittleEndian.getLong(buffer, offset + RecordFormat.HEADER_BYTES) : 0;
    }

    private int descriptor(int participant) {
        return participantsAt + participant * RecordFormat.PARTICIPANT_BYTES;
    }
}
