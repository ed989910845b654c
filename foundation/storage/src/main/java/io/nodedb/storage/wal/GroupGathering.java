package io.nodedb.storage.wal;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.ownership.WalOwned;

/**
 * Lets the writer wait, after a sync, for those whom it has just answered. Clients that send their
 * next write when the last one is acknowledged come back together, a moment later; who syncs what
 * waits at once makes them take turns, one half at its sync while the other half waits for it.
 *
 * <pre>
 *   at once:    sync of A ─ sync of B ─ sync of A ─ sync of B
 *   gathered:   sync of A and B ─ (both come back) ─ sync of A and B
 * </pre>
 *
 * As many records are expected as the last sync had and as waited at its end. Nothing is waited for
 * when all of them are here, so a single client never waits; when half of the time that the sync
 * took is over; and for some rounds, more each time, when waiting was in vain, because clients
 * think or come as they like. After P. Helland et al., Group Commit Timers and High Volume
 * Transaction Systems, 1987.
 *
 * <p>Belongs to whoever does the writer's duty; {@link #isOver} may be asked by everybody.
 */
@WalOwned
final class GroupGathering {
    /** Waiting for a shorter sync's clients costs more than it saves. */
    private static final long SHORTEST_SYNC_NANOS = 200_000;

    private static final int MOST_SKIPPED = 64;

    private final CoreLog[] cores;
    private final TimeSource time;
    private final long mostNanos;
    private volatile long expected;
    private volatile long untilNanos;
    private long here;
    private boolean heldBack;
    private long taken;
    private int skips;
    private int nextSkips;

    /**
     * @param mostNanos never waits longer; 0 does not wait at all
     */
    GroupGathering(CoreLog[] cores, TimeSource time, long mostNanos) {
        this.cores = cores;
        this.time = time;
        this.mostNanos = mostNanos;
    }

    /** What somebody waited for has been synced, which took so long. */
    void synced(long nanos) {
        long now = recordsTaken();
        long group = now - taken;
        taken = now;
        expected = 0;
        heldBack = false;
        if (nanos < SHORTEST_SYNC_NANOS || mostNanos == 0) {
            return;
        }
        if (skips > 0) {
            skips--;
            return;
        }
        here = waiting();
        untilNanos = time.nanoTime() + Math.min(nanos / 2, mostNanos);
        expected = group + here;
    }

    /** May a group be written? Not as long as more is expected than what waits. */
    boolean isOver() {
        long all = expected;
        return all == 0 || waiting() >= all || time.nanoTime() - untilNanos >= 0;
    }

    /** How long until it is over, if nothing comes. */
    long untilOverNanos() {
        return Math.max(0, untilNanos - time.nanoTime());
    }

    /** A group is not written although there are records, because more are expected. */
    void holdsBack() {
        heldBack = true;
    }

    /** A group is put together. */
    void ends() {
        long all = expected;
        if (all == 0) {
            return;
        }
        expected = 0;
        long came = waiting() - here;
        if (!heldBack) {
            return;
        }
        if (2 * came >= all - here) {
            nextSkips = 0;
        } else {
            nextSkips = Math.min(2 * nextSkips + 1, MOST_SKIPPED);
            skips = nextSkips;
        }
    }

    private long waiting() {
        long records = 0;
        for (CoreLog core : cores) {
            records += core.recordsWaiting();
        }
        return records;
    }

    private long recordsTaken() {
        long records = 0;
        for (CoreLog core : cores) {
            records += core.recordsTaken();
        }
        return records;
    }
}
