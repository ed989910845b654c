package io.nodedb.storage.wal;

import io.nodedb.base.errors.Check;
import io.nodedb.storage.bytes.LittleEndian;

/**
 * Flyweight that writes one {@link RecordFormat record} into claimed bytes of a ring (or any
 * array): {@link #begin}, one {@code section…} call per participant in order, {@link #end}. LSN,
 * log indexes and checksum stay zero for the writer. Single-threaded, reusable, allocates nothing.
 */
public final class RecordEncoder {
    private byte[] bytes = new byte[0];
    private int start;
    private int participants;
    private int written;
    private int participantsAt;
    private int sectionAt;

    /** Starts a record at {@code offset}; returns this. */
    public RecordEncoder begin(
            byte[] buffer,
            int offset,
            int type,
            int flags,
            int participantCount,
            long txnId,
            long originReplica,
            long originMutation) {
        return begin(
                buffer,
                offset,
                type,
                flags,
                participantCount,
                txnId,
                originReplica,
                originMutation,
                0);
    }

    RecordEncoder begin(
            byte[] buffer,
            int offset,
            int type,
            int flags,
            int participantCount,
            long txnId,
            long originReplica,
            long originMutation,
            int extensionBytes) {
        Check.that(
                participantCount >= 0 && participantCount <= RecordFormat.MAX_PARTICIPANTS,
                "participants fit their field",
                participantCount);
        bytes = buffer;
        start = offset;
        participants = participantCount;
        written = 0;
        LittleEndian.putLong(buffer, offset, 0);
        buffer[offset + RecordFormat.TYPE_OFFSET] = (byte) type;
        buffer[offset + RecordFormat.FLAGS_OFFSET] = (byte) flags;
        LittleEndian.putShort(buffer, offset + RecordFormat.PARTICIPANTS_OFFSET, participantCount);
        LittleEndian.putInt(buffer, offset + RecordFormat.EXTENSION_OFFSET, extensionBytes);
        LittleEndian.putLong(buffer, offset + RecordFormat.LSN_OFFSET, 0);
        LittleEndian.putLong(buffer, offset + RecordFormat.TXN_OFFSET, txnId);
        LittleEndian.putLong(buffer, offset + RecordFormat.REPLICA_OFFSET, originReplica);
        LittleEndian.putLong(buffer, offset + RecordFormat.MUTATION_OFFSET, originMutation);
        participantsAt = offset + RecordFormat.HEADER_BYTES + extensionBytes;
        sectionAt = participantsAt + participantCount * RecordFormat.PARTICIPANT_BYTES;
        return this;
    }

    /** The next participant with its operations. */
    public RecordEncoder section(int partition, byte[] effects, int from, int length) {
        int at = reserveSection(partition, length);
        System.arraycopy(effects, from, bytes, at, length);
        return this;
    }

    /** The next participant with all operations of {@code effects}. */
    public RecordEncoder section(int partition, Effects effects) {
        return section(partition, effects.bytes(), 0, effects.length());
    }

    /** The next participant, without operations. */
    public RecordEncoder emptySection(int partition) {
        reserveSection(partition, 0);
        return this;
    }

    /** The only participant of a {@link RecordFormat#PART}; numbers count from 0. */
    public RecordEncoder partSection(
            int partition, int partNumber, byte[] effects, int from, int length) {
        int at = reserveSection(partition, RecordFormat.PART_NUMBER_BYTES + length);
        LittleEndian.putInt(bytes, at, partNumber);
        System.arraycopy(effects, from, bytes, at + RecordFormat.PART_NUMBER_BYTES, length);
        return this;
    }

    /** The only participant of a {@link RecordFormat#TOMBSTONE}. */
    public RecordEncoder tombstoneSection(int systemPartition, int collection) {
        int at = reserveSection(systemPartition, RecordFormat.TOMBSTONE_BYTES);
        LittleEndian.putInt(bytes, at, collection);
        return this;
    }

    /**
     * The next participant with {@code length} bytes that the caller writes at the returned offset.
     */
    public int reserveSection(int partition, int length) {
        Check.that(written < participants, "no more sections than participants", participants);
        int descriptor = participantsAt + written * RecordFormat.PARTICIPANT_BYTES;
        LittleEndian.putInt(bytes, descriptor, partition & 0xFFFF);
        LittleEndian.putInt(bytes, descriptor + RecordFormat.SECTION_BYTES_OFFSET, length);
        LittleEndian.putLong(bytes, descriptor + RecordFormat.LOG_INDEX_OFFSET, 0);
        int at = sectionAt;
        sectionAt += length;
        written++;
        return at;
    }

    /** Completes the record and returns its length, which must be what was claimed. */
    public int end() {
        Check.that(written == participants, "every participant has its section", participants);
        int length = sectionAt - start;
        LittleEndian.putInt(bytes, start + RecordFormat.LENGTH_OFFSET, length);
        return length;
    }
}
