package io.nodedb.storage.wal;

import io.nodedb.base.ownership.Immutable;

/**
 * One file of the log that is or was written to.
 *
 * @param generation from the header
 * @param path on the log's disk
 * @param base global position of the file's first byte
 * @param bytes positions that belong to it; the file may be shorter (its unused end was cut)
 * @param lsnBefore last LSN of the segment before it, 0 for the first segment ever; every LSN in
 *     this one is greater
 */
@Immutable
record Segment(long generation, String path, long base, long bytes, long lsnBefore) {
    static Segment of(String directory, long generation, long bytes) {
        return new Segment(
                generation,
                directory + '/' + SegmentFormat.fileName(generation),
                Math.multiplyExact(generation, bytes),
                bytes,
                0);
    }

    Segment withLsnBefore(long lsn) {
        return new Segment(generation, path, base, bytes, lsn);
    }

    /** Position where its first group starts. */
    long first() {
        return base + SegmentFormat.BLOCK_BYTES;
    }

    /** Position after its last byte. */
    long end() {
        return base + bytes;
    }

    boolean contains(long position) {
        return position >= base && position < end();
    }
}
