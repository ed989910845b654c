package io.nodedb.storage.checkpoint;

import static io.nodedb.storage.checkpoint.CheckpointFileFormat.BLOCK_HEADER_BYTES;
import static io.nodedb.storage.checkpoint.CheckpointFileFormat.ENTRY_LSN_BYTES;
import static io.nodedb.storage.checkpoint.CheckpointFileFormat.FOOTER_BYTES;
import static io.nodedb.storage.checkpoint.CheckpointFileFormat.HEADER_BYTES;
import static io.nodedb.storage.checkpoint.CheckpointFileFormat.MAX_BLOCK_PAYLOAD;

import io.nodedb.base.errors.NodeDbException;
import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.DiskFile;
import io.nodedb.storage.bytes.LittleEndian;
import io.nodedb.storage.quarantine.DamagedFileException;
import io.nodedb.storage.wal.EffectFormat;
import io.nodedb.storage.wal.EffectReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.zip.CRC32C;

/**
 * Reads the entries of one checkpoint file in order, and trusts nothing: header and footer are
 * checked against the manifest when it is opened, each block before its entries are given out, the
 * totals at the end. What does not fit is a {@link DamagedFileException} with path and offset; a
 * disk that can't read is an {@link IOException}. One thread.
 */
public final class CheckpointFileReader implements AutoCloseable {
    private static final int MAX_READ_BYTES = 256 << 10;

    private final String path;
    private final DiskFile file;
    private final CheckpointFile expected;
    private final CRC32C blockCrc = new CRC32C();
    private final CRC32C chain = new CRC32C();
    private final byte[] blockHeader = new byte[BLOCK_HEADER_BYTES];
    private final byte[] scratch = new byte[Integer.BYTES];
    private final EffectReader effect = new EffectReader();
    private byte[] payload = new byte[MAX_BLOCK_PAYLOAD];
    private long position = HEADER_BYTES;
    private long footerAt;
    private long footerBlocks;
    private int blocks;
    private long blockAt;
    private int payloadLength;
    private int at;
    private int entriesLeftInBlock;
    private long entries;
    private long highestLsn;
    private long lsn;

    private CheckpointFileReader(String path, DiskFile file, CheckpointFile expected) {
        this.path = path;
        this.file = file;
        this.expected = expected;
    }

    /** Opens a file that a manifest lists, and checks header and footer. */
    public static CheckpointFileReader open(
            Disk disk, String directory, CheckpointOwner owner, CheckpointFile expected)
            throws IOException {
        String path = directory + "/" + expected.name();
        DiskFile file;
        try {
            file = disk.openForRead(path);
        } catch (NoSuchFileException missing) {
            throw new DamagedFileException(path, 0, "the file is missing", missing);
        }
        CheckpointFileReader reader = new CheckpointFileReader(path, file, expected);
        try {
            reader.checkFrame(owner);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
        return reader;
    }

    private void checkFrame(CheckpointOwner owner) throws IOException {
        long size = file.size();
        if (size != expected.sizeBytes() || size < HEADER_BYTES + FOOTER_BYTES) {
            throw damaged(
                    Math.min(size, expected.sizeBytes()),
                    "size: expected=" + expected.sizeBytes() + " actual=" + size);
        }
        byte[] header = new byte[HEADER_BYTES];
        read(0, header, HEADER_BYTES);
        chain.update(header);
        byte[] wanted = CheckpointFileFormat.header(owner, expected.kind(), expected.number());
        int differs = java.util.Arrays.mismatch(header, wanted);
        if (differs >= 0) {
            throw damaged(
                    differs,
                    CheckpointFileFormat.frameIsWhole(header)
                            ? "header of another file, owner or version"
                            : "header");
        }
        footerAt = size - FOOTER_BYTES;
        byte[] footer = new byte[FOOTER_BYTES];
        read(footerAt, footer, FOOTER_BYTES);
        if (!CheckpointFileFormat.frameIsWhole(footer)
                || LittleEndian.getLong(footer, 0) != CheckpointFileFormat.FOOTER_MAGIC) {
            throw damaged(footerAt, "footer");
        }
        footerBlocks = LittleEndian.getLong(footer, CheckpointFileFormat.FOOTER_BLOCKS_AT);
        boolean same =
                LittleEndian.getLong(footer, CheckpointFileFormat.FOOTER_ENTRIES_AT)
                                == expected.entries()
                        && LittleEndian.getLong(footer, CheckpointFileFormat.FOOTER_LSN_AT)
                                == expected.highestLsn()
                        && LittleEndian.getLong(footer, CheckpointFileFormat.FOOTER_SIZE_AT) == size
                        && LittleEndian.getInt(footer, CheckpointFileFormat.FOOTER_CHAIN_AT)
                                == expected.checksum();
        if (!same) {
            throw damaged(footerAt, "footer does not agree with the manifest");
        }
    }

    /** Moves to the next entry; false at the end, after the totals agreed. */
    public boolean next() throws IOException {
        while (entriesLeftInBlock == 0) {
            if (position == footerAt) {
                checkTotals();
                return false;
            }
            readBlock();
        }
        int remaining = payloadLength - at;
        long entryAt = blockAt + BLOCK_HEADER_BYTES + at;
        if (remaining < ENTRY_LSN_BYTES + EffectFormat.HEADER_BYTES) {
            throw damaged(entryAt, "entry is cut off: remaining=" + remaining);
        }
        lsn = LittleEndian.getLong(payload, at);
        int operationBytes = LittleEndian.getInt(payload, at + ENTRY_LSN_BYTES);
        if (lsn <= 0
                || operationBytes < EffectFormat.HEADER_BYTES
                || operationBytes > remaining - ENTRY_LSN_BYTES) {
            throw damaged(entryAt, "entry: lsn=" + lsn + " operationBytes=" + operationBytes);
        }
        try {
            effect.wrap(payload, at + ENTRY_LSN_BYTES, operationBytes).next();
        } catch (NodeDbException contradiction) {
            throw new DamagedFileException(path, entryAt, "entry's lengths", contradiction);
        }
        at += ENTRY_LSN_BYTES + operationBytes;
        entriesLeftInBlock--;
        entries++;
        highestLsn = Math.max(highestLsn, lsn);
        if (entriesLeftInBlock == 0 && at != payloadLength) {
            throw damaged(blockAt, "block holds more than its entries");
        }
        return true;
    }

    private void readBlock() throws IOException {
        blockAt = position;
        if (footerAt - blockAt < BLOCK_HEADER_BYTES) {
            throw damaged(blockAt, "block header is cut off");
        }
        read(blockAt, blockHeader, BLOCK_HEADER_BYTES);
        payloadLength = LittleEndian.getInt(blockHeader, CheckpointFileFormat.BLOCK_LENGTH_AT);
        int count = LittleEndian.getInt(blockHeader, CheckpointFileFormat.BLOCK_ENTRIES_AT);
        boolean plausible =
                LittleEndian.getInt(blockHeader, 0) == CheckpointFileFormat.BLOCK_MAGIC
                        && count > 0
                        && payloadLength > 0
                        && payloadLength <= footerAt - blockAt - BLOCK_HEADER_BYTES
                        && (payloadLength <= MAX_BLOCK_PAYLOAD || count == 1);
        if (!plausible) {
            throw damaged(
                    blockAt, "block header: payloadLength=" + payloadLength + " entries=" + count);
        }
        if (payloadLength > payload.length) {
            payload = new byte[payloadLength];
        }
        read(blockAt + BLOCK_HEADER_BYTES, payload, payloadLength);
        int crc =
                CheckpointFileFormat.blockChecksum(
                        blockCrc, blocks, blockHeader, payload, 0, payloadLength, scratch);
        if (crc != LittleEndian.getInt(blockHeader, CheckpointFileFormat.BLOCK_CRC_AT)) {
            throw damaged(blockAt, "checksum of block " + blocks);
        }
        chain.update(blockHeader);
        position = blockAt + BLOCK_HEADER_BYTES + payloadLength;
        at = 0;
        entriesLeftInBlock = count;
        blocks++;
    }

    private void checkTotals() {
        if (blocks != footerBlocks
                || entries != expected.entries()
                || highestLsn != expected.highestLsn()
                || (int) chain.getValue() != expected.checksum()) {
            throw damaged(footerAt, "totals: blocks=" + blocks + " entries=" + entries);
        }
    }

    /** LSN of the present entry's version. */
    public long lsn() {
        return lsn;
    }

    /** The present entry's operation; valid until the next {@link #next}. */
    public EffectReader effect() {
        return effect;
    }

    /** Bytes behind: for progress. */
    public long position() {
        return position;
    }

    private void read(long from, byte[] target, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int part = Math.min(MAX_READ_BYTES, length - done);
            int got = file.read(from + done, ByteBuffer.wrap(target, done, part));
            if (got < part) {
                throw damaged(from + done + got, "the file ended while it was read");
            }
            done += part;
        }
    }

    private DamagedFileException damaged(long offset, String what) {
        return new DamagedFileException(path, offset, what);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
