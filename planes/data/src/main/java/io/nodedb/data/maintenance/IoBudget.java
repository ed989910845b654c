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

    /**
     * Once nothing is left, work goes on when so much has come in: otherwise a core would be woken
     * for every single block, and disturb whoever makes its turns meanwhile.
     */
    private static final double RESUME_SECONDS = BURST_SECONDS / 2;

    private static final long SMALLEST_PIECE = 256 << 10;
    private static final long LARGEST_PIECE = 4 << 20;

    private final long bytesPerSecond;
    private double credit;
    private boolean usedUp;
    private long lastNanos;

    IoBudget(long bytesPerSecond, long nowNanos) {
        this.bytesPerSecond = bytesPerSecond;
        this.credit = bytesPerSecond * BURST_SECONDS;
        this.lastNanos = nowNanos;
    }

    /** What is worth moving in one go by work that can be cut anywhere. */
    long pieceBytes() {
        return Math.clamp((long) (bytesPerSecond * RESUME_SECONDS), SMALLEST_PIECE, LARGEST_PIECE);
    }

    /** May the next piece be moved? */
    boolean mayMove(long nowNanos) {
        credit =
                Math.min(
                        bytesPerSecond * BURST_SECONDS,
                        credit + (nowNanos - lastNanos) / NANOS_PER_SECOND * bytesPerSecond);
        lastNanos = nowNanos;
        if (usedUp) {
            usedUp = credit < bytesPerSecond * RESUME_SECONDS;
        }
        return !usedUp;
    }

    /** So much was, or is being, moved. */
    void moved(long bytes) {
        credit -= bytes;
        usedUp |= credit <= 0;
    }

    /** How long until {@link #mayMove}; 0 when it may. */
    long nanosUntilMove(long nowNanos) {
        if (mayMove(nowNanos)) {
            return 0;
        }
        double missing = bytesPerSecond * RESUME_SECONDS - credit;
        return 1 + (long) Math.ceil(missing / bytesPerSecond * NANOS_PER_SECOND);
    }
}
