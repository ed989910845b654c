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
 * What belongs to the owner is counted without any synchronisation by the owner while it is awake
 * and by a stand-in while it sleeps. r1: 1 when there was a stand-in; r2: the count.
 */
@JCStressTest
@Outcome(id = "0, 3", expect = Expect.ACCEPTABLE, desc = "the owner alone")
@Outcome(id = "1, 4", expect = Expect.ACCEPTABLE, desc = "one after the other")
@Outcome(expect = Expect.FORBIDDEN, desc = "both at once")
@State
public class StandInExcludesOwner {
    private final Doorbell bell = new Doorbell(new SpinningWakeup());
    private final OneStepDuty duty = new OneStepDuty();
    private final StandIn standIn = new StandIn(bell, duty);

    @Actor
    public void owner() {
        duty.step();
        if (bell.arm(() -> false)) {
            bell.disarm();
        }
        duty.step();
        if (bell.arm(() -> true)) {
            bell.disarm();
        }
        duty.step();
    }

    @Actor
    public void standIn(II_Result result) {
        if (standIn.takeOver()) {
            duty.step();
            standIn.handBack(false);
            result.r1 = 1;
        }
    }

    @Arbiter
    public void after(II_Result result) {
        result.r2 = duty.steps;
    }
}
