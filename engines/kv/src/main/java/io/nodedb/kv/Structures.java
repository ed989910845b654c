package io.nodedb.kv;

import io.nodedb.base.errors.BugException;
import io.nodedb.base.errors.Check;
import io.nodedb.base.memory.SlabAllocator;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.CollectionOptions;
import io.nodedb.storage.bytes.LittleEndian;
import io.nodedb.storage.wal.EffectReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The structures of one collection. A structure is found by its number, which begins the key of
 * each of its elements. It lives as long as any version of any key holds it, so that snapshots and
 * what is taken back find it whole; then {@link #maintain} frees it in pieces.
 */
@CoreOwned
final class Structures implements TableObserver {
    private final int collection;
    private final CollectionOptions options;
    private final EntryStore entries;
    private final SlabAllocator indexSlabs;
    private final Retention retention;
    private final StructureIds ids;

    /** Elements that expire. */
    final ExpiryWheel wheel;

    private final StructureMap byId = new StructureMap();
    private final ArrayDeque<Structure> dropping = new ArrayDeque<>();
    private final ArrayDeque<Structure> working = new ArrayDeque<>();
    private List<Structure> changed = new ArrayList<>();
    private boolean serves;
    private boolean closed;
    private int passLeft;

    Structures(
            int collection,
            CollectionOptions options,
            EntryStore entries,
            SlabAllocator indexSlabs,
            Retention retention,
            StructureIds ids) {
        this.collection = collection;
        this.options = options;
        this.entries = entries;
        this.indexSlabs = indexSlabs;
        this.retention = retention;
        this.ids = ids;
        wheel = new ExpiryWheel(entries);
    }

    /** A number for a new structure. */
    long drawId() {
        return ids.draw();
    }

    @Nullable Structure find(long id) {
        return byId.get(id);
    }

    /** The structure that a version of a key holds. */
    Structure of(long root) {
        return existing(StructureHead.id(entries, root));
    }

    /** The structure of an element's version; null when it is gone. */
    @Nullable Structure ofElement(long element) {
        return byId.get(entries.keyLong(element, 0));
    }

    /** Takes an element of a checkpoint. */
    void load(EffectReader effect, long hash, long lsn) {
        obtain(effect).table.load(effect, hash, lsn);
    }

    /** As {@link KvTable#apply}. */
    long apply(EffectReader effect, long hash, long stamp) {
        Structure structure = obtain(effect);
        long handle = structure.table.apply(effect, hash, stamp);
        if (handle != 0) {
            structure.pending++;
        }
        lookAfter(structure);
        return handle;
    }

    /** As {@link KvTable#stamp}. */
    void stamp(long element, long lsn) {
        Structure structure = existing(entries.keyLong(element, 0));
        structure.pending--;
        structure.table.stamp(element, lsn);
        lookAfter(structure);
    }

    /** As {@link KvTable#undo}. */
    void undo(long element) {
        Structure structure = existing(entries.keyLong(element, 0));
        structure.pending--;
        structure.table.undo(element);
        lookAfter(structure);
    }

    /** Loading and replay are over: what no key holds goes. */
    void opened() {
        serves = true;
        for (Structure structure : byId.all()) {
            if (structure.references == 0) {
                dropping.add(structure);
            }
        }
    }

    /** The collection is dropped: everything goes. */
    void close() {
        closed = true;
        dropping.clear();
        dropping.addAll(byId.all());
        for (Structure structure : dropping) {
            structure.table.close();
        }
        working.clear();
    }

    boolean hasChanged() {
        return !changed.isEmpty();
    }

    /** What has changed since this was asked last, or all structures. */
    List<Structure> takeChanged(boolean all) {
        List<Structure> taken = all ? byId.all() : changed;
        for (Structure structure : changed) {
            structure.changed = false;
        }
        changed = new ArrayList<>();
        taken.removeIf(structure -> !structure.table.isOpen());
        return taken;
    }

    void changed(Structure structure) {
        if (!structure.changed && structure.table.isOpen()) {
            structure.changed = true;
            changed.add(structure);
        }
    }

    /** Starts a pass over the structures that wait for something. */
    void startPass() {
        passLeft = working.size();
    }

    /** One small piece of housekeeping; false when there is nothing to do until the next pass. */
    boolean maintain() {
        if (passLeft > 0) {
            Structure structure = working.getFirst();
            if (structure.table.isOpen() && structure.table.maintain()) {
                return true;
            }
            passLeft--;
            working.removeFirst();
            structure.working = false;
            if (structure.table.isOpen()) {
                lookAfter(structure);
                structure.table.startPass();
            }
            return true;
        }
        while (!dropping.isEmpty()) {
            Structure structure = dropping.getFirst();
            if (!closed && (structure.references > 0 || structure.pending > 0)) {
                // Taken back, or about to be.
                dropping.removeFirst();
                if (structure.references == 0) {
                    dropping.addLast(structure);
                    return false;
                }
                continue;
            }
            structure.table.close();
            if (!structure.dropStep()) {
                byId.remove(structure.id);
                dropping.removeFirst();
            }
            return true;
        }
        return false;
    }

    /** Adds the tables of all structures. */
    void addTables(List<KvTable> to) {
        for (Structure structure : byId.all()) {
            to.add(structure.table);
        }
    }

    /** Structures that exist or are being freed. */
    int count() {
        return byId.size();
    }

    @Override
    public void created(long root) {
        if (ValueForm.isIndexed(entries.form(root)) && !entries.has(root, EntryStore.DELETED)) {
            long id = StructureHead.id(entries, root);
            obtain(id, ValueForm.type(entries.form(root))).references++;
        }
    }

    @Override
    public void freeing(long root) {
        if (!ValueForm.isIndexed(entries.form(root)) || entries.has(root, EntryStore.DELETED)) {
            return;
        }
        Structure structure = byId.get(StructureHead.id(entries, root));
        if (structure == null) {
            Check.that(closed, "a key's structure is there", root);
            return;
        }
        structure.references--;
        if (structure.references == 0 && serves && !closed) {
            dropping.add(structure);
        }
    }

    @Override
    public void newest(long before, long after) {
        Structure left = held(before);
        if (left != null && left.root == before) {
            left.root = 0;
        }
        Structure now = held(after);
        if (now != null) {
            now.root = after;
        }
    }

    @Override
    public void changed() {}

    private @Nullable Structure held(long root) {
        return root != 0
                        && ValueForm.isIndexed(entries.form(root))
                        && !entries.has(root, EntryStore.DELETED)
                ? byId.get(StructureHead.id(entries, root))
                : null;
    }

    private Structure existing(long id) {
        Structure structure = byId.get(id);
        if (structure == null) {
            throw new BugException("a structure that versions belong to is gone: id=" + id);
        }
        return structure;
    }

    private Structure obtain(EffectReader effect) {
        long id = LittleEndian.getLong(effect.buffer(), effect.keyOffset());
        return obtain(id, ValueForm.type(effect.form()));
    }

    private Structure obtain(long id, ValueType type) {
        Structure structure = byId.get(id);
        if (structure == null) {
            ids.seen(id);
            structure =
                    new Structure(
                            id,
                            type,
                            this,
                            collection,
                            options,
                            entries,
                            indexSlabs,
                            retention,
                            wheel);
            byId.put(id, structure);
        }
        return structure;
    }

    private void lookAfter(Structure structure) {
        if (!structure.working && structure.table.awaitsMaintenance()) {
            structure.working = true;
            structure.table.startPass();
            working.add(structure);
        }
    }
}
