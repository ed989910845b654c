package io.nodedb.storage.rows.segment;

import io.nodedb.base.errors.Check;
import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.DiskFile;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import io.nodedb.storage.rows.block.BlockBuilder;
import io.nodedb.storage.rows.block.BlockCodec;
import io.nodedb.storage.rows.block.BlockFormat;
import io.nodedb.storage.rows.block.BlockKind;
import io.nodedb.storage.rows.block.BlockPlace;
import io.nodedb.storage.rows.block.BlockSealer;
import io.nodedb.storage.rows.block.KeyFilter;
import io.nodedb.storage.rows.block.RowKey;
import io.nodedb.storage.rows.block.RowVersion;
import io.nodedb.storage.rows.block.Varint;
import io.nodedb.storage.rows.cache.BlockFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes one file of sorted rows ({@link SegmentFormat}) under its final name; it counts for
 * nothing until a manifest lists it. One background thread at a time; after an exception only
 * {@link #abandon} may be called.
 */
public final class SegmentWriter {
    /** Data blocks of a section: bounds its index block to some KiB and its filter to some tens. */
    static final int SECTION_BLOCKS = 128;

    /** Keys of a section: bounds its filter when rows are tiny. */
    private static final int SECTION_KEYS = 1 << 15;

    private static final int BUFFER_BYTES = 256 * 1024;

    private final Disk disk;
    private final String directory;
    private final long number;
    private final SegmentOptions options;
    private final DiskFile file;
    private final BlockSealer sealer = new BlockSealer();
    private final BlockBuilder data;
    private final BlockBuilder index = new BlockBuilder(8 * 1024);
    private final BlockBuilder sections = new BlockBuilder(4 * 1024);
    private final SectionTable.Builder table = new SectionTable.Builder();
    private final byte[] place = new byte[64];
    private final MemorySegment placeMemory = MemorySegment.ofArray(place);
    private final byte[] buffer = new byte[BUFFER_BYTES];

    private long[] hashes = new long[1024];
    private int hashCount;
    private int sectionCount;
    private int buffered;
    private long written;
    private boolean open = true;

    private byte @Nullable [] smallest;
    private byte[] lastKey = new byte[64];
    private int lastKeyLength = -1;
    private long lastLsn;
    private long entries;
    private long deletions;
    private long lowestLsn = Long.MAX_VALUE;
    private long highestLsn;
    private long keyBytes;
    private long valueBytes;

    public SegmentWriter(
            Disk disk, String directory, CheckpointOwner owner, long number, SegmentOptions options)
            throws IOException {
        this.disk = disk;
        this.directory = directory;
        this.number = number;
        this.options = options;
        this.data = new BlockBuilder(options.blockBytes());
        this.file = disk.create(path());
        append(SegmentFormat.header(owner, number), SegmentFormat.HEADER_BYTES);
    }

    public long number() {
        return number;
    }

    /** Appends a version; it must sort behind the one before. */
    public void add(
            byte[] rowKey,
            int keyLength,
            long lsn,
            int kind,
            MemorySegment value,
            long valueAt,
            int valueLength)
            throws IOException {
        boolean newKey = startKey(rowKey, keyLength, lsn);
        if (!data.isEmpty() && data.length() + keyLength + valueLength > options.blockBytes()) {
            finishBlock();
        }
        data.add(rowKey, keyLength, lsn, kind, value, valueAt, valueLength);
        if (options.filterBitsPerKey() > 0 && (newKey || hashCount == 0)) {
            addHash(KeyFilter.hash(rowKey, keyLength));
        }
        lastLsn = lsn;
        entries++;
        deletions += kind == RowVersion.DELETE ? 1 : 0;
        lowestLsn = Math.min(lowestLsn, lsn);
        highestLsn = Math.max(highestLsn, lsn);
        keyBytes += keyLength;
        valueBytes += valueLength;
    }

    private boolean startKey(byte[] rowKey, int keyLength, long lsn) {
        if (lastKeyLength >= 0) {
            int order = RowKey.compare(rowKey, keyLength, lastKey, lastKeyLength);
            Check.that(
                    order > 0 || (order == 0 && lsn < lastLsn),
                    "versions come in order",
                    lastLsn,
                    lsn);
            if (order == 0) {
                return false;
            }
        } else {
            smallest = Arrays.copyOf(rowKey, keyLength);
        }
        if (lastKey.length < keyLength) {
            lastKey = new byte[Math.max(keyLength, 2 * lastKey.length)];
        }
        System.arraycopy(rowKey, 0, lastKey, 0, keyLength);
        lastKeyLength = keyLength;
        return true;
    }

    private void addHash(long hash) {
        if (hashCount == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * hashCount);
        }
        hashes[hashCount++] = hash;
    }

    /** Bytes of the file so far, without the block that is being filled. */
    public long bytes() {
        return written + buffered;
    }

    public boolean isEmpty() {
        return entries == 0;
    }

    /** True when a version of the key that was added last is in the file. */
    public boolean endsWith(byte[] rowKey, int keyLength) {
        return lastKeyLength == keyLength
                && RowKey.compare(rowKey, keyLength, lastKey, lastKeyLength) == 0;
    }

    /**
     * Writes directory and footer, syncs, and opens the file for reading.
     *
     * @param rangesApplied as {@link SegmentInfo} says
     */
    public Segment finish(long rangesApplied) throws IOException {
        byte[] first = Objects.requireNonNull(smallest, "a file has rows");
        if (!data.isEmpty()) {
            finishBlock();
        }
        if (!index.isEmpty()) {
            finishSection();
        }
        BlockPlace directoryPlace =
                write(sections.bytes(), sections.finish(), BlockKind.DIRECTORY, BlockCodec.LZ4);
        byte[] footer =
                SegmentFormat.footer(
                        new SegmentFormat.Footer(
                                sectionCount,
                                number,
                                bytes() + SegmentFormat.FOOTER_BYTES,
                                directoryPlace,
                                entries,
                                deletions,
                                lowestLsn,
                                highestLsn,
                                keyBytes,
                                valueBytes,
                                sealer.checksum()));
        append(footer, footer.length);
        flush();
        file.sync();
        open = false;
        file.close();
        SegmentInfo info =
                new SegmentInfo(
                        number,
                        written,
                        SegmentFormat.footerChecksum(footer),
                        entries,
                        deletions,
                        lowestLsn,
                        highestLsn,
                        0,
                        rangesApplied,
                        first,
                        Arrays.copyOf(lastKey, lastKeyLength));
        return new Segment(
                info, table.build(), new BlockFile(path(), number, disk.openForRead(path())));
    }

    /** Closes and deletes what was written. */
    public void abandon() throws IOException {
        if (open) {
            open = false;
            file.close();
        }
        disk.delete(path());
    }

    private void finishBlock() throws IOException {
        if (sections.isEmpty() && index.isEmpty() && smallest != null) {
            sections.add(smallest, smallest.length, lowestLsn, RowVersion.PUT, placeMemory, 0, 0);
        }
        BlockPlace written = write(data.bytes(), data.finish(), BlockKind.DATA, options.codec());
        int length = putPlace(0, written);
        index.add(
                data.lastKey(),
                data.lastKeyLength(),
                data.lastLsn(),
                RowVersion.PUT,
                placeMemory,
                0,
                length);
        data.clear();
        if (index.entries() >= SECTION_BLOCKS || hashCount >= SECTION_KEYS) {
            finishSection();
        }
    }

    private void finishSection() throws IOException {
        BlockPlace filter = new BlockPlace(0, 0, 0);
        if (hashCount > 0) {
            byte[] bits = KeyFilter.build(hashes, hashCount, options.filterBitsPerKey());
            filter = write(bits, bits.length, BlockKind.FILTER, BlockCodec.NONE);
            hashCount = 0;
        }
        BlockPlace place = write(index.bytes(), index.finish(), BlockKind.INDEX, BlockCodec.LZ4);
        int length = putPlace(putPlace(0, filter), place);
        byte[] key = Arrays.copyOf(index.lastKey(), index.lastKeyLength());
        sections.add(key, key.length, index.lastLsn(), RowVersion.PUT, placeMemory, 0, length);
        table.add(key, index.lastLsn(), filter, place);
        sectionCount++;
        index.clear();
    }

    private BlockPlace write(byte[] raw, int length, BlockKind kind, BlockCodec codec)
            throws IOException {
        Check.that(length <= BlockFormat.MAX_RAW_BYTES, "a block is not too large", length);
        long offset = bytes();
        int stored = sealer.seal(raw, length, codec, kind, number, offset);
        append(sealer.block(), stored);
        return new BlockPlace(offset, stored, length);
    }

    private int putPlace(int at, BlockPlace value) {
        int end = Varint.put(place, at, value.offset());
        end = Varint.put(place, end, value.storedBytes());
        return Varint.put(place, end, value.rawBytes());
    }

    private void append(byte[] bytes, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int part = Math.min(length - done, BUFFER_BYTES - buffered);
            System.arraycopy(bytes, done, buffer, buffered, part);
            buffered += part;
            done += part;
            if (buffered == BUFFER_BYTES) {
                flush();
            }
        }
    }

    private void flush() throws IOException {
        file.write(written, ByteBuffer.wrap(buffer, 0, buffered));
        written += buffered;
        buffered = 0;
    }

    private String path() {
        return directory + "/" + SegmentInfo.name(number);
    }
}
