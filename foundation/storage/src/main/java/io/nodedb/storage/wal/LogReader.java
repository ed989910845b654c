package io.nodedb.storage.wal;

import io.nodedb.base.errors.Check;
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

    LogReader(
            Disk disk,
            SegmentList segments,
            long databaseId,
            WalProgress progress,
            LogIndexes indexes) {
        this.disk = disk;
        this.segments = segments;
        this.databaseId = databaseId;
        this.progress = progress;
        this.indexes = indexes;
    }

    /** Every record above an LSN, of every type. */
    public LogCursor cursorFrom(long lsnExclusive, ReadLimit limit) {
        requireReach(lsnExclusive);
        return LogCursor.above(this, lsnExclusive, limit);
    }

    /**
     * Every commit above an LSN that touches one of these partitions, transactions put together;
     * what was aborted or never decided does not appear.
     */
    public CommitCursor commitsFrom(long lsnExclusive, IntPredicate partitions, ReadLimit limit) {
        requireReach(lsnExclusive);
        LogCursor records = LogCursor.ofSegmentsAbove(this, lsnExclusive, limit);
        return new CommitCursor(this, records, partitions, lsnExclusive, 0);
    }

    /** The log of one partition. */
    public Log partition(int partition) {
        return new PartitionLog(partition);
    }

    /** Every commit above this LSN is in the log. */
    public long reachesBackTo() {
        Segment[] all = segments.snapshot();
        return all.length == 0 ? 0 : all[0].lsnBefore();
    }

    private void requireReach(long lsnExclusive) {
        if (lsnExclusive < reachesBackTo()) {
            throw tooOld("LSN " + Lsn.toString(lsnExclusive));
        }
    }

    NodeDbException tooOld(String what) {
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
                throw damaged(segment, position);
            }
        } catch (NoSuchFileException e) {
            throw tooOld("position " + position);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** A group or record that must be there is not. */
    NodeDbException damaged(Segment segment, long position) {
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

    GroupCursor groups() {
        return new GroupCursor(disk, segments, databaseId);
    }

    SegmentList segments() {
        return segments;
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
            // The position is fixed before anything is read, so that a cut meanwhile is noticed.
            Segment[] all = segments.snapshot();
            LogCursor records =
                    all.length == 0
                            ? LogCursor.above(LogReader.this, 0, limit)
                            : LogCursor.fromGroup(
                                    LogReader.this, startFor(all, fromLogIndex).first(), limit);
            return new CommitCursor(LogReader.this, records, p -> p == partition, 0, fromLogIndex);
        }

        /** The newest segment that starts at or before an index. */
        private Segment startFor(Segment[] all, long fromLogIndex) {
            for (int i = all.length - 1; i >= 0; i--) {
                if (lastIndexBefore(all[i]) < fromLogIndex) {
                    return all[i];
                }
            }
            throw tooOld("log index " + fromLogIndex + " of partition " + partition);
        }

        /** Every segment starts with a note of what came before it. */
        private long lastIndexBefore(Segment segment) {
            if (segment.lsnBefore() == 0) {
                return 0;
            }
            try (GroupCursor groups = groups()) {
                if (!groups.moveTo(segment, segment.first())) {
                    throw damaged(segment, segment.first());
                }
                GroupReader group = groups.group();
                RecordReader note = new RecordReader();
                Check.that(
                        note.wrap(group.bytes(), GroupFormat.HEADER_BYTES, group.payloadLength())
                                && note.type() == RecordFormat.NOTE,
                        "a segment starts with a note",
                        segment.generation());
                int own = note.participantOf(partition);
                return own < 0 ? 0 : note.logIndex(own);
            } catch (NoSuchFileException e) {
                throw tooOld("segment " + segment.generation());
            } catch (IOException e) {
                throw failed(e);
            }
        }
    }
}
