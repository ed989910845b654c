package io.nodedb.event;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.EventPlane;
import io.nodedb.storage.wal.LogReader;
import io.nodedb.storage.wal.Pins;
import io.nodedb.storage.wal.WalProgress;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A subscription: every accepted change after an LSN, in the order of the log, the changes of one
 * commit together.
 *
 * <pre>
 *   catching up (log) ──reached the live window──► live (window)
 *          ▲                                          │
 *          └───────── fell behind, or a gap ──────────┘
 *   either ──log cut beyond wal_keep──► GAP, then LSN_TOO_OLD for ever
 * </pre>
 *
 * <p>Nothing is lost or doubled while it is open. After a crash subscribe again from the {@link
 * #position} last stored: delivery is at least once, and (LSN, partition, sequence) tells what was
 * seen already.
 *
 * <p>One thread polls and closes. A consumer that is slow, or gone, costs no memory: it holds the
 * log back up to {@code wal_keep}.
 */
@EventPlane
public final class ChangeFeed implements AutoCloseable {
    /** Longest sleep in {@link #take}: the log may be synced further while every core is silent. */
    private static final long MAX_SLEEP_NANOS = 100_000_000L;

    private final ChangeFilter filter;
    private final LiveWindow window;
    private final LogReader log;
    private final WalProgress progress;
    private final Pins pins;
    private final int pin;
    private final TimeSource time;
    private final Runnable onClose;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ArrayDeque<CommitChanges> taken = new ArrayDeque<>();
    private @Nullable LogChanges history;
    private @Nullable CommitChanges commit;
    private @Nullable NodeDbException end;
    private int nextInCommit;
    private boolean idle;
    private volatile long position;

    ChangeFeed(
            long position,
            ChangeFilter filter,
            LiveWindow window,
            LogReader log,
            WalProgress progress,
            Pins pins,
            int pin,
            TimeSource time,
            Runnable onClose) {
        this.position = position;
        this.filter = filter;
        this.window = window;
        this.log = log;
        this.progress = progress;
        this.pins = pins;
        this.pin = pin;
        this.time = time;
        this.onClose = onClose;
    }

    /**
     * The next change; null when there is none now.
     *
     * @throws NodeDbException LSN_TOO_OLD once a {@link Operation#GAP} was given out;
     *     DATA_CORRUPTED or STORAGE_FAILED when the log can't be read (polling again tries again)
     */
    public @Nullable Change poll() {
        Check.that(!closed.get(), "the feed is open");
        NodeDbException over = end;
        if (over != null) {
            throw over;
        }
        try {
            idle = false;
            while (!idle) {
                Change change = history == null ? nextLive() : nextOfHistory(history);
                if (change != null) {
                    return change;
                }
            }
            return null;
        } catch (NodeDbException e) {
            closeHistory();
            if (e.code() != ErrorCode.LSN_TOO_OLD) {
                throw e;
            }
            end = e;
            return Change.gap(position);
        }
    }

    /**
     * Null: nothing now ({@code idle}), or what follows is in the log ({@code history} is open).
     */
    private @Nullable Change nextLive() {
        while (true) {
            CommitChanges current = commit;
            if (current != null) {
                while (nextInCommit < current.size()) {
                    Change change = current.get(nextInCommit++);
                    if (filter.accepts(change.partition(), change.collection())) {
                        return change;
                    }
                }
                moveTo(current.lsn());
            }
            commit = taken.poll();
            nextInCommit = 0;
            if (commit == null) {
                long reached = window.take(position, taken);
                if (reached == LiveWindow.NOT_COVERED) {
                    history = new LogChanges(log, progress, position);
                    return null;
                }
                if (taken.isEmpty()) {
                    moveTo(reached);
                    idle = true;
                    return null;
                }
            }
        }
    }

    /**
     * Null: nothing now ({@code idle}), or what follows is in the window ({@code history} is
     * closed).
     */
    private @Nullable Change nextOfHistory(LogChanges from) {
        Change change = from.next(filter, window::covers);
        if (change == null) {
            moveTo(from.completeLsn());
            if (window.covers(position)) {
                closeHistory();
            } else {
                idle = true;
            }
        }
        return change;
    }

    private void closeHistory() {
        LogChanges open = history;
        history = null;
        if (open != null) {
            // What was given out of the commit in progress is given out again, never left out.
            open.close();
        }
    }

    private void moveTo(long lsn) {
        if (lsn > position) {
            position = lsn;
            pins.advance(pin, lsn);
        }
    }

    /** As {@link #poll}, waiting for a change at most so long; null when none came. */
    public @Nullable Change take(long timeoutNanos) throws InterruptedException {
        long started = time.nanoTime();
        while (true) {
            long seen = window.version();
            Change change = poll();
            if (change != null) {
                return change;
            }
            long left = timeoutNanos - (time.nanoTime() - started);
            if (left <= 0) {
                return null;
            }
            window.await(seen, Math.min(left, MAX_SLEEP_NANOS));
        }
    }

    /**
     * Every change up to this LSN was given out, and the next {@link #poll} came after: store it
     * once these are dealt with, and subscribe from it after a restart. Never an LSN that a power
     * loss could take back and that another commit could then get.
     */
    public long position() {
        return Math.min(position, EventHub.readableLsn(progress));
    }

    /** False while it reads the log. */
    public boolean isLive() {
        return history == null && window.covers(position);
    }

    /** Ends the subscription and lets the log go. May be called twice. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            closeHistory();
            pins.unpin(pin);
            onClose.run();
        }
    }
}
