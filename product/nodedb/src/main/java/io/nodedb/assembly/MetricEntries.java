package io.nodedb.assembly;

import io.nodedb.base.metrics.Gauge;
import io.nodedb.base.metrics.Histogram;
import io.nodedb.base.metrics.MetricRegistry;
import io.nodedb.base.metrics.SuppliedCounter;
import io.nodedb.base.ownership.Immutable;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** Writes metrics that share their labels into a registry. */
@Immutable
@SuppressWarnings("Immutable") // the registry is thread-safe
record MetricEntries(MetricRegistry registry, Map<String, String> labels) {
    /** As these, with one label more. */
    MetricEntries with(String label, String value) {
        Map<String, String> more = new HashMap<>(labels);
        more.put(label, value);
        return new MetricEntries(registry, Map.copyOf(more));
    }

    /** What goes up and down; the supplier is asked on any thread. */
    void gauge(String name, String unit, String help, DoubleSupplier value) {
        Gauge _ = registry.register(name, labels, unit, help, new Gauge(value));
    }

    /** What only grows; the supplier is asked on any thread. */
    void counter(String name, String unit, String help, DoubleSupplier value) {
        SuppliedCounter _ = registry.register(name, labels, unit, help, new SuppliedCounter(value));
    }

    void histogram(String name, String unit, String help, Histogram recorded) {
        Histogram _ = registry.register(name, labels, unit, help, recorded);
    }
}
