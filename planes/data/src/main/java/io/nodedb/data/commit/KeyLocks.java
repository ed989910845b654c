package io.nodedb.data.commit;

import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.wal.EffectReader;
import io.nodedb.storage.wal.Effects;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keys that a prepared transaction, or a large write on its way into the log, holds until its
 * outcome. Few and short-lived; asking costs one comparison while there are none.
 */
@CoreOwned
final class KeyLocks {
    private final Map<Key, Holder> holders = new HashMap<>();
    private final EffectReader reader = new EffectReader();

    /**
     * Who holds a key.
     *
     * @param hides what is undecided is applied already, so that reads have to wait, too
     */
    private record Holder(long txnId, boolean hides) {}

    /** Is no key held? */
    boolean isEmpty() {
        return holders.isEmpty();
    }

    /** The transaction that holds a key, 0 when none. */
    long holder(int collection, byte[] bytes, int from, int length, long keyHash) {
        if (holders.isEmpty()) {
            return 0;
        }
        Holder holder = holders.get(new Key(collection, keyHash, bytes, from, length));
        return holder == null ? 0 : holder.txnId;
    }

    /** Must a read of the key wait for its holder? */
    boolean hides(int collection, byte[] bytes, int from, int length, long keyHash) {
        if (holders.isEmpty()) {
            return false;
        }
        Holder holder = holders.get(new Key(collection, keyHash, bytes, from, length));
        return holder != null && holder.hides;
    }

    void lock(int collection, byte[] key, int length, long keyHash, long txnId) {
        holders.put(
                new Key(collection, keyHash, Arrays.copyOf(key, length), 0, length),
                new Holder(txnId, false));
    }

    void unlock(int collection, byte[] key, int length, long keyHash) {
        holders.remove(new Key(collection, keyHash, key, 0, length));
    }

    /**
     * Locks a key of which an undecided version may be applied. @return what {@link #release} takes
     */
    Key hide(int collection, byte[] bytes, int from, int length, long keyHash, long txnId) {
        Key key =
                new Key(
                        collection,
                        keyHash,
                        Arrays.copyOfRange(bytes, from, from + length),
                        0,
                        length);
        holders.put(key, new Holder(txnId, true));
        return key;
    }

    /** Unlocks what {@link #hide} has locked. */
    void release(List<Key> keys) {
        for (Key key : keys) {
            holders.remove(key);
        }
        keys.clear();
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
                int from = reader.keyOffset();
                int length = reader.keyLength();
                long hash = KeyHash.of(reader.buffer(), from, length);
                if (holder(reader.collection(), reader.buffer(), from, length, hash) != 0) {
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
                lock(reader.collection(), key, key.length, KeyHash.of(key), txnId);
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
                        new Key(reader.collection(), KeyHash.of(key), key, 0, key.length),
                        new Holder(txnId, false));
            }
        }
    }

    private static byte[] keyOf(EffectReader effect) {
        return Arrays.copyOfRange(
                effect.buffer(), effect.keyOffset(), effect.keyOffset() + effect.keyLength());
    }

    /** A key of a collection: a range of bytes. */
    static final class Key {
        private final int collection;
        private final long hash;
        private final byte[] bytes;
        private final int from;
        private final int length;

        Key(int collection, long hash, byte[] bytes, int from, int length) {
            this.collection = collection;
            this.hash = hash;
            this.bytes = bytes;
            this.from = from;
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
                    && Arrays.equals(
                            bytes,
                            from,
                            from + length,
                            that.bytes,
                            that.from,
                            that.from + that.length);
        }
    }
}
