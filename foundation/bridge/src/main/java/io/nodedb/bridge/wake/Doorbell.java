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
 *   publish work                      state = ASLEEP
 *   full fence                        full fence
 *   ASLEEP? then CALLED, signal       work? then do not sleep : await the signal
 * </pre>
 *
 * The two fences make sure that at least one side sees what the other wrote before its fence, so no
 * wake-up is lost even without a timeout. The work must be published with release or stronger, and
 * looked for with acquire or stronger (not with a cached position). Waking up for nothing is
 * possible and harmless. Allocates nothing.
 *
 * <p>Whoever finds the owner asleep may, instead of waking it, do its work in its place: see {@link
 * StandIn}. While one does, rings do nothing, because the stand-in looks for work, behind a full
 * fence, when it hands back.
 *
 * <pre>
 *            owner: sleeps               ringer
 *   AWAKE ─────────────────► ASLEEP ───────────────► CALLED
 *     ▲ ▲                    │  ▲  │                    │
 *     │ └────────────────────┘  │  │ stand-in: takes    │
 *     │   owner: wakes       hands back  ▼              │
 *     │                         └─ TAKEN_OVER           │
 *     └─────────────────────────────────────────────────┘
 * </pre>
 */
@Shared("the state between two full fences; what it guards moves with it")
public final class Doorbell extends DoorbellLayout.Padded implements AutoCloseable {
    private static final int AWAKE = 0;
    private static final int ASLEEP = 1;

    /** A ringer has signalled; the owner will be awake. */
    private static final int CALLED = 2;

    /** Another thread does the owner's work. */
    private static final int TAKEN_OVER = 3;

    /** How long an owner whose time has come waits for its stand-in before it looks again. */
    private static final long STAND_IN_NANOS = 100_000;

    private static final VarHandle STATE;
    private static final VarHandle SIGNALS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(DoorbellLayout.Flag.class, "state", int.class);
            SIGNALS = lookup.findVarHandle(Doorbell.class, "signals", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Wakeup wakeup;

    /** When the owner will wake by itself; written before it sleeps. */
    private long sleepsUntilNanos;

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
        if ((int) STATE.getOpaque(this) == ASLEEP && STATE.compareAndSet(this, ASLEEP, CALLED)) {
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
        sleepsUntilNanos = System.nanoTime() + Math.min(timeoutNanos, Long.MAX_VALUE / 2);
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
     * False: there is work, stay awake. {@code hasWork} is also asked while a stand-in may be at
     * work: it reads only what may be read then.
     */
    public boolean arm(BooleanSupplier hasWork) {
        STATE.setRelease(this, ASLEEP);
        VarHandle.fullFence();
        if (hasWork.getAsBoolean()) {
            disarm();
            return false;
        }
        return true;
    }

    /**
     * Owner only: it is awake and will look for work before it arms again. Waits for a stand-in
     * that is at work.
     */
    public void disarm() {
        while (true) {
            int state = (int) STATE.getAcquire(this);
            if (state == TAKEN_OVER) {
                boolean ignored = wakeup.await(STAND_IN_NANOS);
            } else if (state != ASLEEP || STATE.compareAndSet(this, ASLEEP, AWAKE)) {
                STATE.setOpaque(this, AWAKE);
                return;
            }
        }
    }

    /**
     * Any thread: from now on this thread does the owner's work, until it hands back. False when
     * the owner is awake or called, or another one stands in.
     */
    boolean takeOver() {
        // As for a ring: who finds nobody asleep has published its work before it looked.
        VarHandle.fullFence();
        return (int) STATE.getOpaque(this) == ASLEEP
                && STATE.compareAndSet(this, ASLEEP, TAKEN_OVER);
    }

    /** The stand-in, behind its last step. */
    void handBack() {
        STATE.setRelease(this, ASLEEP);
        VarHandle.fullFence();
    }

    /** The stand-in: the owner will not wake by itself before this time is over. */
    boolean sleepsLongerThan(long nanos) {
        return System.nanoTime() + nanos - sleepsUntilNanos < 0;
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
