package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Structures by their number: open addressing, linear probing, without boxes. */
@CoreOwned
final class StructureMap {
    private static final int MIN_SLOTS = 8;

    private @Nullable Structure[] slots = new @Nullable Structure[MIN_SLOTS];
    private int size;

    int size() {
        return size;
    }

    @Nullable Structure get(long id) {
        int at = home(id);
        while (true) {
            Structure there = slots[at];
            if (there == null || there.id == id) {
                return there;
            }
            at = (at + 1) & (slots.length - 1);
        }
    }

    /** Adds a structure whose number is not there. */
    void put(long id, Structure structure) {
        if (2 * (size + 1) > slots.length) {
            resize(2 * slots.length);
        }
        place(id, structure);
        size++;
    }

    void remove(long id) {
        int at = home(id);
        while (true) {
            Structure there = slots[at];
            if (there == null) {
                return;
            }
            if (there.id == id) {
                break;
            }
            at = (at + 1) & (slots.length - 1);
        }
        slots[at] = null;
        size--;
        // What stood behind it in the row may have to move up.
        int next = (at + 1) & (slots.length - 1);
        for (Structure there = slots[next]; there != null; there = slots[next]) {
            slots[next] = null;
            place(there.id, there);
            next = (next + 1) & (slots.length - 1);
        }
        if (slots.length > MIN_SLOTS && 8 * size < slots.length) {
            resize(slots.length / 2);
        }
    }

    /** A new list of all. */
    List<Structure> all() {
        List<Structure> found = new ArrayList<>(size);
        for (Structure structure : slots) {
            if (structure != null) {
                found.add(structure);
            }
        }
        return found;
    }

    private void resize(int toSlots) {
        @Nullable Structure[] before = slots;
        slots = new @Nullable Structure[toSlots];
        for (Structure structure : before) {
            if (structure != null) {
                place(structure.id, structure);
            }
        }
    }

    private void place(long id, Structure structure) {
        int at = home(id);
        while (slots[at] != null) {
            at = (at + 1) & (slots.length - 1);
        }
        slots[at] = structure;
    }

    private int home(long id) {
        return (int) ((id * 0x9E3779B97F4A7C15L) >>> 32) & (slots.length - 1);
    }
}
