package io.nodedb.storage.rows.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.os.disk.DiskFile;
import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.storage.quarantine.DamagedFileException;
import io.nodedb.storage.rows.block.BlockCodec;
import io.nodedb.storage.rows.block.BlockKind;
import io.nodedb.storage.rows.block.BlockPlace;
import io.nodedb.storage.rows.block.BlockSealer;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BlockCacheTest {
    private static final int BLOCKS = 64;
    private static final int BLOCK_BYTES = 4_096;

    private final MemoryDisk disk = new MemoryDisk();
    private final List<BlockPlace> places = new ArrayList<>();
    private final MemoryGovernor governor = new MemoryGovernor(64 << 20);
    private final BlockCache cache = new BlockCache(governor, 8 * BLOCK_BYTES);
    private BlockFile file;

    @BeforeEach
    void write() throws IOException {
        BlockSealer sealer = new BlockSealer();
        long at = 0;
        try (DiskFile out = disk.create("f")) {
            for (int i = 0; i < BLOCKS; i++) {
                byte[] raw = new byte[BLOCK_BYTES];
                Arrays.fill(raw, (byte) i);
                int stored = sealer.seal(raw, raw.length, BlockCodec.LZ4, BlockKind.DATA, 3, at);
                out.write(at, ByteBuffer.wrap(sealer.block(), 0, stored));
                places.add(new BlockPlace(at, stored, raw.length));
                at += stored;
            }
        }
        file = new BlockFile("f", 3, disk.openForRead("f"));
    }

    @AfterEach
    void close() {
        cache.close();
        governor.reclaimer().step();
        assertThat(governor.used()).isZero();
    }

    private int frame(int block, BlockRequests requests) {
        return cache.frame(file, BlockKind.DATA, places.get(block), requests);
    }

    private void assertHolds(int frame, int block) {
        assertThat(
                        cache.memory(frame)
                                .get(
                                        ValueLayout.JAVA_BYTE,
                                        cache.position(frame) + BLOCK_BYTES - 1))
                .isEqualTo((byte) block);
    }

    @Test
    void aBlockIsThereOnceItWasLoaded() {
        BlockRequests requests = new BlockRequests();
        assertThat(frame(5, requests)).isEqualTo(BlockCache.MISS);
        assertThat(frame(5, requests)).isEqualTo(BlockCache.MISS);
        assertThat(requests.size()).isEqualTo(1);
        assertThat(file.isQuiet()).isFalse();
        requests.load();
        assertHolds(frame(5, requests), 5);
        requests.clear();
        assertThat(file.isQuiet()).isTrue();
    }

    @Test
    void whatWasEvictedIsReadAgainAndNeverTakenForAnother() {
        SplittableRandom random = new SplittableRandom(1);
        BlockRequests requests = new BlockRequests();
        for (int i = 0; i < 5_000; i++) {
            int block = random.nextInt(BLOCKS);
            int frame = frame(block, requests);
            if (frame == BlockCache.MISS) {
                requests.load();
                frame = frame(block, requests);
            }
            assertHolds(frame, block);
            requests.clear();
            assertThat(cache.usedBytes()).isLessThanOrEqualTo(cache.capacityBytes());
        }
        assertThat(cache.evictions()).isGreaterThan(1_000);
    }

    @Test
    void heldBlocksStayAndTooManyAreRefused() {
        BlockRequests requests = new BlockRequests();
        for (int i = 0; i < 8; i++) {
            assertThat(frame(i, requests)).isEqualTo(BlockCache.MISS);
        }
        BlockRequests other = new BlockRequests();
        assertThatThrownBy(() -> frame(9, other))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCES_EXHAUSTED));
        requests.load();
        for (int i = 0; i < 8; i++) {
            assertHolds(frame(i, requests), i);
        }
        requests.clear();
        assertThat(frame(9, other)).isEqualTo(BlockCache.MISS);
        other.clear();
    }

    @Test
    void severalReadsWaitForOneLoad() throws InterruptedException {
        BlockRequests one = new BlockRequests();
        BlockRequests two = new BlockRequests();
        for (int i = 0; i < 4; i++) {
            assertThat(frame(i, one)).isEqualTo(BlockCache.MISS);
            assertThat(frame(i, two)).isEqualTo(BlockCache.MISS);
        }
        Thread first = Thread.ofPlatform().start(one::load);
        Thread second = Thread.ofPlatform().start(two::load);
        first.join();
        second.join();
        for (int i = 0; i < 4; i++) {
            assertHolds(frame(i, two), i);
        }
        one.clear();
        two.clear();
        assertThat(file.isQuiet()).isTrue();
    }

    @Test
    void aFailedLoadIsThrownAndTriedAgain() throws IOException {
        byte[] good = new byte[1];
        try (DiskFile out = disk.openForWrite("f")) {
            assertThat(out.read(places.get(7).offset() + 5, ByteBuffer.wrap(good))).isEqualTo(1);
            out.write(places.get(7).offset() + 5, ByteBuffer.wrap(new byte[] {(byte) ~good[0]}));
        }
        BlockRequests requests = new BlockRequests();
        assertThat(frame(7, requests)).isEqualTo(BlockCache.MISS);
        requests.load();
        assertThatThrownBy(() -> frame(7, requests)).isInstanceOf(DamagedFileException.class);
        requests.clear();
        try (DiskFile out = disk.openForWrite("f")) {
            out.write(places.get(7).offset() + 5, ByteBuffer.wrap(good));
        }
        assertThat(frame(7, requests)).isEqualTo(BlockCache.MISS);
        requests.load();
        assertHolds(frame(7, requests), 7);
        requests.clear();
    }

    @Test
    void blocksOfAForgottenFileAreGone() {
        BlockRequests requests = new BlockRequests();
        assertThat(frame(1, requests)).isEqualTo(BlockCache.MISS);
        requests.load();
        int frame = frame(1, requests);
        long ticket = cache.ticket(frame);
        assertThat(cache.stillHolds(frame, ticket)).isTrue();
        requests.clear();
        cache.forget(file);
        assertThat(cache.stillHolds(frame, ticket)).isFalse();
        assertThat(cache.usedBytes()).isZero();
    }
}
