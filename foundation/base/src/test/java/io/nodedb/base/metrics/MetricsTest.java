package io.nodedb.base.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.BugException;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MetricsTest {
    @Test
    void countersCount() {
        Counter counter = new Counter();
        counter.increment();
        counter.add(41);
        assertThat(counter.get()).isEqualTo(42);
        SharedCounter shared = new SharedCounter();
        shared.increment();
        shared.add(2);
        assertThat(shared.get()).isEqualTo(3);
    }

    @Test
    void everyValueLiesInItsBucket() {
        for (int bucket = 1; bucket <= Histogram.bucketOf(Long.MAX_VALUE); bucket++) {
            long upper = Histogram.upperBound(bucket);
            long lower = Histogram.upperBound(bucket - 1) + 1;
            assertThat(Histogram.bucketOf(upper)).isEqualTo(bucket);
            assertThat(Histogram.bucketOf(lower)).isEqualTo(bucket);
            assertThat(upper - lower).isLessThanOrEqualTo(lower / 16);
        }
        assertThat(Histogram.upperBound(Histogram.bucketOf(Long.MAX_VALUE)))
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void quantilesAreAtMostOneSixteenthTooLarge() {
        Random random = new Random(3);
        Histogram histogram = new Histogram();
        long[] values = new long[10_000];
        long sum = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextLong() >>> (1 + random.nextInt(50));
            values[i] >>>= 12;
            sum += values[i];
            histogram.record(values[i]);
        }
        Arrays.sort(values);
        Histogram.Snapshot snapshot = histogram.snapshot();
        assertThat(snapshot.count()).isEqualTo(values.length);
        assertThat(snapshot.sum()).isEqualTo(sum);
        assertThat(snapshot.max()).isEqualTo(values[values.length - 1]);
        for (double q : new double[] {0.0001, 0.01, 0.5, 0.9, 0.99, 0.999, 1}) {
            long exact = values[Math.max(0, (int) Math.ceil(q * values.length) - 1)];
            assertThat(snapshot.quantile(q)).isBetween(exact, exact + exact / 16);
        }
        assertThat(snapshot.countUpTo(Long.MAX_VALUE)).isEqualTo(values.length);
    }

    @Test
    void emptyHistogramAnswersZero() {
        Histogram.Snapshot empty = new Histogram().snapshot();
        assertThat(empty.quantile(0.99)).isZero();
        assertThat(empty.count()).isZero();
    }

    @Test
    void registryIteratesByNameAndRefusesDuplicates() {
        MetricRegistry registry = new MetricRegistry();
        Counter second =
                registry.register(
                        "core_tasks", Map.of("core", "1"), "", "Tasks run.", new Counter());
        registry.register("core_tasks", Map.of("core", "0"), "", "Tasks run.", new Counter());
        registry.register("core", "bytes", "Size.", new Gauge(() -> 5));
        second.increment();
        assertThat(registry.entries())
                .extracting(MetricRegistry.Entry::name)
                .containsExactly("core", "core_tasks", "core_tasks");
        assertThat(registry.entries().get(2).metric())
                .isInstanceOfSatisfying(Counter.class, c -> assertThat(c.get()).isEqualTo(1));
        assertThatThrownBy(() -> registry.register("core", "bytes", "Size.", new Gauge(() -> 5)))
                .isInstanceOf(BugException.class);
        registry.unregister("core", Map.of());
        assertThat(registry.entries()).hasSize(2);
    }
}
