package io.nodedb.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.Partitions;
import io.nodedb.bridge.wake.Doorbell;
import io.nodedb.os.disk.Disk;
import io.nodedb.simulator.time.VirtualTime;
import io.nodedb.storage.wal.LoggedOp.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * A log with simulated cores and coordinators above it, and a naive model of what must be in it.
 * One thread plays everybody.
 */
final class WalSimulation {
    static final long DATABASE = 0x1234_5678_9ABCL;
    static final String DIRECTORY = "wal";
    private static final int PORT_CAPACITY = 16;
    private static final int MAX_UNDECIDED = 4;

    /** Three values in each of two partitions fill the largest record. */
    private static final int LARGEST_BATCH_VALUE = 280;

    /** Three values in each of four partitions do. */
    private static final int LARGEST_PREPARED_VALUE = 110;

    final VirtualTime time;
    final WalOptions options;
    final Disk disk;
    private final Random random;
    private final int coreCount;
    private final int partitionCount;
    private final RecordEncoder encoder = new RecordEncoder();
    private final Effects effects = new Effects(4096);
    private final long[] ack = new long[CoreLog.ACK_STRIDE];

    // what lives as long as the process
    Wal wal;
    WalWriter writer;
    WalKeeper keeper;
    List<CoreLog> cores = List.of();
    private CommitPort port;
    private List<Map<Long, LoggedOp>> byToken = List.of();
    private final Map<Long, LoggedOp> transactions = new HashMap<>();
    private final List<CommitRequest> undecided = new ArrayList<>();
    private CommitCursor feed;
    private int pin;
    private final List<Long> fed = new ArrayList<>();
    private final long[] lastAckLsn;

    // the model, which outlives it
    final Map<Long, LoggedOp> ops = new HashMap<>();
    private long nextId = 1;

    /** Whether the next operation is asynchronous. */
    BooleanSupplier isAsync;

    private long syncedFloor;
    long checkpointLsn;
    int acknowledged;
    int recoveredOps;
    int failures;

    WalSimulation(
            Random random,
            VirtualTime time,
            Disk disk,
            WalOptions options,
            int cores,
            int partitions) {
        this.random = random;
        this.isAsync = () -> random.nextInt(3) == 0;
        this.time = time;
        this.disk = disk;
        this.options = options;
        this.coreCount = cores;
        this.partitionCount = partitions;
        this.lastAckLsn = new long[cores];
    }

    void open() {
        wal = Wal.open(disk, DIRECTORY, options, DATABASE, time, checkpointLsn);
    }

    void start() {
        Doorbell bell = new Doorbell(new NullWakeup());
        List<CoreLog> logs = new ArrayList<>();
        byToken = new ArrayList<>();
        for (int core = 0; core < coreCount; core++) {
            logs.add(new CoreLog(core, options, bell, bell));
            byToken.add(new HashMap<>());
            lastAckLsn[core] = 0;
        }
        cores = logs;
        port = new CommitPort(PORT_CAPACITY, bell, bell);
        transactions.clear();
        undecided.clear();
        keeper = new WalKeeper(bell, bell);
        writer = wal.start(cores, List.of(port), keeper);
        pin = writer.pins().pin(checkpointLsn);
        feed = wal.reader().commitsFrom(checkpointLsn, p -> true, ReadLimit.SYNCED);
        fed.clear();
    }

    private int coreOf(int partition) {
        return partition == Partitions.SYSTEM ? 0 : partition % coreCount;
    }

    private LoggedOp newOp(int[] partitions, int largestValue) {
        int[] counts = new int[partitions.length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = 1 + random.nextInt(3);
        }
        boolean large = random.nextInt(4) == 0;
        int valueBytes = random.nextInt(large ? largestValue : 40);
        LoggedOp op =
                new LoggedOp(nextId++, isAsync.getAsBoolean(), partitions, counts, valueBytes);
        ops.put(op.id, op);
        return op;
    }

    private int[] randomPartitions(int core, int most) {
        Set<Integer> chosen = new HashSet<>();
        int wanted = 1 + random.nextInt(most);
        for (int i = 0; i < wanted * 2 && chosen.size() < wanted; i++) {
            int partition = random.nextInt(partitionCount);
            if (core < 0 || coreOf(partition) == core) {
                chosen.add(partition);
            }
        }
        return chosen.stream().mapToInt(Integer::intValue).sorted().toArray();
    }

    boolean batch() {
        int core = random.nextInt(coreCount);
        int[] partitions = randomPartitions(core, 2);
        if (partitions.length == 0) {
            return false;
        }
        LoggedOp op = newOp(partitions, LARGEST_BATCH_VALUE);
        byte[][] sections = new byte[partitions.length][];
        int total = 0;
        for (int i = 0; i < partitions.length; i++) {
            sections[i] = section(op, i, 0, op.effects[i]);
            total += sections[i].length;
        }
        CoreLog log = cores.get(core);
        int at = log.claim(RecordFormat.bytes(partitions.length, total));
        if (at < 0) {
            op.state = State.GONE;
            return false;
        }
        encoder.begin(
                log.buffer(),
                at,
                RecordFormat.BATCH,
                RecordFormat.flags(op.async ? RecordFormat.ASYNC : 0, 0),
                partitions.length,
                0,
                0,
                op.id);
        for (int i = 0; i < partitions.length; i++) {
            encoder.section(partitions[i], sections[i], 0, sections[i].length);
        }
        encoder.end();
        byToken.get(core).put(op.id, op);
        log.publish(op.id);
        return true;
    }

    void tombstone() {
        LoggedOp op = new LoggedOp(nextId++, false, new int[] {Partitions.SYSTEM}, new int[1], 0);
        op.tombstone = true;
        CoreLog log = cores.get(0);
        int at = log.claim(RecordFormat.tombstoneBytes());
        if (at < 0) {
            return;
        }
        ops.put(op.id, op);
        encoder.begin(log.buffer(), at, RecordFormat.TOMBSTONE, 0, 1, 0, 0, op.id);
        encoder.tombstoneSection(Partitions.SYSTEM, (int) op.id);
        encoder.end();
        byToken.get(0).put(op.id, op);
        log.publish(op.id);
    }

    private byte[] section(LoggedOp op, int slot, int from, int to) {
        op.encode(effects, slot, from, to);
        return java.util.Arrays.copyOf(effects.bytes(), effects.length());
    }

    /** Prepares a transaction on every core; its decision comes now, later or never. */
    void transaction() {
        int[] partitions = randomPartitions(-1, 4);
        LoggedOp op = newOp(partitions, LARGEST_PREPARED_VALUE);
        CommitRequest request = new CommitRequest();
        boolean commit = random.nextInt(5) > 0;
        if (commit) {
            request.commit(
                    op.id, RecordFormat.flags(op.async ? RecordFormat.ASYNC : 0, 0), 0, op.id);
        } else {
            request.abort(op.id);
        }
        for (int partition : partitions) {
            request.partition(partition);
        }
        boolean whole = true;
        for (int core = 0; core < coreCount && whole; core++) {
            whole = prepare(op, core, request);
        }
        if (!whole) {
            op.state = State.GONE;
            return;
        }
        transactions.put(op.id, op);
        if (random.nextInt(4) == 0 && undecided.size() < MAX_UNDECIDED) {
            undecided.add(request);
        } else {
            submit(request);
        }
    }

    private boolean prepare(LoggedOp op, int core, CommitRequest request) {
        CoreLog log = cores.get(core);
        int[] own =
                java.util.stream.IntStream.range(0, op.partitions.length)
                        .filter(i -> coreOf(op.partitions[i]) == core)
                        .toArray();
        if (own.length == 0) {
            return true;
        }
        byte[][] last = new byte[own.length][];
        int total = 0;
        for (int i = 0; i < own.length; i++) {
            int slot = own[i];
            int inParts = random.nextInt(op.effects[slot] + 1);
            for (int part = 0; part < inParts; part++) {
                byte[] slice = section(op, slot, part, part + 1);
                int at = log.claim(RecordFormat.partBytes(slice.length));
                if (at < 0) {
                    return false;
                }
                encoder.begin(log.buffer(), at, RecordFormat.PART, 0, 1, op.id, 0, 0);
                encoder.partSection(op.partitions[slot], part, slice, 0, slice.length);
                encoder.end();
                log.publish(op.id);
            }
            last[i] = section(op, slot, inParts, op.effects[slot]);
            total += last[i].length;
        }
        int at = log.claim(RecordFormat.bytes(own.length, total));
        if (at < 0) {
            return false;
        }
        encoder.begin(log.buffer(), at, RecordFormat.PREPARE, 0, own.length, op.id, 0, 0);
        for (int i = 0; i < own.length; i++) {
            encoder.section(op.partitions[own[i]], last[i], 0, last[i].length);
        }
        encoder.end();
        request.core(core, log.publish(op.id));
        return true;
    }

    private void submit(CommitRequest request) {
        if (!port.submit(request)) {
            undecided.add(request);
        }
    }

    void decideOne() {
        if (!undecided.isEmpty()) {
            submit(undecided.remove(random.nextInt(undecided.size())));
        }
    }

    void takeAnswers() {
        for (int core = 0; core < coreCount; core++) {
            while (cores.get(core).pollAck(ack)) {
                acknowledgeFromCore(core, ack[0], ack[1], (int) ack[2]);
            }
        }
        CommitRequest answered;
        while ((answered = port.poll()) != null) {
            LoggedOp op = transactions.remove(answered.txnId());
            if (answered.error() == ErrorCode.STORAGE_FAILED.number()) {
                failures++;
                op.state = State.GONE;
            } else if (answered.error() != 0) {
                failures++;
            } else if (answered.commits()) {
                acknowledge(op, answered.lsn());
            } else {
                op.state = State.GONE;
            }
        }
        syncedFloor = Math.max(syncedFloor, wal.progress().syncedLsn());
        assertThat(wal.progress().durableLsn()).isLessThanOrEqualTo(wal.progress().ackingLsn());
    }

    private void acknowledgeFromCore(int core, long lsn, long token, int kind) {
        if (kind == CoreLog.FAILED) {
            failures++;
            return;
        }
        assertThat(lsn).as("acknowledgements of a core rise").isGreaterThan(lastAckLsn[core]);
        lastAckLsn[core] = lsn;
        if (kind == CoreLog.BATCH) {
            acknowledge(byToken.get(core).remove(token), lsn);
        }
    }

    private void acknowledge(LoggedOp op, long lsn) {
        assertThat(op.state).as("%s is acknowledged once", op).isEqualTo(State.OPEN);
        op.state = State.ACKNOWLEDGED;
        op.lsn = lsn;
        acknowledged++;
        if (!op.async) {
            assertThat(wal.progress().syncedLsn()).as("%s", op).isGreaterThanOrEqualTo(lsn);
        }
        assertThat(wal.progress().durableLsn()).isGreaterThanOrEqualTo(lsn);
    }

    /** A feed reads beside the writer; what it saw must never vanish. */
    void feed() {
        int limit = random.nextInt(20);
        try {
            while (limit-- > 0 && feed.next()) {
                if (feed.record().type() != RecordFormat.TOMBSTONE) {
                    fed.add(feed.record().originMutation());
                }
            }
        } catch (NodeDbException e) {
            if (e.code() != ErrorCode.LSN_TOO_OLD) {
                throw e;
            }
            int segments = wal.reader().segments().snapshot().length;
            assertThat((long) segments * options.segmentBytes())
                    .as("a pin holds the log back up to wal_keep")
                    .isGreaterThan(options.keepBytes() - options.segmentBytes());
            restartFeed();
        }
    }

    /** A checkpoint covers everything synced; the log below it may go. */
    void checkpoint() {
        if (!writer.failed()) {
            checkpointLsn = Math.max(checkpointLsn, wal.progress().syncedLsn());
            writer.cut(checkpointLsn);
        }
    }

    /** A feed that has come further lets go of what it has read. */
    void restartFeed() {
        if (!writer.failed()) {
            long from = Math.max(checkpointLsn, wal.progress().syncedLsn());
            feed.close();
            writer.pins().unpin(pin);
            pin = writer.pins().pin(from);
            feed = wal.reader().commitsFrom(from, p -> true, ReadLimit.SYNCED);
        }
    }

    void randomAction() {
        switch (random.nextInt(22)) {
            case 0, 1, 2, 3, 4, 5 -> batch();
            case 6, 7, 8 -> transaction();
            case 9, 10 -> decideOne();
            case 11 -> time.advanceMillis(random.nextInt(400));
            case 12 -> {
                feed();
                if (random.nextInt(8) == 0) {
                    restartFeed();
                }
            }
            case 13 -> {
                if (random.nextInt(4) == 0) {
                    checkpoint();
                } else if (random.nextInt(4) == 0) {
                    tombstone();
                }
            }
            case 14, 15 -> keeper.step();
            default -> {
                writer.step();
                takeAnswers();
            }
        }
    }

    void stepUntilIdle() {
        int rounds = 0;
        while (WalSteps.step(writer, keeper)) {
            takeAnswers();
            assertThat(rounds++).as("the writer comes to rest").isLessThan(10_000);
        }
        takeAnswers();
    }

    /** Batches handed over in this life and not yet acknowledged. */
    int unanswered() {
        return byToken.stream().mapToInt(Map::size).sum();
    }

    /** Compares a log that was just opened with the model, and settles what was open. */
    void verify(boolean powerLost) {
        RecoveredLog recovered = wal.recovered();
        assertThat(recovered.reachesBackTo()).isLessThanOrEqualTo(checkpointLsn);
        Map<Long, LoggedOp> found = readBack(checkpointLsn);
        for (LoggedOp op : ops.values()) {
            if (op.lsn != 0 && op.lsn <= checkpointLsn) {
                continue;
            }
            boolean isThere = found.containsKey(op.id);
            switch (op.state) {
                case GONE -> assertThat(isThere).as("%s stays away", op).isFalse();
                case RECOVERED -> assertThat(isThere).as("%s stays", op).isTrue();
                case ACKNOWLEDGED -> {
                    if (!powerLost || op.lsn <= syncedFloor) {
                        assertThat(isThere).as("%s survives", op).isTrue();
                    }
                }
                case OPEN -> {}
            }
            if (isThere && op.tombstone) {
                assertThat(recovered.tombstones()).contains((int) op.id);
            }
            op.state = isThere ? State.RECOVERED : State.GONE;
        }
        for (long id : fed) {
            assertThat(found.containsKey(id) || ops.get(id).lsn <= checkpointLsn)
                    .as("op %d was fed", id)
                    .isTrue();
        }
        recoveredOps = found.size();
        syncedFloor = Math.max(syncedFloor, recovered.lastLsn());
    }

    /** Everything above an LSN, checked against what was logged. */
    Map<Long, LoggedOp> readBack(long lsnExclusive) {
        Map<Long, LoggedOp> found = new HashMap<>();
        Map<Integer, Long> lastIndex = new HashMap<>();
        Map<Long, Set<Integer>> seen = new HashMap<>();
        EffectReader effect = new EffectReader();
        long lastLsn = lsnExclusive;
        try (CommitCursor commits =
                wal.reader().commitsFrom(lsnExclusive, p -> true, ReadLimit.DURABLE)) {
            while (commits.next()) {
                LoggedOp op = ops.get(commits.record().originMutation());
                assertThat(op).as("a commit that somebody made").isNotNull();
                int slot = op.slotOf(commits.partition());
                boolean first = found.put(op.id, op) == null;
                assertThat(commits.lsn()).isGreaterThanOrEqualTo(lastLsn);
                assertThat(first == commits.lsn() > lastLsn).as("%s stands once", op).isTrue();
                lastLsn = commits.lsn();
                assertThat(op.lsn == 0 || op.lsn == lastLsn).as("%s keeps its LSN", op).isTrue();
                op.lsn = lastLsn;
                Long before = lastIndex.put(commits.partition(), commits.logIndex());
                assertThat(before == null || before + 1 == commits.logIndex()).isTrue();
                assertThat(op.logIndexes[slot] == 0 || op.logIndexes[slot] == commits.logIndex())
                        .isTrue();
                op.logIndexes[slot] = commits.logIndex();
                assertThat(
                                seen.computeIfAbsent(op.id, id -> new HashSet<>())
                                        .add(commits.partition()))
                        .isTrue();
                int number = 0;
                while (commits.nextSlice(effect)) {
                    while (effect.next()) {
                        op.verify(effect, commits.partition(), number++);
                    }
                }
                assertThat(number).as("%s is whole", op).isEqualTo(op.effects[slot]);
            }
        }
        found.values().forEach(op -> assertThat(seen.get(op.id)).hasSize(op.partitions.length));
        lastIndex.forEach((p, index) -> assertThat(wal.lastLogIndex(p)).isEqualTo(index));
        return found;
    }
}
