package io.nodedb.bridge.interleavings;

import io.nodedb.bridge.ring.SpscRing;
import io.nodedb.bridge.wake.Doorbell;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * An owner that wakes, drains and sleeps again does not lose what was published around its waking.
 * r1: pieces of work taken before the second sleep; r2: it sleeps the second time; r3: signals.
 */
@JCStressTest
@Outcome(id = "2, [01], [012]", expect = Expect.ACCEPTABLE, desc = "everything was taken")
@Outcome(id = "[01], 0, [012]", expect = Expect.ACCEPTABLE, desc = "stays awake over the rest")
@Outcome(id = "[01], 1, [12]", expect = Expect.ACCEPTABLE, desc = "sleeps over the rest, signalled")
@Outcome(expect = Expect.FORBIDDEN, desc = "sleeps over work without a signal")
@State
public class DoorbellArmedAgain {
    private final SpscRing<String> ring = new SpscRing<>(2);
    private final CountingWakeup wakeup = new CountingWakeup();
    private final Doorbell doorbell = new Doorbell(wakeup);

    @Actor
    public void producer() {
        ring.offer("work");
        doorbell.ring();
        ring.offer("more work");
        doorbell.ring();
    }

    @Actor
    public void owner(III_Result result) {
        if (doorbell.arm(() -> !ring.isEmpty())) {
            doorbell.disarm();
        }
        if (ring.poll() != null) {
            result.r1++;
        }
        if (ring.poll() != null) {
            result.r1++;
        }
        result.r2 = doorbell.arm(() -> !ring.isEmpty()) ? 1 : 0;
    }

    @Arbiter
    public void after(III_Result result) {
        result.r3 = wakeup.signals();
    }
}
