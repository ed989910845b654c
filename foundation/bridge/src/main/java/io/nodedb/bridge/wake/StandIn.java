package io.nodedb.bridge.wake;

import io.nodedb.base.ownership.Shared;

/**
 * Lets a thread that waits for another one do that one's duty while it sleeps, instead of waking
 * it: the work is then done without a system call and without the time that a sleeping processor
 * needs (measured: 20 µs on a virtual machine, where the work itself takes one). Everything that
 * belongs to the sleeper belongs to the stand-in meanwhile, and moves with the {@link Doorbell}'s
 * state.
 *
 * <pre>
 *   takeOver ── step, step, … ── handBack ── (work is left? then ring)
 * </pre>
 */
@Shared("the doorbell's state")
public final class StandIn {
    private final Doorbell bell;
    private final Duty duty;

    /** For the thread that sleeps at {@code bell} between the steps of {@code duty}. */
    public StandIn(Doorbell bell, Duty duty) {
        this.bell = bell;
        this.duty = duty;
    }

    /** Any thread. Would a step find something to do? */
    public boolean hasWork() {
        return duty.hasWork();
    }

    /** Any thread. True: this thread does the duty now and must {@link #handBack}. */
    public boolean takeOver() {
        return bell.takeOver();
    }

    /** The stand-in. One step; false when there was nothing to do. */
    public boolean step() {
        return duty.step();
    }

    /** The stand-in. See {@link Duty#takesLong}. */
    public boolean takesLong() {
        return duty.takesLong();
    }

    /**
     * The stand-in leaves.
     *
     * @param othersLook true when another waiting thread will look for what is left, and ring
     */
    public void handBack(boolean othersLook) {
        // A deadline that came up meanwhile may be nearer than the owner's alarm.
        boolean ring = bell.sleepsLongerThan(duty.idleNanos());
        bell.handBack();
        if (ring || (!othersLook && duty.hasWork())) {
            bell.ring();
        }
    }

    /** Any thread: wakes the owner if there is work and nobody does it. */
    public void ringIfWorkIsLeft() {
        if (duty.hasWork()) {
            bell.ring();
        }
    }
}
