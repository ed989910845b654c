package io.nodedb.server.resp;

import io.nodedb.base.metrics.Histogram;
import io.nodedb.base.metrics.MetricRegistry;
import io.nodedb.base.ownership.Shared;
import java.util.EnumMap;
import java.util.Map;

/**
 * How long one lane's commands took, from when they were handed to the cores until their replies
 * went out in their turn. Recording allocates nothing.
 */
@Shared("histograms: the lane's thread records, any thread reads")
final class CommandLatencies {
    private final EnumMap<LatencyFamily, Histogram> byFamily = new EnumMap<>(LatencyFamily.class);

    CommandLatencies() {
        for (LatencyFamily family : LatencyFamily.values()) {
            byFamily.put(family, new Histogram());
        }
    }

    /** Lane's thread only. */
    void record(LatencyFamily family, long nanos) {
        Histogram histogram = byFamily.get(family);
        if (histogram != null) {
            histogram.record(nanos);
        }
    }

    void register(MetricRegistry registry, int lane) {
        byFamily.forEach((family, histogram) -> {
            Histogram ignored =
                    registry.register(
                            "nodedb_resp_command",
                            Map.of("family", family.label(), "lane", Integer.toString(lane)),
                            "nanoseconds",
                            "Time from handing a Redis client's command to the cores to its reply.",
                            histogram);
        });
    }
}
