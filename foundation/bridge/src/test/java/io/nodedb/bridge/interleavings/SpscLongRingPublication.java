package io.nodedb.bridge.interleavings;

import io.nodedb.bridge.ring.SpscLongRing;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Tuples come out whole and in order; a slot is filled again only after it was emptied. */
@JCStressTest
@Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "full: refused")
@Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "accepted, not yet taken")
@Outcome(id = "1, 1, 2", expect = Expect.ACCEPTABLE, desc = "accepted and taken")
@Outcome(expect = Expect.FORBIDDEN, desc = "torn, overwritten, lost or out of order")
@State
public class SpscLongRingPublication {
    private static final int TORN = -1;

    private final SpscLongRing ring = new SpscLongRing(1, 4);

    public SpscLongRingPublication() {
        ring.offer(1, 1, 1, 1);
    }

    @Actor
    public void producer(III_Result result) {
        result.r1 = ring.offer(2, 2, 2, 2) ? 1 : 0;
    }

    @Actor
    public void consumer(III_Result result) {
        long[] tuple = new long[4];
        result.r2 = take(tuple);
        result.r3 = take(tuple);
    }

    private int take(long[] tuple) {
        if (!ring.poll(tuple)) {
            return 0;
        }
        for (long value : tuple) {
            if (value != tuple[0]) {
                return TORN;
            }
        }
        return (int) tuple[0];
    }
}
