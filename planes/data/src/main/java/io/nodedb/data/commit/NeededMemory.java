package io.nodedb.data.commit;

import io.nodedb.base.memory.MemoryAccount;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.data.partition.EngineSlot;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the effects of one section will need, summed up by engine and tenant: an engine is asked
 * once for everything of a tenant, because what it makes sure of does not add up over several
 * questions. Reused; nearly always there is one sum, or two with the outcome of an idempotent
 * write.
 */
@CoreOwned
final class NeededMemory {
    private static final int NOT_A_TENANTS = -1;

    private final MemoryGovernor governor;
    private @Nullable EngineSlot[] slots = new EngineSlot[4];
    private int[] tenants = new int[4];
    private int[] operations = new int[4];
    private long[] bytes = new long[4];
    private int count;
    private int refusedTenant = NOT_A_TENANTS;

    NeededMemory(MemoryGovernor governor) {
        this.governor = governor;
    }

    void reset() {
        Arrays.fill(slots, 0, count, null);
        count = 0;
    }

    /** One operation more. */
    void add(EngineSlot slot, int tenant, long operationBytes) {
        int at = 0;
        while (at < count && (slots[at] != slot || tenants[at] != tenant)) {
            at++;
        }
        if (at == count) {
            if (count == slots.length) {
                slots = Arrays.copyOf(slots, 2 * count);
                tenants = Arrays.copyOf(tenants, 2 * count);
                operations = Arrays.copyOf(operations, 2 * count);
                bytes = Arrays.copyOf(bytes, 2 * count);
            }
            slots[at] = slot;
            tenants[at] = tenant;
            operations[at] = 0;
            bytes[at] = 0;
            count++;
        }
        operations[at]++;
        bytes[at] += operationBytes;
    }

    /** Makes sure of all sums; false when one is refused, see {@link #tenantRefused}. */
    boolean reserve() {
        for (int i = 0; i < count; i++) {
            EngineSlot slot = java.util.Objects.requireNonNull(slots[i]);
            if (!slot.engine().reserve(tenants[i], operations[i], bytes[i]) && isRefused(slot, i)) {
                return false;
            }
        }
        return true;
    }

    /** Asks again, to learn whose refusal it is: others reserve from the same account meanwhile. */
    private boolean isRefused(EngineSlot slot, int i) {
        MemoryAccount account = governor.account(tenants[i]);
        long refusals = account.refusals();
        if (slot.engine().reserve(tenants[i], operations[i], bytes[i])) {
            return false;
        }
        refusedTenant = account.refusals() == refusals ? NOT_A_TENANTS : tenants[i];
        return true;
    }

    /** The last refusal was that of a tenant's budget, not of the whole memory's limit. */
    boolean tenantRefused() {
        return refusedTenant != NOT_A_TENANTS;
    }

    /** What the tenant is told whose budget was refused last. */
    String refusal() {
        MemoryAccount account = governor.account(Math.max(0, refusedTenant));
        return "the tenant's memory budget is used up: tenant="
                + account.tenant()
                + " used="
                + account.used()
                + " budget="
                + account.budget();
    }
}
