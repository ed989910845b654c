package io.nodedb.kv;

import io.nodedb.base.memory.SlabAllocator;
import io.nodedb.base.ownership.CoreOwned;
import java.util.List;

/**
 * Moves versions out of sparse chunks, bucket by bucket, so that the chunks can be given back.
 *
 * <pre>
 *   choose sparse chunks ─► walk every table's buckets, move what stands in them ─► release the rest
 * </pre>
 *
 * <p>What somebody else knows the address of stays: a pending version (its batch does) and one that
 * is being sent to a client. Its chunk then serves on. Writes go on between slices; they allocate
 * nothing in the chosen chunks. Ends early when the memory for a copy is refused.
 *
 * <p>Owned by the core.
 */
@CoreOwned
final class KvCompaction {
    private final SlabAllocator slabs;
    private final List<KvTable> tables;
    private int table;
    private long hash;

    /**
     * @param tables every table whose versions stand in the slabs, structures' included; those that
     *     come later have nothing in the chosen chunks
     */
    KvCompaction(SlabAllocator slabs, List<KvTable> tables) {
        this.slabs = slabs;
        this.tables = tables;
    }

    /** One bucket. @return true when there is more to do; false when it has ended */
    boolean step() {
        while (table < tables.size()) {
            KvTable current = tables.get(table);
            if (current.isOpen()) {
                boolean roomLeft = current.moveBucket(hash, slabs);
                hash = current.index.nextBucketHash(hash);
                if (!roomLeft) {
                    break;
                }
                if (hash != 0) {
                    return true;
                }
                table++;
                return true;
            }
            table++;
            hash = 0;
        }
        slabs.endDraining();
        return false;
    }
}
