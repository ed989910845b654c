package io.nodedb.data.maintenance;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.metrics.PublishedLong;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.WriteSource;
import io.nodedb.data.commit.CommitPath;
import io.nodedb.data.commit.CommitResult;
import io.nodedb.data.core.BackgroundContext;
import io.nodedb.data.core.CoreSettings;
import io.nodedb.data.core.LogView;
import io.nodedb.data.failure.Failures;
import io.nodedb.data.failure.JobPauses;
import io.nodedb.data.offload.CoreInbox;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.data.partition.Partitions;
import io.nodedb.engine.EngineFiles;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the background work of a turn: rebuilding first, then expiry, then a checkpoint in
 * progress or due, then the engines' own housekeeping, one engine after the other; and the jobs of
 * engines with files of their own. A job that fails is paused for a while for what it failed at:
 * one engine in one partition, and where a job goes from tenant to tenant, one tenant's collections
 * there; everything else goes on.
 */
@CoreOwned
public final class Maintenance {
    private static final String EXPIRY = "expiry";
    private static final String CHECKPOINT = "checkpoint";
    private static final String HOUSEKEEPING = "housekeeping";
    private static final String REBUILD = "rebuild";
    private static final String COMPACTION = "compaction";
    private static final String FILES = "files";

    /** Jobs that share a slice: expiry, checkpoint, housekeeping. */
    private static final int JOBS = 3;

    /** Deletions in one expiry batch. */
    private static final int EXPIRED_PER_BATCH = 64;

    /** Expiry that is overdue and could not go on is tried again after this time. */
    private static final long EXPIRY_RETRY_MILLIS = 5;

    private final TimeSource time;
    private final CoreSettings settings;
    private final Partitions partitions;
    private final CommitPath commits;
    private final BackgroundContext context;
    private final LogView log;
    private final Failures failures;
    private final CheckpointService checkpoints;
    private final CoreInbox inbox;
    private final MaintenanceBudget budget;
    private final IoBudget io;
    private final TenantTurns turns;
    private final JobPauses pauses;
    private final BlockPair blocks = new BlockPair();
    private final ArrayDeque<RebuildJob> rebuilds = new ArrayDeque<>();

    private final FileWork fileWork;
    private @Nullable Checkpoint checkpoint;
    private long roundStartedNanos;
    private boolean roundActive;
    private boolean roundRequested;
    private boolean roundUrgent;
    private long requestNanos;
    private boolean idleLookedAt;
    private long compactedNanos;
    private long compactionsStarted;
    private int roundNext;
    private int housekeepingNext;
    private long checkpointsPublished;
    private long checkpointsFailed;

    /**
     * @param publishedTime where to publish what a tenant's maintenance has taken
     */
    public Maintenance(
            TimeSource time,
            CoreSettings settings,
            Partitions partitions,
            CommitPath commits,
            BackgroundContext context,
            LogView log,
            Failures failures,
            CheckpointService checkpoints,
            CoreInbox inbox,
            IntFunction<PublishedLong> publishedTime) {
        this.time = time;
        this.settings = settings;
        this.partitions = partitions;
        this.commits = commits;
        this.context = context;
        this.log = log;
        this.failures = failures;
        this.checkpoints = checkpoints;
        this.inbox = inbox;
        this.budget =
                new MaintenanceBudget(
                        settings.maintenanceShare(), settings.maintenanceSlice(), time.nanoTime());
        this.turns = new TenantTurns(time.nanoTime(), publishedTime);
        this.io = new IoBudget(settings.maintenanceIo(), time.nanoTime());
        this.fileWork = new FileWork(checkpoints, inbox, log, io, this::rebuild);
        this.pauses = new JobPauses(settings.jobPause());
        this.roundStartedNanos = time.nanoTime();
        this.requestNanos = roundStartedNanos;
        this.compactedNanos = roundStartedNanos;
    }

    /**
     * One slice.
     *
     * @param requestsWait the slice is then limited to the budget
     * @param stampedLsn every commit up to here is in the engines
     * @return true when there is more to do at once
     */
    public boolean step(boolean requestsWait, long stampedLsn) {
        long start = time.nanoTime();
        if (requestsWait) {
            requestNanos = start;
            idleLookedAt = false;
        }
        long grant = budget.grantNanos(start, requestsWait);
        if (grant == 0) {
            return false;
        }
        context.beginBackground(start + grant);
        boolean more;
        try {
            more = rebuildStep(start, stampedLsn);
            more |= expiryStep(start, grant);
            // Each job has its own part of the slice, so that none lives at the others' cost. Where
            // nothing was done no time has passed: most turns find nothing, and a look at the clock
            // would be the most expensive part of them.
            context.beginBackground(nowAfter(more, start) + grant / JOBS);
            more |= checkpointStep(start, stampedLsn);
            more |= fileStep(start, stampedLsn);
            more |= compactionStep(start);
            more |= housekeepingStep(start, nowAfter(more, start), grant);
        } finally {
            budget.spent(time.nanoTime() - start, requestsWait);
        }
        return more;
    }

    private long nowAfter(boolean worked, long startNanos) {
        return worked ? time.nanoTime() : startNanos;
    }

    private boolean rebuildStep(long nowNanos, long stampedLsn) {
        RebuildJob job = rebuilds.peek();
        if (job == null) {
            return false;
        }
        if (job.finished()) {
            rebuilds.remove();
            Throwable failure = job.failure();
            if (failure == null) {
                failures.notice(false, job.slot() + " was rebuilt and serves again");
                return true;
            }
            rebuild(job.slot());
            throw paused(REBUILD, job.slot(), nowNanos, failure);
        }
        Checkpoint writing = checkpoint;
        boolean busy =
                (writing != null && writing.slot() == job.slot()) || !fileWork.idle(job.slot());
        if (busy || !mayRun(REBUILD, job.slot(), nowNanos)) {
            // Its turn comes again; another one may be ready.
            rebuilds.add(rebuilds.remove());
            return false;
        }
        try {
            return job.step(stampedLsn, time.epochMillis());
        } catch (Throwable failure) {
            throw paused(REBUILD, job.slot(), nowNanos, failure);
        }
    }

    private boolean mayExpire(EngineSlot slot, long nowNanos) {
        return !slot.recovering()
                && !commits.failed()
                && !log.failed()
                && !log.refusing()
                && mayRun(EXPIRY, slot, nowNanos);
    }

    private boolean expiryStep(long nowNanos, long grant) {
        boolean more = false;
        long nowMillis = time.epochMillis();
        for (int i = 0; i < partitions.all().size(); i++) {
            EngineSlot slot = partitions.all().get(i);
            if (!mayExpire(slot, nowNanos)) {
                continue;
            }
            if (nextExpiryMillis(slot, nowNanos) <= nowMillis) {
                more |= expire(slot, nowNanos, grant);
            }
        }
        return more;
    }

    private long nextExpiryMillis(EngineSlot slot, long nowNanos) {
        try {
            return slot.engine().nextExpiryMillis();
        } catch (Throwable failure) {
            throw paused(EXPIRY, slot, nowNanos, failure);
        }
    }

    /** Tenants in turn, until one has had something: its batch is one of its own. */
    private boolean expire(EngineSlot slot, long nowNanos, long grant) {
        long from = time.nanoTime();
        turns.begin(partitions.tenants(), from);
        for (int tenant = turns.next(); tenant != TenantTurns.NOBODY; tenant = turns.next()) {
            if (!mayRun(EXPIRY, slot, tenant, nowNanos)) {
                turns.idle(tenant);
                continue;
            }
            boolean accepted;
            try {
                accepted = expire(slot, tenant, from + grant / JOBS);
            } catch (Throwable failure) {
                throw paused(EXPIRY, slot, tenant, nowNanos, failure);
            }
            long now = time.nanoTime();
            turns.worked(tenant, now - from, false);
            from = now;
            if (accepted) {
                return true;
            }
        }
        return false;
    }

    private boolean expire(EngineSlot slot, int tenant, long endNanos) {
        context.beginBackground(endNanos);
        context.useSlot(slot);
        int expired = slot.engine().expire(context, tenant, EXPIRED_PER_BATCH);
        return expired > 0
                && !commits.anyLocked(context.sections())
                && commits.commit(context.sections(), null, WriteSource.SCHEDULE, true)
                        == CommitResult.ACCEPTED;
    }

    private boolean checkpointStep(long nowNanos, long stampedLsn) {
        Checkpoint job = checkpoint;
        if (job == null) {
            return (roundActive || roundDue(nowNanos)) && startNext(nowNanos, stampedLsn);
        }
        if (job.finished()) {
            checkpoint = null;
            Throwable failure = job.failure();
            if (failure != null) {
                checkpointsFailed++;
                throw paused(CHECKPOINT, job.slot(), nowNanos, failure);
            }
            if (job.published()) {
                checkpointsPublished++;
            }
            return true;
        }
        if (job.slot().recovering()) {
            job.cancel();
            return job.finished();
        }
        context.useSlot(job.slot());
        try {
            long from = time.nanoTime();
            boolean worked = job.step(context, nowNanos, roundUrgent);
            turns.worked(job.tenant(), time.nanoTime() - from, worked);
            return worked;
        } catch (Throwable failure) {
            // Told when the job has ended.
            job.fail(failure);
            return true;
        }
    }

    private boolean roundDue(long nowNanos) {
        if (roundRequested
                || nowNanos - roundStartedNanos >= settings.checkpointInterval()
                || idleRoundDue(nowNanos)
                || walUncovered(nowNanos) > settings.checkpointWalBytes()) {
            roundUrgent = roundRequested;
            roundRequested = false;
            roundActive = true;
            roundStartedNanos = nowNanos;
            roundNext = 0;
            return true;
        }
        return false;
    }

    /**
     * The core has had no request for a while: that is a good time for what will have to be done
     * anyway. Looked at once in each such while: what changes later, or fails, has time until the
     * interval is over.
     */
    private boolean idleRoundDue(long nowNanos) {
        if (idleLookedAt
                || nowNanos - requestNanos < settings.checkpointIdle()
                || nowNanos - roundStartedNanos < settings.checkpointIdle()) {
            return false;
        }
        idleLookedAt = true;
        for (int i = 0; i < partitions.all().size(); i++) {
            EngineSlot slot = partitions.all().get(i);
            if (mayCheckpoint(slot, nowNanos) && slot.engine().checkpointNeeded()) {
                return true;
            }
        }
        return false;
    }

    private long walUncovered(long nowNanos) {
        long position = log.position();
        long most = 0;
        for (int i = 0; i < partitions.all().size(); i++) {
            EngineSlot slot = partitions.all().get(i);
            if (mayCheckpoint(slot, nowNanos)) {
                most = Math.max(most, position - slot.coveredPosition());
            }
        }
        return most;
    }

    private boolean mayCheckpoint(EngineSlot slot, long nowNanos) {
        return !slot.recovering() && mayRun(CHECKPOINT, slot, nowNanos);
    }

    /**
     * Starts the checkpoint of the next engine of the round; one that has not changed only moves
     * its coverage forward when the log can be cut by that.
     */
    private boolean startNext(long nowNanos, long stampedLsn) {
        while (roundNext < partitions.all().size()) {
            EngineSlot slot = partitions.all().get(roundNext++);
            if (slot.coveredLsn() < stampedLsn && mayCheckpoint(slot, nowNanos)) {
                try {
                    checkpoint = begin(slot, stampedLsn);
                } catch (Throwable failure) {
                    throw paused(CHECKPOINT, slot, nowNanos, failure);
                }
                return true;
            }
        }
        roundActive = false;
        roundUrgent = false;
        return false;
    }

    private Checkpoint begin(EngineSlot slot, long stampedLsn) {
        EngineFiles files = slot.files();
        return files == null
                ? new CheckpointJob(slot, checkpoints, inbox, log, io, blocks, stampedLsn)
                : new FileCheckpoint(slot, files, fileWork, log, stampedLsn);
    }

    private boolean fileStep(long nowNanos, long stampedLsn) {
        boolean any = false;
        for (int i = 0; i < partitions.all().size(); i++) {
            EngineSlot slot = partitions.all().get(i);
            EngineFiles files = slot.files();
            if (files == null || slot.recovering() || !mayRun(FILES, slot, nowNanos)) {
                continue;
            }
            try {
                any |= fileWork.step(slot, files, nowNanos, stampedLsn);
            } catch (Throwable failure) {
                throw paused(FILES, slot, nowNanos, failure);
            }
        }
        any |= fileWork.moveOn(nowNanos);
        BackgroundFailure failed = fileWork.takeFailure();
        if (failed != null) {
            throw failed;
        }
        return any;
    }

    /** Every {@code compaction_interval} each engine is asked whether it is worth its while. */
    private boolean compactionStep(long nowNanos) {
        if (nowNanos - compactedNanos < settings.compactionInterval()) {
            return false;
        }
        compactedNanos = nowNanos;
        boolean started = false;
        for (int i = 0; i < partitions.all().size(); i++) {
            EngineSlot slot = partitions.all().get(i);
            if (slot.recovering() || !mayRun(COMPACTION, slot, nowNanos)) {
                continue;
            }
            try {
                if (slot.engine().compact(settings.tombstoneRatio())) {
                    compactionsStarted++;
                    started = true;
                }
            } catch (Throwable failure) {
                throw paused(COMPACTION, slot, nowNanos, failure);
            }
        }
        return started;
    }

    private boolean housekeepingStep(long nowNanos, long fromNanos, long grant) {
        int count = partitions.all().size();
        for (int i = 0; i < count; i++) {
            EngineSlot slot = partitions.all().get(housekeepingNext);
            housekeepingNext = housekeepingNext + 1 == count ? 0 : housekeepingNext + 1;
            if (slot.recovering() || !mayRun(HOUSEKEEPING, slot, nowNanos)) {
                continue;
            }
            if (maintain(slot, nowNanos, fromNanos, grant)) {
                return true;
            }
        }
        return false;
    }

    private boolean maintain(EngineSlot slot, long nowNanos, long fromNanos, long grant) {
        long from = fromNanos;
        long end = from + grant / JOBS;
        turns.begin(partitions.tenants(), from);
        context.useSlot(slot);
        context.beginBackground(end);
        int tenant = turns.next();
        while (tenant != TenantTurns.NOBODY) {
            if (!maintain(slot, tenant, nowNanos)) {
                turns.idle(tenant);
            } else {
                long now = time.nanoTime();
                turns.worked(tenant, now - from, true);
                if (now >= end) {
                    return true;
                }
                from = now;
            }
            tenant = turns.next();
        }
        return false;
    }

    private boolean maintain(EngineSlot slot, int tenant, long nowNanos) {
        if (!mayRun(HOUSEKEEPING, slot, tenant, nowNanos)) {
            return false;
        }
        try {
            return slot.engine().maintain(context, tenant);
        } catch (Throwable failure) {
            throw paused(HOUSEKEEPING, slot, tenant, nowNanos, failure);
        }
    }

    private boolean mayRun(String job, EngineSlot slot, long nowNanos) {
        return mayRun(job, slot, JobPauses.EVERY_TENANT, nowNanos);
    }

    private boolean mayRun(String job, EngineSlot slot, int tenant, long nowNanos) {
        return pauses.mayRun(job, slot.partition(), slot.engineId(), tenant, nowNanos);
    }

    private boolean pausedForAnyone(String job, EngineSlot slot, long nowNanos) {
        return pauses.anyPaused(job, slot.partition(), slot.engineId(), nowNanos);
    }

    /** Pauses the job for the engine; what is returned is to be thrown, and counted. */
    private BackgroundFailure paused(
            String job, EngineSlot slot, long nowNanos, Throwable failure) {
        return paused(job, slot, JobPauses.EVERY_TENANT, nowNanos, failure);
    }

    private BackgroundFailure paused(
            String job, EngineSlot slot, int tenant, long nowNanos, Throwable failure) {
        // What is wrong with an engine shows with one tenant after the other: that is one failure.
        boolean first = !pausedForAnyone(job, slot, nowNanos);
        pauses.failed(job, slot.partition(), slot.engineId(), tenant, nowNanos);
        String whose = tenant == JobPauses.EVERY_TENANT ? "" : " tenant=" + tenant;
        String what = job + " of " + slot + whose;
        return first
                ? new BackgroundFailure(what, failure)
                : BackgroundFailure.again(what, failure);
    }

    /**
     * The engine failed where it must not: it is rebuilt as soon as everything that touched it is
     * in the log.
     */
    public void rebuild(EngineSlot slot) {
        rebuilds.add(new RebuildJob(slot, checkpoints, inbox, partitions, commits));
    }

    /** Starts a round of checkpoints now, as at a clean stop, and does not spare the disk. */
    public void requestCheckpoint() {
        roundRequested = true;
        roundUrgent |= roundActive || checkpoint != null;
    }

    /** The last checkpoint is asked for, and no other work on files is begun any more. */
    public void beginStop() {
        requestCheckpoint();
        fileWork.beginStop();
    }

    /** No checkpoint is under way or asked for, and no work on files. */
    public boolean idle() {
        return checkpoint == null && !roundActive && !roundRequested && fileWork.idle();
    }

    /**
     * Nanoseconds until something is due by time that can't wait for the core's next look. What
     * could go on at once has made {@link #step} say so; what is overdue and can't is tried again
     * after a while, and an engine with a tenant whose expiry is paused is left to the core's own
     * looks.
     */
    public long nanosUntilDue() {
        long nowNanos = time.nanoTime();
        long nowMillis = time.epochMillis();
        long due = Long.MAX_VALUE;
        Checkpoint job = checkpoint;
        if ((job != null && job.waitsForBudget()) || fileWork.waitsForBudget()) {
            due = io.nanosUntilMove(nowNanos);
        }
        for (int i = 0; i < partitions.all().size(); i++) {
            EngineSlot slot = partitions.all().get(i);
            if (mayExpire(slot, nowNanos) && !pausedForAnyone(EXPIRY, slot, nowNanos)) {
                long expiry = slot.engine().nextExpiryMillis();
                if (expiry != Long.MAX_VALUE) {
                    long millis = Math.max(EXPIRY_RETRY_MILLIS, expiry - nowMillis);
                    due = Math.min(due, TimeUnit.MILLISECONDS.toNanos(millis));
                }
            }
        }
        return due;
    }

    public long checkpointsPublished() {
        return checkpointsPublished;
    }

    /** Engines that began to compact their memory so far. */
    public long compactionsStarted() {
        return compactionsStarted;
    }

    public long checkpointsFailed() {
        return checkpointsFailed;
    }
}
