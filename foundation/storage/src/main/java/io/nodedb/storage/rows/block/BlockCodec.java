package io.nodedb.storage.rows.block;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;

/** How a block's bytes are compressed; the number is written to disk. Usable from every thread. */
public enum BlockCodec {
    NONE(0) {
        @Override
        int compress(byte[] raw, int length, byte[] target) {
            return -1;
        }

        @Override
        boolean decompress(byte[] stored, int length, byte[] target, int rawLength) {
            if (length != rawLength) {
                return false;
            }
            System.arraycopy(stored, 0, target, 0, length);
            return true;
        }
    },

    /** Fast both ways: for the upper levels, which are rewritten often. */
    LZ4(1) {
        @Override
        int compress(byte[] raw, int length, byte[] target) {
            return LZ4Factory.fastestInstance()
                    .fastCompressor()
                    .compress(raw, 0, length, target, 0, target.length);
        }

        @Override
        boolean decompress(byte[] stored, int length, byte[] target, int rawLength) {
            try {
                return LZ4Factory.fastestInstance()
                                .safeDecompressor()
                                .decompress(stored, 0, length, target, 0, rawLength)
                        == rawLength;
            } catch (LZ4Exception e) {
                return false;
            }
        }
    },

    /** Smaller: for the lowest level, which holds nine rows in ten and is rewritten least. */
    ZSTD(2) {
        @Override
        int compress(byte[] raw, int length, byte[] target) {
            return ZstdContexts.COMPRESS
                    .get()
                    .compressByteArray(target, 0, target.length, raw, 0, length);
        }

        @Override
        boolean decompress(byte[] stored, int length, byte[] target, int rawLength) {
            try {
                return ZstdContexts.DECOMPRESS
                                .get()
                                .decompressByteArray(target, 0, rawLength, stored, 0, length)
                        == rawLength;
            } catch (ZstdException e) {
                return false;
            }
        }
    };

    /** Zstandard's own default. */
    private static final int ZSTD_LEVEL = 3;

    private final int number;

    BlockCodec(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** Room that compressing {@code rawBytes} may need. */
    static int bound(int rawBytes) {
        return rawBytes + rawBytes / 128 + 1024;
    }

    static BlockCodec ofNumber(int number) {
        return switch (number) {
            case 0 -> NONE;
            case 1 -> LZ4;
            case 2 -> ZSTD;
            default -> throw new IllegalArgumentException("codec: actual=" + number);
        };
    }

    /** Zstandard where its native library loads, else LZ4, which also runs without one. */
    public static BlockCodec smallest() {
        return ZstdProbe.LOADED ? ZSTD : LZ4;
    }

    /** The compressed length, or -1 when it could not be done. */
    abstract int compress(byte[] raw, int length, byte[] target);

    /** False when the stored bytes are not {@code rawLength} bytes compressed. */
    abstract boolean decompress(byte[] stored, int length, byte[] target, int rawLength);

    /** One of each per thread: making one costs more than a block. */
    private static final class ZstdContexts {
        static final ThreadLocal<ZstdCompressCtx> COMPRESS =
                ThreadLocal.withInitial(() -> new ZstdCompressCtx().setLevel(ZSTD_LEVEL));
        static final ThreadLocal<ZstdDecompressCtx> DECOMPRESS =
                ThreadLocal.withInitial(ZstdDecompressCtx::new);
    }

    /** Tries the native library once. */
    private static final class ZstdProbe {
        static final boolean LOADED = load();

        private static boolean load() {
            try {
                return Zstd.compressBound(1) > 0;
            } catch (LinkageError e) {
                return false;
            }
        }
    }
}
