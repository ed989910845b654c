package io.nodedb.control.harness;

import io.nodedb.base.ids.Lsn;
import io.nodedb.bridge.lane.Lane;
import io.nodedb.bridge.lane.LaneOptions;
import io.nodedb.bridge.lane.LanePort;
import io.nodedb.bridge.lane.Request;
import io.nodedb.bridge.wake.Doorbell;
import io.nodedb.control.ControlOptions;
import io.nodedb.control.ControlPlane;
import io.nodedb.control.ControlPorts;
import io.nodedb.control.catalog.CatalogState;
import io.nodedb.control.port.CallerWait;
import io.nodedb.control.port.CollectionDrain;
import io.nodedb.control.port.DataPlanePort;
import io.nodedb.control.port.LogPort;
import io.nodedb.os.wake.Wakeup;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.storage.snapshot.SnapshotRegistry;
import io.nodedb.storage.wal.CommitPort;
import io.nodedb.storage.wal.CommitPortByHand;
import io.nodedb.testkit.VirtualTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A Control Plane over real lanes, rings and a real commit port, stepped by one thread on virtual
 * time. The cores' and the writer's sides are the test's: by hand, or by a {@link ModelCore} that
 * it lets run. A caller that waits lets the rest of the world run, too.
 */
public final class ControlHarness implements CallerWait, CollectionDrain, DataPlanePort, LogPort {
    private static final long ROUND_NANOS = 1_000;

    public final VirtualTime time = new VirtualTime();
    public final Lane<Call> lane;
    public final CommitPort commitPort;
    public final CommitPortByHand writer;
    public final ControlPlane control;
    public final AtomicLong lastLsn = new AtomicLong(Lsn.ofMillis(VirtualTime.START_EPOCH_MILLIS));

    /** What else happens while a caller waits. */
    public final Deque<Runnable> world = new ArrayDeque<>();

    public int pauses;

    private final int cores;
    private final Map<Integer, Integer> openScans = new HashMap<>();
    private final Map<Integer, CompletableFuture<Void>> draining = new HashMap<>();

    public ControlHarness(int cores, int partitions) {
        this(cores, CatalogState.initial(partitions), LaneOptions.DEFAULTS.withRequests(16));
    }

    public ControlHarness(int cores, CatalogState state, LaneOptions options) {
        this.cores = cores;
        Doorbell bell = new Doorbell(new NoWakeup());
        List<Doorbell> coreBells = new ArrayList<>();
        for (int core = 0; core < cores; core++) {
            coreBells.add(new Doorbell(new NoWakeup()));
        }
        lane = new Lane<>(0, options, KvCall::new, coreBells, bell);
        commitPort = new CommitPort(16, bell, new Doorbell(new NoWakeup()));
        writer = new CommitPortByHand(commitPort);
        AtomicLong txnIds = new AtomicLong();
        control =
                new ControlPlane(
                        new ControlPorts(
                                lane,
                                this,
                                this,
                                new SnapshotRegistry(lastLsn::get),
                                this,
                                time,
                                this,
                                bound -> 0,
                                txnIds::incrementAndGet),
                        state,
                        ControlOptions.DEFAULTS);
    }

    /** The core's side of its port. */
    public LanePort<Call> port(int core) {
        return lane.port(core);
    }

    /** The next request of a core, which there must be. */
    public Request<Call> take(int core) {
        Request<Call> request = port(core).take();
        if (request == null) {
            throw new AssertionError("no request waits for core " + core);
        }
        return request;
    }

    public void succeed(Request<Call> request, long watermarkLsn) {
        request.succeed(watermarkLsn);
        request.port.answer(request);
        request.port.flushAnswers();
    }

    public void fail(Request<Call> request, int error, String message) {
        request.fail(error, message, 0);
        request.port.answer(request);
        request.port.flushAnswers();
    }

    /** Steps the Control Plane until it has nothing to do. */
    public void settle() {
        while (control.step()) {
            // again
        }
    }

    /** One round of everything. */
    public void round() {
        for (Runnable part : List.copyOf(world)) {
            part.run();
        }
        control.step();
        time.advanceNanos(ROUND_NANOS);
    }

    @Override
    public boolean await(Awaited awaited, long giveUpNanos) {
        while (!awaited.isComplete() && time.nanoTime() - giveUpNanos < 0) {
            round();
        }
        return awaited.isComplete();
    }

    @Override
    public void pause(long nanos) {
        pauses++;
        round();
        time.advanceNanos(nanos);
    }

    @Override
    public boolean enter(int collection) {
        if (draining.containsKey(collection)) {
            return false;
        }
        openScans.merge(collection, 1, Integer::sum);
        return true;
    }

    @Override
    public void leave(int collection) {
        int left = openScans.merge(collection, -1, Integer::sum);
        CompletableFuture<Void> waiting = draining.get(collection);
        if (left == 0 && waiting != null) {
            waiting.complete(null);
        }
    }

    @Override
    public CompletionStage<Void> drain(int collection) {
        CompletableFuture<Void> drained =
                draining.computeIfAbsent(collection, id -> new CompletableFuture<>());
        if (openScans.getOrDefault(collection, 0) == 0) {
            drained.complete(null);
        }
        return drained;
    }

    @Override
    public void clear(int collection) {
        draining.remove(collection);
    }

    /** Scan permits that are out. */
    public int openScans(int collection) {
        return openScans.getOrDefault(collection, 0);
    }

    public boolean isDraining(int collection) {
        return draining.containsKey(collection);
    }

    @Override
    public int cores() {
        return cores;
    }

    @Override
    public int coreOf(int partition) {
        return partition % cores;
    }

    @Override
    public CommitPort commits() {
        return commitPort;
    }

    @Override
    public long ackingLsn() {
        return lastLsn.get();
    }

    @Override
    public long durableLsn() {
        return lastLsn.get();
    }

    @Override
    public long syncedLsn() {
        return lastLsn.get();
    }

    /** Nobody sleeps in a single-threaded test. */
    private static final class NoWakeup implements Wakeup {
        @Override
        public void signal() {}

        @Override
        public boolean await(long timeoutNanos) {
            return false;
        }

        @Override
        public String mechanism() {
            return "none";
        }

        @Override
        public void close() {}
    }
}
