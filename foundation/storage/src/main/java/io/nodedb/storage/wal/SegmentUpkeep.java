package io.nodedb.storage.wal;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.ownership.WalOwned;
import io.nodedb.os.disk.DiskFullException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that the writer always has prepared segments, and removes those that nobody needs; the
 * {@link WalKeeper} does it. Removed segments serve again, as many as are written between two
 * checkpoints: that spares zero-filling new ones.
 *
 * <p>What is prepared never falls below the reserve, which takes what may stand in the rings, while
 * the disk has room: the writer waits rather. So when the disk turns out to be full, writes are
 * refused, and those that the rings hold still fit.
 */
@WalOwned
final class SegmentUpkeep {
    /**
     * Zero-filling ahead of need proceeds in small slices: what a slice writes at once stands
     * before the next group's sync in the disk's queue.
     */
    private static final long PREPARE_SLICE_BYTES = 1 << 20;

    private final WalOptions options;
    private final TimeSource time;
    private final SegmentPool pool;
    private final SegmentList segments;
    private final Retention retention;
    private final Pins pins;
    private final WalProgress progress;
    private final WalKeeper keeper;
    private final long reserveBytes;
    private final AtomicLong cutLsn = new AtomicLong();
    private boolean diskFull;
    private long retryPrepareAt;
    private long nextCutAt;
    private long lastCutLsn;
    private long countedCutLsn;
    private long taken;
    private long takenAtCut;
    private long betweenCuts;
    private volatile boolean refusing;

    SegmentUpkeep(
            WalOptions options,
            TimeSource time,
            SegmentPool pool,
            SegmentList segments,
            Retention retention,
            Pins pins,
            WalProgress progress,
            WalKeeper keeper,
            long reserveBytes) {
        this.options = options;
        this.time = time;
        this.pool = pool;
        this.segments = segments;
        this.retention = retention;
        this.pins = pins;
        this.progress = progress;
        this.keeper = keeper;
        this.reserveBytes = reserveBytes;
        this.nextCutAt = time.nanoTime();
    }

    long reserveBytes() {
        return reserveBytes;
    }

    /** Any thread: is the disk full, and the reserve begun? */
    boolean refusing() {
        return refusing;
    }

    /** Any thread: nothing at or below this LSN is needed for recovery any more. */
    void cut(long lsn) {
        cutLsn.accumulateAndGet(lsn, Math::max);
    }

    /** How long until the next attempt on a full disk; {@link Long#MAX_VALUE} when it is not. */
    long untilRetryNanos() {
        return diskFull ? retryPrepareAt - time.nanoTime() : Long.MAX_VALUE;
    }

    /** The next prepared segment, or null when none is ready. */
    @Nullable OpenSegment take() {
        OpenSegment next = pool.take();
        if (next != null) {
            taken++;
        }
        return next;
    }

    /**
     * May a group be written, seen from the disk's room?
     *
     * @param rest bytes that are left in the active segment
     */
    boolean mayWrite(long rest) {
        return diskFull || prepared(rest) >= reserveBytes;
    }

    private long prepared(long rest) {
        long lostPerSegment = SegmentFormat.BLOCK_BYTES + (long) options.maxRecordBytes();
        return Math.max(0, rest) + pool.ready() * (options.segmentBytes() - lostPerSegment);
    }

    /** Before the keeper lives: prepares all that shall be prepared. */
    void prepareAll(long rest, long lastLsn) throws IOException {
        try {
            while (prepared(rest) < reserveBytes + options.preparedBytes()) {
                OpenSegment ready = pool.prepare(options.segmentBytes(), lastLsn);
                if (ready != null) {
                    pool.add(ready);
                }
            }
        } catch (DiskFullException e) {
            full();
        }
        refusing = diskFull && prepared(rest) < reserveBytes;
    }

    /**
     * Gives the idle keeper its next chore, if there is one.
     *
     * @param rest bytes that are left in the active segment
     * @param lastLsn last one that was given
     * @param syncs asked to hurry when a removal waits for a sync
     */
    boolean post(long rest, long lastLsn, LogSyncs syncs) {
        long prepared = prepared(rest);
        if (prepared >= reserveBytes + options.preparedBytes()) {
            diskFull = false;
        }
        boolean posted =
                (prepared < reserveBytes && prepare(urgentSlice(), lastLsn))
                        || cutWhenDue(prepared, lastLsn, syncs)
                        || (prepared < reserveBytes + options.preparedBytes()
                                && prepare(PREPARE_SLICE_BYTES, lastLsn));
        boolean refuse = diskFull && prepared < reserveBytes;
        if (refuse != refusing) {
            refusing = refuse;
        }
        return posted;
    }

    /** More than a group, which the writer may want to write next. */
    private long urgentSlice() {
        return Math.max(PREPARE_SLICE_BYTES, 2L * options.groupBytes());
    }

    private boolean prepare(long slice, long lastLsn) {
        if (diskFull && time.nanoTime() - retryPrepareAt < 0) {
            return false;
        }
        keeper.post(new Preparation(Math.min(slice, options.segmentBytes()), lastLsn));
        return true;
    }

    private void full() {
        diskFull = true;
        retryPrepareAt = time.nanoTime() + options.diskRetryNanos();
    }

    /** Removes at most one segment at a time: each costs directory syncs. */
    private boolean cutWhenDue(long prepared, long lastLsn, LogSyncs syncs) {
        long lsn = cutLsn.get();
        long now = time.nanoTime();
        if (lsn == lastCutLsn && now - nextCutAt < 0) {
            return false;
        }
        noteDistance(lsn);
        long keepSince = time.epochMillis() - options.keepMillis();
        long safeLsn = Math.min(lsn, progress.syncedLsn());
        Segment[] all = segments.snapshot();
        int removable =
                all.length == 0
                        ? 0
                        : retention.removable(
                                safeLsn, pins.lowest(), options.keepBytes(), keepSince);
        if (removable == 0) {
            lastCutLsn = lsn;
            nextCutAt = now + options.diskRetryNanos();
            return false;
        }
        if (progress.syncedPosition() <= all[1].first()) {
            // The first group of the segment that becomes the oldest has to last before that.
            syncs.hurry();
            return false;
        }
        retention.removeOldest();
        segments.removeOldest();
        boolean wanted =
                prepared < reserveBytes + (1L + options.spareSegments()) * options.segmentBytes()
                        || pool.ready() < Math.min(betweenCuts, options.recycledSegments());
        keeper.post(new Removal(all[0], wanted, lastLsn));
        return true;
    }

    /**
     * Remembers how many segments are written between two checkpoints: at once when there are more,
     * by and by when there are fewer.
     */
    private void noteDistance(long lsn) {
        if (lsn == countedCutLsn) {
            return;
        }
        countedCutLsn = lsn;
        long latest = taken - takenAtCut;
        takenAtCut = taken;
        betweenCuts = Math.max(latest, (9 * betweenCuts + latest) / 10);
    }

    /** Zero-fills a slice of a new segment. */
    private final class Preparation extends WalKeeper.Chore {
        private final long slice;
        private final long lsnBound;
        private @Nullable OpenSegment ready;

        Preparation(long slice, long lsnBound) {
            this.slice = slice;
            this.lsnBound = lsnBound;
        }

        @Override
        void work() throws IOException {
            ready = pool.prepare(slice, lsnBound);
        }

        @Override
        void ended() throws IOException {
            if (failure() instanceof DiskFullException) {
                full();
                return;
            }
            requireSuccess();
            diskFull = false;
            if (ready != null) {
                pool.add(ready);
            }
        }
    }

    /** Deletes a segment that is no part of the log any more, or makes it ready again. */
    private final class Removal extends WalKeeper.Chore {
        private final Segment oldest;
        private final boolean wanted;
        private final long lsnBound;
        private @Nullable OpenSegment ready;

        Removal(Segment oldest, boolean wanted, long lsnBound) {
            this.oldest = oldest;
            this.wanted = wanted;
            this.lsnBound = lsnBound;
        }

        @Override
        void work() throws IOException {
            if (wanted && pool.recyclable(oldest)) {
                ready = pool.recycle(oldest, lsnBound);
            } else {
                pool.delete(oldest);
            }
        }

        @Override
        void ended() throws IOException {
            requireSuccess();
            if (ready != null) {
                pool.add(ready);
            }
        }
    }
}
