package io.nodedb.base.memory;

import com.sun.management.OperatingSystemMXBean;
import io.nodedb.base.settings.MemorySettings;
import io.nodedb.base.settings.Settings;
import java.lang.management.ManagementFactory;

/**
 * What {@code memory_limit} means on this machine. Without a setting it is 75 % of the smaller of
 * physical memory and the container's limit (the JVM reports that minimum).
 */
public final class MemoryLimit {
    /** Share of the machine that is used when nothing is set. */
    private static final int DEFAULT_PERCENT = 75;

    private MemoryLimit() {}

    /** The process's limit in bytes, Java heap included. */
    public static long total(Settings settings) {
        long set = settings.get(MemorySettings.MEMORY_LIMIT);
        return set > 0 ? set : machineBytes() / 100 * DEFAULT_PERCENT;
    }

    /**
     * What the governor may hand out beside a heap of {@code maxHeapBytes}: the rest of the limit,
     * but never less than {@link MemorySettings#MEMORY_OFF_HEAP_MIN}.
     */
    public static long beyondHeap(Settings settings, long maxHeapBytes) {
        return Math.max(
                settings.get(MemorySettings.MEMORY_OFF_HEAP_MIN), total(settings) - maxHeapBytes);
    }

    private static long machineBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                .getTotalMemorySize();
    }
}
