package io.nodedb.event;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.Lsn;
import io.nodedb.base.ownership.EventPlane;
import io.nodedb.storage.feed.EventRing;
import io.nodedb.storage.feed.EventRingReader;
import io.nodedb.storage.feed.EventSlot;
import io.nodedb.storage.wal.EffectReader;
import io.nodedb.storage.wal.LogReader;
import io.nodedb.storage.wal.Pins;
import io.nodedb.storage.wal.WalProgress;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;

/**
 * Takes events from every core's ring and merges them into one order by LSN: a commit is told when
 * every core's watermark has reached it, so all its partitions are told together, and when it is
 * synced, so nothing is told that a power loss could take back.
 *
 * <pre>
 *   ring ─ drain ─► pending (by LSN) ─ lowest watermark, synced LSN ─► live window ─► feeds
 *            └ gap, undecodable, too much pending, nobody listening: uncovered, feeds read the log
 * </pre>
 *
 * {@link #step} is for the hub's thread; {@link #changes}, {@link #watermarks} and the counters are
 * for every thread. Memory: the bounds of {@link EventOptions}.
 */
@EventPlane
public final class EventHub {
    private final List<EventRing> feeds;
    private final EventRingReader[] rings;
    private final long[] nextSequence;
    private final LogReader log;
    private final WalProgress progress;
    private final Pins pins;
    private final EventOptions options;
    private final TimeSource time;
    private final IntConsumer wakeCore;
    private final Watermarks watermarks;
    private final LiveWindow window;
    private final TreeMap<Long, CommitChanges> pending = new TreeMap<>();
    private final EffectReader effects = new EffectReader();
    private final AtomicInteger openFeeds = new AtomicInteger();
    private long pendingBytes;
    private long mergedLsn;
    private long askedForLsn;
    private final AtomicLong gaps = new AtomicLong();

    /**
     * @param rings of the cores, in order; empty
     * @param coreOf a partition's core
     * @param pins of the log's writer
     * @param wakeCore rings a core's doorbell, so that an idle core tells its watermark
     */
    public EventHub(
            List<EventRing> rings,
            IntUnaryOperator coreOf,
            LogReader log,
            WalProgress progress,
            Pins pins,
            EventOptions options,
            TimeSource time,
            IntConsumer wakeCore) {
        this.feeds = List.copyOf(rings);
        this.rings = new EventRingReader[rings.size()];
        this.nextSequence = new long[rings.size()];
        for (int core = 0; core < this.rings.length; core++) {
            this.rings[core] = rings.get(core).reader();
        }
        this.log = log;
        this.progress = progress;
        this.pins = pins;
        this.options = options;
        this.time = time;
        this.wakeCore = wakeCore;
        this.mergedLsn = readableLsn(progress);
        this.watermarks = new Watermarks(rings.size(), coreOf, mergedLsn);
        this.window = new LiveWindow(mergedLsn, options.windowBytes(), options.windowEvents());
    }

    /** Every commit up to here can be read from the log and may be told. */
    static long readableLsn(WalProgress progress) {
        return Math.min(progress.syncedLsn(), progress.durableLsn());
    }

    /**
     * One round over all rings.
     *
     * @return true when something moved; otherwise sleep until a core flushes or the log is synced
     */
    public boolean step() {
        boolean moved = false;
        for (int core = 0; core < rings.length; core++) {
            moved |= drain(core);
        }
        moved |= merge(Math.min(watermarks.lowest(), readableLsn(progress)));
        askIdleCores();
        return moved;
    }

    private boolean drain(int core) {
        EventRingReader ring = rings[core];
        long watermark = ring.watermark();
        boolean moved = false;
        for (int taken = 0; taken < options.slotsPerStep(); taken++) {
            EventSlot slot = ring.poll();
            if (slot == null) {
                return watermarks.raise(core, watermark) || moved;
            }
            moved = true;
            Check.that(
                    slot.sequence() == nextSequence[core],
                    "events are dense",
                    nextSequence[core],
                    slot.sequence());
            take(core, slot);
            ring.release();
        }
        return moved;
    }

    private void take(int core, EventSlot slot) {
        switch (slot.kind()) {
            case EventSlot.EVENT -> {
                nextSequence[core]++;
                add(slot);
                // Other partitions of this core may have a part in the same commit.
                watermarks.raise(core, slot.lsn() - 1);
            }
            case EventSlot.GAP -> {
                nextSequence[core] += slot.missed();
                gaps.getAndIncrement();
                uncover(slot.toLsn());
                watermarks.raise(core, slot.toLsn() - 1);
            }
            case EventSlot.HEARTBEAT -> watermarks.raise(core, slot.lsn());
            default -> Check.that(false, "event kind is known", slot.kind());
        }
    }

    private void add(EventSlot slot) {
        long lsn = slot.lsn();
        if (lsn <= window.start()) {
            return;
        }
        if (openFeeds.get() == 0) {
            uncover(lsn);
            return;
        }
        CommitChanges commit = pending.computeIfAbsent(lsn, CommitChanges::new);
        long before = commit.memoryBytes();
        if (!decode(slot, commit)) {
            uncover(lsn);
            return;
        }
        pendingBytes += commit.memoryBytes() - before;
        if (pendingBytes > options.pendingBytes()) {
            uncover(pending.lastKey());
        }
    }

    /**
     * False when the effects contradict themselves; reading the log will say the same, and where.
     */
    private boolean decode(EventSlot slot, CommitChanges into) {
        try {
            effects.wrap(slot.effects(), 0, slot.length());
            for (int sequence = 0; effects.next(); sequence++) {
                Change change =
                        ChangeDecoder.decode(
                                effects, slot.lsn(), sequence, slot.partition(), slot.source());
                if (change != null) {
                    into.add(change);
                }
            }
            return true;
        } catch (NodeDbException contradiction) {
            return false;
        }
    }

    private void uncover(long lsn) {
        window.uncover(lsn);
        var gone = pending.headMap(lsn, true);
        for (CommitChanges commit : gone.values()) {
            pendingBytes -= commit.memoryBytes();
        }
        gone.clear();
    }

    private boolean merge(long limit) {
        if (limit <= mergedLsn) {
            return false;
        }
        mergedLsn = limit;
        var ready = new TreeMap<>(pending.headMap(limit, true));
        for (CommitChanges commit : ready.values()) {
            pendingBytes -= commit.memoryBytes();
        }
        pending.headMap(limit, true).clear();
        window.extend(ready, limit);
        return true;
    }

    /** Commits wait for cores that have nothing to say: ask those, once for each lowest commit. */
    private void askIdleCores() {
        if (pending.isEmpty()) {
            return;
        }
        long lsn = pending.firstKey();
        if (lsn == askedForLsn) {
            return;
        }
        askedForLsn = lsn;
        for (int core = 0; core < rings.length; core++) {
            if (watermarks.ofCore(core) < lsn) {
                rings[core].awaitWatermark(lsn);
                wakeCore.accept(core);
            }
        }
    }

    /** True when a ring has something or the log was synced further. */
    boolean hasWork() {
        for (EventRingReader ring : rings) {
            if (ring.hasNext()) {
                return true;
            }
        }
        for (int core = 0; core < rings.length; core++) {
            if (rings[core].watermark() > watermarks.ofCore(core)) {
                return true;
            }
        }
        return Math.min(watermarks.lowest(), readableLsn(progress)) > mergedLsn;
    }

    /** True when commits wait, for a core or for a sync. */
    boolean hasPending() {
        return !pending.isEmpty();
    }

    /**
     * Subscribes: every change after {@code fromLsnExclusive}, history from the log first, then
     * live. From its return on nothing is missed.
     *
     * @throws NodeDbException RESOURCES_EXHAUSTED when too many feeds pin the log, INVALID_ARGUMENT
     *     for an LSN that was not given out yet
     */
    public ChangeFeed changes(long fromLsnExclusive, ChangeFilter filter) {
        if (fromLsnExclusive < 0 || fromLsnExclusive > progress.ackingLsn()) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "No commit has this LSN yet: lsn="
                            + Lsn.toString(Math.max(0, fromLsnExclusive))
                            + " newest="
                            + Lsn.toString(progress.ackingLsn()));
        }
        int pin = pins.pin(fromLsnExclusive);
        if (pin < 0) {
            throw new NodeDbException(
                    ErrorCode.RESOURCES_EXHAUSTED,
                    "Too many feeds hold the log: limit=" + Pins.MAX_PINS);
        }
        openFeeds.getAndIncrement();
        return new ChangeFeed(
                fromLsnExclusive, filter, window, log, progress, pins, pin, time, this::feedClosed);
    }

    /**
     * As {@link #changes(long, ChangeFilter)}, from now on: every commit acknowledged after its
     * return.
     */
    public ChangeFeed changes(ChangeFilter filter) {
        return changes(progress.durableLsn(), filter);
    }

    private void feedClosed() {
        openFeeds.getAndDecrement();
    }

    /** The hub is broken: from now on every feed reads the log. */
    void giveUp() {
        pending.clear();
        pendingBytes = 0;
        window.uncover(Long.MAX_VALUE);
    }

    public Watermarks watermarks() {
        return watermarks;
    }

    /** Feeds open now. */
    public int openFeeds() {
        return openFeeds.get();
    }

    /** Slots of a core's event ring that wait for the hub. Any thread. */
    public int ringUsed(int core) {
        return feeds.get(core).used();
    }

    /** Slots of a core's event ring. Any thread. */
    public int ringCapacity(int core) {
        return feeds.get(core).capacity();
    }

    /** Gaps taken from rings so far: the metric. */
    public long gaps() {
        return gaps.get();
    }
}
