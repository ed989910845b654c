package io.nodedb.data.offload;

import io.nodedb.base.ownership.Shared;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of jobs that may block, and the threads that run them. A job is a {@link
 * HelperJob}: its work runs on a helper, its continuation on the core that asked. {@link #step}
 * runs one job on the calling thread, so that the simulator can be the helper.
 */
@Shared("lock around the queue")
public final class HelperPool {
    private final String name;
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<HelperJob> jobs = new ArrayDeque<>();
    private boolean closed;

    public HelperPool(String name, int capacity) {
        this.name = name;
        this.capacity = capacity;
    }

    /**
     * Queues a job; false when the queue is full and the core should try again later. Any thread;
     * holds the lock for an enqueue only.
     */
    public boolean submit(HelperJob job) {
        lock.lock();
        try {
            if (closed || jobs.size() >= capacity) {
                return false;
            }
            jobs.add(job);
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Runs one queued job, if any. @return true when one was run */
    public boolean step() {
        HelperJob job = take(false);
        if (job == null) {
            return false;
        }
        job.runOnHelper();
        return true;
    }

    /** A helper thread's life: runs jobs until the pool is closed. */
    public void run() {
        for (HelperJob job = take(true); job != null; job = take(true)) {
            job.runOnHelper();
        }
    }

    private @Nullable HelperJob take(boolean wait) {
        lock.lock();
        try {
            while (wait && jobs.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            return jobs.poll();
        } finally {
            lock.unlock();
        }
    }

    /** Jobs that wait. */
    public int queued() {
        lock.lock();
        try {
            return jobs.size();
        } finally {
            lock.unlock();
        }
    }

    public String name() {
        return name;
    }

    /** No further jobs are taken; queued ones are still run, then the threads end. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
