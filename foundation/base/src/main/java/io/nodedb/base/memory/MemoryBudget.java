package io.nodedb.base.memory;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;
import java.util.concurrent.atomic.AtomicLong;

/** A part of the governed memory with a bound of its own; 0 is no bound. Every thread. */
@Shared("atomics")
final class MemoryBudget {
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong refusals = new AtomicLong();
    private volatile long bytes;

    MemoryBudget(long bytes) {
        set(bytes);
    }

    void set(long newBytes) {
        Check.that(newBytes >= 0, "budget is not negative", newBytes);
        bytes = newBytes;
    }

    long bytes() {
        return bytes;
    }

    long used() {
        return used.get();
    }

    long refusals() {
        return refusals.get();
    }

    /** False, changing nothing but {@link #refusals}, when too few are left. */
    boolean tryTake(long wanted) {
        long bound = bytes;
        long most = bound == 0 ? Long.MAX_VALUE : bound;
        long before = used.get();
        while (wanted <= most - before) {
            long witness = used.compareAndExchange(before, before + wanted);
            if (witness == before) {
                return true;
            }
            before = witness;
        }
        refusals.incrementAndGet();
        return false;
    }

    /** Takes also beyond the bound. */
    void take(long wanted) {
        used.addAndGet(wanted);
    }

    void giveBack(long taken) {
        long left = used.addAndGet(-taken);
        Check.that(left >= 0, "no more is released than was reserved", left);
    }
}
