package io.nodedb.assembly;

import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.MemoryTag;
import io.nodedb.base.metrics.Gauge;
import io.nodedb.base.metrics.MetricRegistry;
import io.nodedb.data.core.CoreLoop;
import io.nodedb.data.core.CoreStatistics;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** Registers what a kernel can tell about itself. */
final class KernelMetrics {
    private final MetricRegistry registry = new MetricRegistry();

    private KernelMetrics() {}

    static MetricRegistry of(Kernel kernel) {
        KernelMetrics metrics = new KernelMetrics();
        metrics.memory(kernel.environment().governor());
        metrics.log(kernel);
        for (int core = 0; core < kernel.cores().size(); core++) {
            metrics.core(core, kernel.cores().get(core));
        }
        metrics.gauge(
                "nodedb_quarantined_files",
                "files",
                "Damaged files that were set aside.",
                Map.of(),
                kernel.quarantine()::count);
        return metrics.registry;
    }

    private void memory(MemoryGovernor governor) {
        for (MemoryTag tag : MemoryTag.values()) {
            gauge(
                    "nodedb_memory_bytes",
                    "bytes",
                    "Governed memory by what it is used for.",
                    Map.of("tag", tag.name().toLowerCase(Locale.ROOT)),
                    () -> governor.used(tag));
        }
        gauge(
                "nodedb_memory_limit_bytes",
                "bytes",
                "What the governor may hand out.",
                Map.of(),
                governor::limit);
    }

    private void log(Kernel kernel) {
        var progress = kernel.writer().progress();
        gauge(
                "nodedb_wal_position_bytes",
                "bytes",
                "Where the log stands.",
                Map.of(),
                progress::durablePosition);
        gauge(
                "nodedb_wal_synced_position_bytes",
                "bytes",
                "Up to where the log is synced.",
                Map.of(),
                progress::syncedPosition);
        gauge(
                "nodedb_wal_failed",
                "",
                "1 when the log has failed.",
                Map.of(),
                () -> kernel.writer().failed() ? 1 : 0);
        gauge(
                "nodedb_wal_refusing",
                "",
                "1 when writes are refused because the disk is full.",
                Map.of(),
                () -> kernel.writer().refusing() ? 1 : 0);
    }

    private void core(int core, CoreLoop loop) {
        Map<String, String> labels = Map.of("core", Integer.toString(core));
        CoreStatistics statistics = loop.statistics();
        gauge("nodedb_core_turns", "turns", "Turns of the core's loop.", labels, statistics::turns);
        gauge("nodedb_core_tasks", "tasks", "Task quanta run.", labels, statistics::tasks);
        gauge(
                "nodedb_core_checkpoints",
                "checkpoints",
                "Checkpoints published.",
                labels,
                statistics::checkpoints);
        gauge(
                "nodedb_core_degradations",
                "times",
                "How often the core was degraded.",
                labels,
                statistics::degradations);
    }

    private void gauge(
            String name,
            String unit,
            String help,
            Map<String, String> labels,
            DoubleSupplier value) {
        Gauge ignored = registry.register(name, labels, unit, help, new Gauge(value));
    }
}
