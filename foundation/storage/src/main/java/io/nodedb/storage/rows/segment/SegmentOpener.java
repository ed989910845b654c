package io.nodedb.storage.rows.segment;

import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.DiskFile;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import io.nodedb.storage.quarantine.DamagedFileException;
import io.nodedb.storage.rows.block.BlockCursor;
import io.nodedb.storage.rows.block.BlockKind;
import io.nodedb.storage.rows.block.BlockPlace;
import io.nodedb.storage.rows.block.BlockReader;
import io.nodedb.storage.rows.block.RowKey;
import io.nodedb.storage.rows.cache.BlockFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Opens a file that a manifest lists: checks header, footer and directory. Blocks the thread. */
public final class SegmentOpener {
    private SegmentOpener() {}

    /**
     * The file, or {@link DamagedFileException} when it is not the one that was published, or
     * {@link java.nio.file.NoSuchFileException}.
     */
    public static Segment open(Disk disk, String directory, CheckpointOwner owner, SegmentInfo info)
            throws IOException {
        String path = directory + "/" + info.name();
        DiskFile file = disk.openForRead(path);
        try {
            SegmentFormat.Footer footer = readEnds(path, file, owner, info);
            SectionTable table = readDirectory(path, file, info, footer);
            return new Segment(info, table, new BlockFile(path, info.number(), file));
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /**
     * Stands for a file that {@link #open} found damaged: it has the key range that the manifest
     * tells, and every read within that range is told of the damage, so that all other rows serve.
     */
    public static Segment damaged(String directory, SegmentInfo info, DamagedFileException damage) {
        SectionTable.Builder table = new SectionTable.Builder();
        BlockPlace nothing = new BlockPlace(0, 0, 64);
        table.add(info.largest(), 0, new BlockPlace(0, 0, 0), nothing);
        String path = directory + "/" + info.name();
        return new Segment(
                info,
                table.build(),
                new BlockFile(path, info.number(), new DamagedDiskFile(damage)));
    }

    private static SegmentFormat.Footer readEnds(
            String path, DiskFile file, CheckpointOwner owner, SegmentInfo info)
            throws IOException {
        long size = file.size();
        if (size != info.sizeBytes()
                || size < SegmentFormat.HEADER_BYTES + SegmentFormat.FOOTER_BYTES) {
            throw new DamagedFileException(
                    path, 0, "size: expected=" + info.sizeBytes() + " actual=" + size);
        }
        SegmentFormat.checkHeader(
                path, read(file, path, 0, SegmentFormat.HEADER_BYTES), owner, info.number());
        long footerAt = size - SegmentFormat.FOOTER_BYTES;
        byte[] bytes = read(file, path, footerAt, SegmentFormat.FOOTER_BYTES);
        SegmentFormat.Footer footer = SegmentFormat.readFooter(path, bytes, footerAt);
        BlockPlace directory = footer.directory();
        if (SegmentFormat.footerChecksum(bytes) != info.checksum()
                || footer.number() != info.number()
                || footer.size() != size
                || directory.storedBytes() < 0
                || directory.offset() != footerAt - directory.storedBytes()) {
            throw new DamagedFileException(
                    path, footerAt, "another footer than was published: actual=" + footer);
        }
        return footer;
    }

    private static SectionTable readDirectory(
            String path, DiskFile file, SegmentInfo info, SegmentFormat.Footer footer)
            throws IOException {
        BlockPlace place = footer.directory();
        byte[] raw = new BlockReader().read(file, path, info.number(), BlockKind.DIRECTORY, place);
        BlockCursor cursor = new BlockCursor();
        cursor.reset(MemorySegment.ofArray(raw), 0, place.rawBytes());
        SectionTable.Builder table = new SectionTable.Builder();
        boolean more = cursor.first();
        if (!cursor.keyEquals(info.smallest(), info.smallest().length)) {
            throw new DamagedFileException(path, place.offset(), "smallest key");
        }
        int sections = 0;
        for (more = cursor.next(); more; more = cursor.next()) {
            BlockPlace filter = place(cursor, 0);
            BlockPlace index = place(cursor, cursor.varintEnd());
            table.add(Arrays.copyOf(cursor.key(), cursor.keyLength()), cursor.lsn(), filter, index);
            sections++;
        }
        if (sections != footer.sections() || sections == 0) {
            throw new DamagedFileException(
                    path,
                    place.offset(),
                    "sections: expected=" + footer.sections() + " actual=" + sections);
        }
        SectionTable built = table.build();
        byte[] last = built.lastKey(sections - 1);
        if (RowKey.compare(last, info.largest()) != 0) {
            throw new DamagedFileException(path, place.offset(), "largest key");
        }
        return built;
    }

    /** A block's place in the value of an index or directory entry. */
    static BlockPlace place(BlockCursor cursor, int at) {
        long offset = cursor.valueVarint(at);
        int stored = (int) cursor.valueVarint(cursor.varintEnd());
        int raw = (int) cursor.valueVarint(cursor.varintEnd());
        return new BlockPlace(offset, stored, raw);
    }

    private static byte[] read(DiskFile file, String path, long at, int length) throws IOException {
        byte[] bytes = new byte[length];
        int read = file.read(at, ByteBuffer.wrap(bytes));
        if (read < length) {
            throw new DamagedFileException(
                    path, at, "end of file: expected=" + length + " actual=" + read);
        }
        return bytes;
    }
}
