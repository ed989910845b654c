package io.nodedb.storage.checkpoint;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ids.KeyHash;
import io.nodedb.storage.wal.EffectReader;
import java.util.Arrays;

/**
 * The newest LSN of each (collection, key): an open-addressing table over primitive arrays, so that
 * its size can be told from its input: about {@link #ENTRY_BYTES} and the key per entry. The key
 * itself is compared, never only its hash. Single-threaded.
 */
final class NewestVersions {
    /** Bytes per entry beside the key, with the slack of growing. */
    static final int ENTRY_BYTES = 64;

    private static final long TAKEN = -1;
    private static final int MIN_SLOTS = 1 << 10;

    private int[] slots = new int[MIN_SLOTS];
    private long[] hashes = new long[MIN_SLOTS / 2];
    private long[] lsns = new long[MIN_SLOTS / 2];
    private int[] collections = new int[MIN_SLOTS / 2];
    private int[] keyOffsets = new int[MIN_SLOTS / 2 + 1];
    private byte[] keys = new byte[MIN_SLOTS * 8];
    private int count;

    /** Hash that decides which part of a merge an entry belongs to, and its place in the table. */
    static long hash(EffectReader effect) {
        long keyHash = KeyHash.of(effect.buffer(), effect.keyOffset(), effect.keyLength());
        long mixed = keyHash ^ (effect.collection() * 0x9E3779B97F4A7C15L);
        mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
        return mixed ^ (mixed >>> 32);
    }

    /** Notes an entry's LSN if it is its key's newest so far. */
    void note(EffectReader effect, long lsn) {
        long hash = hash(effect);
        int slot = find(effect, hash);
        int entry = slots[slot] - 1;
        if (entry >= 0) {
            lsns[entry] = Math.max(lsns[entry], lsn);
            return;
        }
        append(effect, hash, lsn);
        slots[slot] = count;
        if (count * 2 > slots.length) {
            grow();
        }
    }

    /** True once per key: for the first entry asked about that holds its newest LSN. */
    boolean takeNewest(EffectReader effect, long lsn) {
        int entry = slots[find(effect, hash(effect))] - 1;
        Check.that(entry >= 0, "every entry was noted before");
        if (lsns[entry] != lsn) {
            return false;
        }
        lsns[entry] = TAKEN;
        return true;
    }

    void clear() {
        Arrays.fill(slots, 0);
        count = 0;
    }

    private int find(EffectReader effect, long hash) {
        int mask = slots.length - 1;
        int slot = (int) hash & mask;
        while (slots[slot] != 0 && !holds(slots[slot] - 1, effect, hash)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private boolean holds(int entry, EffectReader effect, long hash) {
        return hashes[entry] == hash
                && collections[entry] == effect.collection()
                && Arrays.equals(
                        keys,
                        keyOffsets[entry],
                        keyOffsets[entry + 1],
                        effect.buffer(),
                        effect.keyOffset(),
                        effect.keyOffset() + effect.keyLength());
    }

    private void append(EffectReader effect, long hash, long lsn) {
        if (count == hashes.length) {
            int larger = Math.multiplyExact(count, 2);
            hashes = Arrays.copyOf(hashes, larger);
            lsns = Arrays.copyOf(lsns, larger);
            collections = Arrays.copyOf(collections, larger);
            keyOffsets = Arrays.copyOf(keyOffsets, larger + 1);
        }
        int from = keyOffsets[count];
        int end = Math.addExact(from, effect.keyLength());
        if (end > keys.length) {
            keys = Arrays.copyOf(keys, Math.max(end, (int) Math.min(1L << 30, keys.length * 2L)));
        }
        System.arraycopy(effect.buffer(), effect.keyOffset(), keys, from, effect.keyLength());
        hashes[count] = hash;
        lsns[count] = lsn;
        collections[count] = effect.collection();
        keyOffsets[count + 1] = end;
        count++;
    }

    private void grow() {
        slots = new int[Math.multiplyExact(slots.length, 2)];
        int mask = slots.length - 1;
        for (int entry = 0; entry < count; entry++) {
            int slot = (int) hashes[entry] & mask;
            while (slots[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            slots[slot] = entry + 1;
        }
    }
}
