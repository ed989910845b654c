package io.nodedb.storage.wal;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Immutable;

/**
 * Sizes and times of a log.
 *
 * @param segmentBytes size of a segment file; a multiple of 4 KiB
 * @param spareSegments how many segments are prepared ahead of need
 * @param recycledSegments most segments that are kept to serve again after a checkpoint
 * @param coreRingBytes ring from each core to the writer; a record takes at most a quarter of it
 * @param coreAcks acknowledgements that a core may be owed at once
 * @param groupBytes most bytes that one write carries
 * @param asyncSyncIntervalNanos what was acknowledged before its sync is synced after this time
 * @param gatherNanos longest wait for clients that could share a sync; see {@link GroupGathering}
 * @param diskRetryNanos pause between attempts to get space on a full disk
 * @param keepBytes how much log a pin may hold back
 * @param keepMillis how old the log may be that a pin holds back
 */
@Immutable
public record WalOptions(
        int segmentBytes,
        int spareSegments,
        int recycledSegments,
        int coreRingBytes,
        int coreAcks,
        int groupBytes,
        long asyncSyncIntervalNanos,
        long gatherNanos,
        long diskRetryNanos,
        long keepBytes,
        long keepMillis) {

    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    /** Token before each record in a core's ring. */
    static final int RING_FRAME_BYTES = 8;

    /** Largest segment: one byte array can hold it. */
    private static final int MAX_SEGMENT_BYTES = 1 << 30;

    public WalOptions {
        Check.that(
                segmentBytes % SegmentFormat.BLOCK_BYTES == 0 && segmentBytes <= MAX_SEGMENT_BYTES,
                "a segment consists of whole blocks",
                segmentBytes);
        Check.that(spareSegments > 0, "a segment is prepared before it is needed", spareSegments);
        int largest = maxRecordBytes(coreRingBytes) + GroupFormat.HEADER_BYTES;
        Check.that(groupBytes >= largest, "a group holds the largest record", largest, groupBytes);
        int fresh = segmentBytes - SegmentFormat.BLOCK_BYTES - noteGroupBytes();
        Check.that(fresh >= largest, "a fresh segment holds the largest record", largest, fresh);
    }

    /** Segments of 64 MiB, rings of 4 MiB, groups of 4 MiB, sync of async writes within 1 s. */
    public static WalOptions defaults() {
        return new WalOptions(
                64 * MIB,
                1,
                4,
                4 * MIB,
                1 << 16,
                4 * MIB,
                1_000_000_000L,
                2_000_000L,
                1_000_000_000L,
                1024L * MIB,
                24 * 3_600_000L);
    }

    /** Segments of 64 KiB, rings of 8 KiB: for simulations that start thousands of logs. */
    public static WalOptions small() {
        return new WalOptions(
                64 * KIB,
                1,
                4,
                8 * KIB,
                1 << 10,
                8 * KIB,
                1_000_000_000L,
                2_000_000L,
                1_000_000_000L,
                256 * KIB,
                3_600_000L);
    }

    /** As these, with another number of segments prepared ahead. */
    public WalOptions withSpareSegments(int count) {
        return new WalOptions(
                segmentBytes,
                count,
                recycledSegments,
                coreRingBytes,
                coreAcks,
                groupBytes,
                asyncSyncIntervalNanos,
                gatherNanos,
                diskRetryNanos,
                keepBytes,
                keepMillis);
    }

    /** Room below which the next segment is begun: the spare ones, and half of the last is used. */
    long preparedBytes() {
        return (long) spareSegments * segmentBytes - segmentBytes / 2;
    }

    /** Largest record that a core can hand over. */
    public int maxRecordBytes() {
        return maxRecordBytes(coreRingBytes);
    }

    private static int maxRecordBytes(int ringBytes) {
        return ringBytes / 4 - RING_FRAME_BYTES;
    }

    /** The note that opens a segment, when every partition has a log index. */
    private static int noteGroupBytes() {
        return GroupFormat.HEADER_BYTES
                + RecordFormat.HEADER_BYTES
                + LogIndexes.SLOTS * RecordFormat.PARTICIPANT_BYTES;
    }
}
