package io.nodedb.base.memory;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One tenant's part of the governed memory: a reservation here is one with the {@link
 * MemoryGovernor}, too, and is refused when it would pass either's limit. So a tenant that has used
 * up its budget is refused while others go on. Made by {@link MemoryGovernor#account}.
 *
 * <p>Every method may be called from every thread; callers reserve in big steps.
 */
@Shared("atomics")
public final class MemoryAccount {
    private final MemoryGovernor governor;
    private final int tenant;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong refusals = new AtomicLong();
    private volatile long budgetBytes;

    MemoryAccount(MemoryGovernor governor, int tenant, long budgetBytes) {
        this.governor = governor;
        this.tenant = tenant;
        this.budgetBytes = budgetBytes;
    }

    public int tenant() {
        return tenant;
    }

    /** Sets what the tenant may use; 0 for as much as there is. */
    public void setBudget(long bytes) {
        Check.that(bytes >= 0, "budget is not negative", bytes);
        budgetBytes = bytes;
    }

    /** What the tenant may use; 0 for as much as there is. */
    public long budget() {
        return budgetBytes;
    }

    /** Takes {@code bytes} of both limits; false, changing nothing, if one has too few left. */
    public boolean tryReserve(MemoryTag tag, long bytes) {
        Check.that(bytes >= 0, "reservation is not negative", bytes);
        long budget = budgetBytes;
        long most = budget == 0 ? Long.MAX_VALUE : budget;
        long before = used.get();
        while (true) {
            if (bytes > most - before) {
                refusals.incrementAndGet();
                return false;
            }
            long witness = used.compareAndExchange(before, before + bytes);
            if (witness == before) {
                break;
            }
            before = witness;
        }
        if (!governor.tryReserve(tag, bytes)) {
            used.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** As {@link MemoryGovernor#reserveBeyondLimit}. */
    public void reserveBeyondLimit(MemoryTag tag, long bytes) {
        used.addAndGet(bytes);
        governor.reserveBeyondLimit(tag, bytes);
    }

    /** Gives back what was reserved. */
    public void release(MemoryTag tag, long bytes) {
        governor.release(tag, bytes);
        long left = used.addAndGet(-bytes);
        Check.that(left >= 0, "no more is released than was reserved", left);
    }

    /** Bytes reserved now. */
    public long used() {
        return used.get();
    }

    /** Reservations that this budget, not the governor's limit, has refused. */
    public long refusals() {
        return refusals.get();
    }

    MemoryReclaimer reclaimer() {
        return governor.reclaimer();
    }
}
