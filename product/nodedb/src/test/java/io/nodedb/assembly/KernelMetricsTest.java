package io.nodedb.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.metrics.Gauge;
import io.nodedb.base.metrics.MetricRegistry;
import io.nodedb.storage.quarantine.DamageKind;
import org.junit.jupiter.api.Test;

class KernelMetricsTest {
    private static double gauge(SteppedDatabase stepped, String name) {
        for (MetricRegistry.Entry entry : stepped.metrics().entries()) {
            if (entry.name().equals(name) && entry.metric() instanceof Gauge gauge) {
                return gauge.get();
            }
        }
        throw new AssertionError("no gauge " + name);
    }

    @Test
    void damagedFilesThatWereSetAsideAreCounted() {
        try (SteppedDatabase stepped = new SteppedDatabase()) {
            assertThat(gauge(stepped, "nodedb_quarantined_files")).isZero();
            for (int i = 1; i <= 3; i++) {
                assertThat(
                                stepped.kernel
                                        .quarantine()
                                        .report(
                                                DamageKind.CHECKPOINT,
                                                "p0/kv/" + i + ".base",
                                                64,
                                                "a checksum that does not match",
                                                "partition=0"))
                        .isNotNull();
                assertThat(gauge(stepped, "nodedb_quarantined_files")).isEqualTo(i);
            }
        }
    }

    @Test
    void healthyCoreIsNotShownAsDegraded() {
        try (SteppedDatabase stepped = new SteppedDatabase()) {
            assertThat(gauge(stepped, "nodedb_core_degraded")).isZero();
        }
    }
}
