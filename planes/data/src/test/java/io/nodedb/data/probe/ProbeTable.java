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
    final TreeMap<Key, Deque<Version>> keys = new TreeMap<>();
    Set<Key> changed = new HashSet<>();

    ProbeTable(int collection, CollectionOptions options) {
        this.collection = collection;
        this.options = options;
    }

    /** A key, ordered by its unsigned hash. */
    record Key(long hash, byte[] bytes) implements Comparable<Key> {
        static Key of(byte[] from, int offset, int length) {
            byte[] bytes = Arrays.copyOfRange(from, offset, offset + length);
            return new Key(KeyHash.of(bytes), bytes);
        }

        @Override
        public int compareTo(Key other) {
            int byHash = Long.compareUnsigned(hash, other.hash);
            return byHash != 0 ? byHash : Arrays.compareUnsigned(bytes, other.bytes);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && Arrays.equals(bytes, key.bytes);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(hash);
        }
    }

    /** What a key holds from one commit on. */
    static final class Version {
        /** LSN, or minus the batch while it is pending. */
        long stamp;

        /** Null: deleted. */
        final byte @Nullable [] value;

        final long expireAtMillis;
        boolean expiryOffered;

        Version(long stamp, byte @Nullable [] value, long expireAtMillis) {
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

    @Nullable Version newest(Key key) {
        Deque<Version> versions = keys.get(key);
        return versions == null ? null : versions.peekFirst();
    }

    /** The version that a reader at this LSN sees; 0 sees the newest. */
    @Nullable Version visible(Key key, long readLsn) {
        if (readLsn == 0) {
            return newest(key);
        }
        Deque<Version> versions = keys.get(key);
        if (versions != null) {
            for (Version version : versions) {
                if (version.stamp > 0 && version.stamp <= readLsn) {
                    return version;
                }
            }
        }
        return null;
    }

    void push(Key key, Version version) {
        keys.computeIfAbsent(key, k -> new ArrayDeque<>()).addFirst(version);
        changed.add(key);
    }

    long live() {
        long live = 0;
        for (Deque<Version> versions : keys.values()) {
            Version newest = versions.peekFirst();
            live += newest != null && newest.value != null ? 1 : 0;
        }
        return live;
    }
}
