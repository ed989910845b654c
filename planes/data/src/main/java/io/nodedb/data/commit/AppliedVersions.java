package io.nodedb.data.commit;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.data.partition.EngineSlot;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The pending versions of one batch: which engine, collection and handle to stamp once the LSN is
 * known. Reused; grows to the largest batch.
 */
@CoreOwned
final class AppliedVersions {
    private static final int INITIAL = 4;

    private @Nullable EngineSlot[] slots = new EngineSlot[INITIAL];
    private int[] collections = new int[INITIAL];
    private long[] handles = new long[INITIAL];
    private int size;

    void add(EngineSlot slot, int collection, long handle) {
        if (handle == 0) {
            return;
        }
        if (size == handles.length) {
            slots = Arrays.copyOf(slots, 2 * size);
            collections = Arrays.copyOf(collections, 2 * size);
            handles = Arrays.copyOf(handles, 2 * size);
        }
        slots[size] = slot;
        collections[size] = collection;
        handles[size] = handle;
        size++;
    }

    EngineSlot slot(int i) {
        return java.util.Objects.requireNonNull(slots[i]);
    }

    int collection(int i) {
        return collections[i];
    }

    long handle(int i) {
        return handles[i];
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }
}
