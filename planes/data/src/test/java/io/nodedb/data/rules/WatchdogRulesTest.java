package io.nodedb.data.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.bridge.lane.Request;
import io.nodedb.data.core.CoreStatistics;
import io.nodedb.data.harness.CoreHarness;
import io.nodedb.data.harness.HarnessOptions;
import io.nodedb.data.harness.Reply;
import io.nodedb.data.probe.Faults.Phase;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvOp;
import io.nodedb.storage.feed.EventRingReader;
import io.nodedb.storage.feed.EventSlot;
import org.junit.jupiter.api.Test;

class WatchdogRulesTest {
    private final CoreHarness db = new CoreHarness(new HarnessOptions());

    private static boolean isPoison(Call call) {
        return call instanceof KvCall kv && kv.keyLength > 0 && kv.key[0] == '!';
    }

    private void poisonKeysFail() {
        db.faults.failCalls(WatchdogRulesTest::isPoison, () -> new IllegalStateException("boom"));
    }

    /** Fails once, each time with another operation and key, so that nothing is refused. */
    private Reply panic(int i) {
        KvOp[] ops = {KvOp.GET, KvOp.EXISTS, KvOp.EXPIRY, KvOp.DELETE, KvOp.GET_AND_DELETE};
        Reply reply = db.send(ops[i % ops.length], "!" + i, request -> {});
        db.settle();
        return reply.failedWith(ErrorCode.INTERNAL);
    }

    private void degrade() {
        poisonKeysFail();
        panic(0);
        panic(1);
        panic(2);
        assertThat(db.core().watchdog().degraded()).isTrue();
    }

    @Test
    void threeFailuresInSixtySecondsDegradeTheCore() {
        poisonKeysFail();
        panic(0);
        db.seconds(30);
        panic(1);
        assertThat(db.core().watchdog().degraded()).isFalse();
        db.seconds(29);
        panic(2);
        assertThat(db.core().watchdog().degraded()).isTrue();
        assertThat(db.failures.errors)
                .singleElement()
                .asString()
                .contains("core-0 is degraded after repeated panics")
                .contains("count=3 threshold=3 windowMillis=60000");
    }

    @Test
    void failureLaterThanSixtySecondsAfterTheFirstStartsANewWindow() {
        poisonKeysFail();
        panic(0);
        db.seconds(40);
        panic(1);
        db.seconds(21);
        panic(2);
        assertThat(db.core().watchdog().degraded()).isFalse();
        panic(3);
        assertThat(db.core().watchdog().degraded()).isFalse();
        panic(4);
        assertThat(db.core().watchdog().degraded()).isTrue();
    }

    @Test
    void completedRequestResetsTheCount() {
        poisonKeysFail();
        panic(0);
        panic(1);
        db.put("a", "1");
        db.settle();
        panic(2);
        assertThat(db.core().watchdog().degraded()).isFalse();
        assertThat(db.core().watchdog().failures()).isEqualTo(1);
    }

    @Test
    void errorResultResetsTheCountToo() {
        db.put("text", "abc");
        db.settle();
        poisonKeysFail();
        panic(0);
        panic(1);
        Reply reply = db.increment("text", 1);
        db.settle();
        reply.failedWith(ErrorCode.TYPE_MISMATCH);
        panic(2);
        assertThat(db.core().watchdog().degraded()).isFalse();
    }

    @Test
    void maintenanceAndHeartbeatsDoNotResetTheCount() {
        poisonKeysFail();
        panic(0);
        panic(1);
        db.core().maintenance().requestCheckpoint();
        db.run(5_000, 100);
        panic(2);
        assertThat(db.core().watchdog().degraded()).isTrue();
    }

    @Test
    void refusalsDoNotResetTheCount() {
        poisonKeysFail();
        Reply first = db.get("!a");
        db.settle();
        first.failedWith(ErrorCode.INTERNAL);
        Reply second = db.get("!a");
        db.settle();
        second.failedWith(ErrorCode.INTERNAL);
        for (int i = 0; i < 5; i++) {
            Reply refused = db.get("!a");
            db.settle();
            refused.failedWith(ErrorCode.REQUEST_REFUSED);
        }
        assertThat(db.core().watchdog().degraded()).as("A, A, A does not degrade").isFalse();
        panic(3);
        assertThat(db.core().watchdog().degraded()).as("A, A, B degrades").isTrue();
    }

    @Test
    void writesRefusedBecauseTheDiskIsFullDoNotResetTheCount() {
        poisonKeysFail();
        panic(0);
        panic(1);
        fillDisk();
        Reply refused = db.put("a", "1");
        db.settle();
        refused.failedWith(ErrorCode.DISK_FULL);
        panic(2);
        assertThat(db.core().watchdog().degraded()).isTrue();
    }

    private void fillDisk() {
        DiskFaults.full(db);
        for (int i = 0; !db.writer.refusing(); i++) {
            db.put("fill" + i, "x".repeat(10_000));
            db.settle();
            panicsStayCounted();
        }
    }

    /** The writes that fill the log complete, and so reset the count: fail again. */
    private void panicsStayCounted() {
        if (db.writer.refusing()) {
            panic(10);
            panic(11);
        }
    }

    @Test
    void degradedCoreRefusesEveryQueuedAndArrivingRequestWithRetryAfter() {
        poisonKeysFail();
        panic(0);
        panic(1);
        Reply third = db.send(KvOp.EXPIRY, "!2", request -> {});
        Reply queued = db.get("a");
        db.settle();
        third.failedWith(ErrorCode.INTERNAL);
        queued.failedWith(ErrorCode.CORE_DEGRADED);
        assertThat(queued.message).isEqualTo("core-0 is degraded after repeated panics");
        assertThat(queued.retryAfterMillis).isEqualTo(30_000);
        db.time.advanceMillis(10_000);
        Reply arriving = db.put("a", "1");
        db.settle();
        arriving.failedWith(ErrorCode.CORE_DEGRADED);
        assertThat(arriving.retryAfterMillis).isEqualTo(20_000);
        assertThat(ErrorCode.CORE_DEGRADED.sqlState()).isEqualTo("57P03");
    }

    @Test
    void degradedCoreRecoversByItselfAfterThirtySecondsWithItsCountersReset() {
        CoreStatistics statistics = db.core().statistics();
        assertThat(statistics.degraded()).isFalse();
        degrade();
        assertThat(statistics.degraded()).isTrue();
        assertThat(statistics.degradations()).isEqualTo(1);
        assertThat(statistics.countedFailures()).isEqualTo(3);
        assertThat(statistics.trouble()).isEqualTo("core-0 is degraded after repeated panics");
        db.time.advanceMillis(29_999);
        db.settle();
        assertThat(db.core().watchdog().degraded()).isTrue();
        db.time.advanceMillis(1);
        db.settle();
        assertThat(db.core().watchdog().degraded()).isFalse();
        assertThat(db.core().watchdog().failures()).isZero();
        assertThat(db.failures.notices).contains("core-0 has recovered and serves again");
        assertThat(statistics.degraded()).isFalse();
        assertThat(statistics.countedFailures()).isZero();
        assertThat(statistics.trouble()).isNull();
        assertThat(statistics.degradations()).as("it stays counted").isEqualTo(1);
        db.put("a", "1");
        db.settle();
        assertThat(db.read("a")).isEqualTo("1");
    }

    @Test
    void heartbeatGoesOnWhileDegraded() {
        degrade();
        drainEvents();
        int beats = 0;
        for (int i = 0; i < 100; i++) {
            db.run(100, 100);
            beats += drainEvents();
        }
        assertThat(db.core().watchdog().degraded()).isTrue();
        assertThat(beats).isBetween(9, 11);
    }

    private int drainEvents() {
        EventRingReader reader = db.rings.getFirst().reader();
        int beats = 0;
        for (EventSlot slot = reader.poll(); slot != null; slot = reader.poll()) {
            beats += slot.kind() == EventSlot.HEARTBEAT ? 1 : 0;
            reader.release();
        }
        return beats;
    }

    @Test
    void degradedCoreDoesNoMaintenance() {
        db.put("a", "1");
        db.settle();
        degrade();
        db.core().maintenance().requestCheckpoint();
        db.run(29_000, 1_000);
        assertThat(db.core().maintenance().checkpointsPublished()).isZero();
        db.run(2_000, 1_000);
        assertThat(db.core().maintenance().checkpointsPublished()).isEqualTo(1);
    }

    @Test
    void degradedCoreSleeps() {
        degrade();
        db.core().maintenance().requestCheckpoint();
        db.put("a", "1");
        db.settle();
        assertThat(db.core().sleepNanos()).isGreaterThan(1_000_000);
    }

    @Test
    void exactRequestIsRefusedForThirtySecondsFromItsSecondFailure() {
        poisonKeysFail();
        db.get("!a");
        db.get("!a");
        db.settle();
        Reply refused = db.get("!a");
        Reply other = db.get("a");
        db.settle();
        refused.failedWith(ErrorCode.REQUEST_REFUSED);
        assertThat(refused.retryAfterMillis).isEqualTo(30_000);
        other.ok();
        db.faults.heal();
        db.seconds(30);
        Reply again = db.get("!a");
        db.settle();
        again.ok();
    }

    @Test
    void shapeIsRefusedWhenDifferentValuesOfItFail() {
        poisonKeysFail();
        db.get("!a");
        db.get("!b");
        db.settle();
        Reply sameShape = db.get("innocent");
        Reply otherShape = db.put("innocent", "1");
        db.settle();
        sameShape.failedWith(ErrorCode.REQUEST_REFUSED);
        otherShape.ok();
    }

    @Test
    void clientGetsAnIdThatStandsInTheLogWithTheCause() {
        poisonKeysFail();
        Reply reply = panic(0);
        assertThat(db.failures.reports).hasSize(1);
        assertThat(reply.message).contains("id=" + db.failures.reports.getFirst().id());
        assertThat(db.failures.reports.getFirst().failure()).hasMessage("boom");
        assertThat(ErrorCode.INTERNAL.sqlState()).isEqualTo("XX000");
    }

    @Test
    void stackOverflowIsCaughtLikeTheRest() {
        db.faults.fail(Phase.EXECUTE, 1, StackOverflowError::new);
        Reply reply = db.get("a");
        db.settle();
        reply.failedWith(ErrorCode.INTERNAL);
        assertThat(db.core().watchdog().degraded()).isFalse();
        assertThat(db.core().watchdog().failures()).isEqualTo(1);
    }

    @Test
    void exhaustedHeapDegradesAtOnce() {
        db.faults.fail(Phase.EXECUTE, 1, () -> new OutOfMemoryError("Java heap space"));
        Reply reply = db.get("a");
        db.settle();
        reply.failedWith(ErrorCode.INTERNAL);
        assertThat(db.core().watchdog().degraded()).isTrue();
    }

    @Test
    void heapExhaustedByMaintenanceDegradesAtOnceToo() {
        db.faults.fail(Phase.MAINTAIN, 1, () -> new OutOfMemoryError("Java heap space"));
        db.settle();
        assertThat(db.core().watchdog().degraded()).isTrue();
    }

    @Test
    void callThatFailsAtDescribingItselfIsAnsweredToo() {
        Reply reply =
                db.send(
                        0,
                        new Call() {
                            @Override
                            public boolean writes() {
                                throw new IllegalStateException("broken call");
                            }

                            @Override
                            public int operation() {
                                return 99;
                            }

                            @Override
                            public int collection() {
                                return CoreHarness.COLLECTION;
                            }

                            @Override
                            public long valuesHash() {
                                throw new IllegalStateException("broken hash");
                            }

                            @Override
                            public void reset() {}

                            @Override
                            public String toString() {
                                throw new IllegalStateException("broken text");
                            }
                        },
                        (Request<Call> request) -> {});
        db.settle();
        reply.failedWith(ErrorCode.INTERNAL);
        assertThat(db.read("a")).isNull();
    }
}
