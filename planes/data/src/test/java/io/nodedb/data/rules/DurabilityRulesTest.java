package io.nodedb.data.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.bridge.lane.Durability;
import io.nodedb.data.harness.CoreHarness;
import io.nodedb.data.harness.HarnessOptions;
import io.nodedb.data.harness.Reply;
import io.nodedb.plan.commit.CommitCall;
import io.nodedb.plan.kv.KvCondition;
import io.nodedb.plan.kv.KvOp;
import io.nodedb.plan.kv.KvScanCall;
import io.nodedb.storage.snapshot.SnapshotHandle;
import java.util.List;
import org.junit.jupiter.api.Test;

class DurabilityRulesTest {
    private final CoreHarness db = new CoreHarness(new HarnessOptions());

    /** A turn of the core without any progress of the log. */
    private void coreOnly() {
        db.coreStep();
        db.coreStep();
        db.poll();
    }

    @Test
    void replyToAWriteIsHeldUntilItIsDurable() {
        Reply put = db.put("a", "1");
        coreOnly();
        assertThat(put.done).isFalse();
        db.walStep();
        coreOnly();
        assertThat(put.ok().watermarkLsn).isEqualTo(db.writer.progress().durableLsn());
    }

    @Test
    void replyToAReadOfAPendingValueIsHeldToo() {
        db.put("a", "1");
        Reply pending = db.get("a");
        Reply other = db.get("b");
        coreOnly();
        assertThat(pending.done).isFalse();
        other.ok();
        db.walStep();
        coreOnly();
        assertThat(pending.ok().text()).isEqualTo("1");
    }

    @Test
    void errorResultThatTellsOfAPendingValueIsHeldToo() {
        db.put("a", "text");
        Reply error = db.increment("a", 1);
        coreOnly();
        assertThat(error.done).isFalse();
        db.walStep();
        coreOnly();
        error.failedWith(ErrorCode.TYPE_MISMATCH);
    }

    @Test
    void refusedConditionThatTellsOfAPendingValueIsHeldToo() {
        db.put("a", "1");
        Reply second = db.put("a", "2", r -> CoreHarness.kv(r).condition = KvCondition.IF_ABSENT);
        coreOnly();
        assertThat(second.done).isFalse();
        db.settle();
        assertThat(second.ok().applied).isFalse();
    }

    @Test
    void transactionThatFindsNothingToWriteIsHeldWhenItReadAPendingDeletion() {
        db.put("a", "1");
        db.settle();
        db.delete("a");
        CommitCall call = new CommitCall();
        call.writes = List.of(db.write("a", null));
        Reply commit = db.commit(0, call);
        coreOnly();
        assertThat(commit.done).isFalse();
        db.settle();
        commit.ok();
    }

    @Test
    void scanOverSeveralQuantaIsHeldWhenAnEarlierOneReadAPendingValue() {
        for (int i = 0; i < 50; i++) {
            db.put("k" + i, "v");
        }
        db.settle();
        for (int i = 0; i < 50; i++) {
            db.put("k" + i, "w");
        }
        KvScanCall scan = new KvScanCall();
        scan.collection = CoreHarness.COLLECTION;
        db.coreStep();
        db.faults.interception =
                (call, context) -> {
                    db.time.advanceNanos(500_000);
                    return null;
                };
        Reply reply = db.send(0, scan, r -> {});
        for (int i = 0; i < 60; i++) {
            db.coreStep();
        }
        db.poll();
        assertThat(reply.done).isFalse();
        db.settle();
        assertThat(reply.ok().scanned).isEqualTo(50);
    }

    @Test
    void noPartOfALargePendingValueIsSentBeforeItIsDurable() {
        byte[] large = new byte[50_000];
        large[49_999] = 1;
        db.put("a", large, r -> {});
        Reply read = db.get("a");
        coreOnly();
        assertThat(read.chunkSequence).isEmpty();
        assertThat(read.done).isFalse();
        db.settle();
        assertThat(read.ok().value).isEqualTo(large);
        assertThat(read.chunkSequence).containsExactly(0);
    }

    @Test
    void asynchronousWriteIsAnsweredOnceItIsWrittenAndSyncsWithinASecond() {
        DiskFaults.syncsFail(db);
        Reply put = db.put("a", "1", r -> r.durability = Durability.ASYNC);
        db.coreStep();
        db.walStep();
        db.coreStep();
        db.poll();
        put.ok();
        assertThat(db.writer.progress().syncedLsn()).isLessThan(db.writer.progress().durableLsn());
        db.disk.heal();
        db.run(1_000, 100);
        assertThat(db.writer.progress().syncedLsn()).isEqualTo(db.writer.progress().durableLsn());
    }

    @Test
    void readAtASnapshotSeesExactlyWhatWasCommittedAtIt() {
        db.put("a", "1");
        db.settle();
        SnapshotHandle snapshot = new SnapshotHandle();
        assertThat(db.snapshots.register(snapshot, db.time.epochMillis())).isTrue();
        db.put("a", "2");
        db.settle();
        Reply old =
                db.send(
                        KvOp.GET,
                        "a",
                        r -> {
                            r.readLsn = snapshot.lsn();
                            r.snapshotSlot = snapshot.slot();
                        });
        db.settle();
        assertThat(old.ok().text()).isEqualTo("1");
        assertThat(old.watermarkLsn).isEqualTo(snapshot.lsn());
        db.snapshots.expire(db.time.epochMillis() + 600_000, 300_000);
        Reply expired =
                db.send(
                        KvOp.GET,
                        "a",
                        r -> {
                            r.readLsn = snapshot.lsn();
                            r.snapshotSlot = snapshot.slot();
                        });
        db.settle();
        expired.failedWith(ErrorCode.SNAPSHOT_TOO_OLD);
    }

    @Test
    void readAtASnapshotWaitsUntilTheCoreHasTakenItsAcknowledgements() {
        db.put("a", "1");
        db.settle();
        db.put("a", "2");
        db.coreStep();
        SnapshotHandle snapshot = new SnapshotHandle();
        Reply[] read = new Reply[1];
        db.faults.interception =
                (call, context) -> {
                    if (read[0] == null) {
                        // While this core is within its turn the log commits, a reader takes its
                        // snapshot there and its request is already in the core's queue.
                        db.walStep();
                        db.snapshots.register(snapshot, db.time.epochMillis());
                        read[0] = queued;
                        read[0].request.readLsn = snapshot.lsn();
                        read[0].request.snapshotSlot = snapshot.slot();
                    }
                    return null;
                };
        db.get("other");
        queued = db.get("a");
        db.coreStep();
        db.poll();
        assertThat(queued.done).as("its snapshot is not stamped yet").isFalse();
        assertThat(db.core().hasWork()).isTrue();
        db.settle();
        assertThat(queued.ok().text()).isEqualTo("2");
    }

    private Reply queued;

    @Test
    void failedLogFailsWaitingWritesAndServesReadsAtTheDurableState() {
        db.put("a", "durable");
        db.settle();
        Reply write = db.put("a", "lost");
        Reply read = db.get("a");
        coreOnly();
        DiskFaults.broken(db);
        db.settle();
        write.failedWith(ErrorCode.STORAGE_FAILED);
        assertThat(write.message).contains("unknown until the restart");
        assertThat(ErrorCode.STORAGE_FAILED.sqlState()).isEqualTo("58030");
        assertThat(read.ok().text()).as("what had been seen is gone").isEqualTo("durable");
        assertThat(db.read("a")).isEqualTo("durable");
        Reply refused = db.put("b", "1");
        Reply commit = commitOf("c");
        db.settle();
        refused.failedWith(ErrorCode.STORAGE_FAILED);
        commit.failedWith(ErrorCode.STORAGE_FAILED);
        assertThat(db.core().sleepNanos()).isGreaterThan(1_000_000);
    }

    private Reply commitOf(String key) {
        CommitCall call = new CommitCall();
        call.writes = List.of(db.write(key, "1"));
        return db.commit(0, call);
    }

    @Test
    void failedLogFailsLargeAndPreparedWritesToo() {
        Reply large = db.put("a", "x".repeat(300_000));
        CommitCall call = new CommitCall();
        call.txnId = 3;
        call.prepareOnly = true;
        call.writes = List.of(db.write("b", "x".repeat(300_000)));
        Reply prepare = db.commit(0, call);
        db.coreStep();
        DiskFaults.broken(db);
        db.settle();
        large.failedWith(ErrorCode.STORAGE_FAILED);
        assertThat(prepare.done).isTrue();
        Reply read = db.get("a");
        db.settle();
        assertThat(read.ok().found).isFalse();
    }

    @Test
    void fullDiskRefusesWritesBeforeTheyAreSequencedAndResumesByItself() {
        DiskFaults.full(db);
        int written = 0;
        Reply last = null;
        while (last == null || last.error == null) {
            last = db.put("k" + written, "x".repeat(20_000));
            db.settle();
            written++;
            assertThat(written).isLessThan(1_000);
        }
        last.failedWith(ErrorCode.DISK_FULL);
        assertThat(ErrorCode.DISK_FULL.sqlState()).isEqualTo("53100");
        assertThat(last.retryAfterMillis).isPositive();
        assertThat(db.read("k0")).as("reads go on").hasSize(20_000);
        assertThat(db.read("k" + (written - 1))).as("nothing of it was written").isNull();
        db.disk.heal();
        db.run(2_000, 100);
        Reply again = db.put("z", "1");
        db.settle();
        again.ok();
    }

    @Test
    void memoryEmergencyRefusesWritesButLetsDeletesThrough() {
        db.put("a", "x".repeat(1_000));
        db.put("b", "x");
        db.settle();
        long left = db.governor.limit() - db.governor.used();
        db.governor.reserve(io.nodedb.base.memory.MemoryTag.OTHER, left - left / 100);
        Reply write = db.put("c", "1");
        Reply mixed = commitOf("d");
        Reply delete = db.delete("a");
        CommitCall deletes = new CommitCall();
        deletes.writes = List.of(db.write("b", null));
        Reply commit = db.commit(0, deletes);
        Reply read = db.get("b");
        db.settle();
        write.failedWith(ErrorCode.OUT_OF_MEMORY);
        assertThat(ErrorCode.OUT_OF_MEMORY.sqlState()).isEqualTo("53200");
        mixed.failedWith(ErrorCode.OUT_OF_MEMORY);
        delete.ok();
        commit.ok();
        read.ok();
        assertThat(db.content()).isEmpty();
    }

    @Test
    void criticalMemoryLetsOnlyAShareOfATurnsTasksBeWrites() {
        long left = db.governor.limit() - db.governor.used();
        db.governor.reserve(io.nodedb.base.memory.MemoryTag.OTHER, left * 93 / 100);
        for (int i = 0; i < 64; i++) {
            db.put("k" + i, "1");
        }
        Reply read = db.get("other");
        db.coreStep();
        db.poll();
        read.ok();
        assertThat(db.core().waiting()).as("16 of 64 writes ran").isEqualTo(48);
        db.settle();
        assertThat(db.content()).hasSize(64);
    }

    @Test
    void writeThatMemoryHasNoRoomForIsRefusedAndChangesNothing() {
        HarnessOptions options = new HarnessOptions();
        options.memoryLimit = 1 << 20;
        CoreHarness small = new CoreHarness(options);
        Reply reply = small.put("a", new byte[2 << 20], r -> {});
        small.settle();
        reply.failedWith(ErrorCode.OUT_OF_MEMORY);
        assertThat(small.read("a")).isNull();
        Reply fits = small.put("a", "1");
        small.settle();
        fits.ok();
    }
}
