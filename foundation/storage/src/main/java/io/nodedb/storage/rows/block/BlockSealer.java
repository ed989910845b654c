package io.nodedb.storage.rows.block;

import io.nodedb.storage.bytes.LittleEndian;

/** Compresses blocks and puts their trailers on, in a buffer that it keeps. One thread. */
public final class BlockSealer {
    /** A block that compression makes smaller by less than an eighth is stored as it is. */
    private static final int LEAST_GAIN = 8;

    private byte[] block = new byte[32 * 1024];
    private int length;

    /**
     * @return bytes of the block, which is in {@link #block}
     */
    public int seal(
            byte[] raw,
            int rawBytes,
            BlockCodec codec,
            BlockKind kind,
            long fileNumber,
            long offset) {
        int room = BlockCodec.bound(rawBytes) + BlockFormat.TRAILER_BYTES;
        if (block.length < room) {
            block = new byte[room];
        }
        int compressed = codec.compress(raw, rawBytes, block);
        BlockCodec used = codec;
        if (compressed < 0 || compressed > rawBytes - rawBytes / LEAST_GAIN) {
            System.arraycopy(raw, 0, block, 0, rawBytes);
            compressed = rawBytes;
            used = BlockCodec.NONE;
        }
        length = BlockFormat.seal(block, compressed, used, kind, fileNumber, offset);
        return length;
    }

    public byte[] block() {
        return block;
    }

    /** The checksum in the trailer of the block that was sealed last. */
    public int checksum() {
        return LittleEndian.getInt(block, length - Integer.BYTES);
    }
}
