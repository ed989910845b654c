package io.nodedb.server.metrics;

import io.nodedb.base.metrics.Gauge;
import io.nodedb.base.metrics.MetricRegistry;
import io.nodedb.base.metrics.SuppliedCounter;
import io.nodedb.os.process.ProcessMemory;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.OperatingSystemMXBean;
import java.lang.management.RuntimeMXBean;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** The Java process itself: memory, collections, threads, processor time. */
public final class ProcessMetrics {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MILLIS_PER_SECOND = 1e3;

    private final MetricRegistry registry = new MetricRegistry();

    private ProcessMetrics() {}

    /** Looks up the platform's beans, which takes a while: once per process, when first asked. */
    public static MetricRegistry create() {
        ProcessMetrics metrics = new ProcessMetrics();
        metrics.memory();
        metrics.collections();
        metrics.threads();
        metrics.process();
        return metrics.registry;
    }

    private void memory() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        Map<String, String> heap = Map.of("area", "heap");
        Map<String, String> beside = Map.of("area", "nonheap");
        String used = "Memory of the Java machine in use.";
        gauge("jvm_memory_used", heap, "bytes", used, () -> memory.getHeapMemoryUsage().getUsed());
        gauge(
                "jvm_memory_used",
                beside,
                "bytes",
                used,
                () -> memory.getNonHeapMemoryUsage().getUsed());
        String committed = "Memory that the Java machine holds.";
        gauge(
                "jvm_memory_committed",
                heap,
                "bytes",
                committed,
                () -> memory.getHeapMemoryUsage().getCommitted());
        gauge(
                "jvm_memory_committed",
                beside,
                "bytes",
                committed,
                () -> memory.getNonHeapMemoryUsage().getCommitted());
        gauge(
                "jvm_memory_max",
                heap,
                "bytes",
                "What the heap may grow to.",
                () -> memory.getHeapMemoryUsage().getMax());
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            gauge(
                    "jvm_buffer_pool_used",
                    Map.of("pool", pool.getName()),
                    "bytes",
                    "Memory of buffers beside the heap.",
                    pool::getMemoryUsed);
        }
    }

    private void collections() {
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            Map<String, String> labels = Map.of("gc", collector.getName());
            counter(
                    "jvm_gc_collections",
                    labels,
                    "",
                    "Garbage collections.",
                    collector::getCollectionCount);
            counter(
                    "jvm_gc_time",
                    labels,
                    "seconds",
                    "Time spent in garbage collections.",
                    () -> collector.getCollectionTime() / MILLIS_PER_SECOND);
        }
    }

    private void threads() {
        var threads = ManagementFactory.getThreadMXBean();
        gauge("jvm_threads", Map.of(), "", "Platform threads that live.", threads::getThreadCount);
    }

    private void process() {
        RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
        gauge(
                "process_start_time",
                Map.of(),
                "seconds",
                "When the process started, since 1970.",
                () -> runtime.getStartTime() / MILLIS_PER_SECOND);
        gauge(
                "process_uptime",
                Map.of(),
                "seconds",
                "How long the process has run.",
                () -> runtime.getUptime() / MILLIS_PER_SECOND);
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        gauge(
                "process_processors",
                Map.of(),
                "",
                "Processors that the process may use.",
                ProcessMemory::processors);
        if (system instanceof com.sun.management.OperatingSystemMXBean bean) {
            counter(
                    "process_cpu",
                    Map.of(),
                    "seconds",
                    "Processor time that the process has used.",
                    () -> bean.getProcessCpuTime() / NANOS_PER_SECOND);
        }
        if (system instanceof com.sun.management.UnixOperatingSystemMXBean bean) {
            gauge(
                    "process_open_fds",
                    Map.of(),
                    "",
                    "Files and sockets that are open.",
                    bean::getOpenFileDescriptorCount);
            gauge(
                    "process_max_fds",
                    Map.of(),
                    "",
                    "Files and sockets that may be open.",
                    bean::getMaxFileDescriptorCount);
        }
        gauge(
                "process_resident_memory",
                Map.of(),
                "bytes",
                "Resident memory without mapped files.",
                ProcessMemory::residentAnonymousBytes);
    }

    private void gauge(
            String name,
            Map<String, String> labels,
            String unit,
            String help,
            DoubleSupplier value) {
        Gauge ignored = registry.register(name, labels, unit, help, new Gauge(value));
    }

    private void counter(
            String name,
            Map<String, String> labels,
            String unit,
            String help,
            DoubleSupplier value) {
        SuppliedCounter ignored =
                registry.register(name, labels, unit, help, new SuppliedCounter(value));
    }
}
