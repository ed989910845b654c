package io.nodedb.storage.rows.segment;

import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.storage.rows.block.BlockCursor;
import io.nodedb.storage.rows.block.BlockKind;
import io.nodedb.storage.rows.block.BlockPlace;
import io.nodedb.storage.rows.block.BlockReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Reads files that do not overlap from the first version to the last, past the block cache: the
 * input of a merge. One background thread at a time.
 */
public final class SegmentRun implements AutoCloseable {
    private final List<Segment> segments;
    private final JobBlock indexBlock;
    private final JobBlock dataBlock;
    private int segmentIndex;
    private int section = -1;
    private BlockCursor index = new BlockCursor();
    private BlockCursor data = new BlockCursor();
    private boolean inSection;
    private boolean inBlock;
    private long bytesRead;

    /**
     * @param segments in order, at least one
     */
    public SegmentRun(List<Segment> segments, MemoryGovernor governor) {
        this.segments = List.copyOf(segments);
        BlockReader reader = new BlockReader();
        this.indexBlock = new JobBlock(governor, reader);
        this.dataBlock = new JobBlock(governor, reader);
    }

    /** To the next version; false at the end. */
    public boolean next() throws IOException {
        while (true) {
            if (inBlock && data.next()) {
                return true;
            }
            inBlock = false;
            if (inSection && index.next()) {
                openBlock();
                continue;
            }
            inSection = false;
            if (segmentIndex == segments.size()) {
                return false;
            }
            if (++section == segment().sections().size()) {
                segmentIndex++;
                section = -1;
                continue;
            }
            BlockPlace place = segment().sections().index(section);
            index = indexBlock.read(segment(), BlockKind.INDEX, place);
            bytesRead += place.storedBytes();
            inSection = true;
            if (index.first()) {
                openBlock();
            }
        }
    }

    private void openBlock() throws IOException {
        BlockPlace place = SegmentOpener.place(index, 0);
        data = dataBlock.read(segment(), BlockKind.DATA, place);
        bytesRead += place.storedBytes();
        data.rewind();
        inBlock = true;
    }

    private Segment segment() {
        return segments.get(segmentIndex);
    }

    public byte[] key() {
        return data.key();
    }

    public int keyLength() {
        return data.keyLength();
    }

    public long lsn() {
        return segment().lsn(data.lsn());
    }

    public int kind() {
        return data.kind();
    }

    public MemorySegment memory() {
        return data.memory();
    }

    public long valuePosition() {
        return data.valuePosition();
    }

    public int valueLength() {
        return data.valueLength();
    }

    /** Bytes of files read so far. */
    public long bytesRead() {
        return bytesRead;
    }

    @Override
    public void close() {
        indexBlock.close();
        dataBlock.close();
    }
}
