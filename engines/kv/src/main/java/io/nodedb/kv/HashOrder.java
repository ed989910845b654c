package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import java.util.Arrays;

/**
 * The newest versions of one bucket in the order of their hashes, unsigned: what scans and
 * checkpoints walk over, so that they may stop and go on at any hash.
 */
@CoreOwned
final class HashOrder {
    private long[] hashes = new long[16];
    private long[] heads = new long[16];
    private int count;

    /** Takes what the bucket of {@code fromHash} holds at and after that hash. */
    void read(KvTable table, long fromHash) {
        int found = table.index.collect(fromHash);
        if (found > heads.length) {
            hashes = Arrays.copyOf(hashes, 2 * found);
            heads = Arrays.copyOf(heads, 2 * found);
        }
        count = 0;
        for (int i = 0; i < found; i++) {
            long head = table.index.collected(i);
            long hash = table.entries.keyHash(head);
            if (Long.compareUnsigned(hash, fromHash) >= 0) {
                insert(hash, head);
            }
        }
    }

    int count() {
        return count;
    }

    long hash(int i) {
        return hashes[i];
    }

    long head(int i) {
        return heads[i];
    }

    /** Buckets hold a handful of versions: insertion keeps them sorted at once. */
    private void insert(long hash, long head) {
        int at = count++;
        while (at > 0 && Long.compareUnsigned(hashes[at - 1], hash) > 0) {
            hashes[at] = hashes[at - 1];
            heads[at] = heads[at - 1];
            at--;
        }
        hashes[at] = hash;
        heads[at] = head;
    }
}
