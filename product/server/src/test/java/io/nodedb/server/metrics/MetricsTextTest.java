package io.nodedb.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.metrics.Counter;
import io.nodedb.base.metrics.Gauge;
import io.nodedb.base.metrics.Histogram;
import io.nodedb.base.metrics.MetricRegistry;
import io.nodedb.base.metrics.SharedCounter;
import io.nodedb.base.metrics.SuppliedCounter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MetricsTextTest {
    private final MetricRegistry registry = new MetricRegistry();

    private List<String> lines(@Nullable String accept) {
        return new String(
                        MetricsText.write(accept, List.of(registry)).body(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    @Test
    void countersEndInTotalAndNamesInTheirUnit() {
        Counter counter = registry.register("made", "", "Made.", new Counter());
        counter.add(3);
        SharedCounter shared = registry.register("sent", "bytes", "Sent.", new SharedCounter());
        shared.add(5);
        registry.register("spent", "nanoseconds", "Spent.", new SuppliedCounter(() -> 2e9));
        registry.register("held_bytes", "bytes", "Held.", new Gauge(() -> 7));
        assertThat(lines(null))
                .contains(
                        "# HELP made_total Made.",
                        "# TYPE made_total counter",
                        "made_total 3.0",
                        "sent_bytes_total 5.0",
                        "spent_seconds_total 2.0",
                        "# TYPE held_bytes gauge",
                        "held_bytes 7.0");
    }

    @Test
    void oneFamilyHoldsAllLabelsAndTheyAreEscaped() {
        for (String core : List.of("0", "1", "a\"b")) {
            registry.register("turns", Map.of("core", core), "", "Turns.", new Gauge(() -> 1));
        }
        assertThat(lines(null))
                .containsExactly(
                        "# HELP turns Turns.",
                        "# TYPE turns gauge",
                        "turns{core=\"0\"} 1.0",
                        "turns{core=\"1\"} 1.0",
                        "turns{core=\"a\\\"b\"} 1.0");
    }

    @Test
    void histogramsAreCumulativeAndInSeconds() {
        Histogram histogram = registry.register("sync", "nanoseconds", "Syncs.", new Histogram());
        histogram.record(20_000);
        histogram.record(2_000_000);
        histogram.record(60_000_000_000L);
        assertThat(lines(null))
                .contains(
                        "# TYPE sync_seconds histogram",
                        "sync_seconds_bucket{le=\"1.0E-5\"} 0",
                        "sync_seconds_bucket{le=\"2.5E-5\"} 1",
                        "sync_seconds_bucket{le=\"0.0025\"} 2",
                        "sync_seconds_bucket{le=\"10.0\"} 2",
                        "sync_seconds_bucket{le=\"+Inf\"} 3",
                        "sync_seconds_count 3",
                        "sync_seconds_sum 60.00202");
    }

    @Test
    void openMetricsComesWhenItIsAskedFor() {
        registry.register("ready", "", "Ready.", new Gauge(() -> 1));
        String accept = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.2";
        assertThat(MetricsText.write(accept, List.of(registry)).contentType())
                .startsWith("application/openmetrics-text");
        assertThat(lines(accept)).last().isEqualTo("# EOF");
        assertThat(MetricsText.write("text/plain", List.of(registry)).contentType())
                .startsWith("text/plain; version=0.0.4");
        assertThat(lines("*/*")).doesNotContain("# EOF");
    }

    @Test
    void processTellsItsMemoryThreadsAndTime() {
        String page =
                new String(
                        MetricsText.write(null, List.of(ProcessMetrics.create())).body(),
                        StandardCharsets.UTF_8);
        assertThat(page)
                .contains(
                        "\njvm_memory_used_bytes{area=\"heap\"} ",
                        "\njvm_gc_collections_total{gc=",
                        "\njvm_threads ",
                        "\nprocess_uptime_seconds ",
                        "\nprocess_cpu_seconds_total ",
                        "\nprocess_resident_memory_bytes ");
    }
}
