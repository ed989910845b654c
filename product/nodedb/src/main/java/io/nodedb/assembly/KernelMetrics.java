package io.nodedb.assembly;

import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.MemoryTag;
import io.nodedb.base.memory.PressureLevel;
import io.nodedb.base.metrics.MetricRegistry;
import io.nodedb.bridge.lane.LanePort;
import io.nodedb.data.core.CoreLoop;
import io.nodedb.data.core.CoreStatistics;
import io.nodedb.event.EventHub;
import io.nodedb.plan.Call;
import io.nodedb.storage.wal.WalCounters;
import io.nodedb.storage.wal.WalProgress;
import io.nodedb.storage.wal.WalWriter;
import java.util.Locale;
import java.util.Map;

/**
 * Registers what a kernel can tell about itself. Everything is read from numbers that their owners
 * publish, so any thread may ask, at any rate.
 */
final class KernelMetrics {
    private KernelMetrics() {}

    static MetricRegistry of(Kernel kernel) {
        MetricRegistry registry = new MetricRegistry();
        MetricEntries entries = new MetricEntries(registry, Map.of());
        memory(entries, kernel.environment().governor());
        log(entries, kernel.writer());
        events(entries, kernel);
        helpers(entries, kernel);
        tenants(entries, kernel);
        for (int core = 0; core < kernel.cores().size(); core++) {
            CoreLoop loop = kernel.cores().get(core);
            CoreMetrics.register(
                    entries.with("core", Integer.toString(core)),
                    loop,
                    kernel.environment().engines());
            for (LanePort<Call> port : loop.ports()) {
                lane(entries, port);
            }
        }
        entries.gauge(
                "nodedb_quarantined_files",
                "files",
                "Damaged files that were set aside.",
                kernel.quarantine()::count);
        entries.gauge(
                "nodedb_snapshots_open",
                "",
                "Snapshots that transactions and scans hold open.",
                kernel.snapshots()::registered);
        return registry;
    }

    private static void memory(MetricEntries entries, MemoryGovernor governor) {
        for (MemoryTag tag : MemoryTag.values()) {
            entries.with("tag", tag.name().toLowerCase(Locale.ROOT))
                    .gauge(
                            "nodedb_memory_bytes",
                            "bytes",
                            "Governed memory by what it is used for.",
                            () -> governor.used(tag));
        }
        MetricEntries engine = entries.with("engine", "kv");
        engine.gauge(
                "nodedb_engine_memory_budget_bytes",
                "bytes",
                "What an engine may hold; 0: any.",
                governor::keyValueBudget);
        engine.counter(
                "nodedb_engine_memory_refusals",
                "",
                "Reservations that an engine's budget has refused.",
                governor::keyValueRefusals);
        entries.gauge(
                "nodedb_memory_limit_bytes",
                "bytes",
                "What the governor may hand out.",
                governor::limit);
        entries.gauge(
                "nodedb_memory_pressure",
                "",
                "0 normal, 1 warning, 2 critical, 3 emergency.",
                () -> level(governor.pressure()));
    }

    private static int level(PressureLevel pressure) {
        return switch (pressure) {
            case NORMAL -> 0;
            case WARNING -> 1;
            case CRITICAL -> 2;
            case EMERGENCY -> 3;
        };
    }

    /** Tenants come while the database runs, and so do their metrics. */
    private static void tenants(MetricEntries entries, Kernel kernel) {
        kernel.environment()
                .governor()
                .onAccount(account -> {
                    MetricEntries labelled =
                            entries.with("tenant", Integer.toString(account.tenant()));
                    labelled.gauge(
                            "nodedb_tenant_memory_bytes",
                            "bytes",
                            "Governed memory of a tenant's collections.",
                            account::used);
                    labelled.gauge(
                            "nodedb_tenant_memory_budget_bytes",
                            "bytes",
                            "What a tenant's collections may hold; 0: any.",
                            account::budget);
                    labelled.counter(
                            "nodedb_tenant_memory_refusals",
                            "",
                            "Reservations that a tenant's budget has refused.",
                            account::refusals);
                    for (int core = 0; core < kernel.cores().size(); core++) {
                        CoreStatistics statistics = kernel.cores().get(core).statistics();
                        labelled.with("core", Integer.toString(core))
                                .counter(
                                        "nodedb_tenant_maintenance",
                                        "nanoseconds",
                                        "What a core's background work for a tenant has taken.",
                                        () -> statistics.maintenanceNanos(account.tenant()));
                    }
                });
    }

    private static void log(MetricEntries entries, WalWriter writer) {
        WalProgress progress = writer.progress();
        entries.gauge(
                "nodedb_wal_position_bytes",
                "bytes",
                "Where the log stands.",
                progress::durablePosition);
        entries.gauge(
                "nodedb_wal_synced_position_bytes",
                "bytes",
                "Up to where the log is synced.",
                progress::syncedPosition);
        entries.gauge(
                "nodedb_wal_failed",
                "",
                "1 when the log has failed.",
                () -> writer.failed() ? 1 : 0);
        entries.gauge(
                "nodedb_wal_refusing",
                "",
                "1 when writes are refused because the disk is full.",
                () -> writer.refusing() ? 1 : 0);
        WalCounters counters = writer.counters();
        entries.counter("nodedb_wal_groups", "", "Groups written to the log.", counters::groups);
        entries.counter("nodedb_wal_records", "", "Records written.", counters::records);
        entries.counter("nodedb_wal_written", "bytes", "Bytes written.", counters::bytes);
        entries.counter(
                "nodedb_wal_stalls",
                "",
                "Rounds in which records waited because no segment was ready.",
                counters::stalls);
        entries.histogram(
                "nodedb_wal_sync",
                "nanoseconds",
                "How long a sync of the log takes.",
                counters.syncTimes());
        entries.histogram(
                "nodedb_wal_group_records",
                "",
                "Records that one write carries.",
                counters.groupSizes());
    }

    private static void events(MetricEntries entries, Kernel kernel) {
        EventHub events = kernel.events();
        for (int i = 0; i < kernel.cores().size(); i++) {
            int core = i;
            MetricEntries labelled = entries.with("core", Integer.toString(core));
            labelled.gauge(
                    "nodedb_event_ring_used",
                    "",
                    "Slots of the core's event ring that wait for the Event Plane.",
                    () -> events.ringUsed(core));
            labelled.gauge(
                    "nodedb_event_ring_capacity",
                    "",
                    "Slots of the core's event ring.",
                    () -> events.ringCapacity(core));
        }
        entries.counter(
                "nodedb_event_gaps",
                "",
                "Gaps in event rings, which are read from the log.",
                events::gaps);
        entries.gauge("nodedb_event_feeds_open", "", "Change feeds open.", events::openFeeds);
    }

    private static void helpers(MetricEntries entries, Kernel kernel) {
        String help = "Jobs that wait for a helper thread.";
        entries.with("pool", kernel.readers().name())
                .gauge("nodedb_helper_queue", "", help, kernel.readers()::queued);
        entries.with("pool", kernel.workers().name())
                .gauge("nodedb_helper_queue", "", help, kernel.workers()::queued);
    }

    private static void lane(MetricEntries entries, LanePort<Call> port) {
        MetricEntries labelled =
                entries.with("core", Integer.toString(port.core()))
                        .with("lane", Integer.toString(port.lane()));
        labelled.gauge(
                "nodedb_lane_capacity",
                "",
                "Requests that a lane may have at a core.",
                port::capacity);
        labelled.gauge(
                "nodedb_lane_outstanding",
                "",
                "Requests of a lane that a core has not finished, or whose answers are not taken.",
                port::observedOutstanding);
        labelled.gauge(
                "nodedb_lane_request_ring",
                "",
                "Requests that the core has not taken.",
                port::requestsWaiting);
        labelled.gauge(
                "nodedb_lane_response_ring",
                "",
                "Answers that the lane has not taken.",
                port::responsesWaiting);
        labelled.gauge(
                "nodedb_lane_stopped",
                "",
                "1 while the lane has to stop reading, because the core is behind.",
                () -> port.observedStopped() ? 1 : 0);
    }
}
