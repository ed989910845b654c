package io.nodedb.control.scan;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.dispatch.Dispatcher;
import io.nodedb.control.dispatch.Router;
import io.nodedb.control.port.CollectionDrain;
import io.nodedb.control.snapshot.Snapshots;
import io.nodedb.plan.document.RangeScanCall;
import io.nodedb.storage.snapshot.SnapshotHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens scans of ordered collections. Callable from every thread. */
@Immutable
public final class RangeScans {
    /** What the pages of a scan carry. */
    public enum Rows {
        WHOLE(256),
        KEYS_ONLY(1024);

        private final int pageEntries;

        Rows(int pageEntries) {
            this.pageEntries = pageEntries;
        }
    }

    /** Bytes that the pages of one scan may hold together, as far as the rows' sizes allow. */
    private static final int SCAN_BYTES = 4 * 1024 * 1024;

    private static final int LARGEST_PAGE_BYTES = 64 * 1024;
    private static final int SMALLEST_PAGE_BYTES = 4 * 1024;

    private final Dispatcher dispatcher;
    private final Router router;
    private final TimeSource time;
    private final Snapshots snapshots;
    private final CollectionDrain drain;
    private final long statementNanos;

    /**
     * @param statementNanos {@code statement_timeout}: what a whole scan may take; 0 for any
     */
    public RangeScans(
            Dispatcher dispatcher,
            Router router,
            TimeSource time,
            Snapshots snapshots,
            CollectionDrain drain,
            long statementNanos) {
        this.dispatcher = dispatcher;
        this.router = router;
        this.time = time;
        this.snapshots = snapshots;
        this.drain = drain;
        this.statementNanos = statementNanos;
    }

    /**
     * The rows of a range; {@code options} bound each page, {@code statement_timeout} all of them.
     *
     * @param lent a snapshot that the caller keeps open for as long as the scan; null takes one of
     *     now
     */
    public RangeScan open(
            CollectionInfo collection,
            KeyRange range,
            Rows rows,
            CallOptions options,
            @Nullable SnapshotHandle lent) {
        dispatcher.refuseOnLaneThread();
        if (!drain.enter(collection.id())) {
            throw new NodeDbException(
                    ErrorCode.COLLECTION_DRAINING,
                    "The collection is being purged: collection=" + collection.name());
        }
        @Nullable SnapshotHandle own = null;
        try {
            SnapshotHandle snapshot = lent;
            if (snapshot == null) {
                own = snapshots.open();
                snapshot = own;
            }
            return new RangeScan(
                    partitions(collection, range, rows, options, snapshot),
                    range,
                    drain,
                    collection.id(),
                    snapshots,
                    own);
        } catch (RuntimeException | Error e) {
            drain.leave(collection.id());
            if (own != null) {
                snapshots.close(own);
            }
            throw e;
        }
    }

    private List<RangePartitionScan> partitions(
            CollectionInfo collection,
            KeyRange range,
            Rows rows,
            CallOptions options,
            SnapshotHandle snapshot) {
        ScanDeadlines deadlines =
                new ScanDeadlines(time, time.nanoTime(), statementNanos, options.timeoutNanos());
        RangeScanCall like = new RangeScanCall();
        like.collection = collection.id();
        like.direction = range.direction();
        like.from = range.from();
        like.to = range.to();
        like.withValues = rows == Rows.WHOLE;
        like.maxEntries = rows.pageEntries;
        like.maxBytes =
                Math.clamp(
                        SCAN_BYTES / (2L * router.partitions()),
                        SMALLEST_PAGE_BYTES,
                        LARGEST_PAGE_BYTES);
        List<RangePartitionScan> partitions = new ArrayList<>(router.partitions());
        for (int partition = 0; partition < router.partitions(); partition++) {
            like.partition = partition;
            RangePartitionScan scan =
                    new RangePartitionScan(
                            dispatcher,
                            deadlines,
                            router.coreOf(partition),
                            like,
                            snapshot,
                            options);
            scan.start();
            partitions.add(scan);
        }
        return partitions;
    }
}
