package io.nodedb.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.bridge.wake.Doorbell;
import io.nodedb.event.SimulatedCore.Section;
import io.nodedb.os.wake.Wakeup;
import io.nodedb.simulator.disk.SimulatedDisk;
import io.nodedb.simulator.time.VirtualTime;
import io.nodedb.storage.feed.EventRing;
import io.nodedb.storage.wal.CommitCursor;
import io.nodedb.storage.wal.CommitPort;
import io.nodedb.storage.wal.CommitRequest;
import io.nodedb.storage.wal.CoreLog;
import io.nodedb.storage.wal.EffectFormat;
import io.nodedb.storage.wal.EffectReader;
import io.nodedb.storage.wal.Effects;
import io.nodedb.storage.wal.ReadLimit;
import io.nodedb.storage.wal.RecordFormat;
import io.nodedb.storage.wal.Wal;
import io.nodedb.storage.wal.WalKeeper;
import io.nodedb.storage.wal.WalOptions;
import io.nodedb.storage.wal.WalWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The real log and Event Plane between simulated cores and consumers; one thread plays everybody.
 */
final class EventSimulation {
    static final int COLLECTIONS = 3;
    private static final long DATABASE = 99;
    private static final int PORT_CAPACITY = 16;

    final SimulatedDisk disk;
    final VirtualTime time;
    final WalOptions walOptions;
    final EventOptions options;
    final int ringSlots;
    final int coreCount;
    final int partitionCount;
    private final SplittableRandom random;

    /** In some runs every commit is asynchronous. */
    private final int oneInIsAsync;

    Wal wal;
    WalWriter writer;
    WalKeeper keeper;
    EventHub hub;
    List<SimulatedCore> cores;
    List<EventRing> rings;
    final BitSet woken = new BitSet();
    private CommitPort port;
    private long nextId = 1;

    /** What each operation does, by the id that its keys carry: the changes of each partition. */
    final Map<Long, Map<Integer, List<String>>> model = new TreeMap<>();

    EventSimulation(
            SplittableRandom random,
            WalOptions walOptions,
            EventOptions options,
            int ringSlots,
            int cores,
            int partitions) {
        this.random = random;
        this.oneInIsAsync = 1 + random.nextInt(4);
        this.time = new VirtualTime();
        this.disk = new SimulatedDisk(random.nextLong(), time);
        this.walOptions = walOptions;
        this.options = options;
        this.ringSlots = ringSlots;
        this.coreCount = cores;
        this.partitionCount = partitions;
    }

    void open() {
        open(() -> {});
    }

    void open(Runnable wakeHub) {
        wal = Wal.open(disk, "wal", walOptions, DATABASE, time, 0);
        Doorbell bell = new Doorbell(new NoWakeup());
        List<CoreLog> logs = new ArrayList<>();
        rings = new ArrayList<>();
        cores = new ArrayList<>();
        for (int core = 0; core < coreCount; core++) {
            EventRing ring = new EventRing(ringSlots, 1 << 20, wakeHub);
            CoreLog log = new CoreLog(core, walOptions, bell, bell);
            rings.add(ring);
            logs.add(log);
            cores.add(new SimulatedCore(log, ring, wal.progress()));
        }
        port = new CommitPort(PORT_CAPACITY, bell, bell);
        keeper = new WalKeeper(bell, bell);
        writer = wal.start(logs, List.of(port), keeper);
        hub =
                new EventHub(
                        rings,
                        this::coreOf,
                        wal.reader(),
                        wal.progress(),
                        writer.pins(),
                        options,
                        time,
                        woken::set);
    }

    int coreOf(int partition) {
        return partition % coreCount;
    }

    /** A write with random changes in some partitions of one core. */
    void batch() {
        int core = random.nextInt(coreCount);
        List<Section> sections = new ArrayList<>();
        long id = nextId++;
        for (int partition : partitions(core)) {
            sections.add(section(id, partition));
        }
        if (!sections.isEmpty()) {
            cores.get(core).batch(id, sections, isAsync());
        }
    }

    /** A transaction over several cores, committed or aborted. */
    void transaction() {
        long id = nextId++;
        CommitRequest request = new CommitRequest();
        boolean commit = random.nextInt(4) > 0;
        if (commit) {
            int durability = isAsync() ? RecordFormat.ASYNC : 0;
            request.commit(id, RecordFormat.flags(durability, SimulatedCore.SOURCE), 0, id);
        } else {
            request.abort(id);
        }
        boolean whole = true;
        for (int core = 0; core < coreCount && whole; core++) {
            List<Section> sections = new ArrayList<>();
            for (int partition : partitions(core)) {
                sections.add(section(id, partition));
                request.partition(partition);
            }
            if (!sections.isEmpty()) {
                whole = cores.get(core).prepare(id, sections, random.nextBoolean(), request);
            }
        }
        if (whole) {
            port.submit(request);
        }
    }

    private boolean isAsync() {
        return random.nextInt(oneInIsAsync) == 0;
    }

    private int[] partitions(int core) {
        return IntStream.range(0, partitionCount)
                .filter(partition -> coreOf(partition) == core && random.nextInt(3) > 0)
                .toArray();
    }

    private Section section(long id, int partition) {
        Effects effects = new Effects(64);
        List<String> changes = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int collection = 1 + random.nextInt(COLLECTIONS);
            String key = id + ":" + i;
            String old = random.nextBoolean() ? null : "old" + random.nextInt(100);
            String value =
                    random.nextInt(3) == 0
                            ? null
                            : "new".repeat(random.nextInt(random.nextInt(8) == 0 ? 100 : 4));
            int flags = random.nextInt(4) == 0 ? EffectFormat.EXPIRED : 0;
            SimulatedCore.append(effects, collection, key, value, old, flags);
            Operation operation =
                    value != null
                            ? old == null ? Operation.INSERT : Operation.UPDATE
                            : flags != 0 ? Operation.EXPIRE : Operation.DELETE;
            changes.add(text(operation, collection, key, old, value));
        }
        model.computeIfAbsent(id, key -> new TreeMap<>()).put(partition, changes);
        return new Section(partition, Arrays.copyOf(effects.bytes(), effects.length()));
    }

    private static String text(
            Operation operation, int collection, String key, String old, String value) {
        return operation + " " + collection + " " + key + " " + old + " " + value;
    }

    static String text(Change change) {
        return text(
                change.operation(),
                change.collection(),
                new String(change.key(), UTF_8),
                change.oldValue() == null ? null : new String(change.oldValue(), UTF_8),
                change.newValue() == null ? null : new String(change.newValue(), UTF_8));
    }

    /** The commits that the log holds now, by LSN: partition to changes, as the model made them. */
    NavigableMap<Long, Map<Integer, List<String>>> truth() {
        TreeMap<Long, Map<Integer, List<String>>> truth = new TreeMap<>();
        EffectReader effect = new EffectReader();
        try (CommitCursor cursor = wal.reader().commitsFrom(0, p -> true, ReadLimit.SYNCED)) {
            while (cursor.next()) {
                assertThat(cursor.nextSlice(effect)).isTrue();
                while (!effect.next()) {
                    assertThat(cursor.nextSlice(effect)).isTrue();
                }
                String key =
                        new String(effect.buffer(), effect.keyOffset(), effect.keyLength(), UTF_8);
                long id = Long.parseLong(key.substring(0, key.indexOf(':')));
                truth.put(cursor.lsn(), model.get(id));
            }
        }
        return truth;
    }

    void stepWriter() {
        writer.step();
        keeper.step();
        CommitRequest answered;
        while ((answered = port.poll()) != null) {
            assertThat(answered.error()).isZero();
        }
    }

    void turnCores() {
        cores.forEach(SimulatedCore::turn);
        woken.clear();
    }

    /** Everything that was written is durable, synced, emitted and merged. */
    void settle() {
        for (int round = 0; round < 10; round++) {
            time.advanceMillis(600);
            do {
                stepWriter();
                turnCores();
            } while (writer.hasWork() || keeper.hasWork());
            while (hub.step()) {
                turnCores();
            }
        }
    }

    void settleWithoutHub() {
        do {
            stepWriter();
            turnCores();
        } while (writer.hasWork() || keeper.hasWork());
    }

    void submit(CommitRequest request) {
        assertThat(port.submit(request)).isTrue();
    }

    static final class NoWakeup implements Wakeup {
        @Override
        public void signal() {}

        @Override
        public boolean await(long timeoutNanos) {
            return true;
        }

        @Override
        public String mechanism() {
            return "none";
        }

        @Override
        public void close() {}
    }
}
