package io.nodedb.simulator.disk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * Bytes of one simulated file: what the operating system would answer now, what would certainly be
 * there after a power loss, and every write in between, by sector. Guarded by its disk's lock.
 */
final class FileContent implements Node {
    /** What a device writes whole or not at all. */
    static final int SECTOR_BYTES = 512;

    /** What a device rewrites at once, though it promises sectors. */
    static final int BLOCK_BYTES = 4096;

    /** One power loss in so many, per file, hits a device in the middle of rewriting a block. */
    private static final int TORN_BLOCK_ODDS = 8;

    private byte[] current = new byte[0];
    private int size;
    private byte[] durable = new byte[0];
    private int durableSize;

    /** Contents that each sector had since the last sync, oldest first. */
    private final TreeMap<Integer, List<byte[]>> unsyncedSectors = new TreeMap<>();

    /** Lengths that the file had since the last sync. */
    private final List<Integer> unsyncedSizes = new ArrayList<>();

    int size() {
        return size;
    }

    int read(long position, byte[] target, int offset, int length) {
        int available = (int) Math.max(0, Math.min(length, size - position));
        if (available > 0) {
            System.arraycopy(current, (int) position, target, offset, available);
        }
        return available;
    }

    void write(int position, byte[] source) {
        if (source.length == 0) {
            return;
        }
        int end = position + source.length;
        if (end > size) {
            resize(end);
        }
        System.arraycopy(source, 0, current, position, source.length);
        remember(position, end);
    }

    void allocate(int length) {
        if (length > size) {
            resize(length);
        }
    }

    void truncate(int length) {
        if (length < size) {
            int oldSize = size;
            Arrays.fill(current, length, oldSize, (byte) 0);
            remember(length, oldSize);
            resize(length);
        }
    }

    private void resize(int newSize) {
        size = newSize;
        unsyncedSizes.add(newSize);
        if (size > current.length) {
            int rounded = (size + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES;
            current =
                    Arrays.copyOf(
                            current, Math.max(rounded, Math.min(current.length * 2, 1 << 20)));
        }
    }

    private void remember(int from, int to) {
        for (int sector = from / SECTOR_BYTES; sector * SECTOR_BYTES < to; sector++) {
            unsyncedSectors
                    .computeIfAbsent(sector, s -> new ArrayList<>())
                    .add(sectorOf(current, sector));
        }
    }

    private static byte[] sectorOf(byte[] bytes, int sector) {
        int from = sector * SECTOR_BYTES;
        byte[] copy = new byte[SECTOR_BYTES];
        if (from < bytes.length) {
            System.arraycopy(bytes, from, copy, 0, Math.min(SECTOR_BYTES, bytes.length - from));
        }
        return copy;
    }

    void sync() {
        growDurable();
        for (int sector : unsyncedSectors.keySet()) {
            putDurable(sector, sectorOf(current, sector));
        }
        durableSize = size;
        unsyncedSectors.clear();
        unsyncedSizes.clear();
    }

    private void growDurable() {
        if (durable.length < current.length) {
            durable = Arrays.copyOf(durable, current.length);
        }
    }

    private void putDurable(int sector, byte[] content) {
        System.arraycopy(content, 0, durable, sector * SECTOR_BYTES, SECTOR_BYTES);
    }

    /** Power is lost: each unsynced sector and the length take one of the states they had. */
    void losePower(Random random, double keepShare) {
        growDurable();
        unsyncedSectors.forEach((sector, versions) -> {
            if (random.nextDouble() < keepShare) {
                boolean newest = random.nextInt(4) > 0;
                int version = newest ? versions.size() - 1 : random.nextInt(versions.size());
                putDurable(sector, versions.get(version));
            }
        });
        if (!unsyncedSectors.isEmpty() && random.nextInt(TORN_BLOCK_ODDS) == 0) {
            tearBlock(random);
        }
        if (!unsyncedSizes.isEmpty() && random.nextDouble() < keepShare) {
            durableSize = unsyncedSizes.get(random.nextInt(unsyncedSizes.size()));
        }
        unsyncedSectors.clear();
        unsyncedSizes.clear();
        Arrays.fill(durable, durableSize, durable.length, (byte) 0);
        current = durable.clone();
        size = durableSize;
    }

    /** The device was rewriting a whole block when it lost power: its other sectors suffer too. */
    private void tearBlock(Random random) {
        int among = random.nextInt(unsyncedSectors.size());
        int sector = unsyncedSectors.keySet().stream().skip(among).findFirst().orElseThrow();
        int from = sector * SECTOR_BYTES / BLOCK_BYTES * BLOCK_BYTES;
        byte[] garbage = new byte[Math.min(BLOCK_BYTES, durable.length - from)];
        random.nextBytes(garbage);
        System.arraycopy(garbage, 0, durable, from, garbage.length);
    }

    /** Changes bytes on the medium itself, behind everybody's back. */
    void damage(int position, byte mask) {
        current[position] ^= mask;
        if (position < durable.length) {
            durable[position] ^= mask;
        }
    }

    byte[] bytes() {
        return Arrays.copyOf(current, size);
    }
}
