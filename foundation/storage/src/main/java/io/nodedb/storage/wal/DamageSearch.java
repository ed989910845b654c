package io.nodedb.storage.wal;

import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.DiskFile;
import io.nodedb.storage.bytes.LittleEndian;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Finds which bytes are damaged when the chain of groups ends too early. Where it ends does not
 * tell: the group that had to follow stood right there or first in the next segment. Single use,
 * single-threaded.
 */
final class DamageSearch {
    /** Where the group that is missing begins, at the latest on the next block. */
    record Place(Segment segment, long position) {
        long offset() {
            return position - segment.base();
        }
    }

    private static final int CHUNK_BYTES = 1 << 16;

    private final Disk disk;
    private final long databaseId;
    private final Segment[] files;
    private final Segment last;
    private final @Nullable Segment next;
    private final long chainEnd;
    private final byte[] chunk = new byte[CHUNK_BYTES];

    /** {@code files}: all that have a good header, oldest first, at least one. */
    DamageSearch(Disk disk, long databaseId, Segment[] files, long chainEnd) {
        this.disk = disk;
        this.databaseId = databaseId;
        this.files = files;
        this.chainEnd = chainEnd;
        int at = 0;
        while (at + 1 < files.length && files[at + 1].base() <= chainEnd) {
            at++;
        }
        this.last = files[at];
        this.next = at + 1 < files.length ? files[at + 1] : null;
    }

    /** The damage is at one of these places; {@code behind} has scanned all files. */
    List<Place> places(TailScanner behind) throws IOException {
        return behind.provesDamage()
                ? List.of(provenPlace(behind.damageEnd()))
                : plausiblePlaces(behind);
    }

    /**
     * A later segment that the damage reaches into begins with damage: a whole header there would
     * prove that what came before it is missing, and the damage would end before the segment.
     */
    private Place provenPlace(long damageEnd) {
        for (Segment file : files) {
            if (file.base() > chainEnd && file.contains(damageEnd - 1)) {
                return new Place(file, file.first());
            }
        }
        return atChainEnd();
    }

    /** Only a checkpoint knows that something is missing. */
    private List<Place> plausiblePlaces(TailScanner behind) throws IOException {
        if (next == null) {
            return List.of(atChainEnd());
        }
        Place first = new Place(next, next.first());
        if (behind.foundEnd() > next.base()) {
            // A segment is synced to its end before the next one is begun, and no group in the
            // next one knows of anything synced behind the chain's end: there was nothing.
            return List.of(first);
        }
        if (!mayHoldItsFirstGroup(next)) {
            return List.of(atChainEnd());
        }
        return isZeroBehindChain() ? List.of(first) : List.of(atChainEnd(), first);
    }

    private Place atChainEnd() {
        return new Place(last, chainEnd);
    }

    /** Not when it is as it was made: full of zeros, or of what it held before it was recycled. */
    private boolean mayHoldItsFirstGroup(Segment segment) throws IOException {
        try (DiskFile file = disk.openForRead(segment.path())) {
            int got =
                    file.read(
                            SegmentFormat.BLOCK_BYTES,
                            ByteBuffer.wrap(chunk, 0, SegmentFormat.BLOCK_BYTES));
            return !isZero(got) && !(got >= GroupFormat.HEADER_BYTES && isWholeHeader());
        }
    }

    /** At the chunk's start, of whatever position. */
    private boolean isWholeHeader() {
        long position = LittleEndian.getLong(chunk, GroupFormat.POSITION_OFFSET);
        return GroupFormat.isHeader(chunk, 0, position, databaseId, new CRC32C());
    }

    private boolean isZeroBehindChain() throws IOException {
        try (DiskFile file = disk.openForRead(last.path())) {
            long offset = chainEnd - last.base();
            int got = file.read(offset, ByteBuffer.wrap(chunk));
            while (got > 0) {
                if (!isZero(got)) {
                    return false;
                }
                offset += got;
                got = file.read(offset, ByteBuffer.wrap(chunk));
            }
            return true;
        }
    }

    private boolean isZero(int length) {
        for (int i = 0; i < length; i++) {
            if (chunk[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
