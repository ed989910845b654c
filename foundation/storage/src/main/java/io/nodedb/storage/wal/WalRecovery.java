package io.nodedb.storage.wal;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.DiskFile;
import io.nodedb.storage.bytes.LittleEndian;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads a log from its oldest segment to its tail and checks everything on the way: chain, group
 * and record checksums, rising LSNs, dense log indexes. Changes no byte. Damage below what is known
 * to have been synced is DATA_CORRUPTED and names file and offset (two of them when only a
 * checkpoint knows that something is missing and it may have stood in either); above it, it is the
 * tail. Single use, single-threaded.
 */
final class WalRecovery {
    private final Disk disk;
    private final String directory;
    private final long databaseId;
    private final List<Segment> files = new ArrayList<>();
    private final List<Segment> headless = new ArrayList<>();
    private final SegmentList candidates = new SegmentList();
    private final SegmentList segments = new SegmentList();
    private final Retention retention = new Retention();
    private final LogIndexes indexes = new LogIndexes();
    private final Set<Integer> tombstones = new HashSet<>();
    private final RecordReader record = new RecordReader();
    private long highestGeneration;
    private long highestEnd;
    private long highestBound;
    private long lastLsn;
    private long reachesBackTo;
    private long incarnation;
    private long syncedBefore;
    private long groups;
    private long records;
    private int aborted;
    private long tail;

    WalRecovery(Disk disk, String directory, long databaseId) {
        this.disk = disk;
        this.directory = directory;
        this.databaseId = databaseId;
    }

    /**
     * Reads the whole log. {@code knownSyncedLsn} is the highest LSN that a checkpoint contains:
     * the log must reach it.
     */
    RecoveredLog run(long knownSyncedLsn, int segmentBytes) throws IOException {
        findSegments(segmentBytes);
        walk();
        refuseHeadlessInTheMiddle();
        TailScanner behind = new TailScanner(disk, databaseId, tail);
        for (Segment file : files) {
            behind.scan(file);
        }
        if (behind.provesDamage() || lastLsn < knownSyncedLsn) {
            throw damagedTail(knownSyncedLsn, behind);
        }
        aborted += retention.undecided();
        retention.abortUndecided();
        long floor = Math.max(Math.max(lastLsn, highestBound), behind.highestLsn());
        return new RecoveredLog(
                lastLsn,
                floor,
                reachesBackTo,
                tail,
                incarnation,
                groups,
                records,
                aborted,
                tombstones,
                behind.cutBytes());
    }

    private void findSegments(int segmentBytes) throws IOException {
        byte[] block = new byte[SegmentFormat.BLOCK_BYTES];
        for (String name : disk.list(directory)) {
            long generation = SegmentFormat.generationOf(name);
            if (generation < 0) {
                continue;
            }
            highestGeneration = Math.max(highestGeneration, generation);
            String path = directory + '/' + name;
            boolean whole;
            try (DiskFile file = disk.openForRead(path)) {
                whole = file.read(0, ByteBuffer.wrap(block)) == block.length;
            }
            if (whole && SegmentFormat.isHeader(block)) {
                addSegment(path, generation, block);
            } else {
                refuseUnlessEmpty(Segment.of(directory, generation, segmentBytes));
            }
        }
    }

    private void addSegment(String path, long generation, byte[] block) {
        int version = LittleEndian.getInt(block, SegmentFormat.VERSION_OFFSET);
        if (version != SegmentFormat.VERSION) {
            throw new NodeDbException(
                    ErrorCode.UNSUPPORTED,
                    "The log was written by another version: file="
                            + disk.describe(path)
                            + " expected="
                            + SegmentFormat.VERSION
                            + " actual="
                            + version);
        }
        require(
                databaseId,
                LittleEndian.getLong(block, SegmentFormat.DATABASE_OFFSET),
                path,
                "database id");
        require(
                generation,
                LittleEndian.getLong(block, SegmentFormat.GENERATION_OFFSET),
                path,
                "generation");
        long bytes = LittleEndian.getLong(block, SegmentFormat.SEGMENT_BYTES_OFFSET);
        Segment segment = Segment.of(directory, generation, bytes);
        files.add(segment);
        candidates.append(segment);
        highestEnd = Math.max(highestEnd, segment.end());
        highestBound =
                Math.max(highestBound, LittleEndian.getLong(block, SegmentFormat.LSN_BOUND_OFFSET));
    }

    private void require(long expected, long actual, String path, String what) {
        if (expected != actual) {
            throw corrupted(path, 0, what + " differs: expected=" + expected + " actual=" + actual);
        }
    }

    /** A segment whose header is damaged may be left aside only if it was never written to. */
    private void refuseUnlessEmpty(Segment segment) throws IOException {
        TailScanner scanner = new TailScanner(disk, databaseId, segment.first());
        scanner.scan(segment);
        if (scanner.cutBytes() > 0) {
            throw corrupted(segment.path(), 0, "the segment's header is damaged");
        }
        headless.add(segment);
        highestEnd = Math.max(highestEnd, segment.end());
    }

    /** What was never written to lies above what was: anything else has lost its content. */
    private void refuseHeadlessInTheMiddle() {
        Segment[] used = segments.snapshot();
        for (Segment segment : headless) {
            if (used.length > 0 && segment.generation() < used[used.length - 1].generation()) {
                throw corrupted(segment.path(), 0, "the segment's header is damaged");
            }
        }
    }

    private void walk() throws IOException {
        if (files.isEmpty()) {
            return;
        }
        Segment oldest = files.get(0);
        tail = oldest.first();
        try (GroupCursor cursor = new GroupCursor(disk, candidates, databaseId)) {
            boolean reached = cursor.moveTo(oldest, oldest.first());
            while (reached) {
                visitGroup(cursor);
                reached = cursor.next();
            }
        }
    }

    private void visitGroup(GroupCursor cursor) {
        GroupReader group = cursor.group();
        Segment[] visited = segments.snapshot();
        if (visited.length == 0
                || visited[visited.length - 1].generation() != cursor.segment().generation()) {
            enterSegment(cursor.segment(), group);
        }
        if (group.incarnation() != incarnation) {
            aborted += retention.undecided();
            retention.abortUndecided();
            incarnation = group.incarnation();
        }
        syncedBefore = Math.max(syncedBefore, group.syncedBefore());
        groups++;
        int at = GroupFormat.HEADER_BYTES;
        int end = at + group.payloadLength();
        for (int i = 0; i < group.recordCount(); i++) {
            if (!record.wrap(group.bytes(), at, end - at) || !record.checksumMatches()) {
                throw corruptedAt(group.position() + at, "a record in a whole group is damaged");
            }
            visitRecord(group.position(), group.position() + at);
            at += RecordFormat.aligned(record.length());
        }
        if (at != end) {
            throw corruptedAt(group.position(), "a group's records do not fill it");
        }
        tail = group.end();
    }

    private void enterSegment(Segment segment, GroupReader firstGroup) {
        boolean hasRecord =
                record.wrap(
                        firstGroup.bytes(), GroupFormat.HEADER_BYTES, firstGroup.payloadLength());
        long lsnBefore = hasRecord ? record.lsnBeforeSegment() : 0;
        if (segments.snapshot().length == 0) {
            reachesBackTo = lsnBefore;
        }
        segments.append(segment.withLsnBefore(lsnBefore));
        retention.append(segment);
    }

    private void visitRecord(long groupPosition, long position) {
        if (record.lsn() <= lastLsn) {
            throw corruptedAt(
                    position, "LSNs do not rise: last=" + lastLsn + " found=" + record.lsn());
        }
        lastLsn = record.lsn();
        retention.reached(lastLsn);
        records++;
        switch (record.type()) {
            case RecordFormat.PART, RecordFormat.PREPARE ->
                    retention.prepared(record.txnId(), groupPosition);
            case RecordFormat.ABORT -> retention.decided(record.txnId());
            case RecordFormat.COMMIT -> {
                retention.decided(record.txnId());
                retention.needs(record.firstPreparedPosition());
                visitIndexes(position, 1);
            }
            case RecordFormat.BATCH -> visitIndexes(position, 1);
            case RecordFormat.TOMBSTONE -> {
                tombstones.add(record.tombstoneCollection());
                visitIndexes(position, 1);
            }
            case RecordFormat.NOTE -> visitIndexes(position, 0);
            default -> throw corruptedAt(position, "unknown record type=" + record.type());
        }
    }

    /** {@code step}: by how much the record's indexes exceed the last ones known. */
    private void visitIndexes(long position, int step) {
        for (int i = 0; i < record.participants(); i++) {
            int partition = record.partition(i);
            long index = record.logIndex(i);
            if (!LogIndexes.isPartition(partition)) {
                throw corruptedAt(position, "unknown partition=" + partition);
            }
            long last = indexes.last(partition);
            boolean firstSeen = last == 0 && reachesBackTo != 0 && step == 0;
            if (index != last + step && !firstSeen) {
                throw corruptedAt(
                        position,
                        "log indexes are not dense: partition="
                                + partition
                                + " last="
                                + last
                                + " found="
                                + index);
            }
            indexes.set(partition, index);
        }
    }

    private NodeDbException damagedTail(long knownSyncedLsn, TailScanner behind)
            throws IOException {
        String reached = "last LSN=" + lastLsn + " known synced LSN=" + knownSyncedLsn;
        if (files.isEmpty()) {
            return corrupted(directory, 0, "the log is missing: " + reached);
        }
        Segment[] all = candidates.snapshot();
        String places =
                new DamageSearch(disk, databaseId, all, tail)
                        .places(behind).stream()
                                .map(place -> place(place.segment().path(), place.offset()))
                                .collect(Collectors.joining(" or "));
        return corrupted(places, "synced bytes are damaged or missing: " + reached);
    }

    private NodeDbException corruptedAt(long position, String what) {
        Segment segment = candidates.containing(position);
        return segment == null
                ? corrupted(directory, 0, what)
                : corrupted(segment.path(), position - segment.base(), what);
    }

    private NodeDbException corrupted(String path, long offset, String what) {
        return corrupted(place(path, offset), what);
    }

    private String place(String path, long offset) {
        return "file=" + disk.describe(path) + " offset=" + offset;
    }

    private static NodeDbException corrupted(String place, String what) {
        return new NodeDbException(
                ErrorCode.DATA_CORRUPTED, "The log is damaged: " + place + ": " + what + ".");
    }

    /** Segments of the log, oldest first. */
    SegmentList segments() {
        return segments;
    }

    /** Files with a good header that hold nothing of the log. */
    List<Segment> unused() {
        Segment[] used = segments.snapshot();
        List<Segment> unused = new ArrayList<>();
        for (Segment file : files) {
            boolean found = false;
            for (Segment segment : used) {
                found |= segment.generation() == file.generation();
            }
            if (!found) {
                unused.add(file);
            }
        }
        return unused;
    }

    Retention retention() {
        return retention;
    }

    LogIndexes indexes() {
        return indexes;
    }

    /** Everything below was synced by the writer before it stopped; above, only perhaps. */
    long syncedBefore() {
        return syncedBefore;
    }

    /** Lowest generation whose number and positions lie above everything in the directory. */
    long nextGeneration(int segmentBytes) {
        long byPosition = (highestEnd + segmentBytes - 1) / segmentBytes;
        return Math.max(highestGeneration + 1, byPosition);
    }
}
