package io.nodedb.data.maintenance;

import io.nodedb.base.metrics.PublishedLong;
import io.nodedb.base.ownership.CoreOwned;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Whose turn it is: background work goes first to the tenant that has had the least of the core's
 * maintenance time lately. So of n tenants with work each gets at least an n-th of the time, less a
 * slice, however much the others have to do; and who is alone gets all of it.
 *
 * <p>"Lately" fades: every second what was used counts half, so that nobody lives on what he did
 * not use long ago. Allocates nothing but when a tenant is new.
 *
 * <p>Source: the idea of fair queueing by service received (Demers, Keshav and Shenker, 1989).
 */
@CoreOwned
final class TenantTurns {
    /** {@link #next}: nobody has anything to do any more. */
    static final int NOBODY = -1;

    private static final long HALF_LIFE_NANOS = 1_000_000_000L;

    private final IntFunction<PublishedLong> published;
    private int[] tenants = new int[0];
    private long[] used = new long[0];
    private boolean[] idle = new boolean[0];
    private PublishedLong[] total = new PublishedLong[0];
    private long fadedNanos;

    /**
     * @param published where to publish all that a tenant has used
     */
    TenantTurns(long nowNanos, IntFunction<PublishedLong> published) {
        this.published = published;
        fadedNanos = nowNanos;
    }

    /** Begins a round, in which each of the tenants may have work. */
    void begin(List<Integer> all, long nowNanos) {
        for (int known = tenants.length; known < all.size(); known++) {
            tenants = Arrays.copyOf(tenants, known + 1);
            used = Arrays.copyOf(used, known + 1);
            idle = Arrays.copyOf(idle, known + 1);
            total = Arrays.copyOf(total, known + 1);
            tenants[known] = all.get(known);
            total[known] = published.apply(tenants[known]);
        }
        Arrays.fill(idle, false);
        while (nowNanos - fadedNanos >= HALF_LIFE_NANOS) {
            boolean anyLeft = false;
            for (int i = 0; i < used.length; i++) {
                used[i] /= 2;
                anyLeft |= used[i] > 0;
            }
            fadedNanos = anyLeft ? fadedNanos + HALF_LIFE_NANOS : nowNanos;
        }
    }

    /** Who has had the least of those that have work left; {@link #NOBODY} when none has. */
    int next() {
        int least = NOBODY;
        for (int i = 0; i < tenants.length; i++) {
            if (!idle[i] && (least < 0 || used[i] < used[least])) {
                least = i;
            }
        }
        return least < 0 ? NOBODY : tenants[least];
    }

    /** A tenant's work took so long, and there is more of it, or not. */
    void worked(int tenant, long nanos, boolean more) {
        for (int i = 0; i < tenants.length; i++) {
            if (tenants[i] == tenant) {
                used[i] += nanos;
                total[i].set(total[i].get() + nanos);
                idle[i] = !more;
            }
        }
    }
}
