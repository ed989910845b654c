package io.nodedb.bridge.lane;

/**
 * Counts each tenant's outstanding requests on one port and says who is over its share. As long as
 * the port has seen only one tenant, that one may hold everything and nothing is counted; from the
 * first request of a second one on, refused or not, the share holds for all, for the port's life
 * (so a tenant that comes back finds room). The lane's alone.
 *
 * <p>An open-addressed table with linear probing, twice as large as there can be tenants with
 * outstanding requests.
 */
final class TenantShares {
    private static final int[] NONE = {};
    private static final int SPREAD = 0x9E3779B9;

    private final int limit;
    private final int tableSize;
    private boolean seenOne;
    private int firstTenant;
    private boolean several;
    private int[] tenants = NONE;
    private int[] counts = NONE;

    TenantShares(int slots, int limit) {
        this.limit = limit;
        this.tableSize = Integer.highestOneBit(slots) * 2;
    }

    /** May the tenant hold one more? {@code outstanding} is the number of all tenants together. */
    boolean admits(int tenant, int outstanding) {
        if (several) {
            return counts[find(tenant)] < limit;
        }
        if (!seenOne) {
            seenOne = true;
            firstTenant = tenant;
        }
        if (tenant == firstTenant) {
            return true;
        }
        several = true;
        tenants = new int[tableSize];
        counts = new int[tableSize];
        set(firstTenant, outstanding);
        return true;
    }

    /** The tenant holds one more. */
    void take(int tenant) {
        if (several) {
            set(tenant, counts[find(tenant)] + 1);
        }
    }

    /** The tenant holds one less. */
    void giveBack(int tenant) {
        if (!several) {
            return;
        }
        int slot = find(tenant);
        counts[slot]--;
        if (counts[slot] == 0) {
            closeGap(slot);
        }
    }

    /** How many the tenant holds, once there are several. */
    int held(int tenant) {
        return several ? counts[find(tenant)] : 0;
    }

    private void set(int tenant, int count) {
        if (count > 0) {
            int slot = find(tenant);
            tenants[slot] = tenant;
            counts[slot] = count;
        }
    }

    /** The tenant's slot, or the free one (count 0) where it would go. */
    private int find(int tenant) {
        int slot = home(tenant);
        while (counts[slot] != 0 && tenants[slot] != tenant) {
            slot = (slot + 1) & (tableSize - 1);
        }
        return slot;
    }

    private int home(int tenant) {
        return ((tenant * SPREAD) >>> 8) & (tableSize - 1);
    }

    /** Moves later entries of the run forward, so that probing never meets a hole; Knuth 6.4 R. */
    private void closeGap(int slot) {
        int hole = slot;
        for (int at = next(hole); counts[at] != 0; at = next(at)) {
            int distanceFromHome = (at - home(tenants[at])) & (tableSize - 1);
            int distanceFromHole = (at - hole) & (tableSize - 1);
            if (distanceFromHome >= distanceFromHole) {
                tenants[hole] = tenants[at];
                counts[hole] = counts[at];
                counts[at] = 0;
                hole = at;
            }
        }
    }

    private int next(int slot) {
        return (slot + 1) & (tableSize - 1);
    }
}
