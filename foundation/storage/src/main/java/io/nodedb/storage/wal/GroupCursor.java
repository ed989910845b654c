package io.nodedb.storage.wal;

import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.DiskFile;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Follows the chain of groups: the next one starts where this one ends, on the block after it, or
 * at the start of a later segment, and names this one's end. Single-threaded.
 */
final class GroupCursor implements AutoCloseable {
    private static final long ANY = -1;

    private final Disk disk;
    private final SegmentList segments;
    private final GroupReader group;
    private @Nullable Segment segment;
    private @Nullable DiskFile file;
    private long end = ANY;

    GroupCursor(Disk disk, SegmentList segments, long databaseId) {
        this.disk = disk;
        this.segments = segments;
        this.group = new GroupReader(databaseId);
    }

    /** The group that the last successful move reached. */
    GroupReader group() {
        return group;
    }

    /** Position after the group reached; -1 before the first move. */
    long end() {
        return end;
    }

    Segment segment() {
        if (segment == null) {
            throw new IllegalStateException("no group was reached yet");
        }
        return segment;
    }

    /** Moves to the group at a position, whatever it follows; false when there is none. */
    boolean moveTo(Segment target, long position) throws IOException {
        return reach(target, position, ANY);
    }

    /** Moves to the next group; false when there is none: the tail, or damage. */
    boolean next() throws IOException {
        Segment here = segment();
        long nextBlock = nextBlock(end);
        if (reach(here, end, end) || (nextBlock != end && reach(here, nextBlock, end))) {
            return true;
        }
        for (Segment later : segments.snapshot()) {
            if (later.base() > here.base() && reach(later, later.first(), end)) {
                return true;
            }
        }
        return false;
    }

    static long nextBlock(long position) {
        return (position + SegmentFormat.BLOCK_BYTES - 1) & -SegmentFormat.BLOCK_BYTES;
    }

    private boolean reach(Segment target, long position, long previousEnd) throws IOException {
        DiskFile opened =
                file != null && target.equals(segment) ? file : disk.openForRead(target.path());
        boolean reached = false;
        try {
            reached =
                    group.read(opened, target, position)
                            && (previousEnd == ANY || group.previousEnd() == previousEnd);
        } finally {
            if (!reached && opened != file) {
                opened.close();
            }
        }
        if (reached) {
            if (opened != file) {
                close();
                file = opened;
                segment = target;
            }
            end = group.end();
        }
        return reached;
    }

    @Override
    public void close() throws IOException {
        DiskFile open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }
}
