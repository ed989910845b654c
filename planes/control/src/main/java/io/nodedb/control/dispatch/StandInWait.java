package io.nodedb.control.dispatch;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.ownership.Shared;
import io.nodedb.bridge.wake.StandIn;
import io.nodedb.control.port.CallerWait;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A caller's wait that does the database's work meanwhile: while the core that was asked, the log's
 * writer or the lane thread sleeps, the caller makes their steps in their place (see {@link
 * StandIn}) until its own answer is there. So a call on an idle database wakes no thread at all.
 * What is not asleep is left alone, and after {@link SpinThenPark#MAX_SPIN_NANOS} in which nothing
 * happened the caller parks.
 *
 * <pre>
 *   take over lane, log (for writes), core ─► step each in turn until complete ─► hand all back
 * </pre>
 *
 * <p>A caller that is about to wait for the disk on everybody's behalf hands back core and lane
 * first. One that leaves work behind rings for it, unless another caller is still looking: that one
 * takes it up, or rings before it parks. Virtual threads only wait: what a step does could pin
 * their carrier.
 */
@Shared("the doorbells; a count of those who look")
public final class StandInWait implements CallerWait {
    private static final int NONE = 0;

    /** One bit of {@code held} each. */
    private static final int MOST_DUTIES = Integer.SIZE;

    private final TimeSource time;
    private final SpinThenPark rest;
    private final long spinNanos;
    private final AtomicInteger looking = new AtomicInteger();

    /** Lane, then log if callers may do it, then the cores; empty until there are threads. */
    private volatile StandIn[] duties = {};

    private volatile int firstCore;

    /**
     * @param spinNanos as for {@link SpinThenPark}; with 0 callers neither spin nor stand in
     */
    public StandInWait(TimeSource time, long spinNanos) {
        this.time = time;
        this.rest = new SpinThenPark(time, spinNanos);
        this.spinNanos = Math.clamp(spinNanos, 0, SpinThenPark.MAX_SPIN_NANOS);
    }

    /**
     * From now on callers stand in.
     *
     * @param laneAndLog the lane thread, and the log's writer where a caller may write to the disk
     * @param cores the cores, in order
     */
    public void standInFor(List<StandIn> laneAndLog, List<StandIn> cores) {
        if (spinNanos == 0 || laneAndLog.size() + cores.size() > MOST_DUTIES) {
            return;
        }
        StandIn[] all = new StandIn[laneAndLog.size() + cores.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = i < laneAndLog.size() ? laneAndLog.get(i) : cores.get(i - laneAndLog.size());
        }
        firstCore = laneAndLog.size();
        duties = all;
    }

    @Override
    public boolean await(Awaited awaited, long giveUpNanos) {
        StandIn[] all = duties;
        if (all.length == 0 || Thread.currentThread().isVirtual()) {
            return rest.await(awaited, giveUpNanos);
        }
        return work(all, awaited) || rest.park(awaited, giveUpNanos);
    }

    @Override
    public void pause(long nanos) {
        rest.pause(nanos);
    }

    /** True when the answer came; false when nothing more came of looking. */
    private boolean work(StandIn[] all, Awaited awaited) {
        int asked = awaited.core() < 0 ? -1 : firstCore + awaited.core();
        // Taken over before the core steps, so that the core rings for nobody.
        int wanted = awaited.writes() ? (1 << firstCore) - 1 : 1;
        int held = NONE;
        // Also the fence between what was sent and the look at who sleeps.
        looking.incrementAndGet();
        try {
            held = takeOver(all, held, wanted | (asked < 0 ? 0 : 1 << asked));
            if (asked < 0 || (held & 1 << asked) == 0) {
                awaited.tell();
            }
            long until = time.nanoTime() + spinNanos;
            while (!awaited.isComplete()) {
                held = takeOverWhatHasWork(all, held);
                int leaving = held;
                boolean worked = false;
                for (int i = firstCore; i < all.length; i++) {
                    worked |= (held & 1 << i) != 0 && all[i].step();
                }
                if (firstCore > 1 && (held & 2) != 0) {
                    leaving = beforeLog(all, held);
                    worked |= (leaving & 2) != 0 && all[1].step();
                }
                worked |= (leaving & 1) != 0 && all[0].step();
                held = leaving;
                if (worked) {
                    held = takeOver(all, held, wanted);
                    until = time.nanoTime() + spinNanos;
                } else if (time.nanoTime() - until >= 0) {
                    return awaited.isComplete();
                } else {
                    Thread.onSpinWait();
                }
            }
            return true;
        } finally {
            handBack(all, held, looking.decrementAndGet() > 0);
            if (!awaited.isComplete()) {
                for (StandIn duty : all) {
                    duty.ringIfWorkIsLeft();
                }
            }
        }
    }

    private static int takeOver(StandIn[] all, int held, int wanted) {
        int now = held;
        for (int i = 0; i < all.length; i++) {
            int bit = 1 << i;
            if ((wanted & bit) != 0 && (now & bit) == 0 && all[i].takeOver()) {
                now |= bit;
            }
        }
        return now;
    }

    private static int takeOverWhatHasWork(StandIn[] all, int held) {
        int now = held;
        for (int i = 0; i < all.length; i++) {
            int bit = 1 << i;
            if ((now & bit) == 0 && all[i].hasWork() && all[i].takeOver()) {
                now |= bit;
            }
        }
        return now;
    }

    /** Hands back what must not wait for the log's next step. @return what is still held */
    private int beforeLog(StandIn[] all, int held) {
        if (all[1].takesLong()) {
            handBack(all, held & ~2, looking.get() > 1);
            return 2;
        }
        return held;
    }

    private static void handBack(StandIn[] all, int held, boolean othersLook) {
        for (int i = 0; i < all.length; i++) {
            if ((held & 1 << i) != 0) {
                all[i].handBack(othersLook);
            }
        }
    }
}
