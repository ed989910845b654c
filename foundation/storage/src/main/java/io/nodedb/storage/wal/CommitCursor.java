package io.nodedb.storage.wal;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Moves over the commits of chosen partitions in the order of their LSNs, one step per commit and
 * partition. The operations of a commit come in slices ({@link #nextSlice}): one from a BATCH; of a
 * transaction its PARTs put together and then its PREPARE, read again when its COMMIT is reached.
 * What was aborted, or was undecided when the database stopped, never appears.
 *
 * <p>Belongs to one thread; close it. Memory: eight bytes per PART and PREPARE of the transactions
 * that are undecided at the place reached, and the effects of the largest write set in parts.
 */
public final class CommitCursor implements AutoCloseable {
    /** Positions of one transaction's records that touch the chosen partitions, in log order. */
    private static final class Prepared {
        private long[] positions = new long[2];
        private int count;

        void add(long position) {
            if (count == positions.length) {
                positions = Arrays.copyOf(positions, count * 2);
            }
            positions[count++] = position;
        }
    }

    private static final Prepared NOTHING_PREPARED = new Prepared();

    private final LogReader reader;
    private final IntPredicate partitions;
    private final long lsnExclusive;
    private final long fromLogIndex;
    private final LogCursor cursor;
    private final Map<Long, Prepared> undecided = new HashMap<>();
    private final RecordBuffer slice = new RecordBuffer();
    private final PartAssembly parts = new PartAssembly();
    private long incarnation = -1;
    private int participant;
    private int participants;
    private Prepared prepared = NOTHING_PREPARED;
    private int nextPrepared;
    private int nextPartNumber;
    private byte[] assembled = new byte[0];
    private int assembledBytes;
    private boolean sliceTaken;

    /** {@code records} starts early enough to see what the commits above the LSN prepared. */
    CommitCursor(
            LogReader reader,
            LogCursor records,
            IntPredicate partitions,
            long lsnExclusive,
            long fromLogIndex) {
        this.reader = reader;
        this.cursor = records;
        this.partitions = partitions;
        this.lsnExclusive = lsnExclusive;
        this.fromLogIndex = fromLogIndex;
    }

    /**
     * Moves to the next commit of a chosen partition; false when there is none within the limit.
     */
    public boolean next() {
        while (true) {
            while (participant + 1 < participants) {
                participant++;
                if (chosen(participant)) {
                    beginSlices();
                    return true;
                }
            }
            if (!nextCommit()) {
                return false;
            }
        }
    }

    private boolean chosen(int i) {
        RecordReader commit = cursor.record();
        return partitions.test(commit.partition(i)) && commit.logIndex(i) >= fromLogIndex;
    }

    private void beginSlices() {
        nextPrepared = 0;
        nextPartNumber = 0;
        parts.begin();
        sliceTaken = false;
    }

    /** Reads on to the next record that commits, whoever takes part. */
    private boolean nextCommit() {
        participants = 0;
        participant = -1;
        prepared = NOTHING_PREPARED;
        while (cursor.next()) {
            if (cursor.incarnation() != incarnation) {
                incarnation = cursor.incarnation();
                undecided.clear();
            }
            RecordReader record = cursor.record();
            switch (record.type()) {
                case RecordFormat.PART, RecordFormat.PREPARE -> remember(cursor);
                case RecordFormat.ABORT -> undecided.remove(record.txnId());
                case RecordFormat.NOTE -> {}
                case RecordFormat.BATCH, RecordFormat.TOMBSTONE -> {
                    if (record.lsn() > lsnExclusive) {
                        participants = record.participants();
                        return true;
                    }
                }
                case RecordFormat.COMMIT -> {
                    Prepared known = undecided.remove(record.txnId());
                    if (record.lsn() > lsnExclusive) {
                        prepared = complete(record, known);
                        participants = record.participants();
                        return true;
                    }
                }
                default -> throw inconsistent("unknown record type", record.type());
            }
        }
        return false;
    }

    private void remember(LogCursor at) {
        RecordReader record = at.record();
        for (int i = 0; i < record.participants(); i++) {
            if (partitions.test(record.partition(i))) {
                undecided.computeIfAbsent(record.txnId(), id -> new Prepared()).add(at.position());
                return;
            }
        }
    }

    /** Adds what a transaction prepared before the place where this cursor started. */
    private Prepared complete(RecordReader commit, @Nullable Prepared known) {
        long first = commit.firstPreparedPosition();
        if (first >= cursor.startPosition() || !touchesChosen(commit)) {
            return known == null ? NOTHING_PREPARED : known;
        }
        Prepared whole = new Prepared();
        try (LogCursor before = LogCursor.fromGroup(reader, first, ReadLimit.DURABLE)) {
            while (before.next() && before.position() < cursor.startPosition()) {
                RecordReader record = before.record();
                boolean its =
                        record.txnId() == commit.txnId() && before.incarnation() == incarnation;
                for (int i = 0; its && i < record.participants(); i++) {
                    if (partitions.test(record.partition(i))) {
                        whole.add(before.position());
                        break;
                    }
                }
            }
        }
        if (known != null) {
            for (int i = 0; i < known.count; i++) {
                whole.add(known.positions[i]);
            }
        }
        return whole;
    }

    private boolean touchesChosen(RecordReader commit) {
        for (int i = 0; i < commit.participants(); i++) {
            if (partitions.test(commit.partition(i))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Points {@code effects} at the next slice of the present commit's operations; false when there
     * is no more. A TOMBSTONE has none.
     */
    public boolean nextSlice(EffectReader effects) {
        RecordReader commit = cursor.record();
        if (commit.type() == RecordFormat.TOMBSTONE) {
            return false;
        }
        if (commit.type() == RecordFormat.BATCH) {
            if (sliceTaken) {
                return false;
            }
            sliceTaken = true;
            commit.effects(participant, effects);
            return true;
        }
        assembledBytes = 0;
        while (nextPrepared < prepared.count) {
            reader.readAt(prepared.positions[nextPrepared], slice);
            RecordReader record = slice.record();
            if (record.txnId() != commit.txnId()) {
                throw inconsistent("another transaction's record", record.txnId());
            }
            int own = record.participantOf(partition());
            if (own < 0) {
                nextPrepared++;
            } else if (record.type() == RecordFormat.PART) {
                nextPrepared++;
                if (record.partNumber() != nextPartNumber++) {
                    throw inconsistent("part numbers have a gap", record.partNumber());
                }
                assemble(record, own);
            } else if (assembledBytes > 0) {
                break;
            } else {
                nextPrepared++;
                record.effects(own, effects);
                return true;
            }
        }
        if (assembledBytes == 0) {
            return false;
        }
        effects.wrap(assembled, 0, assembledBytes);
        return true;
    }

    /** Parts are cut anywhere, also within an operation: they are put together again. */
    private void assemble(RecordReader part, int own) {
        int offset = part.sectionOffset(own) + RecordFormat.PART_NUMBER_BYTES;
        int length = part.sectionBytes(own) - RecordFormat.PART_NUMBER_BYTES;
        if (assembled.length < assembledBytes + length) {
            assembled =
                    Arrays.copyOf(
                            assembled, Math.max(assembledBytes + length, 2 * assembled.length));
        }
        System.arraycopy(part.buffer(), offset, assembled, assembledBytes, length);
        assembledBytes += length;
    }

    private NodeDbException inconsistent(String what, long value) {
        return new NodeDbException(
                ErrorCode.DATA_CORRUPTED,
                "The log contradicts itself: what="
                        + what
                        + " value="
                        + value
                        + " position="
                        + cursor.position());
    }

    /** The commit's record: its participants, origin, source. */
    public RecordReader record() {
        return cursor.record();
    }

    public long lsn() {
        return cursor.record().lsn();
    }

    /** The partition of this step. */
    public int partition() {
        return cursor.record().partition(participant);
    }

    /** The commit's index in the log of {@link #partition()}. */
    public long logIndex() {
        return cursor.record().logIndex(participant);
    }

    @Override
    public void close() {
        cursor.close();
    }
}
