package io.nodedb.os.wake;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Wakeup} by parking: the portable one, which needs no foreign call. An interrupt of the
 * owner neither ends its sleep nor gets lost. Allocates nothing after construction.
 */
@Shared("signalled flag changed by atomic exchange only")
public final class ParkWakeup implements Wakeup {
    private static final VarHandle SIGNALLED;

    static {
        try {
            SIGNALLED =
                    MethodHandles.lookup()
                            .findVarHandle(ParkWakeup.class, "signalled", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * Both sides exchange it, never just read it: an exchange sees everything written before the
     * signals that it swallows.
     */
    @SuppressWarnings("UnusedVariable") // through SIGNALLED
    private volatile boolean signalled;

    private volatile @Nullable Thread waiter;
    private volatile boolean closed;

    @Override
    public void signal() {
        if (closed) {
            return;
        }
        if (!(boolean) SIGNALLED.getAndSet(this, true)) {
            LockSupport.unpark(waiter);
        }
    }

    @Override
    public boolean await(long timeoutNanos) {
        Check.that(!closed, "a closed wake-up is not awaited");
        if (consume()) {
            return true;
        }
        return timeoutNanos > 0 && sleep(timeoutNanos);
    }

    private boolean sleep(long timeoutNanos) {
        boolean forever = timeoutNanos == Long.MAX_VALUE;
        long start = forever ? 0 : System.nanoTime();
        // A pending interrupt would turn every park into a spin.
        boolean interrupted = Thread.interrupted();
        waiter = Thread.currentThread();
        try {
            while (!consume()) {
                if (forever) {
                    LockSupport.park(this);
                } else {
                    long remaining = timeoutNanos - (System.nanoTime() - start);
                    if (remaining <= 0) {
                        return false;
                    }
                    LockSupport.parkNanos(this, remaining);
                }
                interrupted |= Thread.interrupted();
            }
            return true;
        } finally {
            waiter = null;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean consume() {
        return (boolean) SIGNALLED.getAndSet(this, false);
    }

    @Override
    public String mechanism() {
        return "park";
    }

    @Override
    public void close() {
        closed = true;
    }
}
