package io.nodedb.bridge.interleavings;

import io.nodedb.bridge.ring.SpscRing;
import io.nodedb.bridge.wake.Doorbell;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** An owner that goes to sleep over a full ring is signalled. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "saw the work, was not signalled")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "saw the work and was signalled too")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "slept and was woken")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost wake-up, or signalled twice")
@State
public class DoorbellHandshake {
    private final SpscRing<String> ring = new SpscRing<>(2);
    private final CountingWakeup wakeup = new CountingWakeup();
    private final Doorbell doorbell = new Doorbell(wakeup);

    @Actor
    public void producer() {
        ring.offer("work");
        doorbell.ring();
    }

    @Actor
    public void owner(II_Result result) {
        result.r1 = doorbell.arm(() -> !ring.isEmpty()) ? 1 : 0;
    }

    @Arbiter
    public void after(II_Result result) {
        result.r2 = wakeup.signals();
    }
}
