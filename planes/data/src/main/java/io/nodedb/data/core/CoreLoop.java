package io.nodedb.data.core;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.PressureLevel;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.LanePort;
import io.nodedb.bridge.lane.Request;
import io.nodedb.data.commit.Answers;
import io.nodedb.data.commit.CommitPath;
import io.nodedb.data.commit.EngineFaults;
import io.nodedb.data.commit.LocalCoordinator;
import io.nodedb.data.failure.Failures;
import io.nodedb.data.failure.PoisonRegistry;
import io.nodedb.data.failure.Watchdog;
import io.nodedb.data.feed.EventEmitter;
import io.nodedb.data.helpers.CoreInbox;
import io.nodedb.data.helpers.HelperJob;
import io.nodedb.data.helpers.HelperPool;
import io.nodedb.data.maintenance.BackgroundFailure;
import io.nodedb.data.maintenance.BackgroundFailure;
import io.nodedb.data.maintenance.Maintenance;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.data.partition.Partitions;
import io.nodedb.plan.Call;
import io.nodedb.plan.commit.CommitCall;
import io.nodedb.storage.snapshot.SnapshotRegistry;
import io.nodedb.storage.wal.CoreLog;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The duty cycle of one data core.
 *
 * <p>One {@link #step} is one turn: take requests from the rings, then acknowledgements from the
 * log (in this order, so that a request sees every commit that was acknowledged before it was
 * sent), retry what was deferred, run what helpers finished, run at most {@code tasksPerTurn}
 * tasks, give maintenance its slice, beat the heart, wake whoever was answered. Every part runs
 * inside a catch of {@code Throwable}: a failure ends the work in hand, never the core.
 *
 * <p>Owned by the core's thread, or by the simulator; the methods that others may call are marked.
 */
@CoreOwned
public final class CoreLoop {
    private static final int SESSION_BUCKETS = 1024;

    private final int core;
    private final TimeSource time;
    private final CoreSettings settings;
    private final List<LanePort<Call>> ports;
    private final CoreLog log;
    private final LogView logView;
    private final MemoryGovernor governor;
    private final Failures failures;
    private final CoreInbox inbox;
    private final HelperPool readers;

    private final Partitions partitions = new Partitions();
    private final PriorityQueues queues;
    private final RequestQueue deferred = new RequestQueue();
    private final int[] deferredBySession = new int[SESSION_BUCKETS];
    private final boolean[] sessionBlocked = new boolean[SESSION_BUCKETS];
    private final Watchdog watchdog;
    private final PoisonRegistry poison;
    private final Responder responder;
    private final CoreContext context;
    private final EventEmitter emitter;
    private final CommitPath commits;
    private final LocalCoordinator coordinator;
    private final RequestExecutor executor;
    private final Heartbeat heartbeat;
    private final Maintenance maintenance;

    private boolean writesBlocked;
    private int writesLeftThisTurn;
    private int portOfTurn;
    private int lackCredit;
    private long stampedLsn;
    private final CoreStatistics statistics = new CoreStatistics();
    private boolean refusingNewWork;
    private @Nullable Runnable quietListener;

    public CoreLoop(CoreWiring wiring) {
        core = wiring.core();
        time = wiring.time();
        settings = wiring.settings();
        ports = wiring.ports();
        log = wiring.log();
        logView = wiring.logView();
        governor = wiring.governor();
        failures = wiring.failures();
        inbox = wiring.inbox();
        readers = wiring.readers();
        SnapshotRegistry snapshots = wiring.snapshots();
        queues = new PriorityQueues(settings.queueCapacity(), settings.backgroundShare());
        watchdog =
                new Watchdog(
                        settings.watchdogFailures(),
                        settings.watchdogWindow(),
                        settings.degradedTime());
        poison =
                new PoisonRegistry(
                        settings.fingerprints(), settings.refusalTime(), settings.watchdogWindow());
        responder = new Responder(ports);
        context = new CoreContext(time);
        emitter = new EventEmitter(wiring.events(), logView::syncedLsn, wiring.eventStage());
        coordinator = wiring.coordinator();
        commits =
                new CommitPath(
                        log,
                        coordinator,
                        partitions,
                        emitter,
                        new HeldAnswers(),
                        new Faults(),
                        wiring.maxRecordBytes(),
                        settings.unacknowledgedBatches());
        executor =
                new RequestExecutor(
                        settings,
                        context,
                        partitions,
                        commits,
                        logView,
                        snapshots,
                        governor,
                        responder);
        heartbeat =
                new Heartbeat(
                        settings.heartbeatMin(),
                        settings.heartbeatMax(),
                        wiring.random(),
                        time.nanoTime());
        maintenance =
                new Maintenance(
                        time,
                        settings,
                        partitions,
                        commits,
                        context,
                        logView,
                        failures,
                        wiring.checkpoints(),
                        inbox);
    }

    /** The core's partitions, filled before the first step. */
    public Partitions partitions() {
        return partitions;
    }

    /** Before the first step: engines whose replay failed are rebuilt. */
    public void rebuildFailed() {
        for (EngineSlot slot : partitions.all()) {
            if (slot.recovering() && !slot.lost()) {
                maintenance.rebuild(slot);
            }
        }
    }

    /**
     * One turn. @return true when something was done, so that the next turn should follow at once
     */
    public boolean step() {
        statistics.turns.increment();
        long now = time.nanoTime();
        boolean worked = intake();
        worked |= acknowledgements();
        recoverFromDegradation(now);
        writesBlocked = false;
        writesLeftThisTurn =
                governor.pressure().compareTo(PressureLevel.CRITICAL) >= 0
                        ? Math.max(1, settings.tasksPerTurn() / 16)
                        : Integer.MAX_VALUE;
        worked |= retryDeferred(now);
        worked |= runContinuations();
        worked |= runTasks();
        if (!watchdog.degraded()) {
            worked |= maintain();
        }
        worked |= beat();
        tellWhenQuiet();
        log.flush();
        responder.flush();
        return worked;
    }

    private boolean intake() {
        boolean any = false;
        int count = ports.size();
        for (int i = 0; i < count && !queues.full(); i++) {
            LanePort<Call> port = ports.get(portOfTurn);
            portOfTurn = portOfTurn + 1 == count ? 0 : portOfTurn + 1;
            for (int taken = 0; taken < settings.tasksPerTurn() && !queues.full(); taken++) {
                Request<Call> request = port.take();
                if (request == null) {
                    break;
                }
                queues.add(request);
                any = true;
            }
        }
        return any;
    }

    private boolean acknowledgements() {
        try {
            long durable = logView.durableLsn();
            boolean any = commits.pollAcknowledgements();
            // Acknowledgements are pushed before the durable LSN moves, so all up to the value read
            // before are in the engines now.
            stampedLsn = Math.max(stampedLsn, durable);
            coordinator.poll();
            any |= commits.continueLogging();
            emitter.turn(stampedLsn);
            return any;
        } catch (Throwable failure) {
            failed("acknowledgements", "commit path of core-" + core, failure, true);
            return true;
        }
    }

    private void recoverFromDegradation(long now) {
        if (watchdog.recover(now)) {
            statistics.setTrouble(null);
            failures.notice(false, "core-" + core + " has recovered and serves again");
        }
    }

    private boolean retryDeferred(long now) {
        int count = deferred.size();
        if (count == 0) {
            return false;
        }
        boolean progressed = false;
        lackCredit = 0;
        java.util.Arrays.fill(sessionBlocked, false);
        for (int i = 0; i < count; i++) {
            Request<Call> request = deferred.poll();
            if (request == null) {
                break;
            }
            int bucket = bucket(request);
            if (bucket >= 0 && sessionBlocked[bucket]) {
                if (expired(request, now)) {
                    forgetDeferred(bucket);
                    progressed = true;
                } else {
                    deferred.add(request);
                }
                continue;
            }
            forgetDeferred(bucket);
            Disposition disposition = run(request, now);
            if (deferAgain(request, disposition)) {
                if (bucket >= 0) {
                    sessionBlocked[bucket] = true;
                }
            } else {
                progressed = true;
            }
        }
        return progressed;
    }

    private void forgetDeferred(int bucket) {
        if (bucket >= 0) {
            deferredBySession[bucket]--;
        }
    }

    private static int bucket(Request<Call> request) {
        return request.session == 0 ? -1 : (int) ((request.session * 0x9E3779B97F4A7C15L) >>> 54);
    }

    private boolean runContinuations() {
        boolean any = false;
        for (Runnable continuation = inbox.poll();
                continuation != null;
                continuation = inbox.poll()) {
            any = true;
            try {
                continuation.run();
            } catch (Throwable failure) {
                failed("continuation", continuation.toString(), failure, true);
            }
        }
        return any;
    }

    private boolean runTasks() {
        int done = 0;
        for (; done < settings.tasksPerTurn(); done++) {
            Request<Call> request = queues.poll();
            if (request == null) {
                break;
            }
            int bucket = bucket(request);
            if (bucket >= 0 && deferredBySession[bucket] > 0) {
                defer(request);
                continue;
            }
            deferAgain(request, run(request, time.nanoTime()));
        }
        statistics.tasks.add(done);
        return done > 0;
    }

    /** Puts a request that waits or yields where it belongs. @return true when it was deferred */
    private boolean deferAgain(Request<Call> request, Disposition disposition) {
        switch (disposition) {
            case DONE -> {}
            case YIELD -> queues.add(request);
            case READING -> read(request);
            case WAIT_FOR_LOG -> {
                writesBlocked = true;
                defer(request);
                return true;
            }
            case WAIT_FOR_CREDIT -> {
                lackCredit++;
                defer(request);
                return true;
            }
            case WAIT_FOR_LOCK, WAIT_FOR_DURABLE -> {
                defer(request);
                return true;
            }
        }
        return false;
    }

    private void defer(Request<Call> request) {
        int bucket = bucket(request);
        if (bucket >= 0) {
            deferredBySession[bucket]++;
        }
        deferred.add(request);
    }

    private void read(Request<Call> request) {
        Runnable read = context.takeRead();
        HelperJob job =
                new HelperJob(inbox) {
                    @Override
                    protected void work() {
                        java.util.Objects.requireNonNull(read).run();
                    }

                    @Override
                    protected void finished(@Nullable Throwable failure) {
                        if (failure == null) {
                            queues.add(request);
                        } else {
                            requestFailed(request, failure);
                        }
                    }
                };
        if (!readers.submit(job)) {
            defer(request);
        }
    }

    /** Runs one quantum of a request; whatever it throws becomes its answer. */
    private Disposition run(Request<Call> request, long now) {
        if (expired(request, now) || refused(request, now)) {
            return Disposition.DONE;
        }
        request.renewLease(now + settings.leaseTime());
        try {
            boolean writesMayRun = !writesBlocked;
            if (writesMayRun
                    && writesLeftThisTurn != Integer.MAX_VALUE
                    && request.payload.writes()) {
                writesMayRun = writesLeftThisTurn-- > 0;
            }
            Disposition disposition = executor.execute(request, now, writesMayRun);
            if (disposition == Disposition.DONE) {
                watchdog.completed();
            }
            return disposition;
        } catch (Throwable failure) {
            requestFailed(request, failure);
            return Disposition.DONE;
        }
    }

    private boolean expired(Request<Call> request, long now) {
        if (request.deadlineNanos == Request.NO_DEADLINE || now - request.deadlineNanos < 0) {
            return false;
        }
        abandon(request);
        responder.fail(
                request,
                ErrorCode.DEADLINE_EXCEEDED,
                "the request's deadline passed before core-" + core + " could finish it",
                0);
        return true;
    }

    private boolean refused(Request<Call> request, long now) {
        if (refusingNewWork) {
            abandon(request);
            responder.fail(request, ErrorCode.SHUTTING_DOWN, "the database is closing", 0);
            return true;
        }
        if (watchdog.degraded()) {
            abandon(request);
            responder.fail(
                    request,
                    ErrorCode.CORE_DEGRADED,
                    "core-" + core + " is degraded after repeated panics",
                    watchdog.retryAfterMillis(now));
            return true;
        }
        if (!poison.isEmpty()) {
            Call call = request.payload;
            long millis =
                    poison.refusedMillis(
                            request.tenant,
                            call.collection(),
                            call.operation(),
                            call.valuesHash(),
                            now);
            if (millis > 0) {
                abandon(request);
                responder.fail(
                        request,
                        ErrorCode.REQUEST_REFUSED,
                        "the same request failed repeatedly on core-" + core,
                        millis);
                return true;
            }
        }
        return false;
    }

    private void abandon(Request<Call> request) {
        if (request.payload instanceof CommitCall commit) {
            executor.abandon(commit);
        }
    }

    private void requestFailed(Request<Call> request, Throwable failure) {
        Call call = request.payload;
        abandon(request);
        String id = failures.report("request", call.toString(), failure);
        responder.fail(request, ErrorCode.INTERNAL, "the request failed unexpectedly: id=" + id, 0);
        long now = time.nanoTime();
        boolean counts =
                poison.failed(
                        request.tenant,
                        call.collection(),
                        call.operation(),
                        call.valuesHash(),
                        now);
        if (failure instanceof OutOfMemoryError) {
            degrade(watchdog.degradeNow(now), failure);
        } else if (counts) {
            degrade(watchdog.failed(now), failure);
        }
    }

    private void failed(String place, String what, Throwable failure, boolean counts) {
        failures.report(place, what, failure);
        if (counts) {
            degrade(watchdog.failed(time.nanoTime()), failure);
        }
    }

    private void degrade(boolean degraded, Throwable last) {
        if (degraded) {
            statistics.degradations.increment();
            statistics.setTrouble("core-" + core + " is degraded after repeated panics");
            failures.notice(
                    true,
                    "core-"
                            + core
                            + " is degraded after repeated panics: count="
                            + watchdog.failures()
                            + " threshold="
                            + watchdog.threshold()
                            + " windowMillis="
                            + watchdog.windowNanos() / 1_000_000
                            + " last="
                            + last);
        }
    }

    private boolean maintain() {
        try {
            boolean more = maintenance.step(queues.size() > 0, stampedLsn);
            statistics.checkpoints.add(
                    maintenance.checkpointsPublished() - statistics.checkpoints());
            statistics.checkpointsFailed.add(
                    maintenance.checkpointsFailed() - statistics.checkpointsFailed());
            return more;
        } catch (BackgroundFailure failure) {
            boolean counts = !failure.isRefusedByDisk();
            failed("maintenance", "maintenance of core-" + core, failure, counts);
            return false;
        } catch (Throwable failure) {
            failed("maintenance", "maintenance of core-" + core, failure, true);
            return false;
        }
    }

    private boolean beat() {
        try {
            long now = time.nanoTime();
            if (emitter.emittedSinceLastAsked()) {
                heartbeat.postpone(now);
                return false;
            }
            if (!heartbeat.due(now)) {
                return false;
            }
            emitter.heartbeat(stampedLsn, time.epochMillis());
            heartbeat.postpone(now);
            return false;
        } catch (Throwable failure) {
            failed("heartbeat", "heartbeat of core-" + core, failure, true);
            return false;
        }
    }

    /**
     * Is there something to take? Asked by the core between declaring itself asleep and sleeping.
     */
    public boolean hasWork() {
        if (log.hasAcks() || !inbox.isEmpty() || queues.size() > 0) {
            return true;
        }
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).hasRequests() || (lackCredit > 0 && ports.get(i).hasWork())) {
                return true;
            }
        }
        return false;
    }

    /** How long the core may sleep: to its nearest timer, at most the poll time-out. */
    public long sleepNanos() {
        long now = time.nanoTime();
        long sleep = Math.min(settings.pollTimeout(), heartbeat.nanosUntilDue(now));
        return Math.max(0, Math.min(sleep, maintenance.nanosUntilDue(now)));
    }

    /**
     * Begins a clean stop, in the core's own turn: every request is answered with SHUTTING_DOWN
     * from now on, what is in the log's hands is still acknowledged, and a last checkpoint is made.
     *
     * @param whenQuiet called once when nothing is under way any more
     */
    public void beginStop(Runnable whenQuiet) {
        refusingNewWork = true;
        maintenance.requestCheckpoint();
        quietListener = whenQuiet;
    }

    private void tellWhenQuiet() {
        Runnable listener = quietListener;
        if (listener != null && quiet() && maintenance.idle()) {
            quietListener = null;
            listener.run();
        }
    }

    /** Nothing waits and nothing is on its way through the log. */
    public boolean quiet() {
        return queues.size() == 0 && deferred.isEmpty() && commits.quiet() && inbox.isEmpty();
    }

    public Maintenance maintenance() {
        return maintenance;
    }

    public Watchdog watchdog() {
        return watchdog;
    }

    /** What the core tells about itself. Any thread. */
    public CoreStatistics statistics() {
        return statistics;
    }

    /** Answers to requests that waited for the log. */
    private final class HeldAnswers implements Answers {
        @Override
        public void release(Request<Call> request) {
            responder.release(request);
        }

        @Override
        public void fail(Request<Call> request, ErrorCode code, String message) {
            responder.fail(request, code, message, 0);
        }

        @Override
        public void executeAgain(Request<Call> request) {
            request.errorCode = 0;
            queues.add(request);
        }
    }

    /** An engine failed where it must not: it is rebuilt. */
    private final class Faults implements EngineFaults {
        @Override
        public void engineFailed(EngineSlot slot, String phase, Throwable failure) {
            failed(phase, slot.toString(), failure, true);
            maintenance.rebuild(slot);
        }
    }
}
