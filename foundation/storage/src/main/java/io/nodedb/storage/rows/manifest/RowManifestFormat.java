package io.nodedb.storage.rows.manifest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.nodedb.base.errors.Check;
import io.nodedb.storage.bytes.LittleEndian;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import io.nodedb.storage.quarantine.DamagedFileException;
import io.nodedb.storage.rows.RowStore;
import io.nodedb.storage.rows.counts.KeyspaceRows;
import io.nodedb.storage.rows.ranges.LostRange;
import io.nodedb.storage.rows.ranges.RangeDeletion;
import io.nodedb.storage.rows.ranges.RangeSet;
import io.nodedb.storage.rows.segment.SegmentInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Bytes of a manifest. Little-endian; the whole is under one checksum.
 *
 * <pre>
 *    0 u64 magic "NDBROM\0\1"
 *    8 u32 version
 *   12 u32 engine
 *   16 u64 database id
 *   24 u32 partition
 *   28 u32 levels
 *   32 u64 sequence
 *   40 u64 incarnation
 *   48 u64 covered LSN
 *   56 u64 next file number
 *   64 u32 deletions of ranges
 *   68 u32 keyspaces with rows (0 in version 1)
 *   72 u64 highest id of a deletion of a range
 *   80     per level: u32 files, then per file:
 *            u64 number, u64 size, u32 checksum of the footer, u64 versions, u64 deletions,
 *            u64 lowest LSN, u64 highest LSN, u64 assigned LSN, u64 id up to which ranges were applied,
 *            u32 bytes and the smallest row key, u32 bytes and the largest
 *          per deletion of a range:
 *            u64 LSN (2^63 - 1: purged), u64 id, u32 bytes and the first row key, u32 bytes and the end
 *          per keyspace with rows: u32 keyspace, u64 rows
 *          from version 2 on: u32 lost ranges, then per lost range:
 *            u64 lowest LSN, u64 highest LSN, u64 file number, u64 offset of the damage,
 *            u32 bytes and the first row key, u32 bytes and the end
 *   end u32 CRC32C of all before
 * </pre>
 */
final class RowManifestFormat {
    static final int VERSION = 2;

    /** Had no numbers of rows and no lost ranges. */
    private static final int FIRST_VERSION = 1;

    /** Files of a partition: 200 000 of 32 MiB are 6 TiB. */
    private static final int MAX_FILES = 200_000;

    /** Those of commits, of which there are at most 1 024, and purges of keyspaces. */
    private static final int MAX_RANGES = 1_000_000;

    /** Bounds what is read: that many files with keys of some hundred bytes. */
    static final long MAX_BYTES = 256L << 20;

    private static final long MAGIC = LittleEndian.getLong("NDBROM\0\1".getBytes(ISO_8859_1), 0);
    private static final int HEADER_BYTES = 80;
    private static final int FILE_BYTES = 8 * 8 + 4 + 2 * 4;
    private static final int RANGE_BYTES = 2 * 8 + 2 * 4;
    private static final int ROWS_BYTES = 4 + 8;
    private static final int LOST_BYTES = 4 * 8 + 2 * 4;
    private static final int COUNT_BYTES = 4;
    private static final int CRC_BYTES = 4;

    /** As many as there are numbers of collections. */
    private static final int MAX_KEYSPACES = 10_000_000;

    private RowManifestFormat() {}

    static byte[] encode(RowManifest manifest, CheckpointOwner owner) {
        ByteBuffer out = ByteBuffer.allocate(size(manifest)).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(MAGIC).putInt(VERSION).putInt(owner.engine());
        out.putLong(owner.databaseId()).putInt(owner.partition());
        out.putInt(manifest.levels().size()).putLong(manifest.sequence());
        out.putLong(manifest.incarnation()).putLong(manifest.coveredLsn());
        out.putLong(manifest.nextFileNumber());
        out.putInt(manifest.ranges().deletions().size()).putInt(manifest.rows().size());
        out.putLong(manifest.lastRangeId());
        for (List<SegmentInfo> level : manifest.levels()) {
            out.putInt(level.size());
            level.forEach(info -> putFile(out, info));
        }
        for (RangeDeletion range : manifest.ranges().deletions()) {
            out.putLong(range.lsn()).putLong(range.id());
            putKey(out, range.from());
            putKey(out, range.to());
        }
        KeyspaceRows rows = manifest.rows();
        for (int i = 0; i < rows.size(); i++) {
            out.putInt(rows.keyspace(i)).putLong(rows.rows(i));
        }
        out.putInt(manifest.lost().size());
        for (LostRange lost : manifest.lost()) {
            out.putLong(lost.lowestLsn()).putLong(lost.highestLsn());
            out.putLong(lost.file()).putLong(lost.offset());
            putKey(out, lost.from());
            putKey(out, lost.to());
        }
        out.putInt(checksum(out.array(), out.position()));
        Check.that(out.remaining() == 0, "a manifest has the size that was reckoned");
        return out.array();
    }

    private static int size(RowManifest manifest) {
        long size =
                HEADER_BYTES + (long) ROWS_BYTES * manifest.rows().size() + COUNT_BYTES + CRC_BYTES;
        for (List<SegmentInfo> level : manifest.levels()) {
            size += 4;
            for (SegmentInfo info : level) {
                size += FILE_BYTES + info.smallest().length + info.largest().length;
            }
        }
        for (RangeDeletion range : manifest.ranges().deletions()) {
            size += RANGE_BYTES + range.from().length + range.to().length;
        }
        for (LostRange lost : manifest.lost()) {
            size += LOST_BYTES + lost.from().length + lost.to().length;
        }
        Check.that(size <= MAX_BYTES, "a manifest is not too large", size);
        return (int) size;
    }

    private static void putFile(ByteBuffer out, SegmentInfo info) {
        out.putLong(info.number()).putLong(info.sizeBytes()).putInt(info.checksum());
        out.putLong(info.entries()).putLong(info.deletions());
        out.putLong(info.lowestLsn()).putLong(info.highestLsn());
        out.putLong(info.assignedLsn()).putLong(info.rangesApplied());
        putKey(out, info.smallest());
        putKey(out, info.largest());
    }

    private static void putKey(ByteBuffer out, byte[] key) {
        out.putInt(key.length).put(key);
    }

    /** The manifest in these bytes, or {@link DamagedFileException}. */
    static RowManifest decode(String path, byte[] bytes, CheckpointOwner owner) {
        int crcAt = bytes.length - CRC_BYTES;
        if (crcAt < HEADER_BYTES) {
            throw new DamagedFileException(path, 0, "size of a manifest: actual=" + bytes.length);
        }
        if (LittleEndian.getLong(bytes, 0) != MAGIC) {
            throw new DamagedFileException(path, 0, "magic number");
        }
        if (LittleEndian.getInt(bytes, crcAt) != checksum(bytes, crcAt)) {
            throw new DamagedFileException(path, crcAt, "checksum of the manifest");
        }
        int version = LittleEndian.getInt(bytes, 8);
        if (version < FIRST_VERSION || version > VERSION) {
            throw new DamagedFileException(path, 8, "unknown version: actual=" + version);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, 12, crcAt - 12).order(ByteOrder.LITTLE_ENDIAN);
        int engine = in.getInt();
        CheckpointOwner found = new CheckpointOwner(in.getLong(), engine, in.getInt());
        if (!found.equals(owner)) {
            throw new DamagedFileException(
                    path, 12, "another's manifest: expected=" + owner + " actual=" + found);
        }
        int levels = bounded(path, in, RowManifest.MAX_LEVELS);
        long sequence = in.getLong();
        long incarnation = in.getLong();
        long covered = in.getLong();
        long nextNumber = in.getLong();
        int ranges = bounded(path, in, MAX_RANGES);
        int counted = bounded(path, in, version == FIRST_VERSION ? 0 : MAX_KEYSPACES);
        long lastRangeId = in.getLong();
        try {
            RowManifest manifest =
                    new RowManifest(
                            sequence,
                            incarnation,
                            covered,
                            nextNumber,
                            levels(path, in, levels),
                            ranges(path, in, ranges),
                            lastRangeId,
                            rows(path, in, counted),
                            version == FIRST_VERSION ? List.of() : lost(path, in));
            if (in.hasRemaining()) {
                throw new DamagedFileException(path, in.position(), "end of the manifest");
            }
            return manifest;
        } catch (java.nio.BufferUnderflowException e) {
            throw new DamagedFileException(path, in.position(), "end of the manifest", e);
        }
    }

    private static List<List<SegmentInfo>> levels(String path, ByteBuffer in, int count) {
        List<List<SegmentInfo>> levels = new ArrayList<>();
        for (int level = 0; level < count; level++) {
            int files = bounded(path, in, MAX_FILES);
            List<SegmentInfo> infos = new ArrayList<>();
            for (int i = 0; i < files; i++) {
                infos.add(
                        new SegmentInfo(
                                in.getLong(),
                                in.getLong(),
                                in.getInt(),
                                in.getLong(),
                                in.getLong(),
                                in.getLong(),
                                in.getLong(),
                                in.getLong(),
                                in.getLong(),
                                key(path, in),
                                key(path, in)));
            }
            levels.add(infos);
        }
        return levels;
    }

    private static RangeSet ranges(String path, ByteBuffer in, int count) {
        List<RangeDeletion> ranges = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long lsn = in.getLong();
            long id = in.getLong();
            ranges.add(new RangeDeletion(key(path, in), key(path, in), lsn, id));
        }
        return new RangeSet(ranges);
    }

    private static KeyspaceRows rows(String path, ByteBuffer in, int count) {
        Map<Integer, Long> rows = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            int at = in.position();
            int keyspace = in.getInt();
            long ofKeyspace = in.getLong();
            if (ofKeyspace <= 0 || rows.put(keyspace, ofKeyspace) != null) {
                throw new DamagedFileException(path, at, "rows of keyspace=" + keyspace);
            }
        }
        return KeyspaceRows.of(rows);
    }

    private static List<LostRange> lost(String path, ByteBuffer in) {
        int count = bounded(path, in, MAX_RANGES);
        List<LostRange> ranges = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long lowest = in.getLong();
            long highest = in.getLong();
            long file = in.getLong();
            long offset = in.getLong();
            ranges.add(new LostRange(key(path, in), key(path, in), lowest, highest, file, offset));
        }
        return ranges;
    }

    private static byte[] key(String path, ByteBuffer in) {
        byte[] key =
                new byte[bounded(path, in, Math.min(RowStore.MAX_KEY_BYTES + 8, in.remaining()))];
        in.get(key);
        return key;
    }

    private static int bounded(String path, ByteBuffer in, int most) {
        int at = in.position();
        int value = in.getInt();
        if (value < 0 || value > most) {
            throw new DamagedFileException(path, at, "number: most=" + most + " actual=" + value);
        }
        return value;
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
