package io.nodedb.storage.wal;

import io.nodedb.base.ids.Lsn;
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
    private final long startLsn;
    private final GroupCursor groups;
    private final RecordReader record = new RecordReader();
    private long startPosition = -1;
    private boolean started;
    private long lastLsn;
    private int at;
    private int end;

    private LogCursor(LogReader reader, ReadLimit limit, long startLsn, long lastLsn) {
        this.reader = reader;
        this.limit = limit;
        this.startLsn = startLsn;
        this.lastLsn = lastLsn;
        this.groups = reader.groups();
    }

    /** Every record above an LSN. */
    static LogCursor above(LogReader reader, long lsn, ReadLimit limit) {
        return new LogCursor(reader, limit, lsn, lsn);
    }

    /** Every record of the segments that hold records above an LSN, so that none is missed. */
    static LogCursor ofSegmentsAbove(LogReader reader, long lsn, ReadLimit limit) {
        return new LogCursor(reader, limit, lsn, 0);
    }

    /** Every record from a group on whose position is known. */
    static LogCursor fromGroup(LogReader reader, long groupPosition, ReadLimit limit) {
        LogCursor cursor = new LogCursor(reader, limit, 0, 0);
        cursor.startPosition = groupPosition;
        return cursor;
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
                throw reader.damaged(groups.segment(), position());
            }
            at += RecordFormat.aligned(record.length());
        } while (record.lsn() <= lastLsn);
        lastLsn = record.lsn();
        return true;
    }

    private boolean nextGroup() {
        long reachable = reader.limit(limit);
        if (started && groups.end() >= reachable) {
            return false;
        }
        try {
            if (started ? groups.next() : start(reachable)) {
                enterGroup();
                return true;
            }
        } catch (NoSuchFileException e) {
            // The segment was cut between looking it up and opening it.
        } catch (IOException e) {
            throw reader.failed(e);
        }
        return (started || startPosition >= 0) && goOnAfterCut(reachable);
    }

    /** False when the log is still empty, or when the first group is not where it was. */
    private boolean start(long reachable) throws IOException {
        Segment[] all = reader.segments().snapshot();
        if (all.length == 0) {
            return false;
        }
        Segment segment =
                startPosition < 0
                        ? reader.segments().startFor(startLsn)
                        : reader.segments().containing(startPosition);
        long first = startPosition < 0 && segment != null ? segment.first() : startPosition;
        if (startPosition < 0 && segment != null && startLsn < segment.lsnBefore()) {
            throw reader.tooOld("LSN " + Lsn.toString(startLsn));
        }
        if (first >= reachable) {
            return false;
        }
        startPosition = first;
        started = segment != null && groups.moveTo(segment, first);
        return started;
    }

    /**
     * The next group is not where it was: its segment was cut, or it is damaged. A reader that had
     * all of what was cut, or never asked for it, goes on with the oldest segment that is left.
     */
    private boolean goOnAfterCut(long reachable) {
        long place = started ? groups.end() : startPosition;
        if (place >= reachable) {
            return false;
        }
        Segment[] all = reader.segments().snapshot();
        Segment oldest = all[0];
        if (place >= oldest.base()) {
            Segment here = started ? groups.segment() : oldest;
            throw reader.damaged(here, place);
        }
        if (Math.max(startLsn, lastLsn) < oldest.lsnBefore()) {
            throw reader.tooOld("position " + place);
        }
        startPosition = started ? startPosition : oldest.first();
        try {
            if (!groups.moveTo(oldest, oldest.first())) {
                throw reader.damaged(oldest, oldest.first());
            }
        } catch (NoSuchFileException e) {
            throw reader.tooOld("position " + place);
        } catch (IOException e) {
            throw reader.failed(e);
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
            throw reader.failed(e);
        }
    }
}
