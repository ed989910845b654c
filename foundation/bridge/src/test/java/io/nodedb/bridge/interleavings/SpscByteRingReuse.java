package io.nodedb.bridge.interleavings;

import io.nodedb.bridge.interleavings.SpscByteRingPublication.Records;
import io.nodedb.bridge.ring.SpscByteRing;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The room of a record is written again only after its reader released it. r1: accepted; r2: read.
 */
@JCStressTest
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "full: refused")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "accepted after the release")
@Outcome(expect = Expect.FORBIDDEN, desc = "overwritten while it was read")
@State
public class SpscByteRingReuse {
    private final SpscByteRing ring = new SpscByteRing(64);

    public SpscByteRingReuse() {
        for (int value = 1; value <= 4; value++) {
            Records.offer(ring, 8, value);
        }
    }

    @Actor
    public void producer(II_Result result) {
        result.r1 = Records.offer(ring, 8, 5) ? 1 : 0;
    }

    @Actor
    public void consumer(II_Result result) {
        result.r2 = Records.take(ring);
    }
}
