package io.nodedb.kv;

import io.nodedb.base.memory.MemoryAccount;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.MemoryTag;
import io.nodedb.base.memory.SlabAllocator;
import io.nodedb.base.ownership.CoreOwned;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The memory of one tenant's collections in one partition: slabs of its own, so that what it holds
 * is counted exactly and what it deletes gives its own chunks back.
 */
@CoreOwned
final class TenantSlabs {
    /** A bucket, and what an operation takes of nodes in the order of a structure. */
    private static final int INDEX_BYTES = 2 * BucketArray.BUCKET_BYTES;

    /** Smallest index, order and change marks of a structure that a write may begin. */
    private static final int STRUCTURE_BYTES = 16 * BucketArray.BUCKET_BYTES + 4 * 1024;

    final int tenant;
    final SlabAllocator data;
    final SlabAllocator index;
    private @Nullable KvCompaction compaction;

    TenantSlabs(MemoryGovernor governor, int tenant) {
        this.tenant = tenant;
        MemoryAccount account = governor.account(tenant);
        data = new SlabAllocator(account, MemoryTag.KV_DATA);
        index = new SlabAllocator(account, MemoryTag.KV_INDEX);
    }

    /**
     * As {@link io.nodedb.engine.Engine#reserve(int, int, long)}, of what is not deletion alone.
     */
    boolean reserve(int operationCount, long bytes) {
        long headers = (long) operationCount * EntryStore.TIMED_HEADER_BYTES;
        long needed = headers + bytes;
        long buckets = (long) operationCount * INDEX_BYTES;
        if (operationCount > 1) {
            buckets += STRUCTURE_BYTES;
        }
        if (operationCount == 1 && needed > SlabAllocator.LARGEST_SHARED_BLOCK) {
            return needed <= SlabAllocator.LARGEST_BLOCK
                    && data.ensureBlock((int) needed)
                    && index.ensureAvailable(buckets);
        }
        // Room in blocks of the slabs' sizes, which are up to an eighth larger than asked for.
        long withWaste = needed + needed / 8 + 8L * operationCount;
        if (data.ensureAvailable(withWaste) && index.ensureAvailable(buckets)) {
            return true;
        }
        // At the limit a single write may still find a free block of its size.
        return operationCount == 1
                && data.ensureBlock((int) needed)
                && index.ensureBlock(BucketArray.BUCKET_BYTES);
    }

    /**
     * Begins to move what stands in sparse chunks.
     *
     * @param tables all of the engine's
     * @return true when it has begun
     */
    boolean compact(List<KvTable> tables, double deadShare, long newBytes) {
        if (compaction != null || data.startDraining(deadShare, newBytes) == 0) {
            return false;
        }
        List<KvTable> own = new ArrayList<>();
        for (KvTable table : tables) {
            if (table.tenant() == tenant) {
                own.add(table);
                table.structures().addTables(own);
            }
        }
        compaction = new KvCompaction(data, own);
        return true;
    }

    /** A piece of compaction; false when there is none to do. */
    boolean compactStep() {
        KvCompaction moving = compaction;
        if (moving == null) {
            return false;
        }
        if (!moving.step()) {
            compaction = null;
        }
        return true;
    }

    /** Gives back what is reserved but not in use. */
    void trim() {
        data.trim();
        index.trim();
    }

    long memoryBytes() {
        return data.chunkBytes() + data.pledgedBytes() + index.chunkBytes() + index.pledgedBytes();
    }

    void close() {
        data.close();
        index.close();
    }
}
