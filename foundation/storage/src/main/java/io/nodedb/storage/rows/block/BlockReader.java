package io.nodedb.storage.rows.block;

import io.nodedb.os.disk.DiskFile;
import io.nodedb.storage.quarantine.DamagedFileException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/**
 * Reads, checks and decompresses blocks, with buffers that it keeps. One thread at a time: each I/O
 * thread has its own ({@link #ofThread}), each job another.
 */
public final class BlockReader {
    /** Longer buffers are not kept: they were for one very large row. */
    private static final int MAX_KEPT_BYTES = 1 << 20;

    private static final ThreadLocal<BlockReader> OF_THREAD =
            ThreadLocal.withInitial(BlockReader::new);

    private byte[] stored = new byte[32 * 1024];
    private byte[] raw = new byte[32 * 1024];

    /** The calling thread's. */
    public static BlockReader ofThread() {
        return OF_THREAD.get();
    }

    /** Reads a block into {@code target} at {@code position}. */
    public void read(
            DiskFile file,
            String path,
            long fileNumber,
            BlockKind kind,
            BlockPlace place,
            MemorySegment target,
            long position)
            throws IOException {
        byte[] bytes = read(file, path, fileNumber, kind, place);
        MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, position, place.rawBytes());
        if (raw.length > MAX_KEPT_BYTES) {
            raw = new byte[32 * 1024];
        }
        if (stored.length > MAX_KEPT_BYTES) {
            stored = new byte[32 * 1024];
        }
    }

    /** Reads a block; the array is the reader's, filled up to the block's raw length. */
    public byte[] read(
            DiskFile file, String path, long fileNumber, BlockKind kind, BlockPlace place)
            throws IOException {
        int storedBytes = place.storedBytes();
        int rawBytes = place.rawBytes();
        if (storedBytes < 0
                || storedBytes > BlockCodec.bound(BlockFormat.MAX_RAW_BYTES)
                || rawBytes < 0
                || rawBytes > BlockFormat.MAX_RAW_BYTES) {
            throw new DamagedFileException(
                    path, place.offset(), "lengths of a block: actual=" + place);
        }
        if (stored.length < storedBytes) {
            stored = new byte[storedBytes];
        }
        if (raw.length < rawBytes) {
            raw = new byte[rawBytes];
        }
        int read = file.read(place.offset(), ByteBuffer.wrap(stored, 0, storedBytes));
        if (read < storedBytes) {
            throw new DamagedFileException(
                    path,
                    place.offset(),
                    "end of a block: expected=" + storedBytes + " actual=" + read);
        }
        BlockFormat.open(
                path, fileNumber, kind, place.offset(), stored, storedBytes, raw, rawBytes);
        return raw;
    }
}
