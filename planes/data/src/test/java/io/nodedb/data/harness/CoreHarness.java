package io.nodedb.data.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ids.Partitions;
import io.nodedb.base.ids.Slots;
import io.nodedb.base.ids.SystemCollections;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.settings.Settings;
import io.nodedb.base.settings.WalSettings;
import io.nodedb.bridge.lane.Chunk;
import io.nodedb.bridge.lane.Lane;
import io.nodedb.bridge.lane.LanePort;
import io.nodedb.bridge.lane.Request;
import io.nodedb.bridge.lane.ResponseHandler;
import io.nodedb.bridge.wake.Doorbell;
import io.nodedb.data.commit.LocalCoordinator;
import io.nodedb.data.core.CoreLoop;
import io.nodedb.data.core.CoreSettings;
import io.nodedb.data.core.CoreWiring;
import io.nodedb.data.maintenance.CheckpointService;
import io.nodedb.data.maintenance.CheckpointService.Place;
import io.nodedb.data.maintenance.DamageQueue;
import io.nodedb.data.offload.CoreInbox;
import io.nodedb.data.offload.HelperJob;
import io.nodedb.data.offload.HelperPool;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.data.probe.Faults;
import io.nodedb.data.probe.FaultyEngine;
import io.nodedb.data.probe.ProbeEngine;
import io.nodedb.data.recovery.EngineLoader;
import io.nodedb.engine.CollectionOptions;
import io.nodedb.engine.Engine;
import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.plan.Call;
import io.nodedb.plan.commit.CollectionCall;
import io.nodedb.plan.commit.CommitCall;
import io.nodedb.plan.commit.KeyWrite;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvOp;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandBatchCall;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.PlacedCommand;
import io.nodedb.simulator.disk.FaultyDisk;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import io.nodedb.storage.checkpoint.ManifestStore;
import io.nodedb.storage.feed.EventRing;
import io.nodedb.storage.quarantine.QuarantineRegistry;
import io.nodedb.storage.snapshot.SnapshotRegistry;
import io.nodedb.storage.wal.CommitPort;
import io.nodedb.storage.wal.CommitRequest;
import io.nodedb.storage.wal.CoreLog;
import io.nodedb.storage.wal.Wal;
import io.nodedb.storage.wal.WalKeeper;
import io.nodedb.storage.wal.WalWriter;
import io.nodedb.testkit.VirtualTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Data cores over a real log on a disk in memory. Nothing happens unless the test steps it; {@link
 * #settle} steps everybody until nobody has anything to do. {@link #crash} forgets all that is in
 * memory and {@link #open} recovers what the disk holds.
 */
public final class CoreHarness {
    /** The collection that tests write to. */
    public static final int COLLECTION = SystemCollections.FIRST_USER;

    private static final long DATABASE = 77;
    private static final int ENGINE = 1;
    private static final long TXN_IDS = 1L << 40;
    private static final int MAX_ROUNDS = 20_000;

    public final HarnessOptions options;
    public final VirtualTime time = new VirtualTime();
    public final FaultyDisk disk;
    public final Faults faults;
    public final RecordedFailures failures = new RecordedFailures();
    public final Settings settings;
    public final Map<Integer, CollectionOptions> collections = new TreeMap<>();

    public MemoryGovernor governor;
    public Wal wal;
    public WalWriter writer;
    public WalKeeper keeper;
    public Lane<Call> lane;
    public SnapshotRegistry snapshots;
    public HelperPool readers;
    public HelperPool workers;
    public CommitPort commitPort;
    public Doorbell writerBell;
    public final List<CoreLoop> loops = new ArrayList<>();
    public final List<EventRing> rings = new ArrayList<>();
    public final List<Place> covered = new ArrayList<>();
    private final Deque<HeldChunk> heldChunks = new ArrayDeque<>();

    /** Rings the Event Plane. */
    public Runnable wakeEvents = () -> {};

    /** Does the writer run while a core looks how far it has come? */
    public BooleanSupplier writerIsFaster = () -> false;

    /** Chunks are kept by the client until it calls {@link #giveChunksBack}. */
    public boolean holdChunks;

    private final Map<Long, Reply> inFlight = new HashMap<>();
    private final Handler handler = new Handler();
    private final List<CommitRequest> decided = new ArrayList<>();
    private int answers;

    private record HeldChunk(Reply reply, Chunk chunk) {}

    private int coreCount;
    private boolean released;

    public CoreHarness(HarnessOptions options) {
        this(options, new MemoryDisk());
    }

    public CoreHarness(HarnessOptions options, Disk below) {
        this.options = options;
        this.faults = options.faults;
        this.disk = new FaultyDisk(below);
        this.settings = options.settings();
        collections.put(SystemCollections.CATALOG, CollectionOptions.SYSTEM);
        collections.put(SystemCollections.IDEMPOTENCY, CollectionOptions.SYSTEM);
        collections.put(COLLECTION, new CollectionOptions(options.feed));
        open(options.cores);
    }

    /** Recovers from the disk with this number of cores. */
    public void open(int cores) {
        try {
            openAll(cores);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void openAll(int cores) throws IOException {
        coreCount = cores;
        released = false;
        governor = new MemoryGovernor(options.memoryLimit, settings);
        QuarantineRegistry quarantine = QuarantineRegistry.open(disk, "quarantine", time);
        Map<Place, ManifestStore> stores = new LinkedHashMap<>();
        long knownSynced = 0;
        for (int partition = 0; partition < options.partitions; partition++) {
            ManifestStore store =
                    ManifestStore.open(
                            disk,
                            Partitions.directory(partition) + "/" + options.engine.name(),
                            new CheckpointOwner(DATABASE, ENGINE, partition));
            knownSynced = Math.max(knownSynced, store.highestPublishedLsn());
            stores.put(new Place(partition, ENGINE), store);
        }
        wal = Wal.open(disk, "wal", options.wal, DATABASE, time, knownSynced);
        snapshots = new SnapshotRegistry(wal.progress()::ackingLsn);
        EngineLoader loader =
                new EngineLoader(
                        List.of(options.engine),
                        governor,
                        snapshots::needed,
                        wal.reader(),
                        quarantine,
                        failures);
        List<List<EngineSlot>> slots = new ArrayList<>();
        for (int core = 0; core < cores; core++) {
            Map<Place, ManifestStore> places = new LinkedHashMap<>();
            for (Map.Entry<Place, ManifestStore> store : stores.entrySet()) {
                if (store.getKey().partition() % cores == core) {
                    places.put(store.getKey(), store.getValue());
                }
            }
            slots.add(loader.load(places, this::describe, Set.of(), time.epochMillis()));
        }
        wire(slots, stores, loader);
        for (ManifestStore store : stores.values()) {
            if (store.isNew()) {
                store.begin(writer.incarnation());
            }
        }
    }

    private void describe(int engineId, Engine engine) {
        collections.forEach(engine::openCollection);
    }

    private void wire(
            List<List<EngineSlot>> slots, Map<Place, ManifestStore> stores, EngineLoader loader) {
        Doorbell bell = new Doorbell(new NullWakeup());
        writerBell = bell;
        readers = new HelperPool("io", 64);
        workers = new HelperPool("background", 64);
        List<Doorbell> coreBells = new ArrayList<>();
        List<CoreLog> logs = new ArrayList<>();
        List<CommitPort> ports = new ArrayList<>();
        for (int core = 0; core < coreCount; core++) {
            coreBells.add(new Doorbell(new NullWakeup()));
            logs.add(new CoreLog(core, options.wal, coreBells.get(core), bell));
            ports.add(new CommitPort(options.commitPortCapacity, coreBells.get(core), bell));
        }
        Doorbell laneBell = new Doorbell(new NullWakeup());
        commitPort = new CommitPort(options.commitPortCapacity, laneBell, bell);
        ports.add(commitPort);
        keeper = new WalKeeper(bell, bell);
        writer = wal.start(logs, ports, keeper);
        lane = new Lane<>(0, options.lane, KvCall::new, coreBells, laneBell);
        HarnessLogView view = new HarnessLogView(writer, () -> writerIsFaster.getAsBoolean());
        CheckpointService checkpoints =
                new CheckpointService(
                        workers,
                        stores,
                        writer.incarnation(),
                        (partition, engine, lsn) -> covered.add(new Place(partition, engine)),
                        loader,
                        governor,
                        view::syncedLsn,
                        collection -> true,
                        settings.get(WalSettings.CHECKPOINT_DELTAS),
                        new DamageQueue((damage, what) -> {}));
        loops.clear();
        rings.clear();
        for (int core = 0; core < coreCount; core++) {
            EventRing ring = new EventRing(options.eventSlots, 32 << 20, () -> wakeEvents.run());
            rings.add(ring);
            CoreLoop loop =
                    new CoreLoop(
                            new CoreWiring(
                                    core,
                                    time,
                                    new SplittableRandom(core),
                                    CoreSettings.from(settings),
                                    List.of(lane.port(core)),
                                    logs.get(core),
                                    options.wal.maxRecordBytes(),
                                    view,
                                    new LocalCoordinator(
                                            core, ports.get(core), (core + 1) * TXN_IDS),
                                    snapshots,
                                    governor,
                                    failures,
                                    new CoreInbox(coreBells.get(core)),
                                    readers,
                                    ring.writer(),
                                    options.eventStage,
                                    checkpoints));
            for (EngineSlot slot : slots.get(core)) {
                slot.setCovered(slot.coveredLsn(), view.position());
                loop.partitions().add(slot);
            }
            collections.forEach((id, of) -> loop.partitions().openCollection(id, ENGINE, of));
            loop.rebuildFailed();
            loops.add(loop);
        }
    }

    /** Everything in memory is gone, also what is not the heap's; what the writer wrote stays. */
    public void crash() {
        release();
        inFlight.clear();
        heldChunks.clear();
    }

    /**
     * Gives back the memory of all engines, which is not the heap's; after that only {@link #open}.
     */
    public void release() {
        if (released) {
            return;
        }
        released = true;
        for (CoreLoop loop : loops) {
            for (EngineSlot slot : loop.partitions().all()) {
                slot.engine().close();
            }
        }
        while (governor.reclaimer().step()) {
            // more
        }
    }

    // ---- stepping

    public CoreLoop core() {
        return loops.getFirst();
    }

    /** One turn of every core, one round of the log, every helper's job, all answers. */
    public boolean step() {
        boolean worked = coreStep();
        worked |= walStep();
        worked |= helpersStep();
        worked |= poll();
        return worked;
    }

    public boolean coreStep() {
        boolean worked = false;
        for (CoreLoop loop : loops) {
            worked |= loop.step();
        }
        return worked;
    }

    public boolean walStep() {
        boolean worked = writer.step();
        worked |= keeper.step();
        return worked;
    }

    /** Gives helpers as much other work as they take. @return how many pieces that are */
    public int fill(HelperPool pool) {
        CoreInbox elsewhere = new CoreInbox(new Doorbell(new NullWakeup()));
        HelperJob nothing =
                new HelperJob(elsewhere) {
                    @Override
                    protected void work() {}

                    @Override
                    protected void finished(@Nullable Throwable failure) {}
                };
        int pieces = 0;
        while (pool.submit(nothing)) {
            pieces++;
        }
        return pieces;
    }

    public boolean helpersStep() {
        boolean worked = false;
        while (readers.step()) {
            worked = true;
        }
        while (workers.step()) {
            worked = true;
        }
        return worked;
    }

    /** Takes answers. */
    public boolean poll() {
        boolean any = lane.poll(handler, Integer.MAX_VALUE) > 0;
        for (CommitRequest request = commitPort.poll();
                request != null;
                request = commitPort.poll()) {
            decided.add(request);
        }
        return any;
    }

    /** The tracker's look at deadlines and leases. */
    public void expire() {
        lane.expire(time.nanoTime(), handler);
    }

    /** Steps everybody until nobody works any more. */
    public CoreHarness settle() {
        int idle = 0;
        for (int round = 0; idle < 3; round++) {
            assertThat(round).as("rounds until everything is quiet").isLessThan(MAX_ROUNDS);
            idle = step() ? 0 : idle + 1;
        }
        return this;
    }

    /** Time passes in small steps, with everybody stepped after each. */
    public CoreHarness run(long millis, long stepMillis) {
        for (long passed = 0; passed < millis; passed += stepMillis) {
            time.advanceMillis(Math.min(stepMillis, millis - passed));
            step();
            step();
        }
        return settle();
    }

    public CoreHarness seconds(long seconds) {
        time.advanceMillis(seconds * 1000);
        return settle();
    }

    // ---- requests

    public int partitionOf(String key) {
        return Slots.ofHash(io.nodedb.base.ids.KeyHash.of(bytes(key))) % options.partitions;
    }

    public int coreOf(int partition) {
        return partition % coreCount;
    }

    public LanePort<Call> portOf(int partition) {
        return lane.port(coreOf(partition));
    }

    /** Submits a request after {@code fill}. */
    public Reply send(int partition, @Nullable Call payload, Consumer<Request<Call>> fill) {
        Request<Call> request = portOf(partition).acquire(0);
        assertThat(request).as("the port has a free request").isNotNull();
        request.partition = partition;
        if (payload != null) {
            request.payload = payload;
        }
        fill.accept(request);
        Reply reply = new Reply(request);
        request.attachment = reply;
        inFlight.put(request.id, reply);
        portOf(partition).submit(request);
        lane.flush();
        return reply;
    }

    public Reply send(KvOp op, String key, Consumer<Request<Call>> fill) {
        return send(
                partitionOf(key),
                null,
                request -> {
                    KvCall call = (KvCall) request.payload;
                    call.reset();
                    call.op = op;
                    call.collection = COLLECTION;
                    call.setKey(bytes(key), 0, bytes(key).length);
                    fill.accept(request);
                });
    }

    public Reply get(String key) {
        return send(KvOp.GET, key, request -> {});
    }

    public Reply put(String key, String value) {
        return put(key, value, request -> {});
    }

    public Reply put(String key, String value, Consumer<Request<Call>> fill) {
        return put(key, bytes(value), fill);
    }

    public Reply put(String key, byte[] value, Consumer<Request<Call>> fill) {
        return send(
                KvOp.PUT,
                key,
                request -> {
                    kv(request).setValue(value, 0, value.length);
                    fill.accept(request);
                });
    }

    public Reply delete(String key) {
        return send(KvOp.DELETE, key, request -> {});
    }

    public Reply increment(String key, long by) {
        return send(KvOp.INCREMENT, key, request -> kv(request).number = by);
    }

    public Reply collection(int core, CollectionCall.Action action, int collection) {
        CollectionCall call = new CollectionCall();
        call.action = action;
        call.collection = collection;
        call.engine = ENGINE;
        return send(core, call, request -> {});
    }

    public Reply commit(int partition, CommitCall call) {
        return send(partition, call, request -> {});
    }

    public Reply batch(int partition, CommandBatchCall call) {
        return send(partition, call, request -> {});
    }

    /** A command on the keys of one partition, that of its first argument. */
    public PlacedCommand command(Command command, String... arguments) {
        CommandCall call = new CommandCall();
        call.command = command;
        call.collection = COLLECTION;
        for (String argument : arguments) {
            call.arguments.add(bytes(argument));
        }
        return new PlacedCommand(partitionOf(arguments[0]), call);
    }

    public KeyWrite write(String key, @Nullable String value) {
        byte[] of = bytes(key);
        return new KeyWrite(
                partitionOf(key),
                COLLECTION,
                of,
                io.nodedb.base.ids.KeyHash.of(of),
                value == null ? null : bytes(value),
                0);
    }

    /** Asks the writer for a decision; the answer is in {@link #decided} later. */
    public void decide(CommitRequest request) {
        assertThat(commitPort.submit(request)).isTrue();
        commitPort.flush();
    }

    public List<CommitRequest> decided() {
        return decided;
    }

    /** The value of a key now, or null. */
    public @Nullable String read(String key) {
        Reply reply = get(key);
        settle();
        reply.ok();
        return reply.found ? reply.text() : null;
    }

    public int heldChunks() {
        return heldChunks.size();
    }

    public void giveChunksBack() {
        while (!heldChunks.isEmpty()) {
            HeldChunk held = heldChunks.removeFirst();
            held.reply.partial(held.chunk);
            giveBack(held.chunk);
        }
        lane.flush();
    }

    @SuppressWarnings("unchecked") // the harness has one kind of payload
    private void giveBack(Chunk chunk) {
        ((LanePort<Call>) chunk.request().port).giveBack(chunk);
    }

    // ---- what is there

    /** Committed content of all partitions. */
    public Map<String, String> content() {
        Map<String, String> content = new TreeMap<>();
        for (CoreLoop loop : loops) {
            for (EngineSlot slot : loop.partitions().all()) {
                content.putAll(probe(slot).content(COLLECTION));
            }
        }
        return content;
    }

    public int pendingVersions() {
        int pending = 0;
        for (CoreLoop loop : loops) {
            for (EngineSlot slot : loop.partitions().all()) {
                pending += probe(slot).pendingVersions();
            }
        }
        return pending;
    }

    public static ProbeEngine probe(EngineSlot slot) {
        return (ProbeEngine) ((FaultyEngine) slot.engine()).inner();
    }

    public static KvCall kv(Request<Call> request) {
        return (KvCall) request.payload;
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private final class Handler implements ResponseHandler<Call> {
        @Override
        public void onPartial(Chunk chunk) {
            Reply reply = inFlight.get(chunk.request().id);
            assertThat(reply).isNotNull();
            if (holdChunks) {
                heldChunks.add(new HeldChunk(reply, chunk));
                return;
            }
            reply.partial(chunk);
            giveBack(chunk);
        }

        @Override
        public void onFinal(Request<Call> request) {
            Reply reply = inFlight.remove(request.id);
            assertThat(reply).as("an answer belongs to a request").isNotNull();
            reply.finish(request, ++answers);
            request.port.recycle(request);
        }

        @Override
        public void onExpired(Request<Call> request, ErrorCode code) {
            Reply reply = inFlight.remove(request.id);
            assertThat(reply).isNotNull();
            reply.expired = code;
        }
    }
}
