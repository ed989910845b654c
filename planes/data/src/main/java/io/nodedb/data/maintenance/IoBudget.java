package io.nodedb.data.maintenance;

import io.nodedb.base.ownership.CoreOwned;

/**
 * Bytes per second that background work of one core may read and write: a bucket that fills with
 * time. Work is paid for when its size is known, so the credit may fall below zero; the next piece
 * then waits until that is paid back.
 */
@CoreOwned
final class IoBudget {
    private static final double NANOS_PER_SECOND = 1e9;

    /** What may be saved up: as much as comes in while a core sleeps at its longest. */
    private static final double BURST_SECONDS = 0.1;

    private final long bytesPerSecond;
    private double credit;
    private long lastNanos;

    IoBudget(long bytesPerSecond, long nowNanos) {
        this.bytesPerSecond = bytesPerSecond;
        this.credit = bytesPerSecond * BURST_SECONDS;
        this.lastNanos = nowNanos;
    }

    /** May the next piece be moved? */
    boolean mayMove(long nowNanos) {
        credit =
                Math.min(
                        bytesPerSecond * BURST_SECONDS,
                        credit + (nowNanos - lastNanos) / NANOS_PER_SECOND * bytesPerSecond);
        lastNanos = nowNanos;
        return credit > 0;
    }

    /** So much was, or is being, moved. */
    void moved(long bytes) {
        credit -= bytes;
    }

    /** How long until {@link #mayMove}; 0 when it may. */
    long nanosUntilMove(long nowNanos) {
        return mayMove(nowNanos)
                ? 0
                : 1 + (long) Math.ceil(-credit / bytesPerSecond * NANOS_PER_SECOND);
    }
}
