package io.nodedb.base.metrics;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;

/**
 * Every metric of one database, by name and labels. Registration and reading may come from every
 * thread; entries are iterated in the order of their names, as an exposition wants them.
 */
@Shared("a concurrent map")
public final class MetricRegistry {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

    /**
     * A registered metric.
     *
     * @param name {@code snake_case}, without the unit
     * @param labels names and values, sorted; empty when there is only one such metric
     * @param unit {@code seconds}, {@code nanoseconds}, {@code bytes}, {@code ratio}, or empty
     * @param help one sentence
     */
    public record Entry(
            String name,
            SortedMap<String, String> labels,
            String unit,
            String help,
            Metric metric) {}

    private final ConcurrentSkipListMap<String, Entry> entries = new ConcurrentSkipListMap<>();

    /** Registers a metric without labels. */
    public <M extends Metric> M register(String name, String unit, String help, M metric) {
        return register(name, Map.of(), unit, help, metric);
    }

    /** Registers a metric; the pair of name and labels must be new. Returns the metric. */
    public <M extends Metric> M register(
            String name, Map<String, String> labels, String unit, String help, M metric) {
        Check.that(NAME.matcher(name).matches(), "metric name is snake_case");
        TreeMap<String, String> sorted = new TreeMap<>(labels);
        Entry entry =
                new Entry(
                        name,
                        java.util.Collections.unmodifiableSortedMap(sorted),
                        unit,
                        help,
                        metric);
        Check.that(
                entries.putIfAbsent(keyOf(name, sorted), entry) == null,
                "metric is registered once: " + name + sorted);
        return metric;
    }

    /** Removes a metric, when what it measures is gone; nothing happens when it is not there. */
    public void unregister(String name, Map<String, String> labels) {
        entries.remove(keyOf(name, new TreeMap<>(labels)));
    }

    /** All metrics now, by name, then labels. */
    public List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    private static String keyOf(String name, SortedMap<String, String> labels) {
        // '\0' sorts a name's own entries before those of longer names.
        return name + '\0' + labels;
    }
}
