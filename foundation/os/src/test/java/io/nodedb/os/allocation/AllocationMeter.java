package io.nodedb.os.allocation;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts the heap bytes that the calling thread allocates in an operation. */
public final class AllocationMeter {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /**
     * The first rounds run interpreted, which boxes the arguments of handles; compilation comes
     * sooner or later, depending on what else the machine does.
     */
    private static final int MOST_ROUNDS = 1_000;

    private static final int OPERATIONS = 1_000;

    private AllocationMeter() {}

    /**
     * Whole bytes per operation in the best of {@value #MOST_ROUNDS} rounds: an operation that
     * allocates does so in every round. Ends with the first round that allocates nothing.
     */
    public static long bytesPerOperation(Runnable operation) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < MOST_ROUNDS && least > 0; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < OPERATIONS; i++) {
                operation.run();
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        // Rounded up, so that one allocation among all the operations is not lost.
        return (least + OPERATIONS - 1) / OPERATIONS;
    }
}
