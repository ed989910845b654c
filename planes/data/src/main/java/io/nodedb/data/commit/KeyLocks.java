package io.nodedb.data.commit;

import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.wal.EffectReader;
import io.nodedb.storage.wal.Effects;
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
    private final EffectReader reader = new EffectReader();

    /** The transaction that holds a key, 0 when none. */
    long holder(int collection, byte[] key, int length, long keyHash) {
        if (holders.isEmpty()) {
            return 0;
        }
        Long holder = holders.get(new Key(collection, keyHash, key, length));
        return holder == null ? 0 : holder;
    }

    void lock(int collection, byte[] key, int length, long keyHash, long txnId) {
        holders.put(new Key(collection, keyHash, Arrays.copyOf(key, length), length), txnId);
    }

    void unlock(int collection, byte[] key, int length, long keyHash) {
        holders.remove(new Key(collection, keyHash, key, length));
    }

    /** Is any of the keys that these effects write held? */
    boolean anyOf(SectionedEffects effects) {
        if (holders.isEmpty()) {
            return false;
        }
        for (int i = 0; i < effects.count(); i++) {
            Effects section = effects.effects(i);
            reader.wrap(section.bytes(), 0, section.length());
            while (reader.next()) {
                byte[] key = keyOf(reader);
                if (holder(reader.collection(), key, key.length, KeyHash.of(key)) != 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Locks every key that these effects write. */
    void lockAll(SectionedEffects effects, long txnId) {
        for (int i = 0; i < effects.count(); i++) {
            Effects section = effects.effects(i);
            reader.wrap(section.bytes(), 0, section.length());
            while (reader.next()) {
                byte[] key = keyOf(reader);
                holders.put(new Key(reader.collection(), KeyHash.of(key), key, key.length), txnId);
            }
        }
    }

    /** Unlocks every key that these effects write and this transaction holds. */
    void unlockAll(SectionedEffects effects, long txnId) {
        for (int i = 0; i < effects.count(); i++) {
            Effects section = effects.effects(i);
            reader.wrap(section.bytes(), 0, section.length());
            while (reader.next()) {
                byte[] key = keyOf(reader);
                holders.remove(
                        new Key(reader.collection(), KeyHash.of(key), key, key.length), txnId);
            }
        }
    }

    private static byte[] keyOf(EffectReader effect) {
        return Arrays.copyOfRange(
                effect.buffer(), effect.keyOffset(), effect.keyOffset() + effect.keyLength());
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
