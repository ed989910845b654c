package io.nodedb.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.BugException;
import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.MemoryTag;
import io.nodedb.base.memory.SlabAllocator;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HashIndexTest {
    private final MemoryGovernor governor = new MemoryGovernor(64L << 20);
    private final SlabAllocator dataSlabs = new SlabAllocator(governor, MemoryTag.KV_DATA);
    private final SlabAllocator indexSlabs = new SlabAllocator(governor, MemoryTag.KV_INDEX);
    private final EntryStore entries = new EntryStore(dataSlabs);
    private final HashIndex index = new HashIndex(indexSlabs, entries);

    private static byte[] key(int i) {
        return Model.bytes("key:" + i);
    }

    private void insert(int i) {
        byte[] key = key(i);
        long entry = entries.create(1, 0, 0, 0, key, 0, key.length, 0, 0);
        index.insert(KeyHash.of(key), entry);
    }

    private boolean contains(int i) {
        byte[] key = key(i);
        long entry = index.find(KeyHash.of(key), key, 0, key.length);
        return entry != 0 && entries.keyEquals(entry, key, 0, key.length);
    }

    private void remove(int i) {
        byte[] key = key(i);
        long entry = index.find(KeyHash.of(key), key, 0, key.length);
        assertThat(entry).isNotZero();
        index.removeFound();
        entries.free(entry);
    }

    @Test
    void everyKeyIsFoundAtEveryMomentOfGrowingAndShrinking() {
        int keys = 20_000;
        for (int i = 0; i < keys; i++) {
            insert(i);
            assertThat(contains(i)).isTrue();
            assertThat(contains(i / 2)).isTrue();
            assertThat(contains(-1 - i)).isFalse();
        }
        for (int i = 0; i < keys; i++) {
            assertThat(contains(i)).isTrue();
        }
        assertThat(index.bits()).isBetween(11, 13);
        for (int i = 0; i < keys; i++) {
            remove(i);
            assertThat(contains(i)).isFalse();
            assertThat(i + 1 == keys || contains(keys - 1)).isTrue();
        }
        while (index.isMoving()) {
            assertThat(index.step(100)).isTrue();
        }
        assertThat(index.bits()).isEqualTo(4);
        assertThat(index.size()).isZero();
        index.free();
        assertThat(indexSlabs.allocatedBytes()).isZero();
    }

    @Test
    void bucketsFollowTheOrderOfHashesAndHoldEveryKeyOnce() {
        for (int i = 0; i < 3_000; i++) {
            insert(i);
        }
        assertThat(index.isMoving()).isTrue();
        Set<Long> seen = new HashSet<>();
        long hash = 0;
        do {
            long next = index.nextBucketHash(hash);
            int count = index.collect(hash);
            for (int i = 0; i < count; i++) {
                long of = entries.keyHash(index.collected(i));
                assertThat(Long.compareUnsigned(of, hash)).isNotNegative();
                assertThat(next == 0 || Long.compareUnsigned(of, next) < 0).isTrue();
                assertThat(seen.add(index.collected(i))).isTrue();
            }
            hash = next;
        } while (hash != 0);
        assertThat(seen).hasSize(3_000);
    }

    @Test
    void keysOfOneBucketOverflowAndAreFound() {
        int found = 0;
        int[] keys = new int[300];
        for (int i = 0; found < keys.length; i++) {
            if (KeyHash.of(key(i)) >>> 57 == 0x55) {
                keys[found++] = i;
                insert(i);
            }
        }
        for (int key : keys) {
            assertThat(contains(key)).isTrue();
        }
        for (int key : keys) {
            remove(key);
        }
        for (int key : keys) {
            assertThat(contains(key)).isFalse();
        }
    }

    @Test
    void growthStopsWhileMemoryIsRefusedAndGoesOnLater() {
        for (int i = 0; i < 22_000; i++) {
            insert(i);
        }
        while (index.isMoving()) {
            index.step(100);
        }
        assertThat(index.bits()).isEqualTo(12);
        long rest = governor.limit() - governor.used();
        governor.reserve(MemoryTag.OTHER, rest);
        for (int i = 22_000; i < 60_000; i++) {
            insert(i);
        }
        assertThat(index.bits()).isLessThan(14);
        assertThat(index.isMoving()).isTrue();
        assertThat(governor.used())
                .as("versions and overflow pass the limit")
                .isGreaterThan(governor.limit());
        for (int i = 0; i < 60_000; i++) {
            assertThat(contains(i)).isTrue();
        }
        governor.release(MemoryTag.OTHER, rest);
        while (index.isMoving()) {
            assertThat(index.step(100)).isTrue();
        }
        assertThat(index.bits()).isEqualTo(14);
        for (int i = 0; i < 60_000; i++) {
            assertThat(contains(i)).isTrue();
        }
    }

    @Test
    void noOperationMovesMoreThanSixtyFourBuckets() {
        int keys = 20_000;
        for (int i = 0; i < keys; i++) {
            int key = i;
            movesFewBuckets(() -> insert(key));
            movesFewBuckets(() -> contains(key));
        }
        assertThat(index.movedInAll()).as("it has grown").isGreaterThan(2_000);
        for (int i = 0; i < keys; i++) {
            int key = i;
            movesFewBuckets(() -> remove(key));
            if (i % 100 == 0) {
                movesFewBuckets(() -> index.step(KvTable.MOVED_AT_ONCE));
            }
        }
        while (index.isMoving()) {
            movesFewBuckets(() -> index.step(KvTable.MOVED_AT_ONCE));
        }
        assertThat(index.movedInAll()).as("it has shrunk").isGreaterThan(6_000);
    }

    private void movesFewBuckets(Runnable operation) {
        long before = index.movedInAll();
        operation.run();
        assertThat(index.movedInAll() - before).isBetween(0L, 64L);
    }

    @Test
    void indexIsFreedOnlyWhenEmpty() {
        insert(1);
        assertThatThrownBy(index::free).isInstanceOf(BugException.class);
    }
}
