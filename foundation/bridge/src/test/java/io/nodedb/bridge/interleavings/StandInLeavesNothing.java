package io.nodedb.bridge.interleavings;

import io.nodedb.bridge.wake.Doorbell;
import io.nodedb.bridge.wake.StandIn;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Work that is published while a stand-in is at work is done by it, or the sleeping owner is rung
 * for it. r1: pieces that the stand-in took; r2: signals to the owner.
 */
@JCStressTest
@Outcome(id = "1, [01]", expect = Expect.ACCEPTABLE, desc = "the stand-in did it")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "the owner was rung for it")
@Outcome(expect = Expect.FORBIDDEN, desc = "nobody does it")
@State
public class StandInLeavesNothing {
    private final CountingWakeup wakeup = new CountingWakeup();
    private final Doorbell bell = new Doorbell(wakeup);
    private final OneStepDuty duty = new OneStepDuty();
    private final StandIn standIn = new StandIn(bell, duty);

    /** The owner sleeps. */
    public StandInLeavesNothing() {
        if (!bell.arm(() -> false)) {
            throw new IllegalStateException("there is no work yet");
        }
    }

    @Actor
    public void producer() {
        duty.work.offer("work");
        bell.ring();
    }

    @Actor
    public void standIn() {
        if (standIn.takeOver()) {
            duty.step();
            standIn.handBack(false);
        }
    }

    @Arbiter
    public void after(II_Result result) {
        result.r1 = duty.taken;
        result.r2 = wakeup.signals();
    }
}
