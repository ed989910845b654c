package io.nodedb.bench.kv;

import io.nodedb.NodeDb;
import io.nodedb.base.metrics.Gauge;
import io.nodedb.base.metrics.MetricRegistry;
import io.nodedb.bench.report.Goal;
import io.nodedb.bench.report.Goal.Metric;
import io.nodedb.bench.report.Measurement;
import io.nodedb.bench.report.Work;
import io.nodedb.bench.trial.Trial;
import io.nodedb.bench.trial.TrialInput;
import io.nodedb.bench.trial.TrialOutput;
import io.nodedb.os.process.ProcessMemory;
import java.util.List;
import java.util.Set;

/**
 * Loads many small entries and compares what the memory governor counts with what the operating
 * system sees. The heap is touched in full before ({@link #FLAGS}), so that the growth of resident
 * memory is what lies beside it.
 */
public final class MemoryTrial implements Trial {
    static final int VALUE_BYTES = 32;

    static final List<String> FLAGS = List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch");

    private static final double PERCENT = 100;

    /** 10 million keys in 1.1 GB. */
    private static final double MOST_BYTES_PER_KEY = 110;

    private static final double TOLERATED_PERCENT = 5;

    static final Work BYTES_PER_KEY =
            Work.cost(
                    "governed bytes per key (16 + " + VALUE_BYTES + " bytes)",
                    "B",
                    Goal.atMost(Metric.VALUE, MOST_BYTES_PER_KEY, "B"));
    static final Work TOTAL_PER_KEY = Work.cost("resident bytes per key, all in", "B");
    static final Work GOVERNED_SHARE =
            Work.cost(
                    "governor's growth against RssAnon's",
                    "%",
                    Goal.atLeast(Metric.VALUE, PERCENT - TOLERATED_PERCENT, "%"),
                    Goal.atMost(Metric.VALUE, PERCENT + TOLERATED_PERCENT, "%"));

    private static final String MEMORY_GAUGE = "nodedb_memory_bytes";
    private static final Set<String> DATA_TAGS = Set.of("kv_data", "kv_index");
    /** Entries that are written before the base line, so that code and buffers are there. */
    private static final int WARM_UP_KEYS = 20_000;

    private static final int CHECKED = 10_000;

    @Override
    public void run(TrialInput input, TrialOutput output) throws Exception {
        long keys = input.number("keys");
        Records records = new Records(VALUE_BYTES);
        Dataset dataset = new Dataset(records, keys);
        try (NodeDbStore store = new NodeDbStore(input.path("directory"))) {
            store.load(records, Math.min(WARM_UP_KEYS, keys / 2));
            long loadedBefore = Math.min(WARM_UP_KEYS, keys / 2);
            long added = keys - loadedBefore;
            long dataBefore = governed(store.database(), DATA_TAGS);
            long allBefore = governed(store.database(), Set.of());
            long residentBefore = ProcessMemory.residentAnonymousBytes();
            store.load(records, keys);
            double data = governed(store.database(), DATA_TAGS) - dataBefore;
            double all = governed(store.database(), Set.of()) - allBefore;
            double resident = ProcessMemory.residentAnonymousBytes() - residentBefore;
            long wrong = dataset.countWrong(store, CHECKED);
            output.tell(BYTES_PER_KEY.name(), Measurement.of(data / added, wrong));
            output.tell(TOTAL_PER_KEY.name(), Measurement.of(resident / added, wrong));
            output.tell(GOVERNED_SHARE.name(), Measurement.of(all / resident * PERCENT, wrong));
        }
    }

    /** Of some tags; of all when none is named. */
    private static long governed(NodeDb database, Set<String> tags) {
        double sum = 0;
        for (MetricRegistry.Entry entry : database.metrics().entries()) {
            if (entry.name().equals(MEMORY_GAUGE)
                    && entry.metric() instanceof Gauge gauge
                    && (tags.isEmpty() || tags.contains(entry.labels().get("tag")))) {
                sum += gauge.get();
            }
        }
        return (long) sum;
    }
}
