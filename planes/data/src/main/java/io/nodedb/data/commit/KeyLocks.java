package io.nodedb.data.commit;

import io.nodedb.base.ownership.CoreOwned;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Keys that a prepared transaction, or a large write on its way into the log, holds until its
 * outcome. Few and short-lived; asking costs one comparison while there are none.
 */
@CoreOwned
final class KeyLocks {
    private final Map<Key, Long> holders = new HashMap<>();

    boolean isEmpty() {
        return holders.isEmpty();
    }

    /** The transaction that holds a key, 0 when none. */
    long holder(int collection, byte[] key, int length, long keyHash) {
        Long holder = holders.get(new Key(collection, keyHash, key, length));
        return holder == null ? 0 : holder;
    }

    void lock(int collection, byte[] key, int length, long keyHash, long txnId) {
        holders.put(new Key(collection, keyHash, Arrays.copyOf(key, length), length), txnId);
    }

    void unlock(int collection, byte[] key, int length, long keyHash) {
        holders.remove(new Key(collection, keyHash, key, length));
    }

    private static final class Key {
        private final int collection;
        private final long hash;
        private final byte[] bytes;
        private final int length;

        Key(int collection, long hash, byte[] bytes, int length) {
            this.collection = collection;
            this.hash = hash;
            this.bytes = bytes;
            this.length = length;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(hash) * 31 + collection;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key that
                    && collection == that.collection
                    && Arrays.equals(bytes, 0, length, that.bytes, 0, that.length);
        }
    }
}
