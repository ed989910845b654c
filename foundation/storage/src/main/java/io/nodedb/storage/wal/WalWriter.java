package io.nodedb.storage.wal;

import io.nodedb.base.clock.HybridClock;
import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.BugException;
import io.nodedb.base.errors.Check;
import io.nodedb.base.ids.Lsn;
import io.nodedb.base.ownership.WalOwned;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sequencer: drains the rings of cores and coordinators, gives every record its LSN, writes
 * them as one group, syncs when somebody waits for that, acknowledges. One {@link #step} is one
 * such round; a stand-in makes it in parts, so that it holds nothing else while it syncs. Files are
 * made, removed and synced beside it by the {@link WalKeeper} when nobody waits. The hot path
 * (drain, stamp, copy, write) allocates nothing.
 *
 * <pre>
 *                 failed write or sync
 *  SERVING ───────────────────────────────▶ FAILED   for good: everything is answered with an error
 *     │ ▲
 *     ▼ │ space is back (tried every disk_retry)
 *  refusing: cores refuse new writes; what is in the rings still fits what was preallocated
 * </pre>
 *
 * <p>{@code step}, {@code close} and nothing else belong to the thread {@code wal-writer}; what is
 * volatile or atomic here is said so and may be used by everybody. A failed write or sync is never
 * retried, because after it nobody knows what the file holds.
 */
@WalOwned
public final class WalWriter {
    private static final int MAX_GROUP_ACKS = 1 << 15;

    /** Most decisions are shorter; longer ones may have to wait for space on a full disk. */
    private static final int USUAL_DECISION_BYTES = 128;

    private final WalOptions options;
    private final CoreLog[] cores;
    private final SegmentPool pool;
    private final SegmentList segments;
    private final Retention retention;
    private final Pins pins;
    private final WalProgress progress;
    private final WalCounters counters = new WalCounters();
    private final WalKeeper keeper;
    private final LogSyncs syncs;
    private final SegmentUpkeep upkeep;
    private final GroupBuffer group;
    private final GroupAcks acks;
    private final RecordSequencer sequencer;
    private final long databaseId;
    private final long incarnation;
    private final GroupDecisions decisions;
    private final GroupGathering gathering;
    private GroupPhase phase = GroupPhase.OPEN;
    private int nextCore;
    private @Nullable OpenSegment active;
    private long position;
    private long previousEnd;
    private long previousLsn;
    private boolean waitForSpace;
    private volatile @Nullable Throwable failure;

    /** What the group in hand waits for. */
    private enum GroupPhase {
        /** Nothing: the next one may be put together. */
        OPEN,
        /** It is written; somebody waits for its sync. */
        WRITTEN,
        /** It is synced and must be acknowledged. */
        SYNCED
    }

    WalWriter(
            WalOptions options,
            TimeSource time,
            List<CoreLog> coreLogs,
            List<CommitPort> commitPorts,
            SegmentPool pool,
            WalRecovery recovery,
            RecoveredLog recovered,
            Pins pins,
            WalProgress progress,
            WalKeeper keeper,
            long databaseId) {
        this.options = options;
        this.cores = coreLogs.toArray(CoreLog[]::new);
        this.decisions = new GroupDecisions(commitPorts);
        this.gathering = new GroupGathering(cores, time, options.gatherNanos());
        this.pool = pool;
        this.segments = recovery.segments();
        this.retention = recovery.retention();
        this.pins = pins;
        this.progress = progress;
        this.databaseId = databaseId;
        this.incarnation = recovered.incarnation() + 1;
        this.previousEnd = recovered.groups() == 0 ? 0 : recovered.tailPosition();
        this.previousLsn = recovered.lastLsn();
        this.group = new GroupBuffer(options.groupBytes());
        this.acks = new GroupAcks(cores, MAX_GROUP_ACKS + cores.length);
        HybridClock clock = new HybridClock(time, recovered.lsnFloor());
        this.sequencer =
                new RecordSequencer(cores, clock, recovery.indexes(), retention, group, acks);
        this.keeper = keeper;
        this.syncs =
                new LogSyncs(
                        time,
                        options.asyncSyncIntervalNanos(),
                        progress,
                        counters,
                        keeper,
                        this::ringCores);
        this.upkeep =
                new SegmentUpkeep(
                        options,
                        time,
                        pool,
                        segments,
                        retention,
                        pins,
                        progress,
                        keeper,
                        reserve(options, cores.length, commitPorts));
        for (int i = 0; i < cores.length; i++) {
            Check.that(cores[i].core() == i, "cores are numbered in order", i, cores[i].core());
        }
    }

    /** What may stand in the rings when the cores learn that the disk is full. */
    private static long reserve(WalOptions options, int cores, List<CommitPort> ports) {
        long inRings = (long) cores * options.coreRingBytes();
        for (CommitPort port : ports) {
            inRings += (long) port.capacity() * USUAL_DECISION_BYTES;
        }
        long groups = inRings / options.groupBytes() + 2;
        return inRings + groups * (SegmentFormat.BLOCK_BYTES + GroupFormat.HEADER_BYTES);
    }

    /** Opens the first segment of this start; on a full disk the steps go on trying. */
    void begin() throws IOException {
        upkeep.prepareAll(0, sequencer.lastLsn());
        if (openNextSegment()) {
            long ignored = sync();
            upkeep.prepareAll(rest(), sequencer.lastLsn());
        }
    }

    /**
     * One round. Returns whether it did anything: false means that the thread may sleep until its
     * bell rings or {@link #idleNanos} have passed.
     */
    public boolean step() {
        boolean worked = stepPart();
        while (phase != GroupPhase.OPEN && stepPart()) {
            worked = true;
        }
        return worked;
    }

    /**
     * A part of a round: everything but a sync that somebody waits for, that sync, or what follows
     * it.
     */
    public boolean stepPart() {
        if (failure != null) {
            return refuseEverything();
        }
        try {
            boolean worked = keeper.collect();
            worked |= postChore();
            return switch (phase) {
                case OPEN -> writeGroup() || worked;
                case WRITTEN -> syncGroup() || worked;
                case SYNCED -> {
                    acknowledge();
                    phase = GroupPhase.OPEN;
                    yield true;
                }
            };
        } catch (IOException e) {
            fail(e);
            return true;
        }
    }

    /** Gives the keeper something to do: first what commits may come to wait for. */
    private boolean postChore() {
        if (!keeper.idle()) {
            return false;
        }
        if (syncs.postFull()) {
            return true;
        }
        if (phase == GroupPhase.OPEN && syncs.due()) {
            syncs.postActive(requireActive(), previousLsn, previousEnd);
            startNewBlock();
            return true;
        }
        return upkeep.post(rest(), sequencer.lastLsn(), syncs);
    }

    /** Bytes that are left in the active segment. */
    private long rest() {
        OpenSegment segment = active;
        return segment == null ? 0 : Math.max(0, segment.segment().end() - position);
    }

    /**
     * Is there something for the next step? Any thread: it changes nothing, and what it misses
     * because somebody is at work, that one finds.
     */
    public boolean hasWork() {
        if (failure == null && keeper.done()) {
            return true;
        }
        switch (phase) {
            case OPEN -> {}
            case WRITTEN -> {
                return syncs.settled() || keeper.idle();
            }
            case SYNCED -> {
                return true;
            }
        }
        boolean wanted = recordsWait() || decisions.waiting();
        return wanted && (failure != null || (!waitForSpace && !gathers()));
    }

    private boolean recordsWait() {
        for (CoreLog core : cores) {
            if (!core.records().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Do records wait until those come that are expected to share their sync? Any thread. */
    boolean gathers() {
        return failure == null && !gathering.isOver() && recordsWait() && !decisions.waiting();
    }

    /** How long the owner may sleep before the next step is due by itself. */
    public long idleNanos() {
        long idle = options.diskRetryNanos();
        if (failure != null || !keeper.idle()) {
            return idle;
        }
        idle = Math.min(idle, Math.min(syncs.untilDueNanos(), upkeep.untilRetryNanos()));
        if (gathers()) {
            idle = Math.min(idle, gathering.untilOverNanos());
        }
        return Math.max(0, idle);
    }

    /** Is the keeper doing what the group in hand, or the next one, needs? */
    boolean waitsForKeeper() {
        return failure == null && !keeper.idle() && (phase != GroupPhase.OPEN || waitForSpace);
    }

    /** Owner: will the next step wait for the disk's cache? */
    public boolean syncsNext() {
        return phase == GroupPhase.WRITTEN;
    }

    private boolean writeGroup() throws IOException {
        if (gathers()) {
            gathering.holdsBack();
            return false;
        }
        if (recordsWait()) {
            gathering.ends();
        }
        if (!upkeep.mayWrite(rest())) {
            waitForSpace = true;
            return false;
        }
        beginGroup(rest());
        boolean roomLeft = fillFromPorts() && fillFromCores();
        if (group.records() == 0) {
            waitForSpace = false;
            if (roomLeft) {
                return false;
            }
            if (openNextSegment()) {
                return true;
            }
            waitForSpace = true;
            counters.stalled();
            return false;
        }
        waitForSpace = false;
        write();
        if (sequencer.needsSync()) {
            phase = GroupPhase.WRITTEN;
        } else {
            acknowledge();
        }
        return true;
    }

    private void beginGroup(long room) {
        group.begin(room);
        sequencer.beginGroup(position);
    }

    /** False when the group has no room for the next decision. */
    private boolean fillFromPorts() {
        while (decisions.hasRoom()) {
            CommitRequest request = decisions.next();
            if (request == null) {
                return true;
            }
            if (sequencer.decide(request) == RecordSequencer.Outcome.FULL) {
                return false;
            }
            decisions.inGroup(request);
        }
        return true;
    }

    /** False when the group has no room for a core's next record. The cores take turns. */
    private boolean fillFromCores() {
        boolean roomLeft = true;
        int first = nextCore;
        nextCore = first + 1 >= cores.length ? 0 : first + 1;
        for (int i = 0; i < cores.length; i++) {
            int core = first + i >= cores.length ? first + i - cores.length : first + i;
            // A share, so that a flood from one core leaves room for the others in every group.
            int share = group.length() + options.groupBytes() / cores.length;
            RecordSequencer.Outcome outcome = RecordSequencer.Outcome.MOVED;
            while (outcome == RecordSequencer.Outcome.MOVED && group.length() <= share) {
                outcome = sequencer.moveFrom(core);
            }
            roomLeft &= outcome != RecordSequencer.Outcome.FULL;
        }
        return roomLeft;
    }

    private void write() throws IOException {
        OpenSegment segment = requireActive();
        int bytes = group.length();
        segment.file()
                .write(
                        position - segment.segment().base(),
                        group.seal(
                                position,
                                databaseId,
                                incarnation,
                                progress.syncedPosition(),
                                previousEnd));
        syncs.wrote();
        position += bytes;
        previousEnd = position;
        previousLsn = sequencer.lastLsn();
        counters.wrote(group.records(), bytes);
    }

    /** False while the keeper is at what lies before the group. */
    private boolean syncGroup() throws IOException {
        if (!syncs.settled()) {
            return false;
        }
        gathering.synced(sync());
        phase = GroupPhase.SYNCED;
        return true;
    }

    /** Returns how long it took. */
    private long sync() throws IOException {
        long nanos = syncs.syncNow(requireActive(), previousLsn, previousEnd);
        startNewBlock();
        return nanos;
    }

    /** Synced bytes share no block with what comes, so a torn write cannot harm them. */
    private void startNewBlock() {
        position = GroupCursor.nextBlock(position);
    }

    private OpenSegment requireActive() {
        if (active == null) {
            throw new BugException("what is written or synced has a segment");
        }
        return active;
    }

    private void acknowledge() {
        long lsn = previousLsn;
        progress.acking(lsn);
        acks.deliver();
        progress.durable(lsn, previousEnd);
        decisions.answer();
    }

    /** Events and replicas wait for the synced LSN, which has moved without a record. */
    private void ringCores() {
        for (CoreLog core : cores) {
            core.ringCore();
        }
    }

    private boolean openNextSegment() throws IOException {
        OpenSegment next = syncs.mayLeave() ? upkeep.take() : null;
        if (next == null) {
            return false;
        }
        OpenSegment full = active;
        if (full != null) {
            syncs.leave(full, previousLsn, previousEnd);
        }
        Segment segment = next.segment();
        active = next;
        position = segment.first();
        retention.append(segment);
        beginGroup(segment.bytes() - SegmentFormat.BLOCK_BYTES);
        sequencer.note(previousLsn);
        // Readers must find the segment before they are told of anything in it.
        segments.append(segment.withLsnBefore(previousLsn));
        write();
        return true;
    }

    /**
     * From any thread: nothing at or below this LSN is needed for recovery any more. What a pin, an
     * undecided transaction or a kept COMMIT needs stays nevertheless.
     */
    public void cut(long lsn) {
        upkeep.cut(lsn);
    }

    /**
     * Owner: ends writing for good, because of a failed write or sync, or of a bug that was caught
     * in a step. Idempotent.
     */
    public void fail(Throwable cause) {
        if (failure != null) {
            return;
        }
        failure = cause;
        phase = GroupPhase.OPEN;
        acks.deliverFailed();
        decisions.answerUnknown();
    }

    /** What comes after the failure is certainly not in the log. */
    private boolean refuseEverything() {
        boolean worked = false;
        CommitRequest request;
        while (acks.hasRoom() && (request = decisions.next()) != null) {
            sequencer.refuse(request);
            decisions.refuse(request);
            worked = true;
        }
        for (int core = 0; core < cores.length; core++) {
            while (acks.hasRoom() && sequencer.refuseFrom(core)) {
                worked = true;
            }
        }
        acks.deliverFailed();
        decisions.ring();
        return worked;
    }

    /** Any thread: did a write or a sync fail? Then nothing is written until the next start. */
    public boolean failed() {
        return failure != null;
    }

    /** Any thread: what failed, or null. */
    public @Nullable Throwable failure() {
        return failure;
    }

    /**
     * Any thread: is the disk full? A core then refuses new writes with DISK_FULL before it logs
     * anything.
     */
    public boolean refusing() {
        return upkeep.refusing();
    }

    /** Any thread. */
    public WalProgress progress() {
        return progress;
    }

    /** Any thread. */
    public WalCounters counters() {
        return counters;
    }

    /** Any thread. */
    public Pins pins() {
        return pins;
    }

    /** Number of this start of the database, greater than every earlier one. */
    public long incarnation() {
        return incarnation;
    }

    /** Text for the log and for errors: state and position. */
    public String describe() {
        String state = failed() ? "FAILED" : refusing() ? "refusing" : "serving";
        return state
                + " incarnation="
                + incarnation
                + " durable="
                + Lsn.toString(progress.durableLsn())
                + " position="
                + progress.durablePosition()
                + " reserve="
                + upkeep.reserveBytes();
    }

    /** After its last step and the keeper's: syncs what is unsynced and closes the files. */
    void close() throws IOException {
        OpenSegment segment = active;
        active = null;
        try {
            if (failure == null) {
                boolean ignored = keeper.collect();
            }
            syncs.close(segment, failure != null);
        } finally {
            if (segment != null) {
                segment.file().close();
            }
            pool.close();
        }
    }
}
