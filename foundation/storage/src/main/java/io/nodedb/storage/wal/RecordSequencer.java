package io.nodedb.storage.wal;

import io.nodedb.base.clock.HybridClock;
import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.WalOwned;
import io.nodedb.bridge.ring.SpscByteRing;
import io.nodedb.storage.bytes.LittleEndian;
import java.util.zip.CRC32C;

/**
 * Moves records from the rings into the present group and, on the way, gives each its LSN and its
 * log indexes, seals it, and notes who has to hear of it. This order <em>is</em> the order of all
 * commits. Allocates nothing.
 */
@WalOwned
final class RecordSequencer {
    /** What became of an attempt to move one record. */
    enum Outcome {
        MOVED,
        NOTHING_THERE,
        /** The group (or the segment) has no room for it. */
        FULL
    }

    private final CoreLog[] cores;
    private final HybridClock clock;
    private final LogIndexes indexes;
    private final Retention retention;
    private final GroupBuffer group;
    private final GroupAcks acks;
    private final RecordReader record = new RecordReader();
    private final RecordEncoder encoder = new RecordEncoder();
    private final CRC32C crc = new CRC32C();
    private final byte[] scratch =
            new byte[RecordFormat.bytes(LogIndexes.SLOTS, 0) + RecordFormat.COMMIT_EXTENSION_BYTES];
    private long groupPosition;
    private boolean needsSync;

    RecordSequencer(
            CoreLog[] cores,
            HybridClock clock,
            LogIndexes indexes,
            Retention retention,
            GroupBuffer group,
            GroupAcks acks) {
        this.cores = cores;
        this.clock = clock;
        this.indexes = indexes;
        this.retention = retention;
        this.group = group;
        this.acks = acks;
    }

    void beginGroup(long position) {
        groupPosition = position;
        needsSync = false;
    }

    /** Does a record of the present group wait for a sync? */
    boolean needsSync() {
        return needsSync;
    }

    long lastLsn() {
        return clock.last();
    }

    /** Moves the next record of a core. */
    Outcome moveFrom(int core) {
        SpscByteRing ring = cores[core].records();
        int at = ring.peek();
        if (at < 0) {
            return Outcome.NOTHING_THERE;
        }
        byte[] buffer = ring.buffer();
        int offset = at + WalOptions.RING_FRAME_BYTES;
        int length = ring.peekedLength() - WalOptions.RING_FRAME_BYTES;
        if (!group.fits(length) || !acks.hasRoom()) {
            return Outcome.FULL;
        }
        Check.that(
                record.wrap(buffer, offset, length) && record.length() == length,
                "the core encoded a whole record",
                length);
        long lsn = clock.next();
        RecordFormat.stampLsn(buffer, offset, lsn);
        int type = record.type();
        switch (type) {
            case RecordFormat.BATCH, RecordFormat.TOMBSTONE, RecordFormat.NOTE -> {
                stampIndexes(buffer, offset, type);
                acks.add(core, lsn, LittleEndian.getLong(buffer, at), CoreLog.BATCH);
                needsSync |= !record.async();
            }
            case RecordFormat.PART, RecordFormat.PREPARE -> {
                Check.that(record.txnId() != 0, "a prepared record names its transaction");
                retention.prepared(record.txnId(), groupPosition);
            }
            default -> Check.that(false, "a core may log this type of record", type);
        }
        RecordFormat.seal(buffer, offset, length, crc);
        group.append(buffer, offset, length);
        retention.reached(lsn);
        cores[core].recordTaken();
        return Outcome.MOVED;
    }

    private void stampIndexes(byte[] buffer, int offset, int type) {
        for (int i = 0; i < record.participants(); i++) {
            int partition = record.partition(i);
            long index =
                    type == RecordFormat.NOTE ? indexes.last(partition) : indexes.next(partition);
            RecordFormat.stampLogIndex(buffer, offset, i, index);
        }
    }

    /**
     * Moves everything that a decision's participants prepared, then the decision itself. FULL: go
     * on with the same decision in the next group.
     */
    Outcome decide(CommitRequest request) {
        for (int i = 0; i < request.coreCount(); i++) {
            int core = request.coreAt(i);
            while (cores[core].records().consumerPosition() < request.ringPositionAt(i)) {
                Outcome outcome = moveFrom(core);
                if (outcome == Outcome.FULL) {
                    return Outcome.FULL;
                }
                Check.that(
                        outcome == Outcome.MOVED,
                        "a participant published before its coordinator decided",
                        request.txnId());
            }
        }
        int extension = request.commits() ? RecordFormat.COMMIT_EXTENSION_BYTES : 0;
        int length = RecordFormat.bytes(request.partitionCount(), extension);
        if (!group.fits(length) || !acks.hasRoom()) {
            return Outcome.FULL;
        }
        append(request, length, extension);
        return Outcome.MOVED;
    }

    private void append(CommitRequest request, int length, int extension) {
        Check.that(length <= scratch.length, "partitions of a decision exist", length);
        long lsn = clock.next();
        encoder.begin(
                scratch,
                0,
                request.commits() ? RecordFormat.COMMIT : RecordFormat.ABORT,
                request.flags(),
                request.partitionCount(),
                request.txnId(),
                request.originReplica(),
                request.originMutation(),
                extension);
        RecordFormat.stampLsn(scratch, 0, lsn);
        for (int i = 0; i < request.partitionCount(); i++) {
            int partition = request.partitionAt(i);
            encoder.emptySection(partition);
            if (request.commits()) {
                RecordFormat.stampLogIndex(scratch, 0, i, indexes.next(partition));
            }
        }
        Check.that(encoder.end() == length, "a decision has the length that was reserved", length);
        long prepared = retention.decided(request.txnId());
        if (request.commits()) {
            LittleEndian.putLong(scratch, RecordFormat.HEADER_BYTES, prepared);
            retention.needs(prepared);
            needsSync |= (request.flags() & RecordFormat.ASYNC) == 0;
        }
        RecordFormat.seal(scratch, 0, length, crc);
        group.append(scratch, 0, length);
        retention.reached(lsn);
        int kind = request.commits() ? CoreLog.COMMIT : CoreLog.ABORT;
        for (int i = 0; i < request.coreCount(); i++) {
            acks.add(request.coreAt(i), lsn, request.txnId(), kind);
        }
        request.answer(lsn, 0);
    }

    /** Opens a segment. {@code lsnBefore}: the last LSN that stands in the log before it. */
    void note(long lsnBefore) {
        int length = indexes.encodeNote(encoder, scratch, lsnBefore);
        long lsn = clock.next();
        RecordFormat.stampLsn(scratch, 0, lsn);
        RecordFormat.seal(scratch, 0, length, crc);
        group.append(scratch, 0, length);
        retention.reached(lsn);
    }

    /** After the log failed: takes the next record of a core and tells it so. */
    boolean refuseFrom(int core) {
        SpscByteRing ring = cores[core].records();
        int at = ring.peek();
        if (at < 0) {
            return false;
        }
        byte[] buffer = ring.buffer();
        int type =
                LittleEndian.getUnsignedByte(
                        buffer, at + WalOptions.RING_FRAME_BYTES + RecordFormat.TYPE_OFFSET);
        if (type != RecordFormat.PART && type != RecordFormat.PREPARE) {
            acks.add(core, 0, LittleEndian.getLong(buffer, at), CoreLog.BATCH);
        }
        cores[core].recordTaken();
        return true;
    }

    /** After the log failed: tells a decision's participants so. */
    void refuse(CommitRequest request) {
        int kind = request.commits() ? CoreLog.COMMIT : CoreLog.ABORT;
        for (int i = 0; i < request.coreCount(); i++) {
            acks.add(request.coreAt(i), 0, request.txnId(), kind);
        }
    }
}
