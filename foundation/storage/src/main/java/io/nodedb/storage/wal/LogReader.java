package io.nodedb.storage.wal;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.Lsn;
import io.nodedb.base.ownership.Shared;
import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.DiskFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.function.IntPredicate;

/**
 * Opens cursors over the log, before its writer was started (for replay) and beside it (for feeds).
 * Callable from every thread; each cursor belongs to one and must be closed. A reader that falls
 * behind what was cut gets LSN_TOO_OLD, never other bytes: {@link Pins} hold the cut back.
 */
@Shared("immutable; what it refers to is safe itself")
public final class LogReader {
    private final Disk disk;
    private final SegmentList segments;
    private final long databaseId;
    private final WalProgress progress;
    private final LogIndexes indexes;
    private final int maxRecordBytes;

    LogReader(
            Disk disk,
            SegmentList segments,
            long databaseId,
            WalProgress progress,
            LogIndexes indexes,
            int maxRecordBytes) {
        this.disk = disk;
        this.segments = segments;
        this.databaseId = databaseId;
        this.progress = progress;
        this.indexes = indexes;
        this.maxRecordBytes = maxRecordBytes;
    }

    /** Every record above an LSN, of every type. */
    public LogCursor cursorFrom(long lsnExclusive, ReadLimit limit) {
        LogCursor cursor = new LogCursor(this, limit, lsnExclusive);
        requireReach(lsnExclusive);
        return cursor;
    }

    /**
     * Every commit above an LSN that touches one of these partitions, transactions put together;
     * what was aborted or never decided does not appear.
     */
    public CommitCursor commitsFrom(long lsnExclusive, IntPredicate partitions, ReadLimit limit) {
        CommitCursor cursor = new CommitCursor(this, partitions, lsnExclusive, 0, limit);
        requireReach(lsnExclusive);
        return cursor;
    }

    /** The log of one partition. */
    public Log partition(int partition) {
        return new PartitionLog(partition);
    }

    /** Every commit above this LSN is in the log. */
    public long reachesBackTo() {
        Segment[] all = segments.snapshot();
        return all.length == 0 ? 0 : Math.max(0, all[0].firstLsn() - 1);
    }

    private void requireReach(long lsnExclusive) {
        if (lsnExclusive < reachesBackTo()) {
            throw tooOld("LSN " + Lsn.toString(lsnExclusive));
        }
    }

    private NodeDbException tooOld(String what) {
        return new NodeDbException(
                ErrorCode.LSN_TOO_OLD,
                "The log no longer holds what was asked for: asked="
                        + what
                        + " reaches_back_to="
                        + Lsn.toString(reachesBackTo()));
    }

    /** Reads one record again; {@code into} then holds it. The position came from a cursor. */
    void readAt(long position, RecordBuffer into) {
        Segment segment = segments.containing(position);
        if (segment == null) {
            throw tooOld("position " + position);
        }
        try (DiskFile file = disk.openForRead(segment.path())) {
            if (!into.read(file, position - segment.base())) {
                throw unreadable(segment, position);
            }
        } catch (NoSuchFileException e) {
            throw tooOld("position " + position);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Why a group that must be there is not: it was cut meanwhile, or it is damaged. */
    NodeDbException unreadable(Segment segment, long position) {
        Segment[] all = segments.snapshot();
        if (all.length == 0 || segment.base() < all[0].base()) {
            return tooOld("position " + position);
        }
        return new NodeDbException(
                ErrorCode.DATA_CORRUPTED,
                "The log is damaged: file="
                        + disk.describe(segment.path())
                        + " offset="
                        + (position - segment.base())
                        + ".");
    }

    NodeDbException failed(IOException cause) {
        return new NodeDbException(
                ErrorCode.STORAGE_FAILED, "Reading the log failed: " + cause.getMessage(), cause);
    }

    NodeDbException cutMeanwhile(long position) {
        return tooOld("position " + position);
    }

    GroupCursor groups() {
        return new GroupCursor(disk, segments, databaseId);
    }

    SegmentList segments() {
        return segments;
    }

    int maxRecordBytes() {
        return maxRecordBytes;
    }

    /** Global position up to which a reader may go now. */
    long limit(ReadLimit limit) {
        return switch (limit) {
            case DURABLE -> progress.durablePosition();
            case SYNCED -> Math.min(progress.durablePosition(), progress.syncedPosition());
        };
    }

    private final class PartitionLog implements Log {
        private final int partition;

        PartitionLog(int partition) {
            this.partition = partition;
        }

        @Override
        public int partition() {
            return partition;
        }

        @Override
        public long lastIndex() {
            return indexes.last(partition);
        }

        @Override
        public CommitCursor cursor(long fromLogIndex, ReadLimit limit) {
            CommitCursor cursor =
                    new CommitCursor(LogReader.this, p -> p == partition, 0, fromLogIndex, limit);
            long first = cursor.firstIndexOf(partition);
            if (fromLogIndex < first) {
                cursor.close();
                throw tooOld("log index " + fromLogIndex + " of partition " + partition);
            }
            return cursor;
        }
    }
}
