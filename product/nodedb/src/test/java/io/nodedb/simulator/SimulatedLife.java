package io.nodedb.simulator;

import io.nodedb.assembly.Environment;
import io.nodedb.assembly.FrontLane;
import io.nodedb.assembly.FrontLanes;
import io.nodedb.assembly.Kernel;
import io.nodedb.assembly.Loading;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.bridge.lane.Lane;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.control.catalog.CollectionOptions;
import io.nodedb.control.catalog.CommitDurability;
import io.nodedb.control.dispatch.LaneSender;
import io.nodedb.control.dispatch.Router;
import io.nodedb.control.port.CallerWait;
import io.nodedb.control.transaction.TransactionCoordinator;
import io.nodedb.data.core.CoreLoop;
import io.nodedb.document.engine.DocumentEngineFactory;
import io.nodedb.kv.KvEngineFactory;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.simulator.disk.DiskCall;
import io.nodedb.simulator.disk.FaultyDisk;
import io.nodedb.simulator.disk.SimulatedDisk;
import io.nodedb.simulator.time.VirtualTime;
import io.nodedb.storage.wal.WalProgress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * The database from one start to its end, on one thread: each step lets one part of it (a core, the
 * log's writer, the Control Plane's lane, the event hub, a helper), or one actor, do its next piece
 * of work, and lets time pass. Which part is drawn; a part may also be held up for a while, as a
 * thread is that gets no processor.
 *
 * <p>A caller that waits steps the parts, but no other actor.
 */
final class SimulatedLife {
    /** Collections of every simulated database; all have a feed. */
    static final String SYNC = "sync";

    static final String ASYNC = "async";

    /** Of documents, whose rows live in files. */
    static final String DOCUMENTS = "documents";

    /** The collection of the front end's clients, without a feed. */
    static final String BATCHES = "batches";

    private static final long MEMORY_BYTES = 256L << 20;
    private static final int LONGEST_HOLD_UP_STEPS = 300;
    private static final int IDLE_ROUNDS = 3;

    /** Far more than any wait needs: beyond it something hangs. */
    private static final int STEP_LIMIT = 400_000;

    private final SplittableRandom random;
    private final SplittableRandom schedule;
    private final VirtualTime time;
    private final Trace trace;
    private final FaultyDisk disk;
    private final RecordedFailures failures = new RecordedFailures();
    private final MemoryGovernor governor = new MemoryGovernor(MEMORY_BYTES);
    private final int cores;
    private final boolean gapsAllowed;
    private final Kernel kernel;
    private final Lane<Call> frontLane;
    private final LaneSender frontSender;
    private final TransactionCoordinator frontCoordinator;
    private final List<Part> parts = new ArrayList<>();
    private final List<Actor> actors = new ArrayList<>();
    private long steps;
    private int idleSteps;
    private boolean ended;

    /** One of the database's threads, as the scheduler sees it. */
    private static final class Part {
        final String name;
        final BooleanSupplier step;
        long heldUpUntil;

        Part(String name, BooleanSupplier step) {
            this.name = name;
            this.step = step;
        }
    }

    /** Opens the database; what it throws leaves nothing behind but the disk's state. */
    SimulatedLife(
            SimulatedDisk disk,
            SimulationPlan plan,
            int cores,
            VirtualTime time,
            SplittableRandom random,
            Trace trace,
            boolean expectDiskFaults) {
        this.disk = new FaultyDisk(disk);
        this.cores = cores;
        this.gapsAllowed = plan.tinyKeep();
        this.time = time;
        this.random = random.split();
        this.schedule = random.split();
        this.trace = trace;
        if (expectDiskFaults) {
            failures.expectDiskFaults();
        }
        kernel =
                Kernel.open(
                        new Environment(
                                this.disk,
                                plan.settings(),
                                time,
                                random.split(),
                                SteppedWakeup::new,
                                new FrontLanes(
                                        List.of(new SteppedWakeup()), KvCall::new, List.of()),
                                new SteppedWakeup(),
                                new SteppingWait(),
                                Loading.IN_ORDER,
                                governor,
                                failures,
                                List.of(new KvEngineFactory(), new DocumentEngineFactory()),
                                cores,
                                0));
        for (int core = 0; core < cores; core++) {
            CoreLoop loop = kernel.cores().get(core);
            parts.add(new Part("core-" + core, loop::step));
        }
        parts.add(new Part("wal", kernel.writer()::step));
        parts.add(new Part("log-keeper", kernel.logKeeper()::step));
        parts.add(new Part("lane", kernel.control()::step));
        FrontLane front = kernel.frontLanes().getFirst();
        frontLane = front.lane();
        frontSender = new LaneSender(frontLane);
        frontCoordinator =
                new TransactionCoordinator(frontSender, front.log(), time, front.txnIds());
        parts.add(new Part("front", this::stepFront));
        parts.add(new Part("events", kernel.events()::step));
        parts.add(new Part("readers", kernel.readers()::step));
        parts.add(new Part("workers", kernel.workers()::step));
        kernel.initialise();
    }

    /** Creates what is not there yet. */
    void createCollections() {
        CollectionInfo ignored =
                kernel.control().createCollection(SYNC, CollectionOptions.KEY_VALUE.withFeed());
        ignored =
                kernel.control()
                        .createCollection(
                                ASYNC,
                                CollectionOptions.KEY_VALUE
                                        .withFeed()
                                        .withDurability(CommitDurability.ASYNC));
        ignored =
                kernel.control().createCollection(DOCUMENTS, CollectionOptions.DOCUMENT.withFeed());
        ignored = kernel.control().createCollection(BATCHES, CollectionOptions.KEY_VALUE);
    }

    /** The thread of the front end's lane. */
    private boolean stepFront() {
        boolean worked = frontLane.poll(frontSender, Integer.MAX_VALUE) > 0;
        worked |= frontLane.expire(time.nanoTime(), frontSender) > 0;
        worked |= frontCoordinator.hasWork();
        frontCoordinator.step();
        frontLane.flush();
        return worked;
    }

    Router router() {
        return kernel.control().router();
    }

    LaneSender frontSender() {
        return frontSender;
    }

    TransactionCoordinator frontCoordinator() {
        return frontCoordinator;
    }

    /** Actors join. */
    void attach(List<? extends Actor> joining) {
        actors.addAll(joining);
        joining.forEach(actor -> actor.attach(this));
    }

    void detachActors() {
        List<Actor> leaving = List.copyOf(actors);
        actors.clear();
        leaving.forEach(Actor::detach);
    }

    Kernel kernel() {
        return kernel;
    }

    int cores() {
        return cores;
    }

    SplittableRandom random() {
        return random;
    }

    FaultyDisk disk() {
        return disk;
    }

    VirtualTime time() {
        return time;
    }

    Trace trace() {
        return trace;
    }

    /** A feed may lose its place only when the log is hardly kept for feeds. */
    void requireGapsAllowed() {
        CommittedHistory.require(gapsAllowed, "the log is kept for a feed that is open");
    }

    CollectionInfo collection(String name) {
        CollectionInfo info = kernel.control().catalog().state().live(name);
        if (info == null) {
            throw new AssertionError("collection " + name + " is not in the catalog");
        }
        return info;
    }

    WalProgress progress() {
        return kernel.wal().progress();
    }

    /** One step of a part or an actor. */
    void step() {
        int choice = schedule.nextInt(parts.size() + actors.size());
        if (choice < parts.size()) {
            stepPart(parts.get(choice));
        } else {
            Actor actor = actors.get(choice - parts.size());
            boolean worked = actor.step();
            trace.add(worked ? choice : -choice);
            passTime(worked);
        }
    }

    void run(int count) {
        for (int i = 0; i < count; i++) {
            step();
        }
    }

    /** Steps the database alone until something holds. */
    void runPartsUntil(BooleanSupplier holds, String what) {
        long limit = steps + STEP_LIMIT;
        while (!holds.getAsBoolean()) {
            if (steps > limit) {
                throw new AssertionError("never comes: " + what);
            }
            stepPart(parts.get(schedule.nextInt(parts.size())));
        }
    }

    /** Steps everybody until something holds. */
    void runUntil(BooleanSupplier holds, String what) {
        long limit = steps + STEP_LIMIT;
        while (!holds.getAsBoolean()) {
            if (steps > limit) {
                throw new AssertionError("never comes: " + what);
            }
            step();
        }
    }

    private void stepPart(Part part) {
        if (part.heldUpUntil > steps) {
            steps++;
            return;
        }
        if (schedule.nextInt(500) == 0) {
            part.heldUpUntil = steps + schedule.nextInt(LONGEST_HOLD_UP_STEPS);
        }
        boolean worked = part.step.getAsBoolean();
        trace.add(part.name);
        trace.add(worked ? 1 : 0);
        passTime(worked);
        failures.throwUnexpected();
    }

    private void passTime(boolean worked) {
        steps++;
        idleSteps = worked ? 0 : idleSteps + 1;
        long nanos;
        if (idleSteps > IDLE_ROUNDS * (parts.size() + actors.size())) {
            nanos = schedule.nextLong(60_000_000);
            idleSteps = 0;
        } else {
            nanos =
                    switch (schedule.nextInt(64)) {
                        case 0 -> schedule.nextLong(10_000_000);
                        case 1, 2, 3, 4, 5 -> schedule.nextLong(500_000);
                        default -> schedule.nextLong(20_000);
                    };
        }
        time.advanceNanos(nanos);
        trace.add(time.nanoTime());
    }

    /** A clean stop, as the threads of a real database make it; feeds stay open to the end. */
    void stop() {
        kernel.control().refuseNewCalls();
        runPartsUntil(
                () ->
                        kernel.control().outstanding() == 0
                                && frontCoordinator.open() == 0
                                && frontLane.outstanding() == 0,
                "the end of what is under way");
        AtomicInteger quiet = new AtomicInteger();
        for (int core = 0; core < cores; core++) {
            CoreLoop loop = kernel.cores().get(core);
            kernel.onCore(core, () -> loop.beginStop(quiet::incrementAndGet));
        }
        runPartsUntil(() -> quiet.get() == cores, "quiet cores");
        detachActors();
        release();
        failures.throwUnexpected();
    }

    /** The end without a stop: what happens to the disk is the caller's choice. */
    void abandon() {
        detachActors();
        disk.failFromNth(
                EnumSet.allOf(DiskCall.class), 1, what -> new IOException("dead: " + what));
        try {
            release();
        } catch (NodeDbException e) {
            if (e.code() != ErrorCode.STORAGE_FAILED) {
                throw e;
            }
        }
        failures.throwUnexpected();
    }

    private void release() {
        if (!ended) {
            ended = true;
            try {
                kernel.release();
            } finally {
                while (governor.reclaimer().step()) {
                    // memory of the engines
                }
            }
        }
    }

    /** Failures of the disk are injected in this life. */
    boolean expectsDiskFaults() {
        return failures.expectsDiskFaults();
    }

    RecordedFailures failures() {
        return failures;
    }

    /** A caller's wait: the database goes on, other actors do not. */
    private final class SteppingWait implements CallerWait {
        @Override
        public boolean await(Awaited awaited, long giveUpNanos) {
            while (!awaited.isComplete()) {
                if (time.nanoTime() - giveUpNanos >= 0) {
                    return false;
                }
                stepPart(parts.get(schedule.nextInt(parts.size())));
            }
            return true;
        }

        @Override
        public void pause(long nanos) {
            long until = time.nanoTime() + nanos;
            while (time.nanoTime() - until < 0) {
                stepPart(parts.get(schedule.nextInt(parts.size())));
            }
        }
    }
}
