package io.nodedb.bridge.interleavings;

import io.nodedb.bridge.ring.SpscByteRing;
import java.util.Arrays;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Records come out whole and in order, also around the end of the buffer. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "came too early")
@Outcome(id = "0, 9", expect = Expect.ACCEPTABLE, desc = "first at the second look")
@Outcome(id = "9, 0", expect = Expect.ACCEPTABLE, desc = "first only")
@Outcome(id = "9, 13", expect = Expect.ACCEPTABLE, desc = "both in order")
@Outcome(expect = Expect.FORBIDDEN, desc = "torn, lost or out of order")
@State
public class SpscByteRingPublication {
    private final SpscByteRing ring = new SpscByteRing(64);

    /** Leaves 16 bytes before the end, so that the first record needs padding. */
    public SpscByteRingPublication() {
        for (int i = 0; i < 3; i++) {
            Records.offer(ring, 8, 1);
            Records.take(ring);
        }
    }

    @Actor
    public void producer() {
        Records.offer(ring, 9, 9);
        Records.offer(ring, 13, 13);
    }

    @Actor
    public void consumer(II_Result result) {
        result.r1 = Records.take(ring);
        result.r2 = Records.take(ring);
    }

    /** Records of one repeated byte. */
    static final class Records {
        static final int TORN = -1;

        private Records() {}

        static boolean offer(SpscByteRing ring, int length, int value) {
            int at = ring.claim(length);
            if (at == SpscByteRing.NONE) {
                return false;
            }
            Arrays.fill(ring.buffer(), at, at + length, (byte) value);
            ring.publish();
            return true;
        }

        /** The repeated byte, 0 for no record. */
        static int take(SpscByteRing ring) {
            int at = ring.peek();
            if (at == SpscByteRing.NONE) {
                return 0;
            }
            int value = ring.buffer()[at];
            if (value > 8 && ring.peekedLength() != value) {
                return TORN;
            }
            for (int i = 1; i < ring.peekedLength(); i++) {
                if (ring.buffer()[at + i] != value) {
                    return TORN;
                }
            }
            ring.release();
            return value;
        }
    }
}
