package io.nodedb.storage.rows;

import io.nodedb.base.errors.BugException;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.PressureLevel;
import io.nodedb.base.memory.SlabAllocator;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.rows.memtable.Memtable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The memtable that takes writes, and the sealed ones that wait to be written to files. A handle
 * names a version: the memtable's generation in 15 bits, its address in 48.
 *
 * <p>Owned by one core.
 */
@CoreOwned
final class Memtables implements AutoCloseable {
    private static final int ADDRESS_BITS = 48;
    private static final int LAST_GENERATION = (1 << 15) - 1;

    private final MemoryGovernor governor;
    private final List<Memtable> sealed = new ArrayList<>();
    private Memtable active;

    /** Of a memtable that is in files: taking memory anew costs more than filling it. */
    private @Nullable SlabAllocator spare;

    Memtables(MemoryGovernor governor) {
        this.governor = governor;
        this.active = new Memtable(governor, 1);
    }

    Memtable active() {
        return active;
    }

    /** Oldest first. */
    List<Memtable> sealed() {
        return sealed;
    }

    int count() {
        return sealed.size() + 1;
    }

    /** New writes go to a new one. */
    void seal() {
        active.seal();
        sealed.add(active);
        int generation = active.generation() == LAST_GENERATION ? 1 : active.generation() + 1;
        SlabAllocator memory = spare;
        spare = null;
        active =
                memory == null
                        ? new Memtable(governor, generation)
                        : new Memtable(memory, generation);
    }

    /** The oldest sealed one, when it never changes again. */
    @Nullable Memtable oldestFrozen() {
        return !sealed.isEmpty() && sealed.getFirst().isFrozen() ? sealed.getFirst() : null;
    }

    /** The oldest sealed one that holds pending versions, or null. */
    @Nullable Memtable oldestSealedPending() {
        for (int i = 0; i < sealed.size(); i++) {
            if (sealed.get(i).pending() > 0) {
                return sealed.get(i);
            }
        }
        return null;
    }

    /** Its rows are in published files. */
    void release(Memtable memtable) {
        if (!sealed.remove(memtable)) {
            throw new BugException("a memtable is released once");
        }
        if (spare == null && governor.pressure() == PressureLevel.NORMAL) {
            spare = memtable.takeMemory();
        } else {
            memtable.close();
        }
    }

    /** Gives back what is kept for the next memtable, when memory runs short. */
    void relieve() {
        SlabAllocator memory = spare;
        if (memory != null && governor.pressure() != PressureLevel.NORMAL) {
            spare = null;
            memory.close();
        }
    }

    /** Lowest LSN in any but one; {@link Long#MAX_VALUE} when there is none. */
    long lowestLsnBut(@Nullable Memtable flushed) {
        long lowest = active.lowestLsn();
        for (Memtable memtable : sealed) {
            if (memtable != flushed) {
                lowest = Math.min(lowest, memtable.lowestLsn());
            }
        }
        return lowest;
    }

    static long handle(Memtable memtable, long version) {
        return (long) memtable.generation() << ADDRESS_BITS | version;
    }

    static boolean isVersion(long handle) {
        return handle >>> ADDRESS_BITS != 0;
    }

    Memtable ofHandle(long handle) {
        int generation = (int) (handle >>> ADDRESS_BITS);
        if (active.generation() == generation) {
            return active;
        }
        for (int i = sealed.size() - 1; i >= 0; i--) {
            if (sealed.get(i).generation() == generation) {
                return sealed.get(i);
            }
        }
        throw new BugException("a handle of a memtable that is gone: " + handle);
    }

    static long version(long handle) {
        return handle & (1L << ADDRESS_BITS) - 1;
    }

    /** Has one of them a key between these? */
    boolean mayHold(byte[] from, byte[] to) {
        if (holds(active, from, to)) {
            return true;
        }
        for (Memtable memtable : sealed) {
            if (holds(memtable, from, to)) {
                return true;
            }
        }
        return false;
    }

    private static boolean holds(Memtable memtable, byte[] from, byte[] to) {
        return memtable.ceiling(from, from.length) != memtable.ceiling(to, to.length);
    }

    /** What their versions do to the number of a keyspace's rows. */
    long rowsAdded(int keyspace) {
        long added = active.deltas().of(keyspace);
        for (int i = 0; i < sealed.size(); i++) {
            added += sealed.get(i).deltas().of(keyspace);
        }
        return added;
    }

    long memoryBytes() {
        long bytes = active.memoryBytes();
        for (Memtable memtable : sealed) {
            bytes += memtable.memoryBytes();
        }
        SlabAllocator memory = spare;
        return memory == null ? bytes : bytes + memory.chunkBytes();
    }

    @Override
    public void close() {
        active.close();
        sealed.forEach(Memtable::close);
        sealed.clear();
        SlabAllocator memory = spare;
        if (memory != null) {
            spare = null;
            memory.close();
        }
    }
}
