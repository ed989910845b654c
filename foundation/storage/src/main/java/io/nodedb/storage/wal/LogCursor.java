package io.nodedb.storage.wal;

import io.nodedb.base.errors.NodeDbException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/**
 * Moves over all records above an LSN, oldest first. {@link #next} says false at the limit and may
 * be called again when the log has grown. Belongs to one thread; close it.
 *
 * <p>Whole groups are read and checked in the cursor's own memory, so the writer may go on, and a
 * segment that is recycled meanwhile is noticed.
 */
public final class LogCursor implements AutoCloseable {
    private final LogReader reader;
    private final ReadLimit limit;
    private final long lsnExclusive;
    private final GroupCursor groups;
    private final RecordReader record = new RecordReader();
    private long startPosition;
    private boolean started;
    private int at;
    private int end;

    LogCursor(LogReader reader, ReadLimit limit, long lsnExclusive) {
        this.reader = reader;
        this.limit = limit;
        this.lsnExclusive = lsnExclusive;
        this.groups = reader.groups();
        this.startPosition = -1;
    }

    /** Starts at a group whose position is known. */
    LogCursor(LogReader reader, ReadLimit limit, long lsnExclusive, long groupPosition) {
        this(reader, limit, lsnExclusive);
        this.startPosition = groupPosition;
    }

    /** Moves to the next record; false when there is none within the limit now. */
    public boolean next() {
        do {
            while (at == end) {
                if (!nextGroup()) {
                    return false;
                }
            }
            if (!record.wrap(groups.group().bytes(), at, end - at)) {
                throw reader.unreadable(groups.segment(), position());
            }
            at += RecordFormat.aligned(record.length());
        } while (record.lsn() <= lsnExclusive);
        return true;
    }

    private boolean nextGroup() {
        long reachable = reader.limit(limit);
        try {
            if (!started) {
                return start(reachable);
            }
            if (groups.end() >= reachable) {
                return false;
            }
            if (!groups.next()) {
                throw reader.unreadable(groups.segment(), groups.end());
            }
        } catch (NoSuchFileException e) {
            throw reader.cutMeanwhile(started ? groups.end() : startPosition);
        } catch (IOException e) {
            throw reader.failed(e);
        }
        enterGroup();
        return true;
    }

    private boolean start(long reachable) throws IOException {
        Segment[] all = reader.segments().snapshot();
        if (all.length == 0) {
            return false;
        }
        Segment segment;
        if (startPosition < 0) {
            segment = reader.segments().startFor(lsnExclusive);
            startPosition = segment.first();
        } else {
            Segment containing = reader.segments().containing(startPosition);
            if (containing == null) {
                throw reader.cutMeanwhile(startPosition);
            }
            segment = containing;
        }
        if (startPosition >= reachable) {
            return false;
        }
        if (!groups.moveTo(segment, startPosition)) {
            throw reader.unreadable(segment, startPosition);
        }
        started = true;
        enterGroup();
        return true;
    }

    private void enterGroup() {
        at = GroupFormat.HEADER_BYTES;
        end = at + groups.group().payloadLength();
    }

    /** The present record; valid until the next move. */
    public RecordReader record() {
        return record;
    }

    /** Global position of the present record, which finds it again. */
    public long position() {
        return groups.group().position() + record.offset();
    }

    /** The start of the database under which the present record was written. */
    public long incarnation() {
        return groups.group().incarnation();
    }

    /** Position of the group where the cursor started; -1 before the first move. */
    long startPosition() {
        return startPosition;
    }

    @Override
    public void close() {
        try {
            groups.close();
        } catch (IOException e) {
            throw closingFailed(e);
        }
    }

    private NodeDbException closingFailed(IOException e) {
        return reader.failed(e);
    }
}
