package io.nodedb.storage.rows.block;

import io.nodedb.base.ids.KeyHash;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A Bloom filter in lines of 64 bytes, so that a question touches one cache line.
 *
 * <pre>
 *   lines, 64 bytes each; bits little-endian in u64 words
 * </pre>
 *
 * A key's hash is XXH64 of its row key, multiplied by an odd constant (the key's own hash decides
 * its partition, so within one its bits are not spread evenly). The upper 32 bits choose the line,
 * the lower ones the bits: h, h + d, h + 2d … modulo 512. Sources: Bloom, "Space/Time Trade-offs in
 * Hash Coding with Allowable Errors", 1970; Putze, Sanders, Singler, "Cache-, Hash- and
 * Space-Efficient Bloom Filters", 2007; Kirsch, Mitzenmacher, "Less Hashing, Same Performance",
 * 2006.
 */
public final class KeyFilter {
    private static final int LINE_BYTES = 64;
    private static final int LINE_BITS = 512;
    private static final int PROBES = 6;
    private static final long SPREAD = 0xD6E8FEB86659FD93L;
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private KeyFilter() {}

    /** The hash to ask filters with. */
    public static long hash(byte[] rowKey, int length) {
        long hash = KeyHash.of(rowKey, 0, length) * SPREAD;
        return hash ^ hash >>> 32;
    }

    /** The filter of {@code count} hashes. */
    public static byte[] build(long[] hashes, int count, int bitsPerKey) {
        int lines = (int) Math.max(1, ((long) count * bitsPerKey + LINE_BITS - 1) / LINE_BITS);
        byte[] filter = new byte[lines * LINE_BYTES];
        for (int i = 0; i < count; i++) {
            int line = line(hashes[i], lines) * LINE_BYTES;
            int bit = (int) hashes[i];
            int step = step(hashes[i]);
            for (int probe = 0; probe < PROBES; probe++, bit += step) {
                int inLine = bit & (LINE_BITS - 1);
                filter[line + (inLine >>> 3)] |= (byte) (1 << (inLine & 7));
            }
        }
        return filter;
    }

    /** False when the key was surely not added. */
    public static boolean mayHold(MemorySegment memory, long position, int bytes, long hash) {
        long line = position + (long) line(hash, bytes / LINE_BYTES) * LINE_BYTES;
        int bit = (int) hash;
        int step = step(hash);
        for (int probe = 0; probe < PROBES; probe++, bit += step) {
            int inLine = bit & (LINE_BITS - 1);
            long word = memory.get(LONG, line + (inLine >>> 6 << 3));
            if ((word >>> (inLine & 63) & 1) == 0) {
                return false;
            }
        }
        return true;
    }

    private static int line(long hash, int lines) {
        return (int) (((hash >>> 32) * lines) >>> 32);
    }

    /** Odd, so that all probes differ. */
    private static int step(long hash) {
        return ((int) (hash >>> 9) & 0x1FF) | 1;
    }
}
