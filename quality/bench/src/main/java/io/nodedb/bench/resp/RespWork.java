package io.nodedb.bench.resp;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.bench.report.Goal;
import io.nodedb.bench.report.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One kind of load.
 *
 * @param pipeline requests that a connection sends before it waits for their answers
 */
@Immutable
record RespWork(Command command, RespTier tier, int pipeline) {
    /** What is asked again and again, of random keys. */
    enum Command {
        SET,
        GET,
        INCR
    }

    static final int CONNECTIONS = 50;
    static final int VALUE_BYTES = 100;

    private static final int DEEP = 16;
    private static final Goal ALONE_GOAL = Goal.ratio(0.9).aim(1.0);
    private static final Goal DEEP_GOAL = Goal.ratio(1.1).aim(1.3);

    /** In the order in which they run; reads have no tier, so they run in the first one only. */
    static List<RespWork> all(RespTier tier) {
        List<RespWork> works = new ArrayList<>();
        for (int pipeline : new int[] {1, DEEP}) {
            for (Command command : Command.values()) {
                if (command != Command.GET || tier == RespTier.ASYNC) {
                    works.add(new RespWork(command, tier, pipeline));
                }
            }
        }
        return works;
    }

    String name() {
        String name = "RESP " + command;
        if (command != Command.GET) {
            name += " " + tier.name().toLowerCase(Locale.ROOT);
        }
        return name + ", pipeline " + pipeline;
    }

    Work work() {
        return Work.rate(name(), pipeline == 1 ? ALONE_GOAL : DEEP_GOAL).ratioOfEachOfOurs();
    }

    /** Whole pipelines on all connections, which is what the generator sends exactly. */
    long rounded(double requests) {
        long unit = (long) CONNECTIONS * pipeline;
        return Math.max(1, Math.round(requests / unit)) * unit;
    }
}
