package io.nodedb.data.probe;

import io.nodedb.base.ids.KeyHash;
import io.nodedb.engine.CollectionOptions;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One collection: for each key its versions, newest first, in the order of key hashes. */
final class ProbeTable {
    final int collection;
    CollectionOptions options;
    final TreeMap<TableKey, Deque<TableVersion>> keys = new TreeMap<>();
    Set<TableKey> changed = new HashSet<>();

    ProbeTable(int collection, CollectionOptions options) {
        this.collection = collection;
        this.options = options;
    }

    /** A key, ordered by its unsigned hash. */
    @SuppressWarnings("ArrayRecordComponent") // never changed
    record TableKey(long hash, byte[] bytes) implements Comparable<TableKey> {
        static TableKey of(byte[] from, int offset, int length) {
            byte[] bytes = Arrays.copyOfRange(from, offset, offset + length);
            return new TableKey(KeyHash.of(bytes), bytes);
        }

        @Override
        public int compareTo(TableKey other) {
            int byHash = Long.compareUnsigned(hash, other.hash);
            return byHash != 0 ? byHash : Arrays.compareUnsigned(bytes, other.bytes);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof TableKey key && Arrays.equals(bytes, key.bytes);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(hash);
        }
    }

    /** What a key holds from one commit on. */
    static final class TableVersion {
        /** LSN, or minus the batch while it is pending. */
        long stamp;

        /** Null: deleted. */
        final byte @Nullable [] value;

        final long expireAtMillis;
        boolean expiryOffered;

        TableVersion(long stamp, byte @Nullable [] value, long expireAtMillis) {
            this.stamp = stamp;
            this.value = value;
            this.expireAtMillis = expireAtMillis;
        }

        boolean live(long nowMillis) {
            return value != null && (expireAtMillis == 0 || expireAtMillis > nowMillis);
        }

        long bytes() {
            return 64L + (value == null ? 0 : value.length);
        }
    }

    @Nullable TableVersion newest(TableKey key) {
        Deque<TableVersion> versions = keys.get(key);
        return versions == null ? null : versions.peekFirst();
    }

    /** The version that a reader at this LSN sees; 0 sees the newest. */
    @Nullable TableVersion visible(TableKey key, long readLsn) {
        if (readLsn == 0) {
            return newest(key);
        }
        Deque<TableVersion> versions = keys.get(key);
        if (versions != null) {
            for (TableVersion version : versions) {
                if (version.stamp > 0 && version.stamp <= readLsn) {
                    return version;
                }
            }
        }
        return null;
    }

    void push(TableKey key, TableVersion version) {
        keys.computeIfAbsent(key, k -> new ArrayDeque<>()).addFirst(version);
        changed.add(key);
    }

    long live() {
        long live = 0;
        for (Deque<TableVersion> versions : keys.values()) {
            TableVersion newest = versions.peekFirst();
            live += newest != null && newest.value != null ? 1 : 0;
        }
        return live;
    }
}
