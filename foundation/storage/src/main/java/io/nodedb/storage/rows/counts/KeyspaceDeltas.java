package io.nodedb.storage.rows.counts;

import io.nodedb.base.ownership.CoreOwned;
import java.util.Arrays;

/**
 * Rows that were added to keyspaces, less those that were taken away. The keyspaces that a memtable
 * writes to are few, so they are looked through; allocates only when there is one more.
 *
 * <p>Owned by one core.
 */
@CoreOwned
public final class KeyspaceDeltas {
    private int[] keyspaces = new int[4];
    private long[] rows = new long[4];
    private int size;

    /** {@code delta} rows more. */
    public void add(int keyspace, int delta) {
        if (delta == 0) {
            return;
        }
        int at = find(keyspace);
        if (at == size) {
            if (size == keyspaces.length) {
                keyspaces = Arrays.copyOf(keyspaces, 2 * size);
                rows = Arrays.copyOf(rows, 2 * size);
            }
            keyspaces[size] = keyspace;
            rows[size++] = 0;
        }
        rows[at] += delta;
    }

    /** Rows more (or, negative, less) in a keyspace. */
    public long of(int keyspace) {
        int at = find(keyspace);
        return at == size ? 0 : rows[at];
    }

    int size() {
        return size;
    }

    int keyspace(int i) {
        return keyspaces[i];
    }

    long rows(int i) {
        return rows[i];
    }

    private int find(int keyspace) {
        int at = 0;
        while (at < size && keyspaces[at] != keyspace) {
            at++;
        }
        return at;
    }
}
