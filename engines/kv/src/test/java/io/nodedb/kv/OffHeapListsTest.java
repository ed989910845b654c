package io.nodedb.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.MemoryTag;
import io.nodedb.base.memory.SlabAllocator;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@link VersionQueue} against a deque, {@link ChangedRegions} against a bit set. */
class OffHeapListsTest {
    private final SlabAllocator slabs =
            new SlabAllocator(new MemoryGovernor(64L << 20), MemoryTag.KV_INDEX);

    @Test
    void queueGivesBackWhatItGotInOrder() {
        VersionQueue queue = new VersionQueue(slabs);
        ArrayDeque<Long> model = new ArrayDeque<>();
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            boolean adds = random.nextInt(100) < (i / 5_000 % 2 == 0 ? 60 : 40);
            if (adds) {
                queue.add(i, i + 7L);
                model.add((long) i);
            } else if (!model.isEmpty()) {
                assertThat(queue.firstHash()).isEqualTo(model.getFirst());
                assertThat(queue.firstLsn()).isEqualTo(model.removeFirst() + 7);
                queue.removeFirst();
            }
            assertThat(queue.size()).isEqualTo(model.size());
            assertThat(queue.isEmpty()).isEqualTo(model.isEmpty());
        }
        queue.free();
        assertThat(slabs.allocatedBytes()).isZero();
        queue.add(1, 2);
        assertThat(queue.firstLsn()).isEqualTo(2);
    }

    @Test
    void regionsKeepTheirMarksWhenTheyGetNarrower() {
        ChangedRegions regions = new ChangedRegions(slabs);
        BitSet model = new BitSet();
        Random random = new Random(2);
        int bits = 6;
        for (int i = 0; i < 300; i++) {
            long hash = random.nextLong();
            regions.mark(hash);
            model.set((int) (hash >>> (64 - bits)));
            if (i % 50 == 49) {
                regions.fitTo(bits + 1);
                BitSet narrower = new BitSet();
                model.stream().forEach(bit -> narrower.set(2 * bit, 2 * bit + 2));
                model = narrower;
                bits++;
            }
            assertThat(marked(regions)).isEqualTo(model);
        }
        ChangedRegions other = new ChangedRegions(slabs);
        assertThat(other.isEmpty()).isTrue();
        other.mark(-1L);
        other.markAll(regions);
        model.set((1 << bits) - (1 << (bits - 6)), 1 << bits);
        assertThat(marked(other)).isEqualTo(model);
        other.free();
        regions.free();
        assertThat(slabs.allocatedBytes()).isZero();
    }

    private static BitSet marked(ChangedRegions regions) {
        BitSet found = new BitSet();
        for (int region = regions.next(0); region >= 0; region = regions.next(region + 1)) {
            assertThat(regions.regionOf(regions.firstHash(region))).isEqualTo(region);
            found.set(region);
        }
        return found;
    }

    @Test
    void regionsAreBounded() {
        ChangedRegions regions = new ChangedRegions(slabs);
        regions.fitTo(30);
        regions.mark(-1L);
        assertThat(regions.next(0)).isEqualTo((1 << 20) - 1);
        assertThat(slabs.allocatedBytes()).isEqualTo(128 * 1024);
    }
}
