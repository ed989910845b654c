package io.nodedb.base.memory;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;

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
    private final MemoryBudget budget;

    MemoryAccount(MemoryGovernor governor, int tenant, long budgetBytes) {
        this.governor = governor;
        this.tenant = tenant;
        this.budget = new MemoryBudget(budgetBytes);
    }

    public int tenant() {
        return tenant;
    }

    /** Sets what the tenant may use; 0 for as much as there is. */
    public void setBudget(long bytes) {
        budget.set(bytes);
    }

    /** What the tenant may use; 0 for as much as there is. */
    public long budget() {
        return budget.bytes();
    }

    /** Takes {@code bytes} of both limits; false, changing nothing, if one has too few left. */
    public boolean tryReserve(MemoryTag tag, long bytes) {
        Check.that(bytes >= 0, "reservation is not negative", bytes);
        if (!budget.tryTake(bytes)) {
            return false;
        }
        if (!governor.tryReserve(tag, bytes)) {
            budget.giveBack(bytes);
            return false;
        }
        return true;
    }

    /** As {@link MemoryGovernor#reserveBeyondLimit}. */
    public void reserveBeyondLimit(MemoryTag tag, long bytes) {
        budget.take(bytes);
        governor.reserveBeyondLimit(tag, bytes);
    }

    /** Gives back what was reserved. */
    public void release(MemoryTag tag, long bytes) {
        governor.release(tag, bytes);
        budget.giveBack(bytes);
    }

    /** Bytes reserved now. */
    public long used() {
        return budget.used();
    }

    /** Reservations that this budget, not the governor's limits, has refused. */
    public long refusals() {
        return budget.refusals();
    }

    MemoryReclaimer reclaimer() {
        return governor.reclaimer();
    }
}
