package io.nodedb.control.transaction;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.KeyHash;
import io.nodedb.control.dispatch.Router;
import io.nodedb.control.scan.KeyRange;
import io.nodedb.plan.commit.KeyWrite;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The uncommitted writes of one transaction: the last one for each key. Bounded in bytes, because
 * it lives on the heap until the commit. One thread at a time.
 */
public final class WriteSet {
    /** Default of {@code transaction_write_limit}. */
    public static final long DEFAULT_LIMIT_BYTES = 64L * 1024 * 1024;

    /** Objects and map entry that a write costs beside its bytes. */
    private static final int OVERHEAD_BYTES = 160;

    private final Router router;
    private final long limitBytes;
    private final Map<Key, KeyWrite> writes = new HashMap<>();
    private long bytes;

    public WriteSet(Router router, long limitBytes) {
        this.router = router;
        this.limitBytes = limitBytes;
    }

    /** The transaction's own write of a key, or null when it has none. */
    public @Nullable KeyWrite find(int collection, byte[] key) {
        return writes.isEmpty() ? null : writes.get(new Key(collection, key, KeyHash.of(key)));
    }

    /** Remembers a value; the arrays are copied. */
    public void put(int collection, byte[] key, byte[] value, long expireAtMillis) {
        add(collection, key.clone(), value.clone(), expireAtMillis, 0);
    }

    /** Remembers a row that was made by a version of its collection's definition. */
    public void putRow(int collection, byte[] key, byte[] row, int definition) {
        add(collection, key.clone(), row.clone(), 0, definition);
    }

    /** Remembers a deletion. */
    public void delete(int collection, byte[] key) {
        add(collection, key.clone(), null, 0, 0);
    }

    public boolean isEmpty() {
        return writes.isEmpty();
    }

    /** Keys written. */
    public int size() {
        return writes.size();
    }

    public long bytes() {
        return bytes;
    }

    /** The writes to one collection in the order of a scan. */
    public List<KeyWrite> ofCollection(int collection) {
        List<KeyWrite> found = new ArrayList<>();
        for (KeyWrite write : writes.values()) {
            if (write.collection() == collection) {
                found.add(write);
            }
        }
        found.sort((a, b) -> Long.compareUnsigned(a.keyHash(), b.keyHash()));
        return found;
    }

    /** The writes to a range of an ordered collection, in the range's order. */
    public List<KeyWrite> inRange(int collection, KeyRange range) {
        List<KeyWrite> found = new ArrayList<>();
        for (KeyWrite write : writes.values()) {
            if (write.collection() == collection && range.contains(write.key())) {
                found.add(write);
            }
        }
        found.sort((a, b) -> range.compare(a.key(), b.key()));
        return found;
    }

    /** The collections written to, each once. */
    public int[] collections() {
        return writes.values().stream().mapToInt(KeyWrite::collection).distinct().toArray();
    }

    /**
     * The writes by owning core, cores ascending, each part sorted by partition and then by
     * collection and key, so that equal write sets make equal calls.
     */
    public List<Part> byCore() {
        Map<Integer, List<KeyWrite>> parts = new HashMap<>();
        for (KeyWrite write : writes.values()) {
            parts.computeIfAbsent(router.coreOf(write.partition()), core -> new ArrayList<>())
                    .add(write);
        }
        Comparator<KeyWrite> order =
                Comparator.comparingInt(KeyWrite::partition)
                        .thenComparingInt(KeyWrite::collection)
                        .thenComparing(KeyWrite::key, Arrays::compareUnsigned);
        List<Part> result = new ArrayList<>(parts.size());
        parts.forEach((core, list) -> {
            list.sort(order);
            result.add(new Part(core, List.copyOf(list)));
        });
        result.sort(Comparator.comparingInt(Part::core));
        return result;
    }

    private void add(
            int collection,
            byte[] key,
            byte @Nullable [] value,
            long expireAtMillis,
            int definition) {
        long hash = KeyHash.of(key);
        Key id = new Key(collection, key, hash);
        KeyWrite before = writes.get(id);
        long after = bytes - (before == null ? 0 : size(before)) + size(key, value);
        if (after > limitBytes) {
            throw new NodeDbException(
                    ErrorCode.FAN_OUT_EXCEEDED,
                    "The transaction's write set is too large: transaction_write_limit="
                            + limitBytes
                            + " bytes="
                            + after
                            + " keys="
                            + writes.size());
        }
        writes.put(
                id,
                new KeyWrite(
                        router.partitionOf(hash),
                        collection,
                        key,
                        hash,
                        value,
                        expireAtMillis,
                        definition));
        bytes = after;
    }

    private static long size(KeyWrite write) {
        return size(write.key(), write.value());
    }

    private static long size(byte[] key, byte @Nullable [] value) {
        return (long) OVERHEAD_BYTES + key.length + (value == null ? 0 : value.length);
    }

    /** What one core owns of a write set. */
    public record Part(int core, List<KeyWrite> writes) {}

    private static final class Key {
        private final int collection;
        private final byte[] key;
        private final long hash;

        Key(int collection, byte[] key, long hash) {
            this.collection = collection;
            this.key = key;
            this.hash = hash;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key that
                    && that.collection == collection
                    && that.hash == hash
                    && Arrays.equals(that.key, key);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(hash) * 31 + collection;
        }
    }
}
