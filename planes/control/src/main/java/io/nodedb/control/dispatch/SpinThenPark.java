package io.nodedb.control.dispatch;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.control.port.CallerWait;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Spins a short while, then parks until the lane thread unparks. Spinning pays off only while there
 * are more processors than busy threads: with 0 it parks at once.
 */
@Immutable
public final class SpinThenPark implements CallerWait {
    /** Longest spin that makes sense: beyond it the wake-up costs less than the processor time. */
    public static final long MAX_SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    /** Turns of the spin between two looks at the clock. */
    private static final int TURNS_PER_LOOK = 32;

    private final TimeSource time;
    private final long spinNanos;

    /**
     * @param spinNanos at most {@link #MAX_SPIN_NANOS}; 0 when processors are scarce
     */
    public SpinThenPark(TimeSource time, long spinNanos) {
        this.time = time;
        this.spinNanos = Math.max(0, Math.min(spinNanos, MAX_SPIN_NANOS));
    }

    @Override
    public boolean await(Awaited awaited, long giveUpNanos) {
        awaited.tell();
        if (spinNanos > 0 && spin(awaited)) {
            return true;
        }
        return park(awaited, giveUpNanos);
    }

    /** The wait without the spin. */
    boolean park(Awaited awaited, long giveUpNanos) {
        awaited.unparkOnCompletion(Thread.currentThread());
        boolean interrupted = false;
        try {
            while (!awaited.isComplete()) {
                long left = giveUpNanos - time.nanoTime();
                if (left <= 0) {
                    return awaited.isComplete();
                }
                LockSupport.parkNanos(awaited, left);
                interrupted |= Thread.interrupted();
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void pause(long nanos) {
        LockSupport.parkNanos(nanos);
    }

    private boolean spin(Awaited awaited) {
        long until = time.nanoTime() + spinNanos;
        do {
            for (int turn = 0; turn < TURNS_PER_LOOK; turn++) {
                if (awaited.isComplete()) {
                    return true;
                }
                Thread.onSpinWait();
            }
        } while (time.nanoTime() - until < 0);
        return false;
    }
}
