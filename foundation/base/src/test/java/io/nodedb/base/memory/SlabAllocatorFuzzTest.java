package io.nodedb.base.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.nodedb.base.TestSeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The allocator against a map of live blocks: no overlap, contents last, sums are exact. */
class SlabAllocatorFuzzTest {
    private static final int STEPS =
            System.getProperty("nodedb.long", "").equals("slab") ? 20_000_000 : 150_000;

    private record Block(int bytes, int mark) {}

    private final long seed = TestSeed.next();
    private final Random random = new Random(seed);

    @Test
    void blocksNeverOverlapAndKeepTheirContents() {
        MemoryGovernor governor = new MemoryGovernor(48L << 20);
        SlabAllocator slabs = new SlabAllocator(governor, MemoryTag.KV_DATA);
        TreeMap<Long, Block> live = new TreeMap<>();
        List<Long> addresses = new ArrayList<>();
        int refused = 0;
        for (int step = 0; step < STEPS; step++) {
            boolean growing = step / 20_000 % 2 == 0;
            if (live.isEmpty() || random.nextInt(100) < (growing ? 60 : 40)) {
                refused += allocate(slabs, live, addresses, step);
            } else {
                free(slabs, live, addresses);
            }
            if (step % 2_000 == 700) {
                slabs.startDraining(random.nextDouble(), random.nextInt(4) << 20);
            }
            if (step % 2_000 == 900) {
                moveDraining(slabs, live, addresses);
                slabs.endDraining();
            }
            if (step % 1_000 == 0) {
                checkSums(governor, slabs, live);
                governor.reclaimer().step();
            }
        }
        while (!addresses.isEmpty()) {
            free(slabs, live, addresses);
        }
        checkSums(governor, slabs, live);
        slabs.trim();
        while (governor.reclaimer().step()) {
            // until nothing waits
        }
        assertThat(governor.used()).as(TestSeed.replay(seed)).isZero();
        assertThat(refused).as("limit was met; " + TestSeed.replay(seed)).isPositive();
    }

    private int allocate(
            SlabAllocator slabs, NavigableMap<Long, Block> live, List<Long> addresses, int mark) {
        int bytes = randomSize();
        long allocatedBefore = slabs.allocatedBytes();
        long chunksBefore = slabs.chunkBytes();
        long address = slabs.allocate(bytes);
        if (address == SlabAllocator.NONE) {
            assertThat(slabs.allocatedBytes()).isEqualTo(allocatedBefore);
            assertThat(slabs.chunkBytes()).isEqualTo(chunksBefore);
            return 1;
        }
        Map.Entry<Long, Block> below = live.lowerEntry(address + 1);
        if (below != null
                && below.getKey() >>> 20 == address >>> 20
                && below.getKey() + below.getValue().bytes() > address) {
            fail("overlaps the block below; " + TestSeed.replay(seed));
        }
        Long above = live.higherKey(address);
        if (above != null && above >>> 20 == address >>> 20 && address + bytes > above) {
            fail("overlaps the block above; " + TestSeed.replay(seed));
        }
        write(slabs, address, bytes, mark);
        live.put(address, new Block(bytes, mark));
        addresses.add(address);
        return 0;
    }

    private void free(SlabAllocator slabs, NavigableMap<Long, Block> live, List<Long> addresses) {
        int pick = random.nextInt(addresses.size());
        long address = addresses.get(pick);
        addresses.set(pick, addresses.getLast());
        addresses.removeLast();
        Block block = live.remove(address);
        verify(slabs, address, block.bytes(), block.mark());
        slabs.free(address, block.bytes());
    }

    private void moveDraining(
            SlabAllocator slabs, NavigableMap<Long, Block> live, List<Long> addresses) {
        boolean all = random.nextBoolean();
        for (int i = 0; i < addresses.size(); i++) {
            long address = addresses.get(i);
            Block block = live.get(address);
            if (block == null || !slabs.isDraining(address) || (!all && random.nextBoolean())) {
                continue;
            }
            verify(slabs, address, block.bytes(), block.mark());
            long copy = slabs.allocate(block.bytes());
            if (copy == SlabAllocator.NONE) {
                return;
            }
            assertThat(slabs.isDraining(copy)).as(TestSeed.replay(seed)).isFalse();
            slabs.copy(address, 0, copy, 0, block.bytes());
            slabs.free(address, block.bytes());
            live.remove(address);
            live.put(copy, block);
            addresses.set(i, copy);
        }
    }

    private void checkSums(
            MemoryGovernor governor, SlabAllocator slabs, NavigableMap<Long, Block> live) {
        long allocated = 0;
        for (Block block : live.values()) {
            allocated += SlabAllocator.blockBytes(block.bytes());
        }
        assertThat(slabs.allocatedBytes()).as(TestSeed.replay(seed)).isEqualTo(allocated);
        assertThat(governor.used())
                .as(TestSeed.replay(seed))
                .isEqualTo(
                        slabs.chunkBytes()
                                + slabs.pledgedBytes()
                                + governor.reclaimer().backlogBytes());
    }

    private int randomSize() {
        return switch (random.nextInt(20)) {
            case 0 -> 1 + random.nextInt(1 << 20);
            case 1, 2 -> 1 + random.nextInt(64 << 10);
            case 3, 4, 5, 6 -> 1 + random.nextInt(4 << 10);
            default -> 1 + random.nextInt(200);
        };
    }

    private static void write(SlabAllocator slabs, long address, int bytes, int mark) {
        slabs.putByte(address, 0, (byte) mark);
        slabs.putByte(address, bytes / 2, (byte) (mark >>> 8));
        slabs.putByte(address, bytes - 1, (byte) (mark >>> 16));
        if (bytes >= 24) {
            slabs.putLong(address, 8, mark);
        }
    }

    private void verify(SlabAllocator slabs, long address, int bytes, int mark) {
        boolean intact =
                bytes < 24
                        ? slabs.getByte(address, bytes - 1) == (byte) (mark >>> 16)
                        : slabs.getLong(address, 8) == mark
                                && slabs.getByte(address, 0) == (byte) mark
                                && slabs.getByte(address, bytes - 1) == (byte) (mark >>> 16);
        if (!intact) {
            fail("block changed: bytes=" + bytes + "; " + TestSeed.replay(seed));
        }
    }

    @Test
    void whatWasEnsuredCanBeAllocatedInAnySizes() {
        for (int round = 0; round < 150; round++) {
            MemoryGovernor governor = new MemoryGovernor((1L + random.nextInt(24)) << 20);
            try (SlabAllocator slabs = new SlabAllocator(governor, MemoryTag.KV_DATA)) {
                int before = random.nextInt(400);
                for (int i = 0; i < before; i++) {
                    slabs.allocate(randomSize());
                }
                promiseHolds(slabs, governor);
            }
            while (governor.reclaimer().step()) {
                // the next round starts with all memory
            }
        }
    }

    private void promiseHolds(SlabAllocator slabs, MemoryGovernor governor) {
        for (int i = 0; i < 20; i++) {
            long promised = 1L + random.nextInt(1 << (1 + random.nextInt(22)));
            if (!slabs.ensureAvailable(promised)) {
                continue;
            }
            // Someone else takes all that is left.
            long rest = governor.limit() - governor.used();
            governor.reserve(MemoryTag.OTHER, rest);
            long left = promised;
            while (left >= 8) {
                int wanted = (int) Math.min(randomSize(), left);
                while (SlabAllocator.blockBytes(wanted) > left) {
                    wanted -= Math.max(1, wanted / 8);
                }
                assertThat(slabs.allocate(wanted))
                        .as("promised=%d left=%d; %s", promised, left, TestSeed.replay(seed))
                        .isNotEqualTo(SlabAllocator.NONE);
                left -= SlabAllocator.blockBytes(wanted);
            }
            governor.release(MemoryTag.OTHER, rest);
            int single = randomSize();
            if (slabs.ensureBlock(single)) {
                long others = governor.limit() - governor.used();
                governor.reserve(MemoryTag.OTHER, others);
                assertThat(slabs.allocate(single))
                        .as("single=%d; %s", single, TestSeed.replay(seed))
                        .isNotEqualTo(SlabAllocator.NONE);
                governor.release(MemoryTag.OTHER, others);
            }
        }
    }
}
