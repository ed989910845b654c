package io.nodedb.storage.rows.compaction;

import io.nodedb.storage.rows.RowJob;
import io.nodedb.storage.rows.RowJobKind;
import io.nodedb.storage.rows.VersionHorizon;
import io.nodedb.storage.rows.memtable.Memtable;
import io.nodedb.storage.rows.ranges.RangeSet;
import io.nodedb.storage.rows.segment.Segment;
import io.nodedb.storage.rows.segment.SegmentOptions;
import io.nodedb.storage.rows.segment.SegmentWriter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes a frozen memtable to one file of level 0. A pure function of the memtable, the horizon and
 * the deletions of ranges. One worker at a time.
 */
public final class FlushJob implements RowJob, SievedWriter.Output {
    /** Work between two looks at the budget. */
    private static final long SLICE_BYTES = 512 * 1024;

    private final Memtable memtable;
    private final JobFiles files;
    private final SegmentOptions options;
    private final boolean nothingBelow;
    private final VersionSieve sieve;
    private final SievedWriter sieved;
    private byte[] key = new byte[256];
    private long node;
    private boolean begun;
    private @Nullable SegmentWriter writer;
    private @Nullable Segment segment;
    private long bytesMoved;

    /**
     * @param nothingBelow no older version of any key exists, so deletions need not be kept
     */
    public FlushJob(
            Memtable memtable,
            JobFiles files,
            SegmentOptions options,
            VersionHorizon horizon,
            RangeSet ranges,
            boolean nothingBelow) {
        this.memtable = memtable;
        this.files = files;
        this.options = options;
        this.nothingBelow = nothingBelow;
        this.sieve = new VersionSieve(horizon, ranges);
        this.sieved = new SievedWriter(sieve, this);
    }

    @Override
    public RowJobKind kind() {
        return RowJobKind.FLUSH;
    }

    public Memtable memtable() {
        return memtable;
    }

    @Override
    public boolean step() throws IOException {
        try {
            if (!begun) {
                node = memtable.firstNode();
                begun = true;
            }
            long moved = 0;
            while (node != Memtable.NONE && moved < SLICE_BYTES) {
                moved += writeNode();
                node = memtable.following(node);
            }
            bytesMoved += moved;
            if (node != Memtable.NONE) {
                return true;
            }
            sieved.finishKey();
            SegmentWriter open = writer;
            if (open != null) {
                segment = open.finish(sieve.rangesApplied());
                writer = null;
            }
            return false;
        } catch (IOException | RuntimeException | Error e) {
            Leftovers.remove(e, writer);
            throw e;
        }
    }

    private long writeNode() throws IOException {
        int length = memtable.keyLength(node);
        if (key.length < length) {
            key = new byte[2 * length];
        }
        memtable.copyKey(node, key);
        long moved = 0;
        for (long version = memtable.newest(node);
                version != Memtable.NONE;
                version = memtable.older(version)) {
            int valueLength = memtable.valueLength(version);
            sieved.add(
                    key,
                    length,
                    memtable.stamp(version),
                    memtable.kind(version),
                    memtable.valueMemory(version),
                    memtable.valuePosition(version),
                    valueLength);
            moved += length + valueLength;
        }
        return moved;
    }

    @Override
    public SegmentWriter writerFor(byte[] rowKey, int length) throws IOException {
        SegmentWriter open = writer;
        if (open == null) {
            open =
                    new SegmentWriter(
                            files.disk(),
                            files.directory(),
                            files.owner(),
                            files.numbers().take(),
                            options);
            writer = open;
        }
        return open;
    }

    @Override
    public boolean nothingBelow(byte[] rowKey, int length) {
        return nothingBelow;
    }

    /** When it is done: the file, or null when no version stays. */
    public @Nullable Segment segment() {
        return segment;
    }

    @Override
    public long bytesMoved() {
        return bytesMoved;
    }
}
