package io.nodedb.storage.wal;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ids.Partitions;
import io.nodedb.base.ownership.Shared;
import io.nodedb.storage.bytes.LittleEndian;
import java.util.concurrent.atomic.AtomicLongArray;

/** The last log index of each partition: dense from 1, 0 before the first. */
@Shared("release writes by the log's writer")
final class LogIndexes {
    /** Data partitions and the system partition. */
    static final int SLOTS = Partitions.MAX + 1;

    private final AtomicLongArray last = new AtomicLongArray(SLOTS);

    private static int slot(int partition) {
        int slot = partition == Partitions.SYSTEM ? Partitions.MAX : partition;
        Check.that(slot < SLOTS, "partition exists", partition);
        return slot;
    }

    private static int partition(int slot) {
        return slot == Partitions.MAX ? Partitions.SYSTEM : slot;
    }

    static boolean isPartition(int partition) {
        return partition < Partitions.MAX || partition == Partitions.SYSTEM;
    }

    long last(int partition) {
        return last.getAcquire(slot(partition));
    }

    /** Gives out the next index of a partition. */
    long next(int partition) {
        int slot = slot(partition);
        long index = last.getPlain(slot) + 1;
        last.setRelease(slot, index);
        return index;
    }

    void set(int partition, long index) {
        last.setRelease(slot(partition), index);
    }

    /** Partitions that have had a commit. */
    int used() {
        int used = 0;
        for (int slot = 0; slot < SLOTS; slot++) {
            if (last.getPlain(slot) != 0) {
                used++;
            }
        }
        return used;
    }

    /** Encodes the NOTE that opens a segment; returns its length. */
    int encodeNote(RecordEncoder encoder, byte[] into, long lsnBefore) {
        encoder.begin(
                into,
                0,
                RecordFormat.NOTE,
                RecordFormat.ASYNC,
                used(),
                0,
                0,
                0,
                RecordFormat.NOTE_EXTENSION_BYTES);
        LittleEndian.putLong(into, RecordFormat.HEADER_BYTES, lsnBefore);
        int participant = 0;
        for (int slot = 0; slot < SLOTS; slot++) {
            long index = last.getPlain(slot);
            if (index != 0) {
                encoder.emptySection(partition(slot));
                RecordFormat.stampLogIndex(into, 0, participant++, index);
            }
        }
        return encoder.end();
    }
}
