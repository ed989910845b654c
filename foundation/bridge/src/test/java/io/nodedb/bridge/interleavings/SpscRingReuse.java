package io.nodedb.bridge.interleavings;

import io.nodedb.bridge.ring.SpscRing;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A slot is filled again only after it was emptied, and clearing it does not take the new object.
 * r1: the new object was accepted; r2, r3: what the consumer found.
 */
@JCStressTest
@Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "full: refused")
@Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "accepted, not yet taken")
@Outcome(id = "1, 1, 2", expect = Expect.ACCEPTABLE, desc = "accepted and taken")
@Outcome(expect = Expect.FORBIDDEN, desc = "overwritten, lost or out of order")
@State
public class SpscRingReuse {
    private final SpscRing<Integer> ring = new SpscRing<>(1);

    public SpscRingReuse() {
        ring.offer(1);
    }

    @Actor
    public void producer(III_Result result) {
        result.r1 = ring.offer(2) ? 1 : 0;
    }

    @Actor
    public void consumer(III_Result result) {
        result.r2 = value(ring.poll());
        result.r3 = value(ring.poll());
    }

    private static int value(Integer element) {
        return element == null ? 0 : element;
    }
}
