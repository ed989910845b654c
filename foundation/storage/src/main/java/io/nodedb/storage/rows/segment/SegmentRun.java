package io.nodedb.storage.rows.segment;

import io.nodedb.base.errors.BugException;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.storage.quarantine.DamagedFileException;
import io.nodedb.storage.rows.block.BlockCursor;
import io.nodedb.storage.rows.block.BlockKind;
import io.nodedb.storage.rows.block.BlockPlace;
import io.nodedb.storage.rows.block.BlockReader;
import io.nodedb.storage.rows.ranges.LostRange;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
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
    private final Salvage salvage;
    private boolean inSection;
    private boolean inBlock;
    private long bytesRead;

    /** Last key of the block or section before, where the next damage would begin. */
    private byte[] lossFrom = new byte[64];

    private int lossFromLength;

    /** What becomes of damage that a merge meets. */
    public interface Salvage {
        /** Whether the merge goes on without what is damaged in this file. */
        boolean leavesOut(long fileNumber);

        /** This was left out. */
        void lost(LostRange range);
    }

    /** Any damage ends it. */
    private static final Salvage NONE =
            new Salvage() {
                @Override
                public boolean leavesOut(long fileNumber) {
                    return false;
                }

                @Override
                public void lost(LostRange range) {
                    throw new BugException("nothing is left out");
                }
            };

    public SegmentRun(List<Segment> segments, MemoryGovernor governor) {
        this(segments, governor, NONE);
    }

    /**
     * @param segments in order, at least one
     */
    public SegmentRun(List<Segment> segments, MemoryGovernor governor, Salvage salvage) {
        this.salvage = salvage;
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
            openSection();
        }
    }

    private void openSection() throws IOException {
        SectionTable sections = segment().sections();
        byte[] before = section == 0 ? segment().smallest() : sections.lastKey(section - 1);
        setLossFrom(before, before.length);
        BlockPlace place = sections.index(section);
        try {
            index = indexBlock.read(segment(), BlockKind.INDEX, place);
            index.rewind();
            inSection = true;
        } catch (DamagedFileException e) {
            byte[] last = sections.lastKey(section);
            leaveOut(e, last, last.length);
        }
        bytesRead += place.storedBytes();
    }

    private void openBlock() throws IOException {
        BlockPlace place = SegmentOpener.place(index, 0);
        try {
            data = dataBlock.read(segment(), BlockKind.DATA, place);
            data.rewind();
            inBlock = true;
        } catch (DamagedFileException e) {
            leaveOut(e, index.key(), index.keyLength());
        }
        setLossFrom(index.key(), index.keyLength());
        bytesRead += place.storedBytes();
    }

    private void setLossFrom(byte[] rowKey, int length) {
        if (lossFrom.length < length) {
            lossFrom = new byte[2 * length];
        }
        System.arraycopy(rowKey, 0, lossFrom, 0, length);
        lossFromLength = length;
    }

    /** From the last key before on, which may have older versions there, to this one. */
    private void leaveOut(DamagedFileException damage, byte[] last, int lastLength) {
        SegmentInfo info = segment().info();
        if (!salvage.leavesOut(info.number())) {
            throw damage;
        }
        salvage.lost(
                new LostRange(
                        Arrays.copyOf(lossFrom, lossFromLength),
                        Arrays.copyOf(last, lastLength + 1),
                        info.lowestLsn(),
                        info.highestLsn(),
                        info.number(),
                        damage.offset()));
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
