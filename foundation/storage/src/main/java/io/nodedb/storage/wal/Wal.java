package io.nodedb.storage.wal;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.DiskFile;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A write-ahead log in one folder: {@link #open} recovers it, {@link #reader} gives what must be
 * replayed, {@link #start} begins a new incarnation and returns its writer.
 *
 * <p>Threads: the opener's, until {@code start}; then the writer belongs to its thread and {@link
 * #close} comes after that thread's last step. Failures: DATA_CORRUPTED when synced bytes are
 * damaged (names file and offset; nothing was changed), UNSUPPORTED for a newer version,
 * STORAGE_FAILED when the disk fails.
 */
public final class Wal implements AutoCloseable {
    /**
     * With more segments than this the unused end of the last one is cut off, so that a database
     * which starts over and over without reaching a checkpoint does not fill the disk with zeros.
     */
    private static final int SEGMENTS_KEPT_WHOLE = 4;

    private final Disk disk;
    private final String directory;
    private final WalOptions options;
    private final long databaseId;
    private final TimeSource time;
    private final WalRecovery recovery;
    private final RecoveredLog recovered;
    private final SegmentPool pool;
    private final WalProgress progress;
    private final Pins pins = new Pins();
    private final LogReader reader;
    private @Nullable WalWriter writer;

    private Wal(
            Disk disk,
            String directory,
            WalOptions options,
            long databaseId,
            TimeSource time,
            WalRecovery recovery,
            RecoveredLog recovered) {
        this.disk = disk;
        this.directory = directory;
        this.options = options;
        this.databaseId = databaseId;
        this.time = time;
        this.recovery = recovery;
        this.recovered = recovered;
        int segmentBytes = options.segmentBytes();
        this.pool =
                new SegmentPool(
                        disk,
                        directory,
                        databaseId,
                        segmentBytes,
                        recovery.nextGeneration(segmentBytes));
        this.progress = new WalProgress(recovered.lastLsn(), recovered.tailPosition());
        this.reader =
                new LogReader(disk, recovery.segments(), databaseId, progress, recovery.indexes());
    }

    /**
     * Recovers the log in {@code directory}, which is created when absent. {@code knownSyncedLsn}:
     * the highest LSN that any checkpoint contains (0 for none); the log must reach it.
     */
    public static Wal open(
            Disk disk,
            String directory,
            WalOptions options,
            long databaseId,
            TimeSource time,
            long knownSyncedLsn) {
        try {
            disk.createDirectories(directory);
            int slash = directory.lastIndexOf('/');
            disk.syncDirectory(slash < 0 ? "" : directory.substring(0, slash));
            WalRecovery recovery = new WalRecovery(disk, directory, databaseId);
            RecoveredLog recovered = recovery.run(knownSyncedLsn, options.segmentBytes());
            Wal wal = new Wal(disk, directory, options, databaseId, time, recovery, recovered);
            wal.settle();
            return wal;
        } catch (IOException e) {
            throw failed("opening", disk, directory, e);
        }
    }

    /**
     * Makes lasting what was found, and puts away what is no part of the log. A crash in between
     * changes nothing: the chain of groups ends where it ended.
     */
    private void settle() throws IOException {
        pool.deleteUnfinished();
        Segment[] segments = recovery.segments().snapshot();
        for (Segment segment : segments) {
            boolean last = segment.equals(segments[segments.length - 1]);
            if (last || segment.end() > recovery.syncedBefore()) {
                syncAndCut(segment, last && segments.length > SEGMENTS_KEPT_WHOLE);
            }
        }
        for (Segment unused : recovery.unused()) {
            if (pool.ready() <= options.spareSegments() && pool.recyclable(unused)) {
                pool.add(pool.recycle(unused, recovered.lsnFloor()));
            } else {
                pool.delete(unused);
            }
        }
    }

    private void syncAndCut(Segment segment, boolean cut) throws IOException {
        try (DiskFile file = disk.openForWrite(segment.path())) {
            long used = GroupCursor.nextBlock(recovered.tailPosition()) - segment.base();
            if (cut && file.size() > used) {
                file.truncate(used);
            }
            file.sync();
        }
    }

    /** What recovery found. */
    public RecoveredLog recovered() {
        return recovered;
    }

    /** Reads the log; works before and after {@link #start}. */
    public LogReader reader() {
        return reader;
    }

    /** How far the log has come. */
    public WalProgress progress() {
        return progress;
    }

    /** The last log index of a partition. */
    public long lastLogIndex(int partition) {
        return recovery.indexes().last(partition);
    }

    /**
     * Begins a new incarnation: everything prepared and not decided before is aborted from now on.
     * {@code cores} are numbered from 0 in order. On a full disk the log starts refusing. The
     * writer needs {@code keeper} to be stepped beside it.
     */
    public WalWriter start(List<CoreLog> cores, List<CommitPort> ports, WalKeeper keeper) {
        Check.that(writer == null, "a log is started once");
        WalWriter started =
                new WalWriter(
                        options,
                        time,
                        cores,
                        ports,
                        pool,
                        recovery,
                        recovered,
                        pins,
                        progress,
                        keeper,
                        databaseId);
        writer = started;
        try {
            started.begin();
            return started;
        } catch (IOException e) {
            throw failed("starting", disk, directory, e);
        }
    }

    /** After the writer's and the keeper's last step: syncs what is unsynced, closes the files. */
    @Override
    public void close() {
        try {
            WalWriter started = writer;
            if (started == null) {
                pool.close();
            } else {
                started.close();
            }
        } catch (IOException e) {
            throw failed("closing", disk, directory, e);
        }
    }

    private static NodeDbException failed(
            String doing, Disk disk, String directory, IOException cause) {
        return new NodeDbException(
                ErrorCode.STORAGE_FAILED,
                "The disk failed while "
                        + doing
                        + " the log: directory="
                        + disk.describe(directory)
                        + " cause="
                        + cause.getMessage(),
                cause);
    }
}
