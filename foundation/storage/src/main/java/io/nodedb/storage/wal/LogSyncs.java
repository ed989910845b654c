package io.nodedb.storage.wal;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.WalOwned;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What of the written log may still be lost with the power, and its syncs: at once by the writer
 * when a group asks for it, else by the {@link WalKeeper}, while the writer goes on.
 *
 * <p>The synced position rises without gaps: files are synced in order, one at a time, and the
 * writer syncs by itself only when the keeper has nothing of the log under way. That matters for
 * errors, too: a failed sync is told to one caller of the file only, and later syncs of it succeed
 * although bytes are lost.
 */
@WalOwned
final class LogSyncs {
    private final TimeSource time;
    private final long intervalNanos;
    private final WalProgress progress;
    private final WalCounters counters;
    private final WalKeeper keeper;
    private final Runnable syncedBesides;
    private boolean unsynced;
    private long unsyncedSince;
    private @Nullable Sync running;

    /** A segment without room whose last groups nobody syncs yet. */
    private @Nullable Sync full;

    /**
     * @param intervalNanos how long a written group stays unsynced when nobody waits for it
     * @param syncedBesides called when the synced position has risen without a group
     */
    LogSyncs(
            TimeSource time,
            long intervalNanos,
            WalProgress progress,
            WalCounters counters,
            WalKeeper keeper,
            Runnable syncedBesides) {
        this.time = time;
        this.intervalNanos = intervalNanos;
        this.progress = progress;
        this.counters = counters;
        this.keeper = keeper;
        this.syncedBesides = syncedBesides;
    }

    /** A group was written to the active segment. */
    void wrote() {
        if (!unsynced) {
            unsynced = true;
            unsyncedSince = time.nanoTime();
        }
    }

    /** Is everything synced but perhaps the active segment's last groups, and nobody at it? */
    boolean settled() {
        return running == null && full == null;
    }

    /** Must the active segment be synced by now, although nobody waits? */
    boolean due() {
        return unsynced && time.nanoTime() - unsyncedSince >= intervalNanos;
    }

    /** How long until it must; {@link Long#MAX_VALUE} when there is nothing to sync. */
    long untilDueNanos() {
        return unsynced ? unsyncedSince + intervalNanos - time.nanoTime() : Long.MAX_VALUE;
    }

    /** Somebody needs the synced position to rise: the next sync is due now. */
    void hurry() {
        unsyncedSince = time.nanoTime() - intervalNanos;
    }

    /** May a full segment be left behind? Not while the one before it is waiting for its sync. */
    boolean mayLeave() {
        return full == null;
    }

    /**
     * The writer leaves a segment without room; it is closed, at once or when it is synced.
     *
     * @param lsn last one in it
     * @param end position after its last group
     */
    void leave(OpenSegment segment, long lsn, long end) throws IOException {
        Check.that(mayLeave(), "one full segment at a time waits for its sync");
        Sync under = running;
        if (unsynced || (under != null && under.segment.equals(segment))) {
            full = new Sync(segment, lsn, end, true);
            unsynced = false;
        } else {
            segment.file().close();
        }
    }

    /** Gives the idle keeper a full segment, if one waits. */
    boolean postFull() {
        Sync next = full;
        if (next == null) {
            return false;
        }
        full = null;
        post(next);
        return true;
    }

    /** Gives the idle keeper the active segment. What is written from now on must not touch it. */
    void postActive(OpenSegment active, long lsn, long end) {
        unsynced = false;
        post(new Sync(active, lsn, end, false));
    }

    private void post(Sync sync) {
        running = sync;
        keeper.post(sync);
    }

    /** Syncs the active segment; only when all before it is settled. Returns how long it took. */
    long syncNow(OpenSegment active, long lsn, long end) throws IOException {
        Check.that(settled(), "syncs come one after the other");
        long start = time.nanoTime();
        active.file().sync();
        long nanos = time.nanoTime() - start;
        counters.synced(nanos);
        unsynced = false;
        progress.synced(lsn, end);
        return nanos;
    }

    /** After the last step, with the keeper at rest: syncs what is left, closes full segments. */
    void close(@Nullable OpenSegment active, boolean failed) throws IOException {
        Sync last = full;
        full = null;
        if (last != null) {
            try (var file = last.segment.file()) {
                if (!failed) {
                    file.sync();
                }
            }
        }
        if (active != null && !failed && unsynced) {
            active.file().sync();
        }
    }

    /** One file's sync by the keeper. */
    private final class Sync extends WalKeeper.Chore {
        private final OpenSegment segment;
        private final long lsn;
        private final long end;
        private final boolean closes;
        private long nanos;

        Sync(OpenSegment segment, long lsn, long end, boolean closes) {
            this.segment = segment;
            this.lsn = lsn;
            this.end = end;
            this.closes = closes;
        }

        @Override
        void work() throws IOException {
            long start = time.nanoTime();
            try {
                segment.file().sync();
            } finally {
                if (closes) {
                    segment.file().close();
                }
            }
            nanos = time.nanoTime() - start;
        }

        @Override
        void ended() throws IOException {
            running = null;
            requireSuccess();
            counters.synced(nanos);
            progress.synced(lsn, end);
            syncedBesides.run();
        }
    }
}
