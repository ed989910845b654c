package io.nodedb.storage.rows.segment;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.storage.rows.block.RowKey;
import io.nodedb.storage.rows.cache.BlockFile;

/** A file that is open for reading: what the manifest says of it, its directory, its handle. */
@Immutable
public record Segment(SegmentInfo info, SectionTable sections, BlockFile file) {
    public long number() {
        return info.number();
    }

    public byte[] smallest() {
        return info.smallest();
    }

    public byte[] largest() {
        return info.largest();
    }

    public long sizeBytes() {
        return info.sizeBytes();
    }

    /** True when a key lies between its first and its last. */
    public boolean mayHold(byte[] rowKey, int length) {
        byte[] first = info.smallest();
        byte[] last = info.largest();
        return RowKey.compare(rowKey, length, first, first.length) >= 0
                && RowKey.compare(rowKey, length, last, last.length) <= 0;
    }

    /** True when it has a key between these two, both inclusive, as far as its ends tell. */
    public boolean overlaps(byte[] from, byte[] to) {
        return RowKey.compare(info.largest(), from) >= 0
                && RowKey.compare(info.smallest(), to) <= 0;
    }

    /** The LSN of a version that the file gives as {@code written}. */
    public long lsn(long written) {
        return info.assignedLsn() != 0 ? info.assignedLsn() : written;
    }

    /** The same file under what a manifest says of it now. */
    public Segment withInfo(SegmentInfo changed) {
        return new Segment(changed, sections, file);
    }
}
