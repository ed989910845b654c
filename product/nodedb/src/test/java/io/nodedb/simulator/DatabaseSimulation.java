package io.nodedb.simulator;

import static io.nodedb.simulator.CommittedHistory.require;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.Lsn;
import io.nodedb.base.ids.Partitions;
import io.nodedb.control.ControlPlane;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.scan.EntrySource;
import io.nodedb.control.scan.KeyRange;
import io.nodedb.control.scan.ScanEntry;
import io.nodedb.os.disk.DiskFullException;
import io.nodedb.simulator.disk.DiskCall;
import io.nodedb.simulator.disk.SimulatedDisk;
import io.nodedb.simulator.time.VirtualTime;
import io.nodedb.storage.directory.DatabaseFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * One seed: a database lives through several starts on a disk with faults, used by several clients
 * and a consumer of its changes; after each start everything that anybody was told is checked.
 *
 * <pre>
 *   open ─► check against what was told before ─► clients work ─► power loss | kill | clean stop ─► …
 * </pre>
 */
final class DatabaseSimulation {
    private enum End {
        POWER_LOSS,
        KILL,
        STOP
    }

    private final SplittableRandom random;
    private final SimulationPlan plan;
    private final VirtualTime time = new VirtualTime();
    private final SimulatedDisk disk;
    private final Trace trace = new Trace();
    private final CommittedHistory history = new CommittedHistory();
    private final Acknowledgements acknowledgements = new Acknowledgements(history);
    private final FeedActor feed;
    private final List<Actor> clients = new ArrayList<>();
    private final List<BatchActor> batches = new ArrayList<>();
    private End lastEnd = End.STOP;
    private long syncedAtEnd;
    private long durableAtEnd;

    private DatabaseSimulation(SplittableRandom random) {
        this.random = random;
        plan = SimulationPlan.draw(random);
        disk = new SimulatedDisk(random.nextLong(), time);
        feed = new FeedActor(history, random.split());
        Workload workload = new Workload(plan.keys(), history, acknowledgements);
        for (int i = 0; i < plan.keyValueActors(); i++) {
            clients.add(new KeyValueActor("client-" + i, workload, random.split()));
        }
        for (int i = 0; i < plan.transactionActors(); i++) {
            clients.add(new TransactionActor("transactor-" + i, workload, random.split()));
        }
        for (int i = 0; i < plan.transactionActors(); i++) {
            batches.add(new BatchActor("batcher-" + i, random.split()));
        }
        clients.addAll(batches);
    }

    /** Runs what the generator's seed draws; the trace's hash is the same each time. */
    static Trace run(SplittableRandom random) {
        DatabaseSimulation simulation = new DatabaseSimulation(random);
        try {
            simulation.live();
        } catch (Throwable failure) {
            failure.addSuppressed(new AssertionError(simulation.plan.toString()));
            throw failure;
        }
        return simulation.trace;
    }

    private void live() {
        for (int i = 0; i < plan.lives(); i++) {
            SimulatedLife life = open(faultsIn(i));
            check(life);
            work(life, i);
            end(life, End.values()[random.nextInt(End.values().length)]);
        }
        SimulatedLife last = open(false);
        check(last);
        Map<String, String> state = lastingState(last);
        for (int i = 0; i < 2; i++) {
            last.stop();
            noteEnd(last, End.STOP);
            last = open(false);
            last.attach(List.of(feed));
            require(lastingState(last).equals(state), "a clean stop and start changes nothing");
        }
        last.stop();
        if (plan.bitFlip()) {
            damage();
        }
    }

    /**
     * A byte of a file of the stopped database changes. Then it does not open, and says which file
     * and where; or it opens and answers either as before or with an error; or what changed was
     * never read.
     */
    private void damage() {
        String path = drawFile();
        int size = disk.bytes(path).length;
        if (size == 0) {
            return;
        }
        int offset = random.nextInt(size);
        disk.damage(path, offset, 1 << random.nextInt(8));
        trace.add(path + offset);
        String what = "damage in " + path + " at " + offset;
        SimulatedLife life;
        try {
            life = new SimulatedLife(disk, plan, 1, time, random, trace, true);
        } catch (NodeDbException refused) {
            requireNamed(refused, path, what);
            return;
        }
        try {
            life.createCollections();
            require(sameOrRefused(life), what + " is no silent change");
        } finally {
            life.abandon();
        }
    }

    private boolean sameOrRefused(SimulatedLife life) {
        try {
            Map<String, String> state = lastingState(life);
            return history.isIncomplete()
                    || history.keys().stream()
                            .filter(key -> !history.hasExpiry(key))
                            .allMatch(key ->
                                    java.util.Objects.equals(
                                            history.valueAt(key, Long.MAX_VALUE), state.get(key)));
        } catch (NodeDbException refused) {
            return refused.code() == ErrorCode.QUARANTINED
                    || refused.code() == ErrorCode.COLLECTION_RECOVERING
                    || refused.code() == ErrorCode.DATA_CORRUPTED;
        }
    }

    private static void requireNamed(NodeDbException refused, String path, String what) {
        require(
                refused.code() == ErrorCode.DATA_CORRUPTED
                        || refused.code() == ErrorCode.UNSUPPORTED,
                what + " is told as damage: " + refused.getMessage());
        require(refused.getMessage().contains(path), what + " is named: " + refused.getMessage());
    }

    /** A file of the log, of a checkpoint, of the catalog, or a manifest. */
    private String drawFile() {
        List<String> folders = new ArrayList<>(List.of("wal", "catalog/kv"));
        for (int partition = 0; partition < plan.partitions(); partition++) {
            folders.add(Partitions.directory(partition) + "/kv");
            folders.add(Partitions.directory(partition) + "/document");
        }
        List<String> files = new ArrayList<>();
        String folder = folders.get(random.nextInt(folders.size()));
        for (String name : disk.list(folder)) {
            files.add(folder + "/" + name);
        }
        return files.isEmpty() ? DatabaseFormat.FILE : files.get(random.nextInt(files.size()));
    }

    private boolean faultsIn(int life) {
        return plan.diskFaults() && life > 0;
    }

    private SimulatedLife open(boolean expectDiskFaults) {
        disk.setLatency(0, 0);
        disk.setCapacity(Long.MAX_VALUE);
        int cores = SimulationPlan.drawCores(random);
        trace.add(cores);
        SimulatedLife life =
                new SimulatedLife(disk, plan, cores, time, random, trace, expectDiskFaults);
        long recovered = life.kernel().wal().recovered().lastLsn();
        require(
                recovered >= (lastEnd == End.POWER_LOSS ? syncedAtEnd : durableAtEnd),
                "the log holds what was promised: recovered="
                        + Values.shortLsn(recovered)
                        + " synced="
                        + Values.shortLsn(syncedAtEnd)
                        + " durable="
                        + Values.shortLsn(durableAtEnd)
                        + " end="
                        + lastEnd);
        life.createCollections();
        return life;
    }

    /** The feed tells everything that the database has; then all that was told is compared. */
    private void check(SimulatedLife life) {
        life.attach(List.of(feed));
        long survived = life.kernel().wal().recovered().lastLsn();
        life.runUntil(() -> feed.position() >= survived, "the feed's way through the log");
        acknowledgements.check(survived, lastEnd == End.POWER_LOSS);
        compareState(life);
        batches.forEach(batch -> batch.check(life));
    }

    private void compareState(SimulatedLife life) {
        Map<String, String> state = state(life);
        history.clockShowed(Math.max(time.epochMillis(), Lsn.millis(life.progress().ackingLsn())));
        if (history.isIncomplete()) {
            return;
        }
        for (String key : history.keys()) {
            String expected = history.valueAt(key, Long.MAX_VALUE);
            String found = state.get(key);
            require(
                    java.util.Objects.equals(expected, found)
                            || (found == null && history.mayBeExpired(key)),
                    "the state is what the log says: key="
                            + key
                            + " expected="
                            + Values.brief(expected)
                            + " found="
                            + Values.brief(found)
                            + history.describe(key));
        }
        for (String key : state.keySet()) {
            require(history.keys().contains(key), "nothing comes from nowhere: key=" + key);
        }
    }

    /** What stays as it is while nobody writes. */
    private Map<String, String> lastingState(SimulatedLife life) {
        Map<String, String> state = state(life);
        state.keySet().removeIf(history::hasExpiry);
        return state;
    }

    /** Everything in the database. */
    private Map<String, String> state(SimulatedLife life) {
        Map<String, String> state = new TreeMap<>();
        for (String collection :
                List.of(SimulatedLife.SYNC, SimulatedLife.ASYNC, SimulatedLife.DOCUMENTS)) {
            try (EntrySource scan = scan(life, collection)) {
                for (ScanEntry entry = scan.next(); entry != null; entry = scan.next()) {
                    String key = collection + "/" + Values.text(entry.key());
                    require(
                            state.put(key, Values.text(entry.value())) == null,
                            "a scan finds a key once: " + key);
                }
            }
        }
        return state;
    }

    private static EntrySource scan(SimulatedLife life, String collection) {
        ControlPlane control = life.kernel().control();
        return collection.equals(SimulatedLife.DOCUMENTS)
                ? control.scan(life.collection(collection), KeyRange.ALL, CallOptions.DEFAULT)
                : control.scan(life.collection(collection), CallOptions.DEFAULT);
    }

    private void work(SimulatedLife life, int number) {
        life.attach(clients);
        if (plan.latencies()) {
            disk.setLatency(random.nextLong(200_000), random.nextLong(3_000_000));
        }
        if (faultsIn(number)) {
            injectFault(life);
        }
        int steps = 1 + random.nextInt(plan.stepsPerLife());
        if (plan.fullDisk()) {
            life.run(steps / 3);
            fillDisk(life);
            life.run(steps / 3);
            disk.setCapacity(Long.MAX_VALUE);
        }
        if (plan.wallClockSteps()) {
            life.run(steps / 2);
            history.clockShowed(time.epochMillis());
            time.stepWallClockMillis(random.nextInt(4_000) - 2_000);
        }
        life.run(steps);
    }

    private void fillDisk(SimulatedLife life) {
        disk.setCapacity(0);
        life.failures().expectDiskFaults();
    }

    /** One call, or every one from then on, fails. */
    private void injectFault(SimulatedLife life) {
        EnumSet<DiskCall> kinds = EnumSet.noneOf(DiskCall.class);
        switch (random.nextInt(4)) {
            case 0 -> kinds.addAll(EnumSet.of(DiskCall.WRITE, DiskCall.SYNC));
            case 1 -> kinds.add(DiskCall.SYNC);
            case 2 -> kinds.addAll(EnumSet.of(DiskCall.CREATE, DiskCall.RENAME, DiskCall.ALLOCATE));
            default -> kinds.addAll(EnumSet.allOf(DiskCall.class));
        }
        long nth = 1L + random.nextInt(120);
        if (random.nextBoolean()) {
            life.disk().failNth(kinds, nth, IOException::new);
        } else {
            life.disk().failFromNth(kinds, nth, IOException::new);
        }
        if (random.nextInt(4) == 0) {
            life.disk()
                    .failNth(
                            EnumSet.of(DiskCall.ALLOCATE, DiskCall.WRITE),
                            nth,
                            DiskFullException::new);
        }
    }

    private void end(SimulatedLife life, End wanted) {
        disk.setCapacity(Long.MAX_VALUE);
        End end = wanted;
        if (end == End.STOP && life.kernel().writer().failed()) {
            end = End.KILL;
        }
        trace.add(end.ordinal());
        noteEnd(life, end);
        if (end == End.STOP) {
            life.disk().heal();
            life.stop();
            noteEnd(life, end);
            return;
        }
        if (end == End.POWER_LOSS) {
            disk.losePower();
        } else {
            disk.killProcess();
        }
        life.abandon();
    }

    private void noteEnd(SimulatedLife life, End end) {
        lastEnd = end;
        syncedAtEnd = life.progress().syncedLsn();
        durableAtEnd = life.progress().durableLsn();
    }
}
