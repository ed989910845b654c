package io.nodedb.data.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.bridge.lane.Durability;
import io.nodedb.bridge.lane.Priority;
import io.nodedb.data.harness.CoreHarness;
import io.nodedb.data.harness.HarnessOptions;
import io.nodedb.data.harness.Reply;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.data.probe.Faults;
import io.nodedb.data.probe.Faults.Phase;
import io.nodedb.data.probe.FaultyEngine;
import io.nodedb.data.probe.ProbeEngine;
import io.nodedb.engine.CollectionOptions;
import io.nodedb.engine.EngineEnvironment;
import io.nodedb.os.disk.DiskFile;
import io.nodedb.plan.commit.CollectionCall;
import io.nodedb.plan.commit.CommitCall;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvOp;
import io.nodedb.storage.wal.CommitRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class PanicRulesTest {
    private final CoreHarness db = new CoreHarness(new HarnessOptions());

    private static Throwable boom() {
        return new IllegalStateException("boom");
    }

    private void restartShowsTheSame() {
        var before = db.content();
        db.crash();
        db.open(1);
        assertThat(db.content()).isEqualTo(before);
    }

    private void assertRebuilt(Reply probe) {
        db.settle();
        assertThat(probe.error).isNull();
        assertThat(db.pendingVersions()).isZero();
        assertThat(db.failures.notices)
                .anyMatch(notice -> notice.endsWith("was rebuilt and serves again"));
    }

    @Test
    void panicInPrepareIsAnsweredAndLeavesNothingBehind() {
        db.put("a", "1");
        db.settle();
        db.faults.fail(Phase.EXECUTE, 1, PanicRulesTest::boom);
        Reply reply = db.put("a", "2");
        db.settle();
        reply.failedWith(ErrorCode.INTERNAL);
        assertThat(reply.message).contains("id=failure-1");
        assertThat(db.read("a")).isEqualTo("1");
        assertThat(db.pendingVersions()).isZero();
        restartShowsTheSame();
    }

    @Test
    void panicInApplyIsAnsweredAndTheEngineIsRebuilt() {
        db.put("a", "1");
        db.settle();
        db.faults.fail(Phase.APPLY, 1, PanicRulesTest::boom);
        Reply reply = db.put("a", "2");
        db.coreStep();
        db.poll();
        reply.failedWith(ErrorCode.INTERNAL);
        assertThat(reply.message).contains("id=failure-1");
        Reply meanwhile = db.get("a");
        Reply write = db.put("b", "1");
        db.coreStep();
        db.poll();
        meanwhile.failedWith(ErrorCode.COLLECTION_RECOVERING);
        assertThat(meanwhile.retryAfterMillis).isPositive();
        write.failedWith(ErrorCode.COLLECTION_RECOVERING);
        db.settle();
        Reply after = db.get("a");
        assertRebuilt(after);
        assertThat(after.text()).as("the failed write left nothing behind").isEqualTo("1");
        assertThat(db.core().watchdog().failures()).isZero();
        restartShowsTheSame();
    }

    @Test
    void panicWhileTouchingWhatWillBeNeededIsReportedAndHarmsNobody() {
        db.faults.fail(Phase.TOUCH, 1, PanicRulesTest::boom);
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            replies.add(db.put("k" + i, "v"));
        }
        db.settle();
        replies.forEach(Reply::ok);
        assertThat(db.failures.reports)
                .singleElement()
                .satisfies(report -> assertThat(report.place()).isEqualTo("touch"));
        assertThat(db.core().watchdog().failures()).isZero();
    }

    @Test
    void panicInApplyCountsForTheWatchdog() {
        db.faults.fail(Phase.APPLY, 1, PanicRulesTest::boom);
        db.put("a", "2");
        db.settle();
        assertThat(db.core().watchdog().failures()).isEqualTo(1);
    }

    @Test
    void rebuiltEngineHoldsWhatWasOnItsWayThroughTheLog() {
        List<Reply> before = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            before.add(db.put("k" + i, "v" + i));
        }
        db.coreStep();
        db.faults.fail(Phase.APPLY, 1, PanicRulesTest::boom);
        Reply broken = db.put("k0", "lost");
        db.coreStep();
        db.coreStep();
        db.settle();
        before.forEach(Reply::ok);
        broken.failedWith(ErrorCode.INTERNAL);
        for (int i = 0; i < 20; i++) {
            assertThat(db.read("k" + i)).isEqualTo("v" + i);
        }
        restartShowsTheSame();
    }

    @Test
    void rebuiltEngineHoldsTheLastBatchBeforeItsFailure() {
        db.put("a", "1");
        db.settle();
        // The batch's acknowledgement comes in after the core has looked at the durable LSN.
        db.put("a", "2");
        db.coreStep();
        db.faults.fail(Phase.APPLY, 1, PanicRulesTest::boom);
        db.put("b", "x");
        db.writerIsFaster = () -> true;
        db.coreStep();
        db.helpersStep();
        db.writerIsFaster = () -> false;
        db.settle();
        assertThat(db.read("a")).isEqualTo("2");
    }

    @Test
    void otherEnginesThatABrokenBatchTouchedAreRebuiltToo() {
        CoreHarness two = new CoreHarness(new HarnessOptions().partitions(2));
        two.faults.failAfter(Phase.APPLY, 1, 1, PanicRulesTest::boom);
        CommitCall call = new CommitCall();
        String[] keys = keysOfBothPartitions(two);
        call.writes = List.of(two.write(keys[0], "1"), two.write(keys[1], "1"));
        Reply reply = two.commit(0, call);
        two.settle();
        reply.failedWith(ErrorCode.INTERNAL);
        assertThat(two.read(keys[0])).isNull();
        assertThat(two.read(keys[1])).isNull();
        assertThat(two.pendingVersions()).isZero();
        assertThat(two.failures.notices).hasSize(2);
    }

    private static String[] keysOfBothPartitions(CoreHarness two) {
        String[] keys = new String[2];
        for (int i = 0; keys[0] == null || keys[1] == null; i++) {
            keys[two.partitionOf("k" + i)] = "k" + i;
        }
        return keys;
    }

    @Test
    void transactionThatWasBeingCheckedIsRefusedWhenItsEngineBreaks() {
        CommitCall large = new CommitCall();
        List<io.nodedb.plan.commit.KeyWrite> writes = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            writes.add(db.write("k" + i, "v"));
        }
        large.writes = writes;
        Reply commit = db.commit(0, large);
        Reply broken = db.put("z", "1");
        db.faults.fail(Phase.APPLY, 1, PanicRulesTest::boom);
        db.settle();
        broken.failedWith(ErrorCode.INTERNAL);
        if (commit.error == null) {
            assertThat(db.read("k0")).isEqualTo("v");
        } else {
            commit.failedWith(ErrorCode.COLLECTION_RECOVERING);
            assertThat(db.read("k0")).isNull();
        }
        Reply free = db.put("k0", "free");
        db.settle();
        free.ok();
        restartShowsTheSame();
    }

    @Test
    void transactionIsRefusedWhenAnEngineBreaksThatItHadCheckedBefore() {
        CoreHarness two = new CoreHarness(new HarnessOptions().partitions(2));
        List<io.nodedb.plan.commit.KeyWrite> writes = new ArrayList<>();
        for (int partition = 0; partition < 2; partition++) {
            for (int i = 0; i < 700; i++) {
                if (two.partitionOf("k" + i) == partition) {
                    writes.add(two.write("k" + i, "v"));
                }
            }
        }
        CommitCall large = new CommitCall();
        large.writes = writes;
        String other = "z0";
        for (int i = 0; two.partitionOf(other) != 0; i++) {
            other = "z" + i;
        }
        int firstOfSecond = 0;
        while (writes.get(firstOfSecond).partition() == 0) {
            firstOfSecond++;
        }
        assertThat(firstOfSecond).as("the last quantum checks the other partition").isLessThan(512);
        two.faults.interception =
                (call, context) -> {
                    // 256 keys take a quantum, so that each turn checks as many.
                    two.time.advanceNanos(2_000);
                    return null;
                };
        Reply commit = two.commit(0, large);
        two.coreStep();
        two.coreStep();
        Reply broken = two.put(other, "1", r -> r.priority = Priority.HIGH);
        two.faults.fail(Phase.APPLY, 1, PanicRulesTest::boom);
        two.settle();
        broken.failedWith(ErrorCode.INTERNAL);
        commit.failedWith(ErrorCode.COLLECTION_RECOVERING);
        assertThat(two.content()).isEmpty();
        Reply free = two.put("k3", "free");
        two.settle();
        free.ok();
    }

    @Test
    void panicWhileATransactionIsCheckedFreesItsLocks() {
        CommitCall large = new CommitCall();
        List<io.nodedb.plan.commit.KeyWrite> writes = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            writes.add(db.write("k" + i, "v"));
        }
        large.writes = writes;
        db.faults.failAfter(Phase.EXECUTE, 100, 1, PanicRulesTest::boom);
        Reply commit = db.commit(0, large);
        db.settle();
        commit.failedWith(ErrorCode.INTERNAL);
        Reply free = db.put("k5", "free");
        db.settle();
        free.ok();
    }

    @Test
    void panicInStampRebuildsTheEngineAndTheWriteIsAnsweredWithSuccess() {
        db.put("a", "1");
        db.settle();
        db.faults.fail(Phase.STAMP, 1, PanicRulesTest::boom);
        Reply reply = db.put("a", "2");
        db.coreStep();
        db.walStep();
        db.coreStep();
        db.poll();
        reply.ok();
        Reply meanwhile = db.get("a");
        db.coreStep();
        db.poll();
        meanwhile.failedWith(ErrorCode.COLLECTION_RECOVERING);
        db.settle();
        Reply after = db.get("a");
        assertRebuilt(after);
        assertThat(after.text()).as("it is durable").isEqualTo("2");
        restartShowsTheSame();
    }

    @Test
    void panicWhenADecidedTransactionIsAppliedRebuildsTheEngineWithIt() {
        CommitCall call = new CommitCall();
        call.txnId = 9;
        call.prepareOnly = true;
        call.writes = List.of(db.write("a", "1"));
        Reply prepared = db.commit(0, call);
        db.settle();
        prepared.ok();
        db.faults.fail(Phase.APPLY, 1, PanicRulesTest::boom);
        db.decide(
                new CommitRequest().commit(9, 0, 0, 0).core(0, prepared.ringPosition).partition(0));
        db.settle();
        assertThat(db.failures.reports).hasSize(1);
        assertThat(db.read("a")).isEqualTo("1");
    }

    @Test
    void panicInReplayLeavesTheOtherPartitionsServingAndIsRebuilt() {
        CoreHarness two = new CoreHarness(new HarnessOptions().partitions(2));
        for (int i = 0; i < 20; i++) {
            two.put("k" + i, "v" + i);
        }
        two.settle();
        two.crash();
        two.faults.fail(Phase.REPLAY, 1, PanicRulesTest::boom);
        two.open(1);
        assertThat(two.failures.reports).singleElement().matches(r -> r.place().equals("replay"));
        long recovering =
                two.core().partitions().all().stream().filter(slot -> slot.recovering()).count();
        assertThat(recovering).isEqualTo(1);
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            replies.add(two.get("k" + i));
        }
        two.core().step();
        two.poll();
        assertThat(replies)
                .anyMatch(r -> r.error == null)
                .anyMatch(r -> r.error == ErrorCode.COLLECTION_RECOVERING);
        two.settle();
        for (int i = 0; i < 20; i++) {
            assertThat(two.read("k" + i)).isEqualTo("v" + i);
        }
    }

    @Test
    void rebuildThatFailsIsTriedAgainAfterThirtySeconds() {
        db.put("a", "1");
        db.settle();
        db.faults.fail(Phase.APPLY, 1, PanicRulesTest::boom);
        db.faults.fail(Phase.REPLAY, 1, PanicRulesTest::boom);
        db.put("a", "2");
        db.settle();
        Reply meanwhile = db.get("a");
        db.settle();
        meanwhile.failedWith(ErrorCode.COLLECTION_RECOVERING);
        db.seconds(29);
        Reply later = db.get("a");
        db.settle();
        later.failedWith(ErrorCode.COLLECTION_RECOVERING);
        db.seconds(1);
        assertThat(db.read("a")).isEqualTo("1");
    }

    @Test
    void rebuildFallsBackToTheCheckpointBeforeADamagedOne() throws IOException {
        db.put("a", "1");
        checkpoint(1);
        db.put("b", "2");
        checkpoint(2);
        List<String> files = db.disk.list("p0000/probe");
        String newest =
                files.stream()
                        .filter(name -> !name.startsWith("MANIFEST"))
                        .max(Comparator.naturalOrder())
                        .orElseThrow();
        try (DiskFile file = db.disk.openForWrite("p0000/probe/" + newest)) {
            file.write(file.size() / 2, ByteBuffer.wrap(new byte[] {-1, -1, -1, -1}));
        }
        db.faults.fail(Phase.APPLY, 1, PanicRulesTest::boom);
        db.put("a", "3");
        db.settle();
        assertThat(db.read("a")).isEqualTo("1");
        assertThat(db.read("b")).isEqualTo("2");
        restartShowsTheSame();
    }

    private void checkpoint(int number) {
        db.settle();
        while (db.core().maintenance().checkpointsPublished() < number) {
            db.seconds(30);
        }
        db.settle();
    }

    @Test
    void collectionsOpenedAndDroppedDuringARebuildAreRight() {
        db.put("a", "1");
        Reply opened = db.collection(0, CollectionCall.Action.OPEN, 20);
        db.settle();
        opened.ok();
        putInto(20, "old", "1").ok();
        db.faults.fail(Phase.APPLY, 1, PanicRulesTest::boom);
        db.put("b", "2");
        db.coreStep();
        db.coreStep();
        db.coreStep();
        Reply other = db.collection(0, CollectionCall.Action.OPEN, 21);
        Reply dropped = db.collection(0, CollectionCall.Action.DROP, 20);
        db.coreStep();
        db.settle();
        other.ok();
        dropped.ok();
        putInto(21, "new", "1").ok();
        assertThat(db.core().partitions().all().getFirst().engine().count(20)).isZero();
        assertThat(db.core().partitions().all().getFirst().engine().count(21)).isEqualTo(1);
    }

    private Reply putInto(int collection, String key, String value) {
        Reply reply = db.put(key, value, r -> CoreHarness.kv(r).collection = collection);
        db.settle();
        return reply;
    }

    @Test
    void panicInMaintenanceCountsAndPausesThatJobForThirtySeconds() {
        // Of two tenants: the database itself and the default one.
        db.faults.fail(Phase.MAINTAIN, 2, PanicRulesTest::boom);
        db.settle();
        assertThat(db.core().watchdog().failures()).as("one job of one engine").isEqualTo(1);
        assertThat(db.failures.reports).hasSize(2);
        assertThat(db.failures.reports.getFirst().place()).isEqualTo("maintenance");
        db.faults.fail(Phase.MAINTAIN, 2, PanicRulesTest::boom);
        db.seconds(29);
        assertThat(db.failures.reports).as("paused").hasSize(2);
        db.put("a", "1");
        db.settle();
        db.core().maintenance().requestCheckpoint();
        db.settle();
        assertThat(db.core().maintenance().checkpointsPublished())
                .as("other jobs go on")
                .isEqualTo(1);
        db.seconds(1);
        assertThat(db.failures.reports).hasSize(4);
        assertThat(db.core().watchdog().failures()).isLessThanOrEqualTo(2);
    }

    @Test
    void failedHousekeepingOfOneEngineDoesNotPauseAnotherEngineOfItsPartition() {
        EngineEnvironment environment = new EngineEnvironment(0, db.governor, db.snapshots::needed);
        Faults others = new Faults();
        FaultyEngine other = new FaultyEngine(new ProbeEngine(2, environment), others);
        db.core().partitions().add(new EngineSlot(0, 2, other, Long.MAX_VALUE));
        int[] looks = new int[1];
        others.housekeeping =
                tenant -> {
                    looks[0]++;
                    return false;
                };
        db.faults.fail(Phase.MAINTAIN, 1, PanicRulesTest::boom);
        db.settle();
        assertThat(db.failures.reports).hasSize(1);
        int before = looks[0];
        db.run(10_000, 1_000);
        assertThat(looks[0]).isGreaterThan(before);
    }

    @Test
    void failedHousekeepingOfOneTenantDoesNotPauseAnothers() {
        db.collections.put(50, new CollectionOptions(false, 7));
        db.crash();
        db.open(1);
        List<Integer> tenants = new ArrayList<>();
        db.faults.housekeeping =
                tenant -> {
                    tenants.add(tenant);
                    if (tenant == 7) {
                        throw new IllegalStateException("boom");
                    }
                    return false;
                };
        db.settle();
        assertThat(tenants).containsOnlyOnce(7);
        tenants.clear();
        db.run(10_000, 1_000);
        assertThat(tenants).isNotEmpty().doesNotContain(7);
        db.seconds(30);
        assertThat(tenants).containsOnlyOnce(7);
        assertThat(db.failures.reports).hasSize(2);
    }

    @Test
    void failedExpiryOfOneTenantDoesNotPauseAnothers() {
        db.collections.put(50, new CollectionOptions(false, 7));
        db.crash();
        db.open(1);
        db.faults.expiring =
                tenant -> {
                    if (tenant == 7) {
                        throw new IllegalStateException("boom");
                    }
                };
        db.put("a", "1", r -> CoreHarness.kv(r).expireAtMillis = db.time.epochMillis() + 1_000);
        Reply sevens =
                db.put(
                        "b",
                        "1",
                        r -> {
                            CoreHarness.kv(r).collection = 50;
                            CoreHarness.kv(r).expireAtMillis = db.time.epochMillis() + 1_000;
                        });
        db.settle();
        sevens.ok();
        db.run(2_000, 100);
        assertThat(db.failures.reports).hasSize(1);
        db.put("c", "1", r -> CoreHarness.kv(r).expireAtMillis = db.time.epochMillis() + 1_000);
        db.run(2_000, 100);
        assertThat(db.content()).isEmpty();
        assertThat(db.failures.reports).hasSize(1);
        assertThat(db.core().sleepNanos()).as("no busy waiting").isGreaterThan(5_000_000);
        db.faults.expiring = tenant -> {};
        db.seconds(30);
        assertThat(db.core().partitions().all().getFirst().engine().count(50)).isZero();
    }

    @Test
    void panicInExpiryPausesItAndReadsStillSeeNothing() {
        db.put("a", "1", r -> CoreHarness.kv(r).expireAtMillis = db.time.epochMillis() + 1_000);
        db.settle();
        db.faults.fail(Phase.EXPIRE, 2, PanicRulesTest::boom);
        db.seconds(1);
        assertThat(db.read("a")).isNull();
        assertThat(db.content()).containsKey("a");
        assertThat(db.core().sleepNanos()).as("no busy waiting").isGreaterThan(1_000_000);
        db.seconds(30);
        assertThat(db.content()).isEmpty();
        restartShowsTheSame();
    }

    @Test
    void panicInACheckpointFailsItOnceAndTheNextHasEverything() {
        for (Phase phase : List.of(Phase.CHECKPOINT_BEGIN, Phase.CHECKPOINT_STEP)) {
            CoreHarness fresh = new CoreHarness(new HarnessOptions());
            fresh.put("a", "1");
            fresh.settle();
            fresh.faults.fail(phase, 1, PanicRulesTest::boom);
            fresh.core().maintenance().requestCheckpoint();
            fresh.settle();
            assertThat(fresh.failures.reports).as(phase.name()).hasSize(1);
            assertThat(fresh.core().watchdog().failures()).isEqualTo(1);
            assertThat(fresh.core().maintenance().checkpointsPublished()).isZero();
            fresh.core().maintenance().requestCheckpoint();
            fresh.settle();
            assertThat(fresh.core().maintenance().checkpointsPublished()).as("paused").isZero();
            fresh.seconds(30);
            fresh.core().maintenance().requestCheckpoint();
            fresh.settle();
            assertThat(fresh.core().maintenance().checkpointsPublished()).isEqualTo(1);
            fresh.crash();
            fresh.open(1);
            assertThat(fresh.read("a")).isEqualTo("1");
        }
    }

    @Test
    void panicInAHeartbeatCountsAndTheCoreBeatsOn() {
        db.settle();
        int[] beats = new int[1];
        db.wakeEvents =
                () -> {
                    if (beats[0]++ == 0) {
                        throw new IllegalStateException("boom");
                    }
                };
        db.run(3_500, 100);
        assertThat(db.failures.reports)
                .singleElement()
                .matches(report -> report.place().equals("heartbeat"));
        assertThat(db.core().watchdog().failures()).isEqualTo(1);
        assertThat(beats[0]).isEqualTo(3);
    }

    @Test
    void panicInEventEmissionCountsAndHoldsNoAnswerBack() {
        HarnessOptions options = new HarnessOptions();
        options.feed = true;
        CoreHarness fed = new CoreHarness(options);
        boolean[] failed = new boolean[1];
        fed.wakeEvents =
                () -> {
                    if (!failed[0]) {
                        failed[0] = true;
                        throw new IllegalStateException("boom");
                    }
                };
        Reply first = fed.put("a", "1");
        fed.settle();
        Reply second = fed.put("a", "2");
        fed.settle();
        first.ok();
        second.ok();
        assertThat(fed.failures.reports).hasSize(1);
        for (int i = 0; i < 2; i++) {
            assertThat(fed.rings.getFirst().reader().poll().sequence()).isEqualTo(i);
            fed.rings.getFirst().reader().release();
        }
    }

    @Test
    void panicMidwayInAStreamGivesItsChunkBack() {
        byte[] large = new byte[200_000];
        db.put("a", large, r -> {});
        db.settle();
        db.faults.interception =
                (call, context) -> {
                    if (call instanceof KvCall kv && kv.op == KvOp.GET) {
                        assertThat(context.takeChunk()).isNotNull();
                        throw new IllegalStateException("boom");
                    }
                    return null;
                };
        for (int i = 0; i < 40; i++) {
            Reply reply = db.send(KvOp.GET, "a", r -> r.tenant = 1);
            db.settle();
            assertThat(reply.error).isNotNull();
            db.seconds(31);
        }
        db.faults.interception = null;
        Reply whole = db.get("a");
        db.settle();
        assertThat(whole.ok().value).isEqualTo(large);
    }

    @Test
    void answersHeldByABatchAreReleasedEvenWhenItsStampFails() {
        db.faults.fail(Phase.STAMP, 1, PanicRulesTest::boom);
        db.put("a", "1", r -> r.durability = Durability.SYNC);
        Reply held = db.get("a");
        db.coreStep();
        db.poll();
        assertThat(held.done).isFalse();
        db.walStep();
        db.coreStep();
        db.poll();
        assertThat(held.ok().text()).isEqualTo("1");
    }
}
