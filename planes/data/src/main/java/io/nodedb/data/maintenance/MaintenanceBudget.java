package io.nodedb.data.maintenance;

import io.nodedb.base.ownership.CoreOwned;

/**
 * Processor time that background work may take: a share of the time that passes while requests
 * wait, everything while none do. Unused time is kept up to one burst, so that a slice is never cut
 * short by rounding, and overdrawn time is paid back.
 */
@CoreOwned
final class MaintenanceBudget {
    private static final int BURST_SLICES = 4;

    private final int sharePercent;
    private final long sliceNanos;
    private long creditNanos;
    private long lastNanos;

    MaintenanceBudget(int sharePercent, long sliceNanos, long nowNanos) {
        this.sharePercent = sharePercent;
        this.sliceNanos = sliceNanos;
        this.creditNanos = sliceNanos;
        this.lastNanos = nowNanos;
    }

    /** How long the next slice may last; 0 when it is the requests' turn. */
    long grantNanos(long nowNanos, boolean requestsWait) {
        creditNanos =
                Math.min(
                        BURST_SLICES * sliceNanos,
                        creditNanos + (nowNanos - lastNanos) * sharePercent / 100);
        lastNanos = nowNanos;
        if (!requestsWait) {
            return sliceNanos;
        }
        return creditNanos >= sliceNanos ? sliceNanos : 0;
    }

    /** A slice took this long. */
    void spent(long nanos, boolean requestsWaited) {
        if (requestsWaited) {
            creditNanos -= nanos;
        }
    }
}
