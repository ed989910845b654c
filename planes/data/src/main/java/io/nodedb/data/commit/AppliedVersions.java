package io.nodedb.data.commit;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.engine.Engine;
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
    private @Nullable Engine[] engines = new Engine[INITIAL];
    private int[] collections = new int[INITIAL];
    private long[] handles = new long[INITIAL];
    private int size;

    void add(EngineSlot slot, int collection, long handle) {
        if (handle == 0) {
            return;
        }
        if (size == handles.length) {
            slots = Arrays.copyOf(slots, 2 * size);
            engines = Arrays.copyOf(engines, 2 * size);
            collections = Arrays.copyOf(collections, 2 * size);
            handles = Arrays.copyOf(handles, 2 * size);
        }
        slots[size] = slot;
        engines[size] = slot.engine();
        collections[size] = collection;
        handles[size] = handle;
        size++;
    }

    EngineSlot slot(int i) {
        return java.util.Objects.requireNonNull(slots[i]);
    }

    /** Is the engine that the version was applied to still the one that serves? */
    boolean inPlace(int i) {
        return slot(i).engine() == engines[i];
    }

    /** Takes the versions of another, which is empty then. */
    void takeFrom(AppliedVersions other) {
        @Nullable EngineSlot[] ownSlots = slots;
        @Nullable Engine[] ownEngines = engines;
        int[] ownCollections = collections;
        long[] ownHandles = handles;
        slots = other.slots;
        engines = other.engines;
        collections = other.collections;
        handles = other.handles;
        size = other.size;
        other.slots = ownSlots;
        other.engines = ownEngines;
        other.collections = ownCollections;
        other.handles = ownHandles;
        other.size = 0;
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
        // A rebuilt engine's predecessor must not be kept alive.
        Arrays.fill(engines, 0, size, null);
        size = 0;
    }
}
