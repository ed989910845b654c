package io.nodedb.os.allocation;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts the heap bytes that the calling thread allocates in an operation. */
public final class AllocationMeter {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** The first rounds run interpreted and may box; compilation replaces them at some point. */
    private static final int ROUNDS = 20;

    private static final int OPERATIONS = 2_000;

    private AllocationMeter() {}

    /**
     * Whole bytes per operation in the best of {@value #ROUNDS} rounds: an operation that allocates
     * does so in every round.
     */
    public static long bytesPerOperation(Runnable operation) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
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
