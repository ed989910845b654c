package io.nodedb.bridge.interleavings;

import io.nodedb.base.errors.Check;
import io.nodedb.bridge.lane.Lane;
import io.nodedb.bridge.lane.LaneOptions;
import io.nodedb.bridge.lane.LanePort;
import io.nodedb.bridge.lane.Request;
import io.nodedb.bridge.wake.Doorbell;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Either the core may log a write, or the lane may say that it was not made. r1: the core logs; r2:
 * the lane says so.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "logged: outcome unknown")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "given up: not logged")
@Outcome(expect = Expect.FORBIDDEN, desc = "logged and denied")
@State
public class LoggedOrAbandoned {
    private static final LaneOptions SMALL =
            LaneOptions.DEFAULTS.withRequests(1).withChunks(1, 1, 1);

    private final LanePort<String> port =
            new Lane<>(
                            0,
                            SMALL,
                            () -> "",
                            List.of(new Doorbell(new CountingWakeup())),
                            new Doorbell(new CountingWakeup()))
                    .port(0);
    private final Request<String> request = port.acquire(0);

    public LoggedOrAbandoned() {
        port.submit(request);
        Check.that(port.take() == request, "the core has it");
    }

    @Actor
    public void core(II_Result result) {
        result.r1 = request.markLogged() ? 1 : 0;
    }

    @Actor
    public void lane(II_Result result) {
        result.r2 = port.abandon(request) ? 1 : 0;
    }
}
