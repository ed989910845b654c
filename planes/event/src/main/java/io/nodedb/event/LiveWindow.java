package io.nodedb.event;

import io.nodedb.base.ownership.Shared;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The latest commits in the order of the log, decoded once for all consumers: complete for LSNs in
 * (start, end].
 *
 * <p>The hub appends and drops the oldest beyond the bounds; a consumer that stands before {@code
 * start} reads the log until it has come as far. That is also all that a gap does: it moves {@code
 * start} past itself.
 */
@Shared("lock; start and version volatile")
final class LiveWindow {
    /** {@link #take}: what comes next is not here, read the log. */
    static final long NOT_COVERED = -1;

    /** Commits taken under one lock. */
    private static final int MAX_TAKEN = 64;

    private final long maxBytes;
    private final int maxEvents;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final TreeMap<Long, CommitChanges> commits = new TreeMap<>();
    private volatile long start;
    private volatile long version;
    private long end;
    private long bytes;
    private long events;

    LiveWindow(long lsn, long maxBytes, int maxEvents) {
        this.start = lsn;
        this.end = lsn;
        this.maxBytes = maxBytes;
        this.maxEvents = maxEvents;
    }

    /**
     * Hub: everything up to {@code limit} has been merged; {@code ready} are the commits among it,
     * taken out.
     */
    void extend(Map<Long, CommitChanges> ready, long limit) {
        lock.lock();
        try {
            for (CommitChanges commit : ready.values()) {
                commits.put(commit.lsn(), commit);
                bytes += commit.memoryBytes();
                events += commit.size();
            }
            end = Math.max(end, limit);
            while (bytes > maxBytes || events > maxEvents) {
                CommitChanges oldest = commits.pollFirstEntry().getValue();
                bytes -= oldest.memoryBytes();
                events -= oldest.size();
                start = oldest.lsn();
            }
            signal();
        } finally {
            lock.unlock();
        }
    }

    /** Hub: commits up to {@code lsn} can't be told from here. */
    void uncover(long lsn) {
        if (lsn <= start) {
            return;
        }
        lock.lock();
        try {
            Map<Long, CommitChanges> gone = commits.headMap(lsn, true);
            for (CommitChanges commit : gone.values()) {
                bytes -= commit.memoryBytes();
                events -= commit.size();
            }
            gone.clear();
            start = lsn;
            signal();
        } finally {
            lock.unlock();
        }
    }

    /** True when what follows {@code lsn} is told from here. */
    boolean covers(long lsn) {
        return lsn >= start;
    }

    long start() {
        return start;
    }

    /**
     * Adds the commits after {@code lsn}, a bounded number, to {@code into}.
     *
     * @return the LSN up to which there is nothing else (when none was added), or {@link
     *     #NOT_COVERED}
     */
    long take(long lsn, Deque<CommitChanges> into) {
        lock.lock();
        try {
            if (!covers(lsn)) {
                return NOT_COVERED;
            }
            for (CommitChanges commit : commits.tailMap(lsn, false).values()) {
                into.add(commit);
                if (into.size() == MAX_TAKEN) {
                    break;
                }
            }
            return end;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Changes with every call of the hub: read it, look for changes, then {@link #await} with it.
     */
    long version() {
        return version;
    }

    /** Waits until the hub has moved since {@code seen}, or for that long. */
    void await(long seen, long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (version == seen && left > 0) {
                left = moved.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
    private void signal() {
        version++;
        moved.signalAll();
    }
}
