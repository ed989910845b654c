package io.nodedb.base.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.nodedb.base.errors.BugException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlabAllocatorTest {
    private static final long CHUNK = SlabChunk.accountedBytes(SlabChunk.SHARED_BYTES);

    private static SlabAllocator allocator(MemoryGovernor governor) {
        return new SlabAllocator(governor, MemoryTag.KV_DATA);
    }

    private static void reclaimAll(MemoryGovernor governor) {
        while (governor.reclaimer().step()) {
            // until nothing waits
        }
    }

    @Test
    void sizeClassesCoverEverySizeWithLittleWaste() {
        int previous = -1;
        for (int bytes = 1; bytes <= SizeClasses.LARGEST_SHARED; bytes++) {
            int sizeClass = SizeClasses.classOf(bytes);
            int block = SizeClasses.blockBytes(sizeClass);
            assertThat(block).isGreaterThanOrEqualTo(bytes);
            assertThat(block - bytes).isLessThanOrEqualTo(Math.max(7, bytes / 8));
            assertThat(sizeClass).isBetween(previous, previous + 1);
            previous = sizeClass;
        }
        assertThat(previous).isEqualTo(SizeClasses.COUNT - 1);
        for (int sizeClass = 0; sizeClass < SizeClasses.COUNT; sizeClass++) {
            long span = (long) SizeClasses.spanPages(sizeClass) * SizeClasses.PAGE_BYTES;
            long full =
                    (long) SizeClasses.blocksPerSpan(sizeClass) * SizeClasses.blockBytes(sizeClass);
            assertThat(full).isPositive().isLessThanOrEqualTo(span);
            assertThat(span).isLessThanOrEqualTo(SizeClasses.worstSpanBytes(full));
        }
    }

    @Test
    void accessorsReadWhatTheyWrote() {
        try (SlabAllocator slabs = allocator(new MemoryGovernor(64 << 20))) {
            long a = slabs.allocate(100);
            long b = slabs.allocate(300_000);
            slabs.putLong(a, 8, Long.MIN_VALUE + 5);
            slabs.putInt(a, 16, -7);
            slabs.putShort(a, 20, (short) -3);
            slabs.putByte(a, 22, (byte) 9);
            assertThat(slabs.getLong(a, 8)).isEqualTo(Long.MIN_VALUE + 5);
            assertThat(slabs.getInt(a, 16)).isEqualTo(-7);
            assertThat(slabs.getShort(a, 20)).isEqualTo((short) -3);
            assertThat(slabs.getByte(a, 22)).isEqualTo((byte) 9);
            byte[] text = "the quick brown fox".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            slabs.copyIn(text, 1, 17, a, 33);
            assertThat(slabs.equalsBytes(a, 33, text, 1, 17)).isTrue();
            assertThat(slabs.equalsBytes(a, 33, text, 0, 17)).isFalse();
            assertThat(slabs.equalsBytes(a, 34, text, 2, 3)).isTrue();
            slabs.copy(a, 33, b, 299_000, 17);
            byte[] back = new byte[19];
            slabs.copyOut(b, 299_000, back, 1, 17);
            assertThat(new String(back, 1, 17, java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo("he quick brown fo");
            slabs.clear(a, 12, 8);
            assertThat(slabs.getLong(a, 8)).isEqualTo(5);
            assertThat(slabs.getInt(a, 16)).isZero();
            slabs.clear(b, 0, 300_000);
            assertThat(slabs.getLong(b, 299_000)).isZero();
            assertThat(slabs.getInt(a + 16, -8)).isEqualTo(5);
        }
    }

    @Test
    void accessOutsideOfAChunkIsRefused() {
        try (SlabAllocator slabs = allocator(new MemoryGovernor(64 << 20))) {
            long large = slabs.allocate(300_000);
            assertThatThrownBy(() -> slabs.getLong(large, 300_000))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            slabs.free(large, 300_000);
            assertThatThrownBy(() -> slabs.getLong(large, 0)).isInstanceOf(BugException.class);
            assertThatThrownBy(() -> slabs.getLong(SlabAllocator.NONE, 0))
                    .isInstanceOf(BugException.class);
        }
    }

    @Test
    void afterAllIsFreedTheSameChunksServeAgain() {
        MemoryGovernor governor = new MemoryGovernor(64 << 20);
        try (SlabAllocator slabs = allocator(governor)) {
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 30_000; i++) {
                    assertThat(slabs.allocate(1 + i % 150)).isNotEqualTo(SlabAllocator.NONE);
                }
                assertThat(slabs.allocate(300_000)).isNotEqualTo(SlabAllocator.NONE);
                long before = slabs.chunkBytes();
                slabs.freeAll();
                assertThat(slabs.allocatedBytes()).isZero();
                long large = SlabChunk.accountedBytes(300_000);
                assertThat(slabs.chunkBytes()).isEqualTo(before - large).isEqualTo(3 * CHUNK);
            }
            slabs.trim();
            assertThat(slabs.chunkBytes()).isZero();
        }
        reclaimAll(governor);
        assertThat(governor.used()).isZero();
    }

    @Test
    void wrongFreesAreBugs() {
        try (SlabAllocator slabs = allocator(new MemoryGovernor(64 << 20))) {
            long block = slabs.allocate(40);
            assertThatThrownBy(() -> slabs.free(block, 41)).isInstanceOf(BugException.class);
            assertThatThrownBy(() -> slabs.free(block + 8, 40)).isInstanceOf(BugException.class);
            assertThatThrownBy(() -> slabs.free(block + SizeClasses.PAGE_BYTES, 40))
                    .isInstanceOf(BugException.class);
            slabs.free(block, 40);
            assertThatThrownBy(() -> slabs.free(block, 40)).isInstanceOf(BugException.class);
            assertThatThrownBy(() -> slabs.allocate(0)).isInstanceOf(BugException.class);
            assertThatThrownBy(() -> slabs.allocate(SlabAllocator.LARGEST_BLOCK + 1))
                    .isInstanceOf(BugException.class);
        }
    }

    @Test
    void emptyChunksGoBackToTheGovernorButForOneSpare() {
        MemoryGovernor governor = new MemoryGovernor(64 << 20);
        SlabAllocator slabs = allocator(governor);
        List<Long> blocks = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            blocks.add(slabs.allocate(128 * 1024));
        }
        long large = slabs.allocate(5 << 20);
        assertThat(slabs.allocatedBytes()).isEqualTo(40L * 128 * 1024 + (5 << 20));
        assertThat(slabs.chunkBytes()).isEqualTo(5 * CHUNK + SlabChunk.accountedBytes(5 << 20));
        assertThat(governor.used(MemoryTag.KV_DATA)).isEqualTo(slabs.chunkBytes());
        for (long block : blocks) {
            slabs.free(block, 128 * 1024);
        }
        slabs.free(large, 5 << 20);
        assertThat(slabs.allocatedBytes()).isZero();
        assertThat(slabs.chunkBytes()).isEqualTo(CHUNK);
        assertThat(governor.reclaimer().backlogBytes())
                .isEqualTo(governor.used() - CHUNK)
                .isPositive();
        reclaimAll(governor);
        assertThat(governor.used()).isEqualTo(CHUNK);
        slabs.trim();
        reclaimAll(governor);
        assertThat(governor.used()).isZero();
        long again = slabs.allocate(8);
        assertThat(again).isNotEqualTo(SlabAllocator.NONE);
        slabs.close();
        slabs.close();
        reclaimAll(governor);
        assertThat(governor.used()).isZero();
        assertThatThrownBy(() -> slabs.allocate(8)).isInstanceOf(BugException.class);
    }

    @Test
    void refusalAtTheLimitChangesNothing() {
        MemoryGovernor governor = new MemoryGovernor(2 * CHUNK + 100);
        SlabAllocator slabs = allocator(governor);
        int count = 0;
        long last = SlabAllocator.NONE;
        long block;
        while ((block = slabs.allocate(1000)) != SlabAllocator.NONE) {
            slabs.putLong(block, 0, block);
            last = block;
            count++;
        }
        assertThat(count).isEqualTo(2 * SlabChunk.PAGES * SizeClasses.blocksPerSpan(39));
        long used = governor.used();
        assertThat(slabs.allocate(1000)).isEqualTo(SlabAllocator.NONE);
        assertThat(slabs.allocate(300_000)).isEqualTo(SlabAllocator.NONE);
        assertThat(slabs.ensureBlock(1000)).isFalse();
        assertThat(slabs.ensureAvailable(1)).isFalse();
        assertThat(governor.used()).isEqualTo(used);
        assertThat(slabs.getLong(last, 0)).isEqualTo(last);
        slabs.free(last, 1000);
        assertThat(slabs.ensureBlock(1000)).isTrue();
        assertThat(slabs.allocate(1000)).isEqualTo(last);
        slabs.close();
        reclaimAll(governor);
    }

    @Test
    void decidedWorkPassesTheLimitAndIsCounted() {
        MemoryGovernor governor = new MemoryGovernor(CHUNK + 100);
        SlabAllocator slabs = allocator(governor);
        long small = slabs.allocateBeyondLimit(100);
        long large = slabs.allocateBeyondLimit(1 << 20);
        assertThat(large).isNotEqualTo(SlabAllocator.NONE);
        assertThat(governor.used()).isGreaterThan(governor.limit()).isEqualTo(slabs.chunkBytes());
        assertThat(slabs.allocate(1 << 20)).isEqualTo(SlabAllocator.NONE);
        assertThat(slabs.ensureAvailable(100)).isFalse();
        assertThat(governor.pressure()).isEqualTo(PressureLevel.EMERGENCY);
        slabs.free(large, 1 << 20);
        slabs.free(small, 100);
        slabs.close();
        reclaimAll(governor);
        assertThat(governor.used()).isZero();
    }

    @Test
    void surplusOfALargePromiseIsGivenBackByTheNext() {
        MemoryGovernor governor = new MemoryGovernor(256 << 20);
        SlabAllocator slabs = allocator(governor);
        assertThat(slabs.ensureBlock(60 << 20)).isTrue();
        assertThat(governor.used()).isGreaterThan(60 << 20);
        assertThat(slabs.ensureBlock(100)).isTrue();
        assertThat(governor.used()).isEqualTo(CHUNK).isEqualTo(slabs.pledgedBytes());
        slabs.trim();
        assertThat(governor.used()).isZero();
        slabs.close();
    }

    @Test
    void allocatingAndFreeingBlocksAllocatesNothingOnTheHeap() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (SlabAllocator slabs = allocator(new MemoryGovernor(64 << 20))) {
            byte[] bytes = new byte[64];
            long[] blocks = new long[64];
            for (int i = 0; i < 2_000; i++) {
                churn(slabs, blocks, bytes);
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1_000; i++) {
                churn(slabs, blocks, bytes);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(allocated).isLessThan(64_000);
        }
    }

    private static void churn(SlabAllocator slabs, long[] blocks, byte[] bytes) {
        for (int i = 0; i < blocks.length; i++) {
            int size = 64 + 8 * i;
            assertAvailable(slabs.ensureBlock(size));
            blocks[i] = slabs.allocate(size);
            slabs.copyIn(bytes, 0, 64, blocks[i], 0);
            assertAvailable(slabs.equalsBytes(blocks[i], 0, bytes, 0, 61));
        }
        for (int i = 0; i < blocks.length; i++) {
            slabs.copyOut(blocks[i], 0, bytes, 0, 64);
            slabs.free(blocks[i], 64 + 8 * i);
        }
    }

    private static void assertAvailable(boolean available) {
        if (!available) {
            throw new AssertionError("there is room");
        }
    }

    @Test
    void reclaimerThreadClosesWhatCoresRetire() throws InterruptedException {
        MemoryGovernor governor = new MemoryGovernor(64 << 20);
        SlabAllocator slabs = allocator(governor);
        assertThat(slabs.allocate(3 << 20)).isNotEqualTo(SlabAllocator.NONE);
        Thread thread = governor.reclaimer().start();
        slabs.close();
        thread.interrupt();
        thread.join();
        assertThat(governor.used()).isZero();
        assertThat(governor.reclaimer().backlogBytes()).isZero();
    }
}
