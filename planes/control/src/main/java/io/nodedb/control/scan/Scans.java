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
import io.nodedb.storage.snapshot.SnapshotHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens scans. Callable from every thread. */
@Immutable
public final class Scans {
    /** Bytes that the pages of one scan may hold together, as far as the entries' sizes allow. */
    private static final int SCAN_BYTES = 4 * 1024 * 1024;

    private static final int LARGEST_PAGE_BYTES = 64 * 1024;
    private static final int SMALLEST_PAGE_BYTES = 4 * 1024;
    private static final int PAGE_ENTRIES = 256;
    private static final int COUNTING_PAGE_ENTRIES = 1024;

    private final Dispatcher dispatcher;
    private final Router router;
    private final TimeSource time;
    private final Snapshots snapshots;
    private final CollectionDrain drain;
    private final long statementNanos;

    /**
     * @param statementNanos {@code statement_timeout}: what a whole scan may take; 0 for any
     */
    public Scans(
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
     * All entries at a snapshot of now; {@code options} bound each page, {@code statement_timeout}
     * all of them.
     */
    public CollectionScan open(CollectionInfo collection, CallOptions options) {
        return open(collection, options, null, true);
    }

    /** All entries at a snapshot that the caller keeps open for as long as the scan. */
    public CollectionScan open(
            CollectionInfo collection, CallOptions options, SnapshotHandle snapshot) {
        return open(collection, options, snapshot, true);
    }

    /** The number of keys at a snapshot of now. Reads every key's place, but no value. */
    public long count(CollectionInfo collection, CallOptions options) {
        return open(collection, options, null, false).count();
    }

    /** A scan without values. */
    public CollectionScan openKeys(
            CollectionInfo collection, CallOptions options, SnapshotHandle snapshot) {
        return open(collection, options, snapshot, false);
    }

    private CollectionScan open(
            CollectionInfo collection,
            CallOptions options,
            @Nullable SnapshotHandle lent,
            boolean withValues) {
        dispatcher.refuseOnLaneThread();
        if (!drain.enter(collection.id())) {
            throw new NodeDbException(
                    ErrorCode.COLLECTION_DRAINING,
                    "The collection is being purged: collection=" + collection.name());
        }
        ScanDeadlines deadlines =
                new ScanDeadlines(time, time.nanoTime(), statementNanos, options.timeoutNanos());
        @Nullable SnapshotHandle own = null;
        List<PartitionScan> partitions = new ArrayList<>(router.partitions());
        try {
            SnapshotHandle snapshot;
            if (lent == null) {
                own = snapshots.open();
                snapshot = own;
            } else {
                snapshot = lent;
            }
            int pageBytes =
                    Math.clamp(
                            SCAN_BYTES / (2L * router.partitions()),
                            SMALLEST_PAGE_BYTES,
                            LARGEST_PAGE_BYTES);
            for (int partition = 0; partition < router.partitions(); partition++) {
                PartitionScan scan =
                        new PartitionScan(
                                dispatcher,
                                deadlines,
                                router.coreOf(partition),
                                partition,
                                collection.id(),
                                withValues,
                                pageBytes,
                                withValues ? PAGE_ENTRIES : COUNTING_PAGE_ENTRIES,
                                snapshot,
                                options);
                scan.start();
                partitions.add(scan);
            }
            return new CollectionScan(partitions, drain, collection.id(), snapshots, own);
        } catch (RuntimeException | Error e) {
            drain.leave(collection.id());
            if (own != null) {
                snapshots.close(own);
            }
            throw e;
        }
    }
}
