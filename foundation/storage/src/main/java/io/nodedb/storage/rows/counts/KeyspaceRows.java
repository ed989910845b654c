package io.nodedb.storage.rows.counts;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Immutable;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The rows of each keyspace that has any. */
@Immutable
public final class KeyspaceRows {
    public static final KeyspaceRows NONE = new KeyspaceRows(new int[0], new long[0]);

    private final int[] keyspaces;
    private final long[] rows;

    private KeyspaceRows(int[] keyspaces, long[] rows) {
        this.keyspaces = keyspaces;
        this.rows = rows;
    }

    /** Of these numbers; keyspaces without rows are left out. */
    public static KeyspaceRows of(Map<Integer, Long> counts) {
        TreeMap<Integer, Long> sorted = new TreeMap<>(counts);
        sorted.values().removeIf(count -> count == 0);
        int[] keyspaces = new int[sorted.size()];
        long[] rows = new long[sorted.size()];
        int at = 0;
        for (Map.Entry<Integer, Long> entry : sorted.entrySet()) {
            Check.that(entry.getValue() > 0, "no keyspace has less than no rows", entry.getKey());
            keyspaces[at] = entry.getKey();
            rows[at++] = entry.getValue();
        }
        return new KeyspaceRows(keyspaces, rows);
    }

    /** With what a memtable adds; only keyspaces that are still open are kept. */
    public KeyspaceRows with(@Nullable KeyspaceDeltas added, IntPredicate open) {
        TreeMap<Integer, Long> counts = new TreeMap<>();
        for (int i = 0; i < keyspaces.length; i++) {
            counts.put(keyspaces[i], rows[i]);
        }
        for (int i = 0; added != null && i < added.size(); i++) {
            counts.merge(added.keyspace(i), added.rows(i), Long::sum);
        }
        counts.keySet().removeIf(keyspace -> !open.test(keyspace));
        return of(counts);
    }

    /** Rows of a keyspace; allocates nothing. */
    public long of(int keyspace) {
        int at = Arrays.binarySearch(keyspaces, keyspace);
        return at < 0 ? 0 : rows[at];
    }

    /** Keyspaces that have rows. */
    public int size() {
        return keyspaces.length;
    }

    /** Ascending. */
    public int keyspace(int i) {
        return keyspaces[i];
    }

    public long rows(int i) {
        return rows[i];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyspaceRows that
                && Arrays.equals(that.keyspaces, keyspaces)
                && Arrays.equals(that.rows, rows);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(keyspaces) + Arrays.hashCode(rows);
    }

    @Override
    public String toString() {
        return "keyspaces=" + Arrays.toString(keyspaces) + " rows=" + Arrays.toString(rows);
    }
}
