package io.nodedb.storage.rows.ranges;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.storage.quarantine.DamagedFileException;
import io.nodedb.storage.rows.block.RowKey;
import io.nodedb.storage.rows.segment.SegmentInfo;
import java.util.Arrays;

/**
 * Versions of row keys in [from, to) that lay in a damaged part of a file, which a compaction had
 * to leave out. Nobody knows which keys these were; their LSNs lie between the file's lowest and
 * highest. A read that one of them could change is told of the damage; one that meets a newer
 * version is not.
 *
 * @param file number of the file, which was moved aside
 * @param offset of the damage in it
 */
@Immutable
@SuppressWarnings("ArrayRecordComponent") // keys are bytes; nobody changes them
public record LostRange(
        byte[] from, byte[] to, long lowestLsn, long highestLsn, long file, long offset) {
    /** Behind the name of a file that was moved aside: no start deletes it. */
    public static final String ASIDE_SUFFIX = ".damaged";

    public boolean covers(byte[] rowKey, int length) {
        return RowKey.compare(rowKey, length, from, from.length) >= 0
                && RowKey.compare(rowKey, length, to, to.length) < 0;
    }

    /**
     * True when a version of it may be what a read of {@code bound} wants, rather than an older.
     */
    public boolean mayMatter(long bound, long foundAge) {
        return lowestLsn <= bound && foundAge < highestLsn;
    }

    /** Everything in it was deleted by then. */
    public boolean isCoveredBy(RangeDeletion deletion) {
        return deletion.lsn() > highestLsn
                && RowKey.compare(deletion.from(), from) <= 0
                && RowKey.compare(deletion.to(), to) >= 0;
    }

    /** What a read is told. */
    public DamagedFileException exception(String directory) {
        return new DamagedFileException(
                directory + "/" + SegmentInfo.name(file) + ASIDE_SUFFIX,
                offset,
                "rows of this key range were lost in a damaged part of the file: restore them, delete"
                        + " the range, or accept the loss");
    }

    public boolean isSame(LostRange other) {
        return file == other.file
                && offset == other.offset
                && Arrays.equals(from, other.from)
                && Arrays.equals(to, other.to);
    }
}
