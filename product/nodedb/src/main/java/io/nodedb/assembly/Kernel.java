package io.nodedb.assembly;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.SystemCollections;
import io.nodedb.base.settings.EventSettings;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import io.nodedb.base.settings.WalSettings;
import io.nodedb.bridge.lane.Lane;
import io.nodedb.bridge.lane.LaneOptions;
import io.nodedb.bridge.lane.LanePort;
import io.nodedb.bridge.wake.Doorbell;
import io.nodedb.control.ControlOptions;
import io.nodedb.control.ControlPlane;
import io.nodedb.control.ControlPorts;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.control.catalog.CollectionState;
import io.nodedb.control.port.CollectionDrain;
import io.nodedb.control.port.DataPlanePort;
import io.nodedb.data.commit.LocalCoordinator;
import io.nodedb.data.core.CoreLoop;
import io.nodedb.data.core.CoreSettings;
import io.nodedb.data.core.CoreWiring;
import io.nodedb.data.maintenance.CheckpointService;
import io.nodedb.data.offload.CoreInbox;
import io.nodedb.data.offload.HelperPool;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.data.partition.Partitions;
import io.nodedb.data.quiesce.ScanQuiesce;
import io.nodedb.engine.CollectionOptions;
import io.nodedb.event.EventHub;
import io.nodedb.event.EventOptions;
import io.nodedb.os.wake.Wakeup;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.storage.checkpoint.ManifestStore;
import io.nodedb.storage.feed.EventRing;
import io.nodedb.storage.quarantine.QuarantineRegistry;
import io.nodedb.storage.snapshot.SnapshotRegistry;
import io.nodedb.storage.wal.CommitPort;
import io.nodedb.storage.wal.CoreLog;
import io.nodedb.storage.wal.Wal;
import io.nodedb.storage.wal.WalKeeper;
import io.nodedb.storage.wal.WalOptions;
import io.nodedb.storage.wal.WalWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * A whole database, recovered and wired, without a thread of its own.
 *
 * <pre>
 *   callers ─► ControlPlane ─ lane ─► CoreLoop 0..n ─ CoreLog ─► WalWriter
 *                   ▲                     │    └─ HelperPools (reads, background)
 *                   └──────── EventHub ◄──┘ event rings
 * </pre>
 *
 * <p>Opening fails with DATA_CORRUPTED for a damaged catalog or log, with UNSUPPORTED for a newer
 * format, with STORAGE_FAILED when the disk fails. After {@link #open} every part must be stepped;
 * a new database must then store its catalog ({@link #initialise}).
 */
public final class Kernel {
    /** Decisions of one coordinator on their way through the log. */
    private static final int COMMIT_PORT_CAPACITY = 1024;

    /** Jobs that wait for a helper. */
    private static final int HELPER_QUEUE = 4096;

    /**
     * Transaction ids of core N start at (N + 1) times this; those of the Control Plane lie below.
     */
    private static final long TXN_IDS_PER_COORDINATOR = 1L << 48;

    private final Environment environment;
    private final OpenedStorage storage;
    private final WalWriter writer;
    private final Doorbell writerBell;
    private final Doorbell keeperBell;
    private final WalKeeper logKeeper;
    private final Doorbell laneBell;
    private final Doorbell eventBell;
    private final List<Doorbell> coreBells = new ArrayList<>();
    private final List<FrontLane> frontLanes = new ArrayList<>();
    private final List<CoreInbox> inboxes = new ArrayList<>();
    private final List<CoreLoop> cores = new ArrayList<>();
    private final HelperPool readers = new HelperPool("io", HELPER_QUEUE);
    private final HelperPool workers = new HelperPool("background", HELPER_QUEUE);
    private final ScanQuiesce quiesce = new ScanQuiesce();
    private final EventHub events;
    private final ControlPlane control;
    private final LogCoverage coverage;
    private final TakenResources taken;

    private Kernel(Environment environment, OpenedStorage storage, TakenResources taken) {
        this.environment = environment;
        this.storage = storage;
        this.taken = taken;
        Settings settings = environment.settings();
        int count = environment.cores();
        writerBell = bell();
        keeperBell = bell();
        logKeeper = new WalKeeper(keeperBell, writerBell);
        laneBell = bell();
        // The hub runs on a virtual thread, which an eventfd would pin to its carrier.
        eventBell = bell(environment.eventWakeup());
        FrontLanes fronts = environment.lanes();
        AtomicLong txnIds = new AtomicLong();
        for (int core = 0; core < count; core++) {
            int driver = fronts.laneOfCore(core);
            Doorbell bell = driver < 0 ? bell() : bell(fronts.wakeups().get(driver));
            coreBells.add(bell);
            inboxes.add(new CoreInbox(bell));
        }
        LaneOptions laneOptions = laneOptions(settings);
        WalOptions walOptions = storage.walOptions;
        EventOptions eventOptions =
                EventOptions.defaults()
                        .withWindowEvents(settings.get(EventSettings.SUBSCRIPTION_QUEUE));
        FixedMemory.of(environment, walOptions, laneOptions, eventOptions)
                .reserve(environment.governor(), taken);
        Lane<Call> lane = new Lane<>(0, laneOptions, KvCall::new, coreBells, laneBell);
        List<CoreLog> logs = new ArrayList<>();
        List<CommitPort> commitPorts = new ArrayList<>();
        List<EventRing> rings = new ArrayList<>();
        for (int core = 0; core < count; core++) {
            logs.add(new CoreLog(core, walOptions, coreBells.get(core), writerBell));
            commitPorts.add(new CommitPort(COMMIT_PORT_CAPACITY, coreBells.get(core), writerBell));
            rings.add(
                    new EventRing(
                            settings.get(EventSettings.EVENT_RING),
                            settings.get(EventSettings.EVENT_RING_BYTES),
                            eventBell::ring));
        }
        CommitPort lanePort = new CommitPort(COMMIT_PORT_CAPACITY, laneBell, writerBell);
        commitPorts.add(lanePort);
        List<Lane<Call>> lanes = new ArrayList<>();
        List<CommitPort> frontPorts = new ArrayList<>();
        for (Wakeup wakeup : fronts.wakeups()) {
            Doorbell bell = new Doorbell(wakeup);
            lanes.add(
                    new Lane<>(lanes.size() + 1, laneOptions, fronts.payloads(), coreBells, bell));
            frontPorts.add(new CommitPort(COMMIT_PORT_CAPACITY, bell, writerBell));
        }
        commitPorts.addAll(frontPorts);
        writer = storage.wal.start(logs, commitPorts, logKeeper);
        WriterView view = new WriterView(writer, lanePort);
        for (int i = 0; i < lanes.size(); i++) {
            frontLanes.add(
                    new FrontLane(
                            lanes.get(i),
                            new WriterView(writer, frontPorts.get(i)),
                            txnIds::incrementAndGet));
        }
        lanes.add(lane);
        coverage = new LogCoverage(storage.slots, writer::cut);
        CheckpointService checkpoints =
                new CheckpointService(
                        workers,
                        storage.stores,
                        writer.incarnation(),
                        coverage::covered,
                        storage.loader,
                        environment.governor(),
                        view::syncedLsn,
                        this::keepsCollection,
                        settings.get(WalSettings.CHECKPOINT_DELTAS),
                        storage.folders.damage());
        CoreSettings coreSettings = CoreSettings.from(settings);
        for (int core = 0; core < count; core++) {
            RandomGenerator random = environment.random().split();
            CoreLoop loop =
                    new CoreLoop(
                            new CoreWiring(
                                    core,
                                    environment.time(),
                                    random,
                                    coreSettings,
                                    portsTo(core, lanes),
                                    logs.get(core),
                                    walOptions.maxRecordBytes(),
                                    view,
                                    new LocalCoordinator(
                                            core,
                                            commitPorts.get(core),
                                            (core + 1) * TXN_IDS_PER_COORDINATOR),
                                    storage.snapshots,
                                    environment.governor(),
                                    environment.failures(),
                                    inboxes.get(core),
                                    readers,
                                    rings.get(core).writer(),
                                    settings.get(EventSettings.EVENT_RING),
                                    checkpoints));
            handOver(core, loop.partitions());
            loop.rebuildFailed();
            cores.add(loop);
        }
        events =
                new EventHub(
                        rings,
                        this::coreOf,
                        storage.wal.reader(),
                        writer.progress(),
                        writer.pins(),
                        eventOptions,
                        environment.time(),
                        core -> coreBells.get(core).ring());
        RandomGenerator jitter = new java.util.Random(environment.random().nextLong());
        control =
                new ControlPlane(
                        new ControlPorts(
                                lane,
                                new Shape(),
                                view,
                                storage.snapshots,
                                new Drain(),
                                environment.time(),
                                environment.callerWait(),
                                jitter::nextLong,
                                txnIds::incrementAndGet),
                        storage.catalog,
                        new ControlOptions(
                                ControlOptions.DEFAULTS.durability(),
                                settings.millis(RuntimeSettings.MAX_SNAPSHOT_AGE),
                                ControlOptions.DEFAULTS.transactionWriteLimitBytes(),
                                settings.nanos(RuntimeSettings.REQUEST_DEADLINE),
                                settings.nanos(RuntimeSettings.STATEMENT_TIMEOUT),
                                ControlOptions.DEFAULTS.backPressureNanos()));
    }

    /**
     * Opens or creates the database on the environment's disk, recovers it and wires its planes.
     * When that fails, whatever was opened for it is closed again.
     */
    public static Kernel open(Environment environment) {
        TakenResources taken = new TakenResources();
        try {
            OpenedStorage storage = OpenedStorage.open(environment);
            taken.add(storage::close);
            Kernel kernel = new Kernel(environment, storage, taken);
            for (ManifestStore store : storage.stores.values()) {
                if (store.isNew()) {
                    store.begin(kernel.writer.incarnation());
                }
            }
            return kernel;
        } catch (IOException e) {
            taken.giveBackAfter(e);
            throw new NodeDbException(
                    ErrorCode.STORAGE_FAILED,
                    "the database could not be opened: " + e.getMessage(),
                    e);
        } catch (RuntimeException | Error failure) {
            taken.giveBackAfter(failure);
            throw failure;
        }
    }

    private static List<LanePort<Call>> portsTo(int core, List<Lane<Call>> lanes) {
        return lanes.stream().map(lane -> lane.port(core)).toList();
    }

    private Doorbell bell() {
        return bell(environment.wakeups().get());
    }

    private Doorbell bell(Wakeup wakeup) {
        Doorbell bell = new Doorbell(wakeup);
        taken.add(bell::close);
        return bell;
    }

    static LaneOptions laneOptions(Settings settings) {
        return new LaneOptions(
                settings.get(RuntimeSettings.RING_CAPACITY),
                settings.get(RuntimeSettings.CHUNKS_PER_PORT),
                Math.toIntExact(settings.get(RuntimeSettings.CHUNK_BYTES)),
                settings.get(RuntimeSettings.CHUNKS_PER_REQUEST),
                settings.get(RuntimeSettings.RING_TENANT_SHARE),
                settings.get(RuntimeSettings.RING_SLOW),
                settings.get(RuntimeSettings.RING_STOP),
                settings.nanos(RuntimeSettings.LEASE),
                settings.nanos(RuntimeSettings.TRACKER_GRACE));
    }

    private void handOver(int core, Partitions partitions) {
        long position = writer.progress().durablePosition();
        for (EngineSlot slot : storage.slots.get(core)) {
            // What had to be replayed is still uncovered; how much that was is not worth knowing
            // exactly.
            slot.setCovered(slot.coveredLsn(), slot.engine().checkpointNeeded() ? 0 : position);
            partitions.add(slot);
        }
        partitions.openCollection(
                SystemCollections.CATALOG, OpenedStorage.KEY_VALUE, CollectionOptions.SYSTEM);
        partitions.openCollection(
                SystemCollections.IDEMPOTENCY, OpenedStorage.KEY_VALUE, CollectionOptions.SYSTEM);
        for (CollectionInfo collection : storage.catalog.collections()) {
            if (collection.state() != CollectionState.PURGED) {
                partitions.openCollection(
                        collection.id(),
                        collection.engine(),
                        new CollectionOptions(
                                collection.feed(),
                                collection.tenant(),
                                collection.definition().version()));
            }
        }
    }

    /** False for a purged collection: merged checkpoints leave it out. */
    private boolean keepsCollection(int collection) {
        return !control.catalog().state().tombstones().contains(collection);
    }

    private int coreOf(int partition) {
        return OpenedStorage.coreOf(partition, environment.cores());
    }

    /**
     * Stores the catalog of a new database; nothing to do for one that was opened. All parts must
     * be running or be stepped by the caller's wait.
     */
    public void initialise() {
        if (storage.fresh) {
            control.initialise();
        }
    }

    public Environment environment() {
        return environment;
    }

    public ControlPlane control() {
        return control;
    }

    public EventHub events() {
        return events;
    }

    public List<CoreLoop> cores() {
        return cores;
    }

    public WalWriter writer() {
        return writer;
    }

    public Wal wal() {
        return storage.wal;
    }

    public QuarantineRegistry quarantine() {
        return storage.quarantine;
    }

    /** Snapshots that are open. */
    public SnapshotRegistry snapshots() {
        return storage.snapshots;
    }

    /** The lanes of the front end, in the order of {@link FrontLanes#wakeups}. */
    public List<FrontLane> frontLanes() {
        return frontLanes;
    }

    /** Reads blocks for parked tasks. */
    public HelperPool readers() {
        return readers;
    }

    /** Writes checkpoints, merges, rebuilds. */
    public HelperPool workers() {
        return workers;
    }

    /** To be stepped beside the writer, and after its last step until it rests. */
    public WalKeeper logKeeper() {
        return logKeeper;
    }

    Doorbell writerBell() {
        return writerBell;
    }

    Doorbell laneBell() {
        return laneBell;
    }

    Doorbell eventBell() {
        return eventBell;
    }

    Doorbell coreBell(int core) {
        return coreBells.get(core);
    }

    /** Runs something on a core, in one of its next turns. Any thread. */
    public void onCore(int core, Runnable continuation) {
        inboxes.get(core).post(continuation);
    }

    /** After every part has stopped: closes files and frees memory. */
    public void release() {
        taken.giveBack();
    }

    private final class Shape implements DataPlanePort {
        @Override
        public int cores() {
            return environment.cores();
        }

        @Override
        public int coreOf(int partition) {
            return Kernel.this.coreOf(partition);
        }
    }

    private final class Drain implements CollectionDrain {
        @Override
        public boolean enter(int collection) {
            return quiesce.enter(collection);
        }

        @Override
        public void leave(int collection) {
            quiesce.leave(collection);
        }

        @Override
        public java.util.concurrent.CompletionStage<Void> drain(int collection) {
            return quiesce.drain(collection);
        }

        @Override
        public void clear(int collection) {
            quiesce.clear(collection);
        }
    }
}
