package io.nodedb.data.core;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.LanePort;
import io.nodedb.bridge.lane.Request;
import io.nodedb.data.commit.Answers;
import io.nodedb.data.commit.CommitPath;
import io.nodedb.data.commit.EngineFaults;
import io.nodedb.data.commit.LocalCoordinator;
import io.nodedb.data.failure.Watchdog;
import io.nodedb.data.feed.EventEmitter;
import io.nodedb.data.maintenance.BackgroundFailure;
import io.nodedb.data.maintenance.Maintenance;
import io.nodedb.data.offload.CoreInbox;
import io.nodedb.data.offload.HelperJob;
import io.nodedb.data.offload.HelperPool;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.data.partition.Partitions;
import io.nodedb.plan.Call;
import io.nodedb.storage.wal.CoreLog;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The duty cycle of one data core.
 *
 * <p>One {@link #step} is one turn: take requests from the rings, then acknowledgements from the
 * log (in this order, so that a request sees every commit that was acknowledged before it was
 * sent), retry what was deferred, run what helpers finished, run at most {@code tasksPerTurn} tasks
 * but none after a quantum has passed, give maintenance its slice, beat the heart, wake whoever was
 * answered. Every part runs inside a catch of {@code Throwable}: a failure ends the work in hand,
 * never the core.
 *
 * <p>Owned by the core's thread, or by the simulator; the methods that others may call are marked.
 */
@CoreOwned
public final class CoreLoop {
    /**
     * Longest sleep while something is awaited that rings no bell: the log's durable LSN, which
     * follows the acknowledgements at once, and room in its ring.
     */
    private static final long UNRUNG_WAIT_NANOS = 50_000;

    /** Longest sleep while writes wait for files, which they also do by time. */
    private static final long FILES_WAIT_NANOS = 500_000;

    private final int core;
    private final TimeSource time;
    private final CoreSettings settings;
    private final List<LanePort<Call>> ports;
    private final CoreLog log;
    private final LogView logView;
    private final CoreInbox inbox;
    private final HelperPool readers;

    private final Partitions partitions = new Partitions();
    private final EngineCensus census = new EngineCensus(partitions);
    private final PriorityQueues queues;
    private final Arrivals arrivals = new Arrivals();
    private final DeferredRequests deferred = new DeferredRequests();
    private final CoreStatistics statistics = new CoreStatistics();
    private final CoreHealth health;
    private final Responder responder;
    private final CoreContext context;
    private final EventEmitter emitter;
    private final CommitPath commits;
    private final LocalCoordinator coordinator;
    private final WaitingClients waitingClients;
    private final RequestExecutor executor;
    private final TaskRunner runner;
    private final Heartbeat heartbeat;
    private final Maintenance maintenance;

    private long turnEndNanos;
    private int tasksLeft;
    private int portOfTurn;
    private int lackCredit;
    private int awaitDurable;
    private int awaitFiles;
    private int readElsewhere;
    private long stampedLsn;
    private @Nullable Runnable quietListener;

    public CoreLoop(CoreWiring wiring) {
        core = wiring.core();
        time = wiring.time();
        settings = wiring.settings();
        ports = wiring.ports();
        log = wiring.log();
        logView = wiring.logView();
        inbox = wiring.inbox();
        readers = wiring.readers();
        queues = new PriorityQueues(settings.queueCapacity(), settings.backgroundShare());
        health = new CoreHealth(core, time, settings, wiring.failures(), statistics);
        responder = new Responder(ports);
        emitter = new EventEmitter(wiring.events(), logView::syncedLsn, wiring.eventStage());
        coordinator = wiring.coordinator();
        waitingClients = new WaitingClients(responder);
        commits =
                new CommitPath(
                        log,
                        coordinator,
                        partitions,
                        emitter,
                        new HeldAnswers(),
                        new Faults(),
                        waitingClients,
                        wiring.governor(),
                        wiring.maxRecordBytes(),
                        settings.unacknowledgedBatches());
        context =
                new CoreContext(
                        time,
                        commits::pending,
                        commits.openBatches()::sequenceOf,
                        settings.leaseTime());
        executor =
                new RequestExecutor(
                        settings,
                        context,
                        partitions,
                        commits,
                        logView,
                        wiring.snapshots(),
                        wiring.governor(),
                        responder,
                        waitingClients);
        runner = new TaskRunner(core, settings, health, executor, responder, wiring.governor());
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
                        wiring.failures(),
                        wiring.checkpoints(),
                        inbox,
                        statistics::maintenanceOf);
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
        turnEndNanos = now + settings.quantum();
        tasksLeft = settings.tasksPerTurn();
        runner.beginTurn();
        boolean worked = intake();
        worked |= acknowledgements();
        health.recover(now);
        serveWaiting(now);
        worked |= retryDeferred(now);
        worked |= runContinuations();
        worked |= runTasks();
        if (!health.degraded()) {
            worked |= maintain();
        }
        beat();
        tellWhenQuiet();
        commits.flush();
        responder.flush();
        publish(now);
        return worked;
    }

    private void publish(long now) {
        statistics.queued.set(queues.size());
        statistics.waiting.set(deferred.size());
        statistics.degraded.set(health.degraded() ? 1 : 0);
        statistics.countedFailures.set(health.watchdog().failures());
        try {
            census.step(now);
        } catch (Throwable failure) {
            // It only looks: what an engine can't tell is no reason to take the core from others.
            health.reported("census", "engines of core-" + core, failure);
        }
    }

    private boolean intake() {
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
                arrivals.add(request);
            }
        }
        return touchArrivals();
    }

    private boolean touchArrivals() {
        boolean any = arrivals.any();
        try {
            arrivals.touch(partitions);
        } catch (Throwable failure) {
            // It only looks ahead: what goes wrong there goes wrong again where it has an answer.
            health.reported("touch", "requests of core-" + core, failure);
        }
        arrivals.clear();
        return any;
    }

    private boolean acknowledgements() {
        try {
            long durable = logView.durableLsn();
            boolean any = commits.pollAcknowledgements();
            // Acknowledgements are pushed before the durable LSN moves, so all up to the value read
            // before are in the engines now.
            stampedLsn = Math.max(stampedLsn, durable);
            executor.stamped(stampedLsn);
            coordinator.poll();
            any |= commits.continueLogging();
            emitter.turn(stampedLsn);
            return any;
        } catch (Throwable failure) {
            health.failed("acknowledgements", "commit path of core-" + core, failure);
            return true;
        }
    }

    private boolean retryDeferred(long now) {
        lackCredit = 0;
        awaitDurable = 0;
        awaitFiles = 0;
        if (deferred.size() == 0) {
            return false;
        }
        for (int i = 0; i < ports.size(); i++) {
            ports.get(i).takeCredit();
        }
        boolean progressed = false;
        deferred.beginPass();
        while (tasksLeft > 0) {
            Request<Call> request = deferred.next();
            if (request == null) {
                break;
            }
            if (!deferred.mayRun(request)) {
                // It waits for its session only: that is no reason to lose its lease.
                request.renewLease(now + settings.leaseTime());
                if (!runner.expire(request, now)) {
                    deferred.keep(request);
                }
                continue;
            }
            Disposition disposition = runner.run(request, now);
            serveWaiting(now);
            if (waits(disposition)) {
                deferred.keep(request);
            } else {
                goOn(request, disposition);
                progressed = true;
                tasksLeft--;
            }
        }
        deferred.endPass();
        return progressed;
    }

    private boolean runContinuations() {
        boolean any = false;
        for (Runnable next = inbox.poll(); next != null; next = inbox.poll()) {
            any = true;
            try {
                next.run();
            } catch (Throwable failure) {
                health.failed("continuation", "core-" + core, failure);
            }
        }
        return any;
    }

    private boolean runTasks() {
        long now = time.nanoTime();
        int done = 0;
        while (tasksLeft > 0 && (done == 0 || now - turnEndNanos < 0)) {
            Request<Call> request = queues.poll();
            if (request == null) {
                break;
            }
            done++;
            tasksLeft--;
            runQueued(request, now);
            now = time.nanoTime();
        }
        statistics.tasks.add(done);
        return done > 0;
    }

    private void runQueued(Request<Call> request, long now) {
        boolean hadBegun = request.attempt > 0;
        if (hadBegun) {
            deferred.comeBack(request);
        } else if (!deferred.mayBegin(request)) {
            deferred.add(request);
            return;
        }
        Disposition disposition = runner.run(request, now);
        serveWaiting(now);
        if (!waits(disposition)) {
            goOn(request, disposition);
        } else if (hadBegun) {
            deferred.addFirst(request);
        } else {
            deferred.add(request);
        }
    }

    /**
     * Tries the clients that wait for keys of which one has been written, before anybody else comes
     * to these keys. What finds no room in the log is tried again at the beginning of the next
     * turn.
     */
    private void serveWaiting(long now) {
        while (waitingClients.anyReady()) {
            Request<Call> request = waitingClients.next();
            if (request == null) {
                return;
            }
            Disposition disposition = runner.run(request, now);
            if (!waitingClients.tried(request, disposition)) {
                boolean ignored = waits(disposition);
                return;
            }
            goOn(request, disposition);
        }
    }

    /** Notes what a request waits for. @return false when it does not wait */
    private boolean waits(Disposition disposition) {
        switch (disposition) {
            case DONE, DECIDED_LATER, REFUSED, YIELD, READING, PARKED -> {
                return false;
            }
            case WAIT_FOR_LOG -> runner.blockWrites();
            case WAIT_FOR_CREDIT -> lackCredit++;
            case WAIT_FOR_DURABLE -> awaitDurable++;
            case WAIT_FOR_FILES -> awaitFiles++;
            case WAIT_FOR_BATCH, WAIT_FOR_LOCK, WAIT_FOR_TURN -> {}
        }
        return true;
    }

    private void goOn(Request<Call> request, Disposition disposition) {
        if (disposition == Disposition.YIELD) {
            deferred.begin(request);
            queues.add(request);
        } else if (disposition == Disposition.READING) {
            read(request);
        } else if (disposition == Disposition.DECIDED_LATER) {
            deferred.begin(request);
        }
    }

    private void read(Request<Call> request) {
        Runnable read = Objects.requireNonNull(context.takeRead());
        HelperJob job =
                new HelperJob(inbox) {
                    @Override
                    protected void work() {
                        read.run();
                    }

                    @Override
                    protected void finished(@Nullable Throwable failure) {
                        readElsewhere--;
                        if (failure == null) {
                            queues.add(request);
                        } else {
                            deferred.comeBack(request);
                            runner.requestFailed(request, failure);
                        }
                    }
                };
        if (readers.submit(job)) {
            readElsewhere++;
            deferred.begin(request);
        } else {
            deferred.addFirst(request);
        }
    }

    private boolean maintain() {
        try {
            boolean requestsWait = queues.size() > 0 || tasksLeft < settings.tasksPerTurn();
            boolean more = maintenance.step(requestsWait, stampedLsn);
            statistics.checkpoints.add(
                    maintenance.checkpointsPublished() - statistics.checkpoints());
            statistics.checkpointsFailed.add(
                    maintenance.checkpointsFailed() - statistics.checkpointsFailed());
            statistics.compactions.add(maintenance.compactionsStarted() - statistics.compactions());
            return more;
        } catch (BackgroundFailure failure) {
            if (failure.countsForWatchdog()) {
                health.failed("maintenance", "maintenance of core-" + core, failure);
            } else {
                health.reported("maintenance", "maintenance of core-" + core, failure);
            }
            return false;
        } catch (Throwable failure) {
            health.failed("maintenance", "maintenance of core-" + core, failure);
            return false;
        }
    }

    private void beat() {
        try {
            long now = time.nanoTime();
            if (emitter.emittedSinceLastAsked()) {
                heartbeat.postpone(now);
            } else if (heartbeat.due(now)) {
                heartbeat.postpone(now);
                emitter.heartbeat(stampedLsn, time.epochMillis());
            }
        } catch (Throwable failure) {
            health.failed("heartbeat", "heartbeat of core-" + core, failure);
        }
    }

    /**
     * Is there something to take? Asked by the core between declaring itself asleep and sleeping,
     * and by threads that might stand in for it: it changes nothing, and what it misses because
     * somebody is at work, that one finds.
     */
    public boolean hasWork() {
        if (log.hasAcks() || !inbox.isEmpty() || queues.size() > 0) {
            return true;
        }
        if (awaitDurable > 0 && logView.durableLsn() != stampedLsn) {
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
        if (awaitFiles > 0) {
            sleep = Math.min(sleep, FILES_WAIT_NANOS);
        }
        if (awaitDurable > 0 || commits.logging()) {
            sleep = Math.min(sleep, UNRUNG_WAIT_NANOS);
        }
        if (health.degraded()) {
            return sleep;
        }
        try {
            return Math.min(sleep, maintenance.nanosUntilDue());
        } catch (Throwable failure) {
            health.failed("timers", "timers of core-" + core, failure);
            return sleep;
        }
    }

    /**
     * Begins a clean stop, in the core's own turn: requests that have not begun are answered with
     * SHUTTING_DOWN from now on, what runs or is in the log's hands goes on to its end, and a last
     * checkpoint is made.
     *
     * @param whenQuiet called once when nothing is under way any more
     */
    public void beginStop(Runnable whenQuiet) {
        runner.refuseNewWork();
        waitingClients.failAll(ErrorCode.SHUTTING_DOWN, "the database is closing");
        maintenance.beginStop();
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
        return queues.size() == 0
                && deferred.size() == 0
                && readElsewhere == 0
                && commits.quiet()
                && inbox.isEmpty();
    }

    public Maintenance maintenance() {
        return maintenance;
    }

    public Watchdog watchdog() {
        return health.watchdog();
    }

    /** Requests that wait for something. */
    public int waiting() {
        return deferred.size();
    }

    /** The ports at which requests come in, one for each lane. Any thread. */
    public List<LanePort<Call>> ports() {
        return ports;
    }

    /** The core's way to the log; what any thread may ask of it is marked there. */
    public CoreLog log() {
        return log;
    }

    /** What the core's engines hold. Any thread. */
    public EngineCensus census() {
        return census;
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
        public void sessionGoesOn(Request<Call> request) {
            deferred.comeBack(request);
        }

        @Override
        public void executeAgain(Request<Call> request) {
            executor.forgetAnswer(request);
            deferred.begin(request);
            queues.add(request);
        }
    }

    /** An engine failed where it must not: it is rebuilt. */
    private final class Faults implements EngineFaults {
        @Override
        public void engineFailed(EngineSlot slot, String phase, Throwable failure) {
            health.failed(phase, slot.toString(), failure);
            maintenance.rebuild(slot);
        }

        @Override
        public void engineBroken(EngineSlot slot) {
            maintenance.rebuild(slot);
        }
    }
}
