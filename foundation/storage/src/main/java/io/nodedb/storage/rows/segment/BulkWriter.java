package io.nodedb.storage.rows.segment;

import io.nodedb.os.disk.Disk;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import io.nodedb.storage.rows.block.RowKey;
import io.nodedb.storage.rows.block.RowVersion;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes sorted rows straight to files, past log and memtables: {@link #add} each in order, {@link
 * #finish}, log the commit, then {@link io.nodedb.storage.rows.RowStore#ingest} with its LSN. What
 * is not ingested before a restart is deleted then.
 *
 * <p>One background thread at a time.
 */
public final class BulkWriter implements AutoCloseable {
    private final Disk disk;
    private final String directory;
    private final CheckpointOwner owner;
    private final FileNumbers numbers;
    private final SegmentOptions options;
    private final long fileBytes;
    private final List<Segment> finished = new ArrayList<>();
    private byte[] rowKey = new byte[64];
    private @Nullable SegmentWriter writer;

    public BulkWriter(
            Disk disk,
            String directory,
            CheckpointOwner owner,
            FileNumbers numbers,
            SegmentOptions options,
            long fileBytes) {
        this.disk = disk;
        this.directory = directory;
        this.owner = owner;
        this.numbers = numbers;
        this.options = options;
        this.fileBytes = fileBytes;
    }

    /** Appends a row; its (keyspace, key) must be greater than the one before. */
    public void add(int keyspace, byte[] key, byte[] value) throws IOException {
        int length = RowKey.PREFIX_BYTES + key.length;
        if (rowKey.length < length) {
            rowKey = new byte[2 * length];
        }
        RowKey.putKeyspace(keyspace, rowKey);
        System.arraycopy(key, 0, rowKey, RowKey.PREFIX_BYTES, key.length);
        SegmentWriter open = writer;
        if (open != null && open.bytes() >= fileBytes) {
            finished.add(open.finish(0));
            open = null;
        }
        if (open == null) {
            open = new SegmentWriter(disk, directory, owner, numbers.take(), options);
            writer = open;
        }
        open.add(rowKey, length, 0, RowVersion.PUT, MemorySegment.ofArray(value), 0, value.length);
    }

    /** Ends the last file; the files are the caller's to ingest. */
    public BulkFiles finish() throws IOException {
        SegmentWriter open = writer;
        if (open != null) {
            finished.add(open.finish(0));
            writer = null;
        }
        BulkFiles files = new BulkFiles(finished);
        finished.clear();
        return files;
    }

    /** Deletes what {@link #finish} did not hand over. */
    @Override
    public void close() throws IOException {
        SegmentWriter open = writer;
        if (open != null) {
            writer = null;
            open.abandon();
        }
        for (Segment segment : finished) {
            segment.file().file().close();
            disk.delete(segment.file().path());
        }
        finished.clear();
    }
}
