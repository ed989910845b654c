package io.nodedb.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.BugException;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.MemoryTag;
import io.nodedb.base.memory.SlabAllocator;
import io.nodedb.storage.bytes.LittleEndian;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OrderTreeTest {
    private static final LongForm FORM = LongForm.of("kv-order-tree");

    private final MemoryGovernor governor = new MemoryGovernor(256L << 20);
    private final SlabAllocator dataSlabs = new SlabAllocator(governor, MemoryTag.KV_DATA);
    private final SlabAllocator indexSlabs = new SlabAllocator(governor, MemoryTag.KV_INDEX);
    private final EntryStore entries = new EntryStore(dataSlabs);
    private final OrderTree tree = new OrderTree(indexSlabs, entries);

    private record Element(long sort, String key, long entry) {}

    private static final Comparator<Element> ORDER =
            Comparator.comparingLong(Element::sort).thenComparing(Element::key);

    private Element element(long sort, String name) {
        byte[] key = new byte[ValueForm.ID_BYTES + name.length()];
        LittleEndian.putLong(key, 0, 77);
        System.arraycopy(Model.bytes(name), 0, key, ValueForm.ID_BYTES, name.length());
        long entry =
                entries.create(
                        1, 0, ValueForm.element(ValueType.SORTED_SET), 0, key, 0, key.length, 0, 0);
        return new Element(sort, name, entry);
    }

    @Test
    void treeIsInOrderAfterRandomChanges() {
        SeededRuns.of(FORM).run(6, 200, random -> new OrderTreeTest().change(random));
    }

    private void change(SplittableRandom random) {
        List<Element> model = new ArrayList<>();
        int sorts = random.nextBoolean() ? 5 : 100_000;
        for (int i = 0; i < 6_000; i++) {
            boolean grows = i / 2_000 % 2 == 0;
            if (model.isEmpty() || random.nextInt(10) < (grows ? 8 : 3)) {
                Element added = element(random.nextInt(sorts), "m" + i);
                tree.insert(added.sort(), added.entry());
                model.add(-1 - Collections.binarySearch(model, added, ORDER), added);
            } else if (random.nextInt(4) == 0) {
                int at = random.nextInt(model.size());
                Element before = model.get(at);
                Element after = element(before.sort(), before.key());
                tree.replace(before.sort(), before.entry(), after.entry());
                entries.free(before.entry());
                model.set(at, after);
            } else {
                Element removed = model.remove(random.nextInt(model.size()));
                tree.remove(removed.sort(), removed.entry());
                entries.free(removed.entry());
            }
            if (i % 500 == 0 || i == 5_999) {
                compare(model);
            }
        }
        while (tree.free(3)) {
            // until it is empty
        }
        assertThat(indexSlabs.allocatedBytes()).isZero();
    }

    private void compare(List<Element> model) {
        assertThat(tree.size()).isEqualTo(model.size());
        OrderCursor forward = new OrderCursor(tree, 0);
        OrderCursor backward = new OrderCursor(tree, model.size() - 1L);
        for (int i = 0; i < model.size(); i++) {
            Element expected = model.get(i);
            assertThat(forward.entry()).isEqualTo(expected.entry());
            assertThat(forward.sort()).isEqualTo(expected.sort());
            assertThat(backward.entry()).isEqualTo(model.get(model.size() - 1 - i).entry());
            assertThat(tree.rankOf(expected.sort(), expected.entry())).isEqualTo(i);
            long below = tree.countBefore((sort, entry) -> sort < expected.sort());
            int first = i;
            while (first > 0 && model.get(first - 1).sort() == expected.sort()) {
                first--;
            }
            assertThat(below).isEqualTo(first);
            forward.next();
            backward.previous();
        }
        assertThat(forward.exists()).isFalse();
        assertThat(backward.exists()).isFalse();
    }

    @Test
    void costGrowsWithTheLevelsOnly() {
        int count = 200_000;
        List<Element> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Element added = element(i * 7919L % count, "m" + i);
            tree.insert(added.sort(), added.entry());
            all.add(added);
        }
        long before = tree.steps();
        int looked = 0;
        for (int i = 0; i < count; i += 1_000) {
            tree.rankOf(all.get(i).sort(), all.get(i).entry());
            tree.leafOfRank(i);
            long sort = i;
            tree.countBefore((each, entry) -> each < sort);
            looked += 3;
        }
        // At most 31 children on each of five levels, and a binary search in each node.
        assertThat((tree.steps() - before) / looked).isLessThan(5 * (31 + 5));
    }

    @Test
    void rowsOfAppendedElementsFillTheirLeaves() {
        for (int i = 0; i < 63 * 31; i++) {
            tree.insert(i, element(i, "m").entry());
        }
        // 31 leaves and their root.
        assertThat(indexSlabs.allocatedBytes()).isEqualTo(32L * OrderTree.NODE_BYTES);
    }

    @Test
    void whatIsNotThereIsABug() {
        Element one = element(1, "a");
        tree.insert(one.sort(), one.entry());
        Element other = element(1, "b");
        assertThatThrownBy(() -> tree.remove(other.sort(), other.entry()))
                .isInstanceOf(BugException.class);
        assertThatThrownBy(() -> tree.leafOfRank(1)).isInstanceOf(BugException.class);
    }
}
