package io.nodedb.bridge.interleavings;

import io.nodedb.bridge.ring.SpscRing;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Objects come out in order, with all that was written to them; and nothing comes from nowhere. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "came too early")
@Outcome(id = "0, 11", expect = Expect.ACCEPTABLE, desc = "first at the second look")
@Outcome(id = "11, 0", expect = Expect.ACCEPTABLE, desc = "first only")
@Outcome(id = "11, 22", expect = Expect.ACCEPTABLE, desc = "both in order")
@Outcome(expect = Expect.FORBIDDEN, desc = "torn, lost or out of order")
@State
public class SpscRingPublication {
    private final SpscRing<int[]> ring = new SpscRing<>(2);

    @Actor
    public void producer() {
        ring.offer(message(1));
        ring.offer(message(2));
    }

    private static int[] message(int value) {
        int[] message = new int[2];
        message[0] = value;
        message[1] = 10 * value;
        return message;
    }

    @Actor
    public void consumer(II_Result result) {
        result.r1 = sum(ring.poll());
        result.r2 = sum(ring.poll());
    }

    private static int sum(int[] message) {
        return message == null ? 0 : message[0] + message[1];
    }
}
