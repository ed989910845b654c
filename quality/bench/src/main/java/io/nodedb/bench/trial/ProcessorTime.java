package io.nodedb.bench.trial;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Processor time of this process, all threads together, the JVM's own included. */
public final class ProcessorTime {
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private ProcessorTime() {}

    /** Since the start of the process, in nanoseconds. */
    public static long nanos() {
        return SYSTEM.getProcessCpuTime();
    }
}
