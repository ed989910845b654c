package io.nodedb.storage.wal;

import io.nodedb.base.ownership.WalOwned;
import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.DiskFile;
import io.nodedb.os.disk.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Segments ready to be written, made ahead: zero-filled in slices, or recycled from what was cut.
 * Each gets its generation when it is ready, so they are taken in the order of their generations.
 *
 * <p>A file bears a segment's name only when its header lasts, and loses it (lastingly) before it
 * gets another one; so a segment with a bad header is damage, never an interrupted preparation.
 *
 * <p>Making and removing files is the {@link WalKeeper}'s while it has a chore, and so are the
 * fields for that; {@link #take}, {@link #add} and {@link #ready} stay the writer's.
 */
@WalOwned
final class SegmentPool {
    private static final String PREPARING = "preparing" + SegmentFormat.UNFINISHED_SUFFIX;
    private static final String RECYCLING = "recycling" + SegmentFormat.UNFINISHED_SUFFIX;

    private final Disk disk;
    private final String directory;
    private final long databaseId;
    private final int segmentBytes;
    private final ArrayDeque<OpenSegment> ready = new ArrayDeque<>();
    private @Nullable DiskFile preparing;
    private long prepared;
    private long nextGeneration;

    SegmentPool(
            Disk disk, String directory, long databaseId, int segmentBytes, long nextGeneration) {
        this.disk = disk;
        this.directory = directory;
        this.databaseId = databaseId;
        this.segmentBytes = segmentBytes;
        this.nextGeneration = nextGeneration;
    }

    int ready() {
        return ready.size();
    }

    /** The next segment to write, or null when none is ready. */
    @Nullable OpenSegment take() {
        return ready.poll();
    }

    /** Deletes what an interrupted preparation left. */
    void deleteUnfinished() throws IOException {
        disk.delete(pathOf(PREPARING));
        disk.delete(pathOf(RECYCLING));
        disk.syncDirectory(directory);
    }

    /** Puts what was prepared or recycled last behind those that are ready. */
    void add(OpenSegment segment) {
        ready.add(segment);
    }

    /**
     * Zero-fills at most {@code sliceBytes} of a new segment; returns it when that made it ready,
     * else null. When the disk is full it gives back what it took and throws {@link
     * DiskFullException}.
     */
    @Nullable OpenSegment prepare(long sliceBytes, long lsnBound) throws IOException {
        try {
            if (preparing == null && disk.freeBytes() < segmentBytes) {
                throw new DiskFullException(
                        "no room for a log segment in " + disk.describe(directory));
            }
            DiskFile file = preparing;
            if (file == null) {
                file = disk.create(pathOf(PREPARING));
                preparing = file;
                prepared = 0;
            }
            prepared = Math.min(segmentBytes, prepared + sliceBytes);
            file.allocate(prepared);
            file.sync();
            if (prepared < segmentBytes) {
                return null;
            }
            preparing = null;
            return finish(file, PREPARING, lsnBound);
        } catch (DiskFullException e) {
            abandon();
            throw e;
        }
    }

    private void abandon() throws IOException {
        DiskFile file = preparing;
        preparing = null;
        if (file != null) {
            file.close();
            disk.delete(pathOf(PREPARING));
        }
    }

    /** Makes a segment that nobody needs ready under a new generation. */
    OpenSegment recycle(Segment old, long lsnBound) throws IOException {
        disk.rename(old.path(), pathOf(RECYCLING));
        disk.syncDirectory(directory);
        return finish(disk.openForWrite(pathOf(RECYCLING)), RECYCLING, lsnBound);
    }

    /** May the file serve again as it is? */
    boolean recyclable(Segment old) throws IOException {
        if (old.bytes() != segmentBytes) {
            return false;
        }
        try (DiskFile file = disk.openForRead(old.path())) {
            return file.size() == segmentBytes;
        }
    }

    /** Deletes a segment that nobody needs. */
    void delete(Segment old) throws IOException {
        disk.delete(old.path());
        disk.syncDirectory(directory);
    }

    private OpenSegment finish(DiskFile file, String unfinished, long lsnBound) throws IOException {
        Segment segment = Segment.of(directory, nextGeneration, segmentBytes);
        byte[] header =
                SegmentFormat.encode(segment.generation(), databaseId, segmentBytes, lsnBound);
        file.write(0, ByteBuffer.wrap(header));
        file.sync();
        disk.rename(pathOf(unfinished), segment.path());
        disk.syncDirectory(directory);
        nextGeneration++;
        return new OpenSegment(segment, file);
    }

    private String pathOf(String name) {
        return directory + '/' + name;
    }

    void close() throws IOException {
        abandon();
        for (OpenSegment segment : ready) {
            segment.file().close();
        }
        ready.clear();
    }
}
