package io.nodedb.storage.checkpoint;

import static io.nodedb.storage.checkpoint.CheckpointFileFormat.BLOCK_HEADER_BYTES;
import static io.nodedb.storage.checkpoint.CheckpointFileFormat.MAX_BLOCK_PAYLOAD;

import io.nodedb.base.errors.Check;
import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.DiskFile;
import io.nodedb.storage.bytes.LittleEndian;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Writes one checkpoint file ({@link CheckpointFileFormat}) under an unfinished name, and gives it
 * its own when all is written and synced. The file counts only once a manifest that names it is
 * published. Owned by one background thread; made by {@link ManifestStore#newFile}.
 *
 * <p>After an {@link IOException} only {@link #abandon} may be called.
 */
public final class CheckpointFileWriter {
    /** Bytes per call to the disk, so that a large entry needs no equally large buffer below. */
    private static final int MAX_WRITE_BYTES = 256 << 10;

    private final Disk disk;
    private final String directory;
    private final CheckpointFileKind kind;
    private final long number;
    private final DiskFile file;
    private final CRC32C blockCrc = new CRC32C();
    private final CRC32C chain = new CRC32C();
    private final byte[] blockHeader = new byte[BLOCK_HEADER_BYTES];
    private final byte[] scratch = new byte[Integer.BYTES];
    private long position;
    private int blocks;
    private long entries;
    private long highestLsn;
    private boolean closed;

    CheckpointFileWriter(
            Disk disk,
            String directory,
            CheckpointOwner owner,
            CheckpointFileKind kind,
            long number)
            throws IOException {
        this.disk = disk;
        this.directory = directory;
        this.kind = kind;
        this.number = number;
        this.file = disk.create(unfinishedPath());
        byte[] header = CheckpointFileFormat.header(owner, kind, number);
        chain.update(header);
        write(header, 0, header.length);
    }

    /** Appends a block's entries; nothing when it is empty. The block is not kept. */
    public void append(CheckpointBlock block) throws IOException {
        if (block.isEmpty()) {
            return;
        }
        int split = block.lastEntryOffset();
        if (block.length() > MAX_BLOCK_PAYLOAD && split > 0) {
            appendBlock(block.payload(), 0, split, block.entries() - 1);
            appendBlock(block.payload(), split, block.length() - split, 1);
        } else {
            appendBlock(block.payload(), 0, block.length(), block.entries());
        }
        entries += block.entries();
        highestLsn = Math.max(highestLsn, block.highestLsn());
    }

    private void appendBlock(byte[] payload, int offset, int length, int count) throws IOException {
        LittleEndian.putInt(blockHeader, 0, CheckpointFileFormat.BLOCK_MAGIC);
        LittleEndian.putInt(blockHeader, CheckpointFileFormat.BLOCK_LENGTH_AT, length);
        LittleEndian.putInt(blockHeader, CheckpointFileFormat.BLOCK_ENTRIES_AT, count);
        int crc =
                CheckpointFileFormat.blockChecksum(
                        blockCrc, blocks, blockHeader, payload, offset, length, scratch);
        LittleEndian.putInt(blockHeader, CheckpointFileFormat.BLOCK_CRC_AT, crc);
        chain.update(blockHeader);
        write(blockHeader, 0, BLOCK_HEADER_BYTES);
        write(payload, offset, length);
        blocks++;
    }

    /**
     * Writes the footer, syncs, closes, and gives the file its final name (which lasts with the
     * next publish).
     */
    public CheckpointFile finish() throws IOException {
        Check.that(!closed, "a checkpoint file is finished once");
        byte[] footer = new byte[CheckpointFileFormat.FOOTER_BYTES];
        long sizeBytes = position + footer.length;
        int checksum = (int) chain.getValue();
        LittleEndian.putLong(footer, 0, CheckpointFileFormat.FOOTER_MAGIC);
        LittleEndian.putLong(footer, CheckpointFileFormat.FOOTER_BLOCKS_AT, blocks);
        LittleEndian.putLong(footer, CheckpointFileFormat.FOOTER_ENTRIES_AT, entries);
        LittleEndian.putLong(footer, CheckpointFileFormat.FOOTER_LSN_AT, highestLsn);
        LittleEndian.putLong(footer, CheckpointFileFormat.FOOTER_SIZE_AT, sizeBytes);
        LittleEndian.putInt(footer, CheckpointFileFormat.FOOTER_CHAIN_AT, checksum);
        CheckpointFileFormat.sealFrame(footer);
        write(footer, 0, footer.length);
        if (kind != CheckpointFileKind.SPILL) {
            file.sync();
        }
        closed = true;
        file.close();
        CheckpointFile finished =
                new CheckpointFile(number, kind, sizeBytes, entries, highestLsn, checksum);
        disk.rename(unfinishedPath(), directory + "/" + finished.name());
        return finished;
    }

    /** Gives the file up and deletes what there is of it. May be called at any time, also twice. */
    void abandon() throws IOException {
        if (!closed) {
            closed = true;
            file.close();
        }
        disk.delete(unfinishedPath());
        disk.delete(directory + "/" + kind.fileName(number));
    }

    public long number() {
        return number;
    }

    /** Bytes written so far. */
    public long bytes() {
        return position;
    }

    /**
     * Highest LSN of an entry so far: the log must be synced up to it before the file is published.
     */
    public long highestLsn() {
        return highestLsn;
    }

    private String unfinishedPath() {
        return directory + "/" + CheckpointFileKind.unfinishedName(number);
    }

    private void write(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int part = Math.min(MAX_WRITE_BYTES, length - done);
            file.write(position, ByteBuffer.wrap(bytes, offset + done, part));
            position += part;
            done += part;
        }
    }
}
