package io.nodedb.server.metrics;

import io.nodedb.base.errors.Check;
import io.nodedb.base.metrics.Counter;
import io.nodedb.base.metrics.Gauge;
import io.nodedb.base.metrics.Histogram;
import io.nodedb.base.metrics.MetricRegistry;
import io.nodedb.base.metrics.SharedCounter;
import io.nodedb.base.metrics.SuppliedCounter;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Metrics as Prometheus reads them: its text format 0.0.4, or OpenMetrics for who asks for that.
 *
 * <p>A name gets its unit behind it when it has not ended so already; nanoseconds become seconds;
 * counters end in {@code _total}. Histograms have the fixed bounds of their unit, so that those of
 * several cores can be added up.
 */
public final class MetricsText {
    private static final double NANOS_PER_SECOND = 1e9;

    /** 10 µs to 10 s, three to a decade. */
    private static final long[] TIME_BOUNDS_NANOS = {
        10_000L,
        25_000L,
        50_000L,
        100_000L,
        250_000L,
        500_000L,
        1_000_000L,
        2_500_000L,
        5_000_000L,
        10_000_000L,
        25_000_000L,
        50_000_000L,
        100_000_000L,
        250_000_000L,
        500_000_000L,
        1_000_000_000L,
        2_500_000_000L,
        5_000_000_000L,
        10_000_000_000L
    };

    /** 64 B to 64 MiB, each four times the one before. */
    private static final long[] SIZE_BOUNDS = powers(64, 4, 11);

    /** 1 to 65 536, each four times the one before. */
    private static final long[] COUNT_BOUNDS = powers(1, 4, 9);

    private static final PrometheusTextFormatWriter TEXT = PrometheusTextFormatWriter.create();
    private static final OpenMetricsTextFormatWriter OPEN_METRICS =
            OpenMetricsTextFormatWriter.create();

    private MetricsText() {}

    /** A written page and its media type. */
    @SuppressWarnings("ArrayRecordComponent") // made to be written once
    public record Page(String contentType, byte[] body) {}

    /** Writes the metrics of registries in the format that an Accept header asks for. */
    public static Page write(@Nullable String accept, List<MetricRegistry> registries) {
        ExpositionFormatWriter writer =
                accept != null && OPEN_METRICS.accepts(accept) ? OPEN_METRICS : TEXT;
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            writer.write(body, snapshots(registries));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Page(writer.getContentType(), body.toByteArray());
    }

    private static MetricSnapshots snapshots(List<MetricRegistry> registries) {
        Map<String, List<MetricRegistry.Entry>> families = new LinkedHashMap<>();
        for (MetricRegistry registry : registries) {
            for (MetricRegistry.Entry entry : registry.entries()) {
                families.computeIfAbsent(nameOf(entry), name -> new ArrayList<>()).add(entry);
            }
        }
        List<MetricSnapshot> snapshots = new ArrayList<>();
        families.forEach((name, entries) -> snapshots.add(family(name, entries)));
        return new MetricSnapshots(snapshots);
    }

    private static String nameOf(MetricRegistry.Entry entry) {
        String unit =
                switch (entry.unit()) {
                    case "nanoseconds", "seconds" -> "_seconds";
                    case "bytes" -> "_bytes";
                    case "ratio" -> "_ratio";
                    default -> "";
                };
        return entry.name().endsWith(unit) ? entry.name() : entry.name() + unit;
    }

    private static MetricSnapshot family(String name, List<MetricRegistry.Entry> entries) {
        MetricRegistry.Entry first = entries.getFirst();
        MetricMetadata metadata = new MetricMetadata(name, first.help());
        for (MetricRegistry.Entry entry : entries) {
            Check.that(
                    kindOf(entry) == kindOf(first), "metrics of one name are of one kind: " + name);
        }
        return switch (kindOf(first)) {
            case COUNTER ->
                    new CounterSnapshot(
                            metadata, entries.stream().map(MetricsText::counter).toList());
            case GAUGE ->
                    new GaugeSnapshot(metadata, entries.stream().map(MetricsText::gauge).toList());
            case HISTOGRAM ->
                    new HistogramSnapshot(
                            metadata, entries.stream().map(MetricsText::histogram).toList());
        };
    }

    private enum Kind {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    private static Kind kindOf(MetricRegistry.Entry entry) {
        return switch (entry.metric()) {
            case Counter ignored -> Kind.COUNTER;
            case SharedCounter ignored -> Kind.COUNTER;
            case SuppliedCounter ignored -> Kind.COUNTER;
            case Gauge ignored -> Kind.GAUGE;
            case Histogram ignored -> Kind.HISTOGRAM;
        };
    }

    private static double valueOf(MetricRegistry.Entry entry) {
        double value =
                switch (entry.metric()) {
                    case Counter counter -> counter.get();
                    case SharedCounter counter -> counter.get();
                    case SuppliedCounter counter -> counter.get();
                    case Gauge gauge -> gauge.get();
                    case Histogram histogram -> histogram.snapshot().sum();
                };
        return inUnit(entry, value);
    }

    private static double inUnit(MetricRegistry.Entry entry, double value) {
        return entry.unit().equals("nanoseconds") ? value / NANOS_PER_SECOND : value;
    }

    private static CounterDataPointSnapshot counter(MetricRegistry.Entry entry) {
        // A platform that does not know says -1.
        double value = Math.max(0, valueOf(entry));
        return CounterDataPointSnapshot.builder().value(value).labels(labels(entry)).build();
    }

    private static GaugeDataPointSnapshot gauge(MetricRegistry.Entry entry) {
        return GaugeDataPointSnapshot.builder().value(valueOf(entry)).labels(labels(entry)).build();
    }

    private static HistogramDataPointSnapshot histogram(MetricRegistry.Entry entry) {
        Histogram.Snapshot recorded = ((Histogram) entry.metric()).snapshot();
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        long below = 0;
        for (long bound : boundsOf(entry)) {
            long upTo = recorded.countUpTo(bound);
            buckets.bucket(inUnit(entry, (double) bound), upTo - below);
            below = upTo;
        }
        buckets.bucket(Double.POSITIVE_INFINITY, recorded.count() - below);
        return HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(buckets.build())
                .sum(inUnit(entry, (double) recorded.sum()))
                .labels(labels(entry))
                .build();
    }

    private static long[] boundsOf(MetricRegistry.Entry entry) {
        return switch (entry.unit()) {
            case "nanoseconds" -> TIME_BOUNDS_NANOS;
            case "bytes" -> SIZE_BOUNDS;
            default -> COUNT_BOUNDS;
        };
    }

    private static Labels labels(MetricRegistry.Entry entry) {
        return Labels.of(
                List.copyOf(entry.labels().keySet()), List.copyOf(entry.labels().values()));
    }

    private static long[] powers(long first, long factor, int count) {
        long[] bounds = new long[count];
        long bound = first;
        for (int i = 0; i < count; i++) {
            bounds[i] = bound;
            bound *= factor;
        }
        return bounds;
    }
}
