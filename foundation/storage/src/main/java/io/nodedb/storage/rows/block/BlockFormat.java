package io.nodedb.storage.rows.block;

import io.nodedb.storage.bytes.LittleEndian;
import io.nodedb.storage.quarantine.DamagedFileException;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A block as it stands in a file: its payload, compressed or not, and a trailer.
 *
 * <pre>
 *   payload
 *   trailer, 20 bytes:
 *      0 u8  codec (0 none, 1 LZ4, 2 Zstandard)
 *      1 u8  kind (1 data, 2 index, 3 filter, 4 directory)
 *      2 u16 0
 *      4 u32 key id (0: not encrypted)
 *      8 u64 file number
 *     16 u32 CRC32C of the payload, the 16 bytes before and the block's offset in the file (u64)
 * </pre>
 *
 * The file number and the offset are under the checksum, so a block that lies where another should
 * is found out. How many bytes the payload has when decompressed is said where the block's place
 * is.
 */
public final class BlockFormat {
    public static final int TRAILER_BYTES = 20;

    /** Largest raw block: the largest row alone in one, with room for its key. */
    public static final int MAX_RAW_BYTES = 65 * 1024 * 1024 - 64;

    private static final int CRC_AT = 16;

    private BlockFormat() {}

    /** Writes the trailer behind {@code payloadBytes} bytes. @return bytes of the block */
    public static int seal(
            byte[] block,
            int payloadBytes,
            BlockCodec codec,
            BlockKind kind,
            long fileNumber,
            long offset) {
        int at = payloadBytes;
        Arrays.fill(block, at, at + TRAILER_BYTES, (byte) 0);
        block[at] = (byte) codec.number();
        block[at + 1] = (byte) kind.number();
        LittleEndian.putLong(block, at + 8, fileNumber);
        LittleEndian.putInt(block, at + CRC_AT, checksum(block, at + CRC_AT, offset));
        return payloadBytes + TRAILER_BYTES;
    }

    /**
     * Checks a block that was read and decompresses it into {@code raw}; {@link
     * DamagedFileException} when it is not what was written there.
     */
    public static void open(
            String path,
            long fileNumber,
            BlockKind kind,
            long offset,
            byte[] stored,
            int storedBytes,
            byte[] raw,
            int rawBytes) {
        int at = storedBytes - TRAILER_BYTES;
        if (at < 0) {
            throw new DamagedFileException(
                    path, offset, "length of a block: actual=" + storedBytes);
        }
        if (LittleEndian.getInt(stored, at + CRC_AT) != checksum(stored, at + CRC_AT, offset)) {
            throw new DamagedFileException(path, offset, "checksum of a block");
        }
        if (stored[at + 1] != kind.number() || LittleEndian.getLong(stored, at + 8) != fileNumber) {
            throw new DamagedFileException(
                    path, offset, "another block: expected=" + kind + " actual=" + stored[at + 1]);
        }
        int codec = LittleEndian.getUnsignedByte(stored, at);
        if (codec > BlockCodec.ZSTD.number() || LittleEndian.getInt(stored, at + 4) != 0) {
            throw new DamagedFileException(path, offset, "codec of a block: actual=" + codec);
        }
        if (!BlockCodec.ofNumber(codec).decompress(stored, at, raw, rawBytes)) {
            throw new DamagedFileException(
                    path, offset, "decompressed length of a block: expected=" + rawBytes);
        }
    }

    private static int checksum(byte[] bytes, int length, long offset) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        byte[] place = new byte[Long.BYTES];
        LittleEndian.putLong(place, 0, offset);
        crc.update(place, 0, place.length);
        return (int) crc.getValue();
    }
}
