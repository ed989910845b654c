package io.nodedb.assembly;

import io.nodedb.data.core.CoreLoop;
import io.nodedb.data.core.CoreStatistics;
import io.nodedb.data.core.EngineCensus;
import io.nodedb.engine.EngineFactory;
import java.util.List;

/** Registers what one core tells about itself. */
final class CoreMetrics {
    private CoreMetrics() {}

    static void register(MetricEntries entries, CoreLoop loop, List<EngineFactory> engines) {
        work(entries, loop);
        watchdog(entries, loop.statistics());
        engines(entries, loop.census(), engines);
    }

    private static void work(MetricEntries entries, CoreLoop loop) {
        CoreStatistics statistics = loop.statistics();
        entries.counter("nodedb_core_turns", "", "Turns of the core's loop.", statistics::turns);
        entries.counter("nodedb_core_tasks", "", "Task quanta run.", statistics::tasks);
        entries.gauge(
                "nodedb_core_queued",
                "",
                "Requests in the core's queues after its latest turn.",
                statistics::queued);
        entries.gauge(
                "nodedb_core_waiting",
                "",
                "Requests that wait for the log, a lock, credit or their turn.",
                statistics::waiting);
        entries.gauge(
                "nodedb_core_wal_ring",
                "bytes",
                "Records that the log's writer has not taken.",
                loop.log()::recordBytes);
        entries.gauge(
                "nodedb_core_wal_ring_capacity",
                "bytes",
                "What fits into the core's ring to the log's writer.",
                loop.log()::recordCapacity);
        entries.counter(
                "nodedb_core_checkpoints", "", "Checkpoints published.", statistics::checkpoints);
        entries.counter(
                "nodedb_core_checkpoints_failed",
                "",
                "Checkpoints that failed.",
                statistics::checkpointsFailed);
        entries.counter(
                "nodedb_core_compactions",
                "",
                "Compactions of an engine's memory that were begun.",
                statistics::compactions);
    }

    private static void watchdog(MetricEntries entries, CoreStatistics statistics) {
        entries.counter("nodedb_core_failures", "", "Unexpected failures.", statistics::failures);
        entries.gauge(
                "nodedb_watchdog_failures",
                "",
                "Failures in the watchdog's present window.",
                statistics::countedFailures);
        entries.gauge(
                "nodedb_core_degraded",
                "",
                "1 while the core refuses everything after repeated failures.",
                () -> statistics.degraded() ? 1 : 0);
        entries.counter(
                "nodedb_core_degradations",
                "",
                "How often the core was degraded.",
                statistics::degradations);
        entries.counter(
                "nodedb_core_refusals",
                "",
                "Requests refused without being tried.",
                statistics::refusals);
        entries.counter(
                "nodedb_core_poison_refusals",
                "",
                "Requests refused because they had failed before.",
                statistics::poisonRefusals);
    }

    private static void engines(
            MetricEntries entries, EngineCensus census, List<EngineFactory> engines) {
        for (EngineFactory engine : engines) {
            MetricEntries labelled = entries.with("engine", engine.name());
            labelled.gauge(
                    "nodedb_engine_memory",
                    "bytes",
                    "Governed memory of the core's engines, about a second old.",
                    () -> census.memoryBytes(engine.id()));
            labelled.gauge(
                    "nodedb_engine_keys",
                    "",
                    "Live keys in the core's engines, about a second old.",
                    () -> census.keys(engine.id()));
        }
        entries.gauge(
                "nodedb_engines_recovering",
                "",
                "Engines of the core that are being rebuilt or are lost.",
                census::recovering);
    }
}
