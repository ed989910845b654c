package io.nodedb.kv;

import io.nodedb.base.memory.SlabAllocator;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.CollectionOptions;
import org.jspecify.annotations.Nullable;

/**
 * The elements of one indexed value: a table of their versions, and, for lists and sorted sets, the
 * order of the newest applied ones.
 */
@CoreOwned
final class Structure implements TableObserver {
    /** Nodes of the order that are freed at once. */
    private static final int NODES_AT_ONCE = 16;

    final long id;
    final ValueType type;
    final KvTable table;
    final @Nullable OrderTree order;

    /** The newest version of the key that holds this structure; 0 when none does now. */
    long root;

    /** Versions of keys that hold this structure. */
    long references;

    /** Versions of elements that are not committed. */
    long pending;

    boolean changed;
    boolean working;
    private final Structures owner;
    private long dropHash;
    private boolean elementsDropped;

    Structure(
            long id,
            ValueType type,
            Structures owner,
            int collection,
            CollectionOptions options,
            EntryStore entries,
            SlabAllocator indexSlabs,
            Retention retention,
            ExpiryWheel wheel) {
        this.id = id;
        this.type = type;
        this.owner = owner;
        table = new KvTable(collection, options, entries, indexSlabs, retention, wheel, this);
        boolean ordered = type == ValueType.LIST || type == ValueType.SORTED_SET;
        order = ordered ? new OrderTree(indexSlabs, entries) : null;
    }

    /** What an element is ordered by. */
    long sortOf(long entry) {
        return type == ValueType.LIST
                ? ListPosition.of(table.entries, entry)
                : ScoreOrder.sortOf(table.entries.valueLong(entry, 0));
    }

    @Override
    public void created(long entry) {}

    @Override
    public void freeing(long entry) {}

    @Override
    public void newest(long before, long after) {
        OrderTree tree = order;
        if (tree == null) {
            return;
        }
        boolean was = isElement(before);
        boolean is = isElement(after);
        if (was && is && sortOf(before) == sortOf(after)) {
            tree.replace(sortOf(after), before, after);
            return;
        }
        if (was) {
            tree.remove(sortOf(before), before);
        }
        if (is) {
            tree.insert(sortOf(after), after);
        }
    }

    @Override
    public void changed() {
        owner.changed(this);
    }

    /** Frees a part of the memory; false when nothing is left. */
    boolean dropStep() {
        OrderTree tree = order;
        if (tree != null && tree.free(NODES_AT_ONCE)) {
            return true;
        }
        if (!elementsDropped) {
            dropHash = table.dropBucket(dropHash);
            elementsDropped = dropHash == 0;
            return true;
        }
        table.free();
        return false;
    }

    private boolean isElement(long version) {
        return version != 0 && !table.entries.has(version, EntryStore.DELETED);
    }
}
