package io.nodedb.storage.wal;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;
import io.nodedb.bridge.wake.Doorbell;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Does for the {@link WalWriter} what takes long and nobody waits for: syncs of what was
 * acknowledged before them, preparing and removing segments. So asynchronous writes go on meanwhile
 * (measured: a writer that did it all itself stood still for a fifth of the time under 300,000
 * writes a second).
 *
 * <pre>
 *   writer  ──post──▶  POSTED  ──step, by the keeper──▶  DONE  ──collect, by the writer──▶  IDLE
 * </pre>
 *
 * <p>One chore at a time; what it works on belongs to it from {@code post} to {@code collect}.
 * Chores come a few times a second, so they are objects of their own.
 */
@Shared("a chore passes from the writer to the keeper and back by the volatile state")
public final class WalKeeper {
    /** Work on the log's files. */
    abstract static class Chore {
        private @Nullable Throwable failure;

        /** Done by the keeper. */
        abstract void work() throws IOException;

        /** Called by the writer once it is done; what is thrown ends writing for good. */
        abstract void ended() throws IOException;

        /** Of {@link #work}; null when it succeeded. */
        @Nullable Throwable failure() {
            return failure;
        }

        /** Throws what {@link #work} threw. */
        void requireSuccess() throws IOException {
            Throwable thrown = failure;
            switch (thrown) {
                case null -> {}
                case IOException e -> throw e;
                case RuntimeException e -> throw e;
                default -> throw new IOException("a chore on the log failed", thrown);
            }
        }
    }

    private enum State {
        IDLE,
        POSTED,
        DONE
    }

    private final Doorbell bell;
    private final Doorbell writerBell;
    private @Nullable Chore chore;
    private volatile State state = State.IDLE;

    /**
     * @param bell where the keeper sleeps
     * @param writerBell rung when a chore is done
     */
    public WalKeeper(Doorbell bell, Doorbell writerBell) {
        this.bell = bell;
        this.writerBell = writerBell;
    }

    /** Writer: may a chore be posted? */
    boolean idle() {
        return state == State.IDLE;
    }

    /** Any thread: has a chore been done that the writer has not collected? */
    boolean done() {
        return state == State.DONE;
    }

    /** Writer, when idle. */
    void post(Chore next) {
        Check.that(state == State.IDLE, "the keeper has one chore at a time");
        chore = next;
        state = State.POSTED;
        bell.ring();
    }

    /** Writer: ends the chore that was done, if there is one. @return true when there was one */
    boolean collect() throws IOException {
        if (state != State.DONE) {
            return false;
        }
        Chore ended = Objects.requireNonNull(chore);
        chore = null;
        state = State.IDLE;
        ended.ended();
        return true;
    }

    /** Any thread: would {@link #step} find something to do? */
    public boolean hasWork() {
        return state == State.POSTED;
    }

    /** Keeper: does the chore that was posted. @return false when there is none */
    public boolean step() {
        if (state != State.POSTED) {
            return false;
        }
        Chore posted = Objects.requireNonNull(chore);
        try {
            posted.work();
        } catch (Throwable thrown) {
            posted.failure = thrown;
        }
        state = State.DONE;
        writerBell.ring();
        return true;
    }

    Doorbell bell() {
        return bell;
    }
}
