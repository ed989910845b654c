package io.nodedb.bridge.wake;

import io.nodedb.base.ownership.Shared;
import io.nodedb.os.wake.Wakeup;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.BooleanSupplier;

/**
 * Lets one thread sleep until another has published work, with a system call only when the sleeper
 * may really be asleep, and one for however many ring at once.
 *
 * <pre>
 * producer                          owner
 *   publish work                      asleep = true
 *   full fence                        full fence
 *   asleep? then clear it, signal     work? then do not sleep : await the signal
 * </pre>
 *
 * The two fences make sure that at least one side sees what the other wrote before its fence, so no
 * wake-up is lost even without a timeout. The work must be published with release or stronger, and
 * looked for with acquire or stronger (not with a cached position). Waking up for nothing is
 * possible and harmless. Allocates nothing.
 */
@Shared("the asleep flag between two full fences")
public final class Doorbell extends DoorbellLayout.Padded implements AutoCloseable {
    private static final VarHandle ASLEEP;
    private static final VarHandle SIGNALS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            ASLEEP = lookup.findVarHandle(DoorbellLayout.Flag.class, "asleep", boolean.class);
            SIGNALS = lookup.findVarHandle(Doorbell.class, "signals", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Wakeup wakeup;

    @SuppressWarnings("UnusedVariable") // through SIGNALS
    private volatile int signals;

    /** Takes {@code wakeup} over; {@link #close} closes it. */
    public Doorbell(Wakeup wakeup) {
        this.wakeup = wakeup;
    }

    /** Any thread, after it published work. Wakes the owner if it may be asleep. */
    public void ring() {
        VarHandle.fullFence();
        // The exchange lets only one of several ringers make the system call.
        if ((boolean) ASLEEP.getOpaque(this) && ASLEEP.compareAndSet(this, true, false)) {
            SIGNALS.getAndAdd(this, 1);
            wakeup.signal();
        }
    }

    /**
     * Owner only. Sleeps until rung or until the time has passed, unless {@code hasWork} (made once
     * and kept, so that nothing is allocated here) says that there is work. {@link Long#MAX_VALUE}
     * waits for ever. Returns false only when the time has passed.
     */
    public boolean await(BooleanSupplier hasWork, long timeoutNanos) {
        if (!arm(hasWork)) {
            return true;
        }
        boolean rung = wakeup.await(timeoutNanos);
        disarm();
        return rung;
    }

    /**
     * Owner only, for event loops that sleep in their own selector and whose {@link Wakeup} wakes
     * that: call it last before the selector. True: sleep, every {@link #ring} from now on signals.
     * False: there is work, stay awake.
     */
    public boolean arm(BooleanSupplier hasWork) {
        ASLEEP.setOpaque(this, true);
        VarHandle.fullFence();
        if (hasWork.getAsBoolean()) {
            disarm();
            return false;
        }
        return true;
    }

    /** Owner only: it is awake and will look for work before it arms again. */
    public void disarm() {
        ASLEEP.setOpaque(this, false);
    }

    /** Signals sent so far: for tests and metrics. Any thread. */
    public int signals() {
        return (int) SIGNALS.getVolatile(this);
    }

    /** The mechanism of the wake-up below, for the log. */
    public String mechanism() {
        return wakeup.mechanism();
    }

    /** Owner only; later rings do nothing. */
    @Override
    public void close() {
        wakeup.close();
    }
}
