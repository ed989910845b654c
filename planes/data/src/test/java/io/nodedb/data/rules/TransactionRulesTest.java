package io.nodedb.data.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.data.harness.CoreHarness;
import io.nodedb.data.harness.HarnessOptions;
import io.nodedb.data.harness.Reply;
import io.nodedb.plan.commit.CommitCall;
import io.nodedb.plan.commit.KeyWrite;
import io.nodedb.storage.feed.EventRingReader;
import io.nodedb.storage.feed.EventSlot;
import io.nodedb.storage.wal.CommitRequest;
import io.nodedb.storage.wal.EffectReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TransactionRulesTest {
    private final CoreHarness db = new CoreHarness(new HarnessOptions().cores(2).partitions(4));
    private final String[] keys = new String[4];

    TransactionRulesTest() {
        for (int found = 0, i = 0; found < 4; i++) {
            String key = "k" + i;
            if (keys[db.partitionOf(key)] == null) {
                keys[db.partitionOf(key)] = key;
                found++;
            }
        }
    }

    private CommitCall call(long txnId, boolean prepareOnly, KeyWrite... writes) {
        CommitCall call = new CommitCall();
        call.txnId = txnId;
        call.prepareOnly = prepareOnly;
        call.writes = List.of(writes);
        return call;
    }

    private Reply prepare(long txnId, int partition, String value) {
        Reply reply = db.commit(partition, call(txnId, true, db.write(keys[partition], value)));
        db.settle();
        return reply.ok();
    }

    @Test
    void transactionOverTwoCoresIsAppliedOnBothAtOneLsn() {
        Reply first = prepare(5, 0, "x");
        Reply second = prepare(5, 1, "y");
        assertThat(db.read(keys[0])).as("nothing is applied before the decision").isNull();
        CommitRequest decision =
                new CommitRequest()
                        .commit(5, 0, 0, 0)
                        .core(0, first.ringPosition)
                        .core(1, second.ringPosition)
                        .partition(0)
                        .partition(1);
        db.decide(decision);
        db.settle();
        assertThat(db.decided()).containsExactly(decision);
        assertThat(decision.error()).isZero();
        assertThat(db.read(keys[0])).isEqualTo("x");
        assertThat(db.read(keys[1])).isEqualTo("y");
        Map<String, String> before = db.content();
        db.crash();
        db.open(1);
        assertThat(db.content()).isEqualTo(before).hasSize(2);
    }

    @Test
    void abortLeavesNothingBehindAndUnlocks() {
        Reply prepared = prepare(5, 0, "x");
        Reply waiting = db.put(keys[0], "z");
        db.settle();
        assertThat(waiting.done).isFalse();
        db.decide(new CommitRequest().abort(5).core(0, prepared.ringPosition).partition(0));
        db.settle();
        waiting.ok();
        assertThat(db.read(keys[0])).isEqualTo("z");
        db.crash();
        db.open(2);
        assertThat(db.read(keys[0])).isEqualTo("z");
    }

    @Test
    void undecidedTransactionIsGoneAfterARestart() {
        prepare(5, 0, "x");
        db.crash();
        db.open(2);
        assertThat(db.read(keys[0])).isNull();
        Reply free = db.put(keys[0], "z");
        db.settle();
        free.ok();
    }

    @Test
    void abortThatOvertakesItsPrepareFreesTheKeys() {
        // The ring is full, so PREPARE waits; the coordinator gives up meanwhile.
        for (int i = 0; i < 4; i++) {
            db.put(keys[0], "x".repeat(60_000));
        }
        Reply prepare = db.commit(0, call(5, true, db.write(keys[2], "y".repeat(60_000))));
        db.coreStep();
        db.poll();
        assertThat(prepare.done).isFalse();
        db.decide(new CommitRequest().abort(5).core(0, 0).partition(2));
        db.walStep();
        db.loops.getFirst().step();
        db.poll();
        db.settle();
        assertThat(prepare.done).isTrue();
        Reply free = db.put(keys[2], "free");
        db.settle();
        free.ok();
        assertThat(db.read(keys[2])).isEqualTo("free");
    }

    @Test
    void secondTransactionOnALockedKeyConflicts() {
        prepare(5, 0, "x");
        Reply second = db.commit(0, call(6, true, db.write(keys[0], "y")));
        Reply single = db.commit(0, call(7, false, db.write(keys[0], "y")));
        db.settle();
        second.failedWith(ErrorCode.CONFLICT);
        single.failedWith(ErrorCode.CONFLICT);
        assertThat(ErrorCode.CONFLICT.sqlState()).isEqualTo("40001");
    }

    @Test
    void readsOfALockedKeyGoOnWithTheStateBefore() {
        db.put(keys[0], "before");
        db.settle();
        prepare(5, 0, "after");
        assertThat(db.read(keys[0])).isEqualTo("before");
    }

    @Test
    void firstCommitterWins() {
        db.put(keys[0], "1");
        db.settle();
        long snapshot = db.writer.progress().durableLsn();
        Reply other = db.put(keys[0], "2");
        db.settle();
        other.ok();
        CommitCall late = call(5, false, db.write(keys[0], "3"));
        late.snapshotLsn = snapshot;
        Reply conflict = db.commit(0, late);
        CommitCall fresh = call(6, false, db.write(keys[2], "3"));
        fresh.snapshotLsn = snapshot;
        Reply fine = db.commit(2, fresh);
        db.settle();
        conflict.failedWith(ErrorCode.CONFLICT);
        fine.ok();
        assertThat(db.read(keys[0])).isEqualTo("2");
    }

    @Test
    void pendingWriteConflictsToo() {
        long snapshot = Math.max(1, db.writer.progress().durableLsn());
        db.put(keys[0], "2");
        CommitCall late = call(5, false, db.write(keys[0], "3"));
        late.snapshotLsn = snapshot;
        Reply conflict = db.commit(0, late);
        db.coreStep();
        db.poll();
        conflict.failedWith(ErrorCode.CONFLICT);
        db.settle();
    }

    @Test
    void conflictInTheMiddleOfALargeWriteSetLeavesNothingBehind() {
        db.put("w500", "old");
        db.settle();
        long snapshot = db.writer.progress().durableLsn();
        db.put("w500", "newer");
        db.settle();
        CommitCall large = new CommitCall();
        large.writes = writes(1_000, 0, "v");
        large.snapshotLsn = snapshot;
        CoreHarness one = db;
        Reply reply = one.commit(0, large);
        one.settle();
        reply.failedWith(ErrorCode.CONFLICT);
        Reply free = one.put("w3", "free");
        one.settle();
        free.ok();
    }

    /** Writes whose keys all belong to the first core. */
    private List<KeyWrite> writes(int count, int valueBytes, String value) {
        List<KeyWrite> writes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            KeyWrite write = db.write("w" + i, value + "x".repeat(valueBytes));
            if (write.partition() % 2 == 0) {
                writes.add(write);
            }
        }
        return writes;
    }

    @Test
    void largeWriteSetIsLoggedInPartsAndRecovered() {
        CommitCall large = new CommitCall();
        large.writes = writes(600, 1_000, "v");
        Reply commit = db.commit(0, large);
        db.settle();
        commit.ok();
        assertThat(db.content()).hasSize(large.writes.size());
        Map<String, String> before = db.content();
        for (int cores : new int[] {1, 4, 3}) {
            db.crash();
            db.open(cores);
            assertThat(db.content()).isEqualTo(before);
        }
    }

    @Test
    void largeWriteSetsOfTwoCoresCommitTogether() {
        List<List<KeyWrite>> ofCore = List.of(new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < 400; i++) {
            KeyWrite write = db.write("w" + i, "x".repeat(2_000));
            ofCore.get(write.partition() % 2).add(write);
        }
        CommitRequest decision = new CommitRequest().commit(5, 0, 0, 0);
        for (int core = 0; core < 2; core++) {
            CommitCall call = new CommitCall();
            call.txnId = 5;
            call.prepareOnly = true;
            call.writes = ofCore.get(core);
            Reply prepared = db.commit(core, call);
            db.settle();
            decision.core(core, prepared.ok().ringPosition);
        }
        for (int partition = 0; partition < 4; partition++) {
            decision.partition(partition);
        }
        assertThat(db.content()).isEmpty();
        db.decide(decision);
        db.settle();
        assertThat(db.content()).hasSize(400);
        db.crash();
        db.open(3);
        assertThat(db.content()).hasSize(400);
    }

    @Test
    void largeWriteSetUsesNoEventTwiceAndTellsAllOfThem() {
        HarnessOptions options = new HarnessOptions();
        options.feed = true;
        CoreHarness fed = new CoreHarness(options);
        CommitCall large = new CommitCall();
        List<KeyWrite> writes = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            writes.add(fed.write("w" + i, "v"));
        }
        large.writes = writes;
        Reply commit = fed.commit(0, large);
        fed.settle();
        EventRingReader reader = fed.rings.getFirst().reader();
        EventSlot event = reader.poll();
        assertThat(event.lsn()).isEqualTo(commit.ok().watermarkLsn);
        EffectReader effects = new EffectReader().wrap(event.effects(), 0, event.length());
        int told = 0;
        while (effects.next()) {
            told++;
            assertThat(effects.hasPrior()).isTrue();
        }
        assertThat(told).isEqualTo(300);
        reader.release();
        assertThat(reader.poll()).isNull();
    }

    @Test
    void writeToAPartitionOfAnotherCoreIsRefused() {
        Reply reply = db.commit(0, call(5, false, db.write(keys[1], "x")));
        db.settle();
        reply.failedWith(ErrorCode.NOT_FOUND);
        assertThat(db.failures.reports).isEmpty();
    }
}
