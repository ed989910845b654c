package io.nodedb.assembly;

import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.MemoryTag;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;

/**
 * What an opening has taken so far, to be given back in the reverse order: when it fails half-way,
 * or when what was opened is closed. Used by one thread at a time.
 */
final class TakenResources {
    /** A give-back as a resource, so that what the others throw is suppressed and not lost. */
    private interface Remaining extends AutoCloseable {
        @Override
        void close();
    }

    private final Deque<Runnable> giveBacks = new ArrayDeque<>();

    /** Something was taken; {@code giveBack} undoes that. */
    void add(Runnable giveBack) {
        giveBacks.addLast(giveBack);
    }

    /**
     * Something uses what was taken before it.
     *
     * @param end ends the use; while it has not answered true, what is used is never given back
     */
    void addUser(BooleanSupplier end) {
        add(() -> {
            boolean ended = false;
            try {
                ended = end.getAsBoolean();
            } finally {
                if (!ended) {
                    giveBacks.clear();
                }
            }
        });
    }

    /** Reserves memory that counts until it is given back. */
    void reserve(MemoryGovernor governor, MemoryTag tag, long bytes) {
        governor.reserve(tag, bytes);
        add(() -> governor.release(tag, bytes));
    }

    /**
     * Gives everything back but what is still used, also when some of it fails; then the first
     * failure is thrown.
     */
    void giveBack() {
        Runnable latest = giveBacks.pollLast();
        if (latest != null) {
            try (Remaining _ = this::giveBack) {
                latest.run();
            }
        }
    }

    /** As {@link #giveBack}, because of a failure, which whatever fails in turn is added to. */
    void giveBackAfter(Throwable failure) {
        try {
            giveBack();
        } catch (RuntimeException | Error another) {
            failure.addSuppressed(another);
        }
    }
}
