package io.nodedb.storage.rows.segment;

import io.nodedb.storage.quarantine.DamagedFileException;
import io.nodedb.storage.rows.block.BlockCursor;
import io.nodedb.storage.rows.block.BlockKind;
import io.nodedb.storage.rows.block.BlockPlace;
import io.nodedb.storage.rows.block.BlockReader;
import io.nodedb.storage.rows.block.RowKey;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Reads every block of a file, for `verify` and backups: checksums, the order of its versions, and
 * that the blocks lie one behind another without a gap. Blocks the thread.
 */
public final class SegmentCheck {
    private final Segment segment;
    private final BlockReader reader = new BlockReader();
    private long expectedOffset = SegmentFormat.HEADER_BYTES;
    private byte[] lastKey = new byte[0];
    private long lastLsn;
    private long entries;

    public SegmentCheck(Segment segment) {
        this.segment = segment;
    }

    /** {@link DamagedFileException} names the first place that is not whole. */
    public void run() throws IOException {
        SectionTable sections = segment.sections();
        for (int section = 0; section < sections.size(); section++) {
            BlockPlace indexPlace = sections.index(section);
            byte[] index = read(BlockKind.INDEX, indexPlace);
            BlockCursor cursor = new BlockCursor();
            cursor.reset(
                    MemorySegment.ofArray(Arrays.copyOf(index, indexPlace.rawBytes())),
                    0,
                    indexPlace.rawBytes());
            for (boolean more = cursor.first(); more; more = cursor.next()) {
                checkData(SegmentOpener.place(cursor, 0));
            }
            BlockPlace filter = sections.filter(section);
            if (filter.storedBytes() > 0) {
                expect(filter);
                byte[] ignored = read(BlockKind.FILTER, filter);
            }
            expect(indexPlace);
        }
        if (entries != segment.info().entries()) {
            throw damaged(
                    0, "versions: expected=" + segment.info().entries() + " actual=" + entries);
        }
    }

    private void checkData(BlockPlace place) throws IOException {
        expect(place);
        byte[] raw = read(BlockKind.DATA, place);
        BlockCursor cursor = new BlockCursor();
        cursor.reset(MemorySegment.ofArray(raw), 0, place.rawBytes());
        for (boolean more = cursor.first(); more; more = cursor.next()) {
            int order = RowKey.compare(cursor.key(), cursor.keyLength(), lastKey, lastKey.length);
            if (entries > 0 && (order < 0 || (order == 0 && cursor.lsn() >= lastLsn))) {
                throw damaged(place.offset(), "order of versions");
            }
            if (order != 0) {
                lastKey = Arrays.copyOf(cursor.key(), cursor.keyLength());
            }
            lastLsn = cursor.lsn();
            entries++;
        }
    }

    private void expect(BlockPlace place) {
        if (place.offset() != expectedOffset) {
            throw damaged(place.offset(), "place of a block: expected=" + expectedOffset);
        }
        expectedOffset += place.storedBytes();
    }

    private byte[] read(BlockKind kind, BlockPlace place) throws IOException {
        return reader.read(
                segment.file().file(), segment.file().path(), segment.number(), kind, place);
    }

    private DamagedFileException damaged(long offset, String what) {
        return new DamagedFileException(segment.file().path(), offset, what);
    }
}
