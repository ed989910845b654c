package io.nodedb.data.commit;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Engine;
import java.util.Arrays;

/** The pending versions of one batch: which engine, collection and handle to stamp once the LSN is known. Reused; grows to the largest batch. */
@CoreOwned
final class AppliedVersions {
    private static final int INITIAL = 4;

    private Engine[] engines = new Engine[INITIAL];
    private int[] collections = new int[INITIAL];
    private long[] handles = new long[INITIAL];
    private int size;

    void add(Engine engine, int collection, long handle) {
        if (handle == 0) {
            return;
        }
        if (size == handles.length) {
            engines = Arrays.copyOf(engines, 2 * size);
            collections = Arrays.copyOf(collections, 2 * size);
            handles = Arrays.copyOf(handles, 2 * size);
        }
        engines[size] = engine;
        collections[size] = collection;
        handles[size] = handle;
        size++;
    }

    /** Stamps every version in the order of the batch. */
    void stampAll(long lsn) {
        for (int i = 0; i < size; i++) {
            engines[i].stamp(collections[i], handles[i], lsn);
        }
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }
}
