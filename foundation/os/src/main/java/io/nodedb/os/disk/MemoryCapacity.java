package io.nodedb.os.disk;

import io.nodedb.base.ownership.Shared;
import java.util.concurrent.atomic.AtomicLong;

/** How much a {@link MemoryDisk} may hold and holds. */
@Shared("one atomic counter")
final class MemoryCapacity {
    private final long capacityBytes;
    private final AtomicLong usedBytes = new AtomicLong();

    MemoryCapacity(long capacityBytes) {
        this.capacityBytes = capacityBytes;
    }

    boolean take(long bytes) {
        long used;
        do {
            used = usedBytes.get();
            if (bytes > capacityBytes - used) {
                return false;
            }
        } while (!usedBytes.compareAndSet(used, used + bytes));
        return true;
    }

    void giveBack(long bytes) {
        usedBytes.addAndGet(-bytes);
    }

    long freeBytes() {
        return capacityBytes - usedBytes.get();
    }
}
