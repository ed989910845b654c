package io.nodedb.bench.kv;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.List;

/** What the data cores' threads have allocated on the heap; unknown where there are none. */
final class CoreAllocation {
    private static final String CORE_PREFIX = "data-core-";
    private static final ThreadMXBean THREADS =
            ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    private final long[] cores;

    private CoreAllocation(List<Long> cores) {
        this.cores = cores.stream().mapToLong(Long::longValue).toArray();
    }

    /** Of the cores that run now. */
    static CoreAllocation ofRunningCores() {
        List<Long> found = new ArrayList<>();
        for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith(CORE_PREFIX)) {
                found.add(thread.getThreadId());
            }
        }
        return new CoreAllocation(found);
    }

    boolean known() {
        return cores.length > 0;
    }

    /** Bytes since the threads began. */
    long bytes() {
        long sum = 0;
        for (long core : cores) {
            sum += THREADS.getThreadAllocatedBytes(core);
        }
        return sum;
    }
}
