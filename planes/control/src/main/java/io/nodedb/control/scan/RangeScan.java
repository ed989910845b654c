package io.nodedb.control.scan;

import io.nodedb.base.errors.Check;
import io.nodedb.control.port.CollectionDrain;
import io.nodedb.control.snapshot.Snapshots;
import io.nodedb.storage.snapshot.SnapshotHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a range of keys at one snapshot, in the order of their keys over all partitions: a
 * k-way merge of the partitions' pages.
 *
 * <p>Holds a scan permit of its collection and, unless it was lent one, a snapshot, until it ends,
 * fails or is closed; a scan that is forgotten loses its snapshot after {@code max_snapshot_age}.
 * One thread at a time.
 */
public final class RangeScan implements EntrySource {
    private final List<RangePartitionScan> partitions;
    private final CollectionDrain drain;
    private final int collection;
    private final Snapshots snapshots;
    private final @Nullable SnapshotHandle ownSnapshot;
    private final PriorityQueue<RangePartitionScan> heads;
    private boolean started;
    private boolean closed;

    RangeScan(
            List<RangePartitionScan> partitions,
            KeyRange range,
            CollectionDrain drain,
            int collection,
            Snapshots snapshots,
            @Nullable SnapshotHandle ownSnapshot) {
        this.partitions = new ArrayList<>(partitions);
        this.drain = drain;
        this.collection = collection;
        this.snapshots = snapshots;
        this.ownSnapshot = ownSnapshot;
        this.heads =
                new PriorityQueue<>(
                        Math.max(1, partitions.size()), (a, b) -> range.compare(a.key(), b.key()));
    }

    @Override
    public @Nullable ScanEntry next() {
        if (closed) {
            return null;
        }
        try {
            if (!started) {
                started = true;
                for (RangePartitionScan partition : partitions) {
                    push(partition);
                }
            }
            RangePartitionScan head = heads.poll();
            if (head == null) {
                close();
                return null;
            }
            ScanEntry entry = head.entry();
            push(head);
            return entry;
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Counts all rows and ends the scan; only before the first {@link #next}. */
    public long count() {
        Check.that(!started && !closed, "a scan that is counted was not begun");
        try {
            long count = 0;
            for (RangePartitionScan partition : partitions) {
                count += partition.count();
            }
            return count;
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        heads.clear();
        partitions.clear();
        drain.leave(collection);
        if (ownSnapshot != null) {
            snapshots.close(ownSnapshot);
        }
    }

    private void push(RangePartitionScan partition) {
        if (partition.advance()) {
            heads.add(partition);
        }
    }
}
