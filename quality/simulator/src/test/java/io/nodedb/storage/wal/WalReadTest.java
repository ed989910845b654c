package io.nodedb.storage.wal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.Partitions;
import io.nodedb.bridge.wake.Doorbell;
import io.nodedb.simulator.disk.SimulatedDisk;
import io.nodedb.simulator.time.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What cursors give, and what a cut leaves them. */
class WalReadTest {
    private static final long DATABASE = 5;
    private static final WalOptions OPTIONS = WalOptions.small();

    private final VirtualTime time = new VirtualTime();
    private final SimulatedDisk disk = new SimulatedDisk(1, time);
    private final RecordEncoder encoder = new RecordEncoder();
    private final Effects effects = new Effects(1024);
    private final long[] ack = new long[CoreLog.ACK_STRIDE];
    private Wal wal;
    private WalWriter writer;
    private WalKeeper keeper;
    private CoreLog core;
    private CommitPort port;

    @BeforeEach
    void openFirst() {
        open();
    }

    private void open() {
        Doorbell bell = new Doorbell(new NullWakeup());
        wal = Wal.open(disk, "wal", OPTIONS, DATABASE, time, 0);
        core = new CoreLog(0, OPTIONS, bell, bell);
        port = new CommitPort(16, bell, bell);
        keeper = new WalKeeper(bell, bell);
        writer = wal.start(List.of(core), List.of(port), keeper);
    }

    private void restart() {
        disk.killProcess();
        open();
    }

    private void effect(String key) {
        byte[] bytes = key.getBytes(US_ASCII);
        effects.reset();
        effects.put(1, 2, 3, bytes, 0, bytes.length, bytes, 0, bytes.length, 0);
    }

    private long run() {
        long lsn = 0;
        int rounds = 0;
        while (WalSteps.step(writer, keeper)) {
            assertThat(rounds++).isLessThan(1000);
        }
        while (core.pollAck(ack)) {
            lsn = ack[0];
        }
        return lsn;
    }

    private long batch(String key, int... partitions) {
        effect(key);
        int at =
                core.claim(
                        RecordFormat.bytes(
                                partitions.length, effects.length() * partitions.length));
        encoder.begin(core.buffer(), at, RecordFormat.BATCH, 0, partitions.length, 0, 0, 0);
        for (int partition : partitions) {
            encoder.section(partition, effects);
        }
        encoder.end();
        core.publish(1);
        return run();
    }

    private long prepare(long txnId, String key, int partition) {
        effect(key);
        int at = core.claim(RecordFormat.bytes(1, effects.length()));
        encoder.begin(core.buffer(), at, RecordFormat.PREPARE, 0, 1, txnId, 0, 0);
        encoder.section(partition, effects).end();
        long position = core.publish(txnId);
        run();
        return position;
    }

    private void part(long txnId, int number, String key, int partition) {
        effect(key);
        int at = core.claim(RecordFormat.partBytes(effects.length()));
        encoder.begin(core.buffer(), at, RecordFormat.PART, 0, 1, txnId, 0, 0);
        encoder.partSection(partition, number, effects.bytes(), 0, effects.length()).end();
        core.publish(txnId);
        run();
    }

    private long commit(long txnId, long ringPosition, int partition) {
        CommitRequest request = new CommitRequest().commit(txnId, 0, 0, 0);
        assertThat(port.submit(request.core(0, ringPosition).partition(partition))).isTrue();
        run();
        assertThat(port.poll()).isSameAs(request);
        assertThat(request.error()).isZero();
        return request.lsn();
    }

    /** Writes until so many more segments were begun. */
    private long fill(int more) {
        long lsn = 0;
        Segment[] all = wal.reader().segments().snapshot();
        long last = all[all.length - 1].generation();
        while (more > 0) {
            lsn = batch("filling", 1);
            all = wal.reader().segments().snapshot();
            if (all[all.length - 1].generation() != last) {
                last = all[all.length - 1].generation();
                more--;
            }
        }
        return lsn;
    }

    private List<String> keysOf(CommitCursor commits) {
        List<String> keys = new ArrayList<>();
        EffectReader reader = new EffectReader();
        while (commits.next()) {
            StringBuilder slice = new StringBuilder();
            while (commits.nextSlice(reader)) {
                while (reader.next()) {
                    slice.append(
                            new String(
                                    reader.buffer(),
                                    reader.keyOffset(),
                                    reader.keyLength(),
                                    US_ASCII));
                }
            }
            keys.add(commits.partition() + "#" + commits.logIndex() + ":" + slice);
        }
        return keys;
    }

    private List<String> commitsAbove(long lsn) {
        try (CommitCursor commits = wal.reader().commitsFrom(lsn, p -> p != 1, ReadLimit.DURABLE)) {
            return keysOf(commits);
        }
    }

    @Test
    void transactionAppearsWholeAtItsCommitAndOnlyThere() {
        batch("a", 0, 2);
        part(9, 0, "x", 0);
        part(9, 1, "y", 0);
        batch("b", 2);
        long position = prepare(9, "z", 0);
        prepare(10, "never", 0);
        assertThat(commitsAbove(0)).containsExactly("0#1:a", "2#1:a", "2#2:b");
        commit(9, position, 0);
        List<String> all = List.of("0#1:a", "2#1:a", "2#2:b", "0#2:xyz");
        assertThat(commitsAbove(0)).isEqualTo(all);
        restart();
        assertThat(wal.recovered().abortedTransactions()).isEqualTo(1);
        assertThat(commitsAbove(0)).isEqualTo(all);
    }

    @Test
    void sameTransactionIdInTheNextIncarnationMeansAnotherTransaction() {
        prepare(9, "old", 0);
        time.advanceNanos(OPTIONS.asyncSyncIntervalNanos());
        run();
        restart();
        long position = prepare(9, "new", 0);
        commit(9, position, 0);
        assertThat(commitsAbove(0)).containsExactly("0#1:new");
    }

    @Test
    void cutKeepsWhatAnUndecidedTransactionNeeds() {
        long position = prepare(9, "x", 0);
        long first = wal.reader().segments().snapshot()[0].generation();
        long before = fill(3);
        writer.cut(before);
        run();
        assertThat(wal.reader().segments().snapshot()[0].generation()).isEqualTo(first);

        long committed = commit(9, position, 0);
        fill(1);
        writer.cut(before);
        run();
        assertThat(wal.reader().segments().snapshot()[0].generation()).isEqualTo(first);
        assertThat(commitsAbove(before)).as("read again from far before").containsExactly("0#1:x");
        restart();
        assertThat(commitsAbove(before)).containsExactly("0#1:x");

        long after = fill(1);
        writer.cut(committed);
        run();
        writer.cut(after);
        run();
        assertThat(wal.reader().segments().snapshot()[0].generation()).isGreaterThan(first);
        assertThat(commitsAbove(after)).isEmpty();
    }

    @Test
    void logIndexesAndTheLogsReachSurviveTheCut() {
        batch("a", 0);
        long last = batch("b", 0);
        long end = fill(3);
        assertThat(end).isGreaterThan(last);
        time.advanceNanos(OPTIONS.asyncSyncIntervalNanos());
        run();
        writer.cut(end);
        run();
        assertThat(wal.reader().segments().snapshot()).hasSize(1);
        restart();
        assertThat(wal.lastLogIndex(0)).isEqualTo(2);
        assertThat(wal.recovered().reachesBackTo()).isGreaterThan(last).isLessThanOrEqualTo(end);
        assertThatThrownBy(() -> commitsAbove(last))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.LSN_TOO_OLD));
        batch("c", 0);
        Log log = wal.reader().partition(0);
        assertThat(log.lastIndex()).isEqualTo(3);
        try (CommitCursor commits = log.cursor(3, ReadLimit.DURABLE)) {
            assertThat(keysOf(commits)).containsExactly("0#3:c");
        }
        assertThatThrownBy(() -> log.cursor(2, ReadLimit.DURABLE))
                .hasMessageContaining("too_old".toUpperCase(java.util.Locale.ROOT));
    }

    @Test
    void partitionsLogStartsAtTheIndexAskedFor() {
        for (int i = 1; i <= 3; i++) {
            batch("k" + i, 0, 2);
            fill(1);
        }
        try (CommitCursor commits = wal.reader().partition(2).cursor(2, ReadLimit.DURABLE)) {
            assertThat(keysOf(commits)).containsExactly("2#2:k2", "2#3:k3");
        }
    }

    @Test
    void cursorGoesOnWhenTheLogGrows() {
        try (LogCursor cursor = wal.reader().cursorFrom(0, ReadLimit.DURABLE)) {
            batch("a", 0);
            int types = 0;
            while (cursor.next()) {
                types = types * 10 + cursor.record().type();
            }
            assertThat(types).isEqualTo(RecordFormat.NOTE * 10 + RecordFormat.BATCH);
            long lsn = batch("b", 0);
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.record().lsn()).isEqualTo(lsn);
            assertThat(cursor.next()).isFalse();
        }
    }

    @Test
    void recycledSegmentsBringNothingBack() {
        for (int i = 0; i < 12; i++) {
            batch("old" + i, 0);
            writer.cut(fill(1));
            run();
        }
        long covered = wal.reader().reachesBackTo();
        List<String> before = commitsAbove(covered);
        assertThat(disk.list("wal")).as("files are reused").hasSizeLessThan(8);
        disk.losePower();
        open();
        assertThat(commitsAbove(covered)).isEqualTo(before);
        disk.losePower();
        open();
        assertThat(commitsAbove(covered)).isEqualTo(before);
    }

    @Test
    void pinHoldsBackTheCutUpToItsLimit() {
        long pinned = batch("a", 0);
        int pin = writer.pins().pin(pinned);
        batch("b", 0);
        long end = fill(2);
        writer.cut(end);
        run();
        assertThat(commitsAbove(pinned)).containsExactly("0#2:b");
        end = fill(6);
        writer.cut(end);
        run();
        assertThatThrownBy(() -> commitsAbove(pinned)).hasMessageContaining("LSN_TOO_OLD");
        writer.pins().unpin(pin);
        time.advanceNanos(OPTIONS.diskRetryNanos());
        run();
        assertThat(wal.reader().segments().snapshot()).hasSize(1);
    }

    @Test
    void pinHoldsBackTheCutUpToItsTime() {
        long pinned = batch("a", 0);
        int pin = writer.pins().pin(pinned);
        batch("b", 0);
        long end = fill(2);
        time.advanceNanos(TimeUnit.MILLISECONDS.toNanos(OPTIONS.keepMillis() / 2));
        writer.cut(end);
        run();
        assertThat(commitsAbove(pinned)).containsExactly("0#2:b");
        time.advanceNanos(TimeUnit.MILLISECONDS.toNanos(OPTIONS.keepMillis()));
        writer.cut(end);
        run();
        assertThatThrownBy(() -> commitsAbove(pinned)).hasMessageContaining("LSN_TOO_OLD");
        writer.pins().unpin(pin);
    }

    @Test
    void tombstonesAreFoundByRecovery() {
        int at = core.claim(RecordFormat.tombstoneBytes());
        encoder.begin(core.buffer(), at, RecordFormat.TOMBSTONE, 0, 1, 0, 0, 0);
        encoder.tombstoneSection(Partitions.SYSTEM, 44).end();
        core.publish(3);
        run();
        restart();
        assertThat(wal.recovered().tombstones()).containsExactly(44);
        assertThat(wal.lastLogIndex(Partitions.SYSTEM)).isEqualTo(1);
    }

    @Test
    void incarnationRisesAndLsnsStayAboveWhenTheClockStepsBack() {
        long first = batch("a", 0);
        long incarnation = writer.incarnation();
        time.stepWallClockMillis(-3_600_000);
        restart();
        assertThat(writer.incarnation()).isGreaterThan(incarnation);
        assertThat(batch("b", 0)).isGreaterThan(first);
    }
}
