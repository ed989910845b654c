package io.nodedb.base.memory;

import io.nodedb.base.ownership.Shared;
import java.lang.foreign.Arena;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Closes arenas that cores are done with. Closing a shared arena stops to make sure that no thread
 * reads it, which costs milliseconds: too long for a core. Memory counts as used until it is really
 * closed.
 *
 * <p>Cores hand over ({@link #retire}); one thread works ({@link #start}), or the simulator calls
 * {@link #step()}. The queue is bounded by the memory limit: each entry is a reservation.
 */
@Shared("a concurrent queue")
public final class MemoryReclaimer {
    /** Arenas closed in one step, so that a step stays below some tens of milliseconds. */
    private static final int ARENAS_PER_STEP = 16;

    private record Retired(Arena arena, MemoryAccount account, MemoryTag tag, long bytes) {}

    private final LinkedBlockingQueue<Retired> queue = new LinkedBlockingQueue<>();
    private final AtomicLong backlogBytes = new AtomicLong();

    MemoryReclaimer() {}

    /** Takes over an arena and its reservation; the caller must not touch its memory again. */
    public void retire(Arena arena, MemoryAccount account, MemoryTag tag, long bytes) {
        backlogBytes.addAndGet(bytes);
        queue.add(new Retired(arena, account, tag, bytes));
    }

    /** Closes some of what waits; true when it closed any. */
    public boolean step() {
        int closed = 0;
        Retired next;
        while (closed < ARENAS_PER_STEP && (next = queue.poll()) != null) {
            close(next);
            closed++;
        }
        return closed > 0;
    }

    /** Bytes that wait to be given back. */
    public long backlogBytes() {
        return backlogBytes.get();
    }

    /** Starts the daemon thread {@code memory-reclaimer}; it ends when interrupted. */
    public Thread start() {
        return Thread.ofPlatform().name("memory-reclaimer").daemon().start(this::run);
    }

    private void run() {
        try {
            while (true) {
                close(queue.take());
            }
        } catch (InterruptedException stop) {
            while (step()) {
                // What was retired before the stop is still given back.
            }
        }
    }

    private void close(Retired retired) {
        retired.arena().close();
        retired.account().release(retired.tag(), retired.bytes());
        backlogBytes.addAndGet(-retired.bytes());
    }
}
