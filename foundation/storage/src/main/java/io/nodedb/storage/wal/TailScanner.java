package io.nodedb.storage.wal;

import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.DiskFile;
import io.nodedb.storage.bytes.LittleEndian;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Decides whether the place where the chain of groups ends is the tail or damage: looks behind it
 * for group headers, which tell what had been synced when they were written. Single use.
 */
final class TailScanner {
    private static final int CHUNK_BYTES = 1 << 16;

    private final Disk disk;
    private final long databaseId;
    private final long chainEnd;
    private final CRC32C crc = new CRC32C();
    private final RecordReader record = new RecordReader();
    private final byte[] chunk = new byte[CHUNK_BYTES];

    /**
     * Only those before the first header that proves damage: what it knows to be synced lies before
     * it. So a long log behind early damage is not remembered.
     */
    private final FoundGroups groups = new FoundGroups();

    /** Where a group ended that was synced and is not in the chain; 0 while none is known. */
    private long provenEnd;

    private long highestLsn;
    private long cutEnd;

    /** {@code chainEnd}: global position of the first byte that no valid group covers. */
    TailScanner(Disk disk, long databaseId, long chainEnd) {
        this.disk = disk;
        this.databaseId = databaseId;
        this.chainEnd = chainEnd;
        this.cutEnd = chainEnd;
    }

    /**
     * Looks at every place behind the chain's end where a group could start. Segments are scanned
     * oldest first.
     */
    void scan(Segment segment) throws IOException {
        if (segment.end() <= chainEnd) {
            return;
        }
        GroupReader group = new GroupReader(databaseId);
        try (DiskFile file = disk.openForRead(segment.path())) {
            long offset = Math.max(chainEnd, segment.first()) - segment.base();
            while (true) {
                int got = file.read(offset, ByteBuffer.wrap(chunk));
                int last = got - GroupFormat.HEADER_BYTES;
                for (int at = 0; at <= last; at += GroupFormat.ALIGNMENT) {
                    long position = segment.base() + offset + at;
                    if (GroupFormat.isHeader(chunk, at, position, databaseId, crc)) {
                        found(at, position);
                        if (group.read(file, segment, position)) {
                            foundWhole(group);
                        }
                    }
                }
                if (got < CHUNK_BYTES) {
                    return;
                }
                offset += CHUNK_BYTES - GroupFormat.HEADER_BYTES;
            }
        }
    }

    private void found(int at, long position) {
        long before = LittleEndian.getLong(chunk, at + GroupFormat.SYNCED_BEFORE_OFFSET);
        if (provenEnd == 0 && before > chainEnd) {
            provenEnd = before;
        }
        cutEnd = Math.max(cutEnd, position + GroupFormat.HEADER_BYTES);
    }

    private void foundWhole(GroupReader group) {
        cutEnd = Math.max(cutEnd, group.end());
        if (provenEnd == 0) {
            groups.add(group.end(), group.previousEnd());
        }
        int at = GroupFormat.HEADER_BYTES;
        int end = at + group.payloadLength();
        while (at < end && record.wrap(group.bytes(), at, end - at)) {
            highestLsn = Math.max(highestLsn, record.lsn());
            at += RecordFormat.aligned(record.length());
        }
    }

    /** Was something behind the chain's end known to be synced, so that it must have been there? */
    boolean provesDamage() {
        return provenEnd != 0;
    }

    /**
     * When damage is proven: where a damaged group ended, at or before the last of the groups that
     * were synced when the first header was written that proves it.
     */
    long damageEnd() {
        return groups.missingEnd(provenEnd);
    }

    /** Where the last group found ended; the chain's end when there was none. */
    long foundEnd() {
        return cutEnd;
    }

    /** Highest LSN in groups behind the chain's end. */
    long highestLsn() {
        return highestLsn;
    }

    /** Bytes from the chain's end to the end of the last group found behind it. */
    long cutBytes() {
        return cutEnd - chainEnd;
    }
}
