package io.nodedb.data.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.bridge.lane.Priority;
import io.nodedb.data.harness.CoreHarness;
import io.nodedb.data.harness.HarnessOptions;
import io.nodedb.data.harness.Reply;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.commit.CommitCall;
import io.nodedb.plan.commit.KeyWrite;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvOp;
import io.nodedb.plan.kv.KvScanCall;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SchedulingRulesTest {
    private final CoreHarness db = new CoreHarness(new HarnessOptions());

    private static long done(List<Reply> replies) {
        return replies.stream().filter(reply -> reply.done).count();
    }

    private List<Reply> reads(int count) {
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            replies.add(db.get("k" + i));
        }
        return replies;
    }

    private void fill(int keys) {
        for (int i = 0; i < keys; i++) {
            db.put("k" + i, "v" + i);
        }
        db.settle();
    }

    /** Every execution takes this long. */
    private void executionTakes(long nanos) {
        db.faults.interception =
                (call, context) -> {
                    db.time.advanceNanos(nanos);
                    return null;
                };
    }

    @Test
    void atMost256TasksRunPerTurn() {
        List<Reply> replies = reads(600);
        db.coreStep();
        db.poll();
        assertThat(done(replies)).isEqualTo(256);
        db.coreStep();
        db.poll();
        assertThat(done(replies)).isEqualTo(512);
    }

    @Test
    void turnEndsWhenAQuantumHasPassed() {
        executionTakes(100_000);
        List<Reply> replies = reads(20);
        db.coreStep();
        db.poll();
        assertThat(done(replies)).as("0.5 ms at 0.1 ms each").isEqualTo(5);
    }

    @Test
    void higherPrioritiesGoFirst() {
        Reply background = db.send(KvOp.GET, "a", r -> r.priority = Priority.BACKGROUND);
        Reply normal = db.get("a");
        Reply high = db.send(KvOp.GET, "a", r -> r.priority = Priority.HIGH);
        Reply critical = db.send(KvOp.GET, "a", r -> r.priority = Priority.CRITICAL);
        db.settle();
        assertThat(List.of(critical.place, high.place, normal.place, background.place))
                .containsExactly(1, 2, 3, 4);
    }

    @Test
    void backgroundGetsOneTurnInSixteen() {
        List<Reply> background = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            background.add(db.send(KvOp.GET, "b" + i, r -> r.priority = Priority.BACKGROUND));
        }
        reads(100);
        db.settle();
        for (int i = 0; i < 6; i++) {
            assertThat(background.get(i).place).isEqualTo(16 * (i + 1));
        }
    }

    /** Where replies that came in some order were answered. */
    private static List<Integer> places(List<Reply> replies) {
        return replies.stream().map(reply -> reply.ok().place).toList();
    }

    @Test
    void fullBackgroundQueueKeepsNobodyInTheRing() {
        CoreHarness small = new CoreHarness(new HarnessOptions().set("local_queue", "16"));
        List<Reply> background = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            background.add(small.send(KvOp.GET, "b" + i, r -> r.priority = Priority.BACKGROUND));
        }
        Reply critical = small.send(KvOp.GET, "a", r -> r.priority = Priority.CRITICAL);
        Reply normal = small.get("a");
        small.settle();
        assertThat(critical.ok().place).isEqualTo(1);
        assertThat(normal.ok().place).isEqualTo(2);
        assertThat(places(background)).as("nothing is lost, order is kept").isSorted();
    }

    @Test
    void fullQueueOfOrdinaryRequestsLosesNothingAndKeepsTheirOrder() {
        CoreHarness small = new CoreHarness(new HarnessOptions().set("local_queue", "16"));
        List<Reply> normal = new ArrayList<>();
        List<Reply> background = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            normal.add(small.get("k" + i));
            background.add(small.send(KvOp.GET, "b" + i, r -> r.priority = Priority.BACKGROUND));
        }
        small.settle();
        assertThat(places(normal)).isSorted();
        assertThat(places(background)).isSorted();
    }

    @Test
    void requestsThatWaitInTheCoreStillHoldTheirLaneBack() {
        HarnessOptions options = new HarnessOptions().set("local_queue", "16");
        options.lane = options.lane.withRequests(64);
        CoreHarness small = new CoreHarness(options);
        small.faults.interception =
                (call, context) -> {
                    small.time.advanceNanos(1_000_000);
                    return null;
                };
        for (int i = 0; i < 64; i++) {
            small.send(KvOp.GET, "b" + i, r -> r.priority = Priority.BACKGROUND);
        }
        small.coreStep();
        assertThat(small.core().statistics().queued()).isEqualTo(63);
        assertThat(small.portOf(0).acquire(0)).as("a slot of the lane").isNull();
        small.settle();
        assertThat(small.portOf(0).acquire(0)).isNotNull();
    }

    @Test
    void longTaskIsResumedInQuantaWithShortOnesBetween() {
        fill(100);
        KvScanCall scan = new KvScanCall();
        scan.collection = CoreHarness.COLLECTION;
        scan.maxEntries = 1_000;
        db.faults.interception =
                (call, context) -> {
                    // Ten keys of a scan take a quantum; the engine looks after each.
                    db.time.advanceNanos(call instanceof KvScanCall ? 500_000 : 1_000);
                    return null;
                };
        Reply slow = db.send(0, scan, r -> {});
        db.coreStep();
        db.poll();
        assertThat(slow.done).isFalse();
        List<Reply> shorts = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            shorts.add(db.get("k1"));
            db.coreStep();
            db.coreStep();
            db.poll();
            assertThat(done(shorts)).isEqualTo(i + 1);
            assertThat(slow.done).isFalse();
        }
        db.settle();
        slow.ok();
        assertThat(slow.scanned).isEqualTo(100);
    }

    @Test
    void longTaskLetsTheCoreLookAtItsRingsAfterEachQuantum() {
        fill(50);
        KvScanCall scan = new KvScanCall();
        scan.collection = CoreHarness.COLLECTION;
        db.faults.interception =
                (call, context) -> {
                    db.time.advanceNanos(500_000);
                    return null;
                };
        db.send(0, scan, r -> {});
        long before = db.core().statistics().tasks();
        db.coreStep();
        assertThat(db.core().statistics().tasks() - before).isEqualTo(1);
    }

    @Test
    void queuedRequestIsAnsweredWithDeadlineExceededWhenItsTimeIsUp() {
        Reply reply = db.send(KvOp.GET, "a", r -> r.deadlineNanos = db.time.nanoTime() + 1_000_000);
        db.time.advanceMillis(1);
        db.settle();
        reply.failedWith(ErrorCode.DEADLINE_EXCEEDED);
    }

    @Test
    void yieldingTaskStopsAtTheNextSafePointAfterItsDeadline() {
        fill(100);
        KvScanCall scan = new KvScanCall();
        scan.collection = CoreHarness.COLLECTION;
        db.faults.interception =
                (call, context) -> {
                    db.time.advanceNanos(500_000);
                    return null;
                };
        long quanta = db.core().statistics().tasks();
        Reply reply = db.send(0, scan, r -> r.deadlineNanos = db.time.nanoTime() + 10_000_000);
        db.settle();
        reply.failedWith(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(db.core().statistics().tasks() - quanta).isBetween(19L, 22L);
    }

    @Test
    void deferredRequestIsAnsweredWithDeadlineExceededWhenItsTimeIsUp() {
        prepareLock("a");
        Reply waiting =
                db.put(
                        "a",
                        "1",
                        r -> r.deadlineNanos = db.time.nanoTime() + TimeUnit.SECONDS.toNanos(30));
        db.settle();
        assertThat(waiting.done).isFalse();
        db.seconds(29);
        assertThat(waiting.done).isFalse();
        db.seconds(1);
        waiting.failedWith(ErrorCode.DEADLINE_EXCEEDED);
    }

    private Reply prepareLock(String key) {
        CommitCall call = new CommitCall();
        call.txnId = 7;
        call.prepareOnly = true;
        call.writes = List.of(db.write(key, "locked"));
        Reply prepared = db.commit(0, call);
        db.settle();
        return prepared.ok();
    }

    @Test
    void requestsOfOneSessionTakeEffectInOrderAcrossDeferral() {
        prepareLock("a");
        Reply first = db.put("a", "1", r -> r.session = 5);
        Reply second = db.send(KvOp.GET, "b", r -> r.session = 5);
        Reply other = db.send(KvOp.GET, "b", r -> r.session = 6);
        Reply third = db.put("b", "2", r -> r.session = 5);
        db.settle();
        assertThat(first.done).isFalse();
        assertThat(second.done).isFalse();
        assertThat(third.done).isFalse();
        other.ok();
        db.decide(new io.nodedb.storage.wal.CommitRequest().abort(7).core(0, 0).partition(0));
        db.settle();
        first.ok();
        second.ok();
        assertThat(second.found).as("it ran before the third").isFalse();
        third.ok();
        assertThat(db.read("a")).isEqualTo("1");
    }

    @Test
    void requestsOfOneSessionTakeEffectInOrderAcrossYielding() {
        CommitCall large = new CommitCall();
        List<KeyWrite> writes = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            writes.add(db.write("k" + i, "v"));
        }
        large.writes = writes;
        Reply commit = db.send(0, large, r -> r.session = 5);
        Reply read = db.send(KvOp.GET, "k999", r -> r.session = 5);
        Reply stranger = db.send(KvOp.GET, "k999", r -> r.session = 9);
        db.settle();
        commit.ok();
        read.ok();
        assertThat(read.text()).as("a session sees its own writes").isEqualTo("v");
        stranger.ok();
    }

    @Test
    void requestsOfOneSessionTakeEffectInOrderAcrossALargeWrite() {
        String large = "x".repeat(300_000);
        Reply put = db.put("a", large, r -> r.session = 5);
        Reply read = db.send(KvOp.EXISTS, "a", r -> r.session = 5);
        Reply stranger = db.send(KvOp.EXISTS, "a", r -> r.session = 6);
        db.settle();
        put.ok();
        assertThat(read.ok().found).isTrue();
        assertThat(stranger.ok().found).as("not before it is decided").isFalse();
    }

    @Test
    void requestsOfOneSessionTakeEffectInOrderAcrossAReadElsewhere() {
        boolean[] read = new boolean[1];
        db.faults.interception =
                (call, context) -> {
                    if (call instanceof KvCall kv && kv.op == KvOp.GET && !read[0]) {
                        context.readElsewhere(() -> read[0] = true);
                        return Outcome.WAIT_FOR_READ;
                    }
                    return null;
                };
        Reply first = db.send(KvOp.GET, "a", r -> r.session = 5);
        Reply second = db.put("a", "1", r -> r.session = 5);
        db.coreStep();
        db.coreStep();
        db.poll();
        assertThat(second.done).isFalse();
        assertThat(db.core().quiet()).isFalse();
        db.settle();
        assertThat(first.ok().found).as("it reads what was before the second").isFalse();
        second.ok();
    }

    @Test
    void failedReadElsewhereIsAnsweredAndItsSessionGoesOn() {
        db.faults.interception =
                (call, context) -> {
                    if (call instanceof KvCall kv && kv.op == KvOp.GET) {
                        context.readElsewhere(() -> {
                            throw new IllegalStateException("unreadable block");
                        });
                        return Outcome.WAIT_FOR_READ;
                    }
                    return null;
                };
        Reply first = db.send(KvOp.GET, "a", r -> r.session = 5);
        Reply second = db.put("a", "1", r -> r.session = 5);
        db.settle();
        first.failedWith(ErrorCode.INTERNAL);
        second.ok();
        assertThat(db.core().quiet()).isTrue();
    }

    @Test
    void readThatFindsNoRoomAmongTheHelpersWorkIsTriedAgainAndHoldsUpNobody() {
        boolean[] read = new boolean[1];
        db.faults.interception =
                (call, context) -> {
                    if (call instanceof KvCall kv && kv.op == KvOp.EXISTS && !read[0]) {
                        context.readElsewhere(() -> read[0] = true);
                        return Outcome.WAIT_FOR_READ;
                    }
                    return null;
                };
        int others = db.fill(db.readers);
        Reply cold = db.send(KvOp.EXISTS, "a", r -> {});
        for (int turn = 0; turn < 10; turn++) {
            Reply warm = db.get("a");
            db.coreStep();
            db.poll();
            warm.ok();
            assertThat(db.readers.queued()).isEqualTo(others);
        }
        assertThat(cold.done).isFalse();
        assertThat(db.core().quiet()).isFalse();
        db.settle();
        cold.ok();
        assertThat(read[0]).isTrue();
    }

    @Test
    void coreThatStopsRefusesNewWorkAndFinishesWhatHasBegun() {
        prepareLock("a");
        Reply begun = db.put("a", "1");
        db.coreStep();
        boolean[] quiet = new boolean[1];
        db.core().beginStop(() -> quiet[0] = true);
        Reply refused = db.get("a");
        db.settle();
        refused.failedWith(ErrorCode.SHUTTING_DOWN);
        assertThat(begun.done).isFalse();
        assertThat(quiet[0]).isFalse();
        db.decide(new io.nodedb.storage.wal.CommitRequest().abort(7).core(0, 0).partition(0));
        db.settle();
        begun.ok();
        assertThat(quiet[0]).isTrue();
    }
}
