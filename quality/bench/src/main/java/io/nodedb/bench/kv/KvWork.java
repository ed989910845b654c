package io.nodedb.bench.kv;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.bench.report.Goal;
import io.nodedb.bench.report.Goal.Metric;
import io.nodedb.bench.report.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One kind of load.
 *
 * @param callers threads that wait for each answer; 1 when there is a pipeline
 * @param pipeline operations that one thread asks for before it waits for all of them; 0 for none
 */
@Immutable
record KvWork(Operation operation, Tier tier, int callers, int pipeline) {
    /** What is asked again and again. */
    enum Operation {
        GET,
        PUT,
        /** NodeDB only: the peers have no atomic one that is as cheap as a put. */
        INCREMENT
    }

    private static final int MANY_CALLERS = 4;
    private static final int[] PIPELINES = {16, 64};

    /**
     * A thread's smallest object is 8 bytes, so less than this is not allocated by the operation
     * but by what runs beside it now and then.
     */
    private static final double ALLOCATION_NOISE = 0.5;

    /** All of them, in the order in which they run. */
    static List<KvWork> all() {
        List<KvWork> works = new ArrayList<>();
        add(works, Operation.GET, Tier.ASYNC);
        for (Tier tier : Tier.values()) {
            add(works, Operation.PUT, tier);
            add(works, Operation.INCREMENT, tier);
        }
        return works;
    }

    private static void add(List<KvWork> works, Operation operation, Tier tier) {
        works.add(new KvWork(operation, tier, 1, 0));
        works.add(new KvWork(operation, tier, MANY_CALLERS, 0));
        if (operation != Operation.INCREMENT) {
            for (int pipeline : PIPELINES) {
                works.add(new KvWork(operation, tier, 1, pipeline));
            }
        }
    }

    /** The peers answer each call before it returns, and are asked for what they all have. */
    boolean isForPeers() {
        return pipeline == 0 && operation != Operation.INCREMENT;
    }

    String name() {
        String name = operation.name().toLowerCase(Locale.ROOT);
        if (operation != Operation.GET) {
            name += " " + tier.name().toLowerCase(Locale.ROOT);
        }
        if (pipeline > 0) {
            return name + ", pipeline " + pipeline;
        }
        return name + ", " + callers + (callers == 1 ? " thread" : " threads");
    }

    Work work() {
        return Work.rate(name(), Goal.atMost(Metric.ALLOCATION, ALLOCATION_NOISE, "B/op"));
    }
}
