package io.nodedb.data.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.data.harness.CoreHarness;
import io.nodedb.data.harness.HarnessOptions;
import io.nodedb.data.harness.Reply;
import io.nodedb.plan.commit.CommitCall;
import io.nodedb.plan.kv.KvOp;
import io.nodedb.storage.wal.CommitRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TrackerRulesTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final CoreHarness db = new CoreHarness(new HarnessOptions());

    private void pass(long seconds) {
        for (int i = 0; i < seconds; i++) {
            db.time.advanceMillis(1_000);
            db.expire();
        }
    }

    @Test
    void lostResponseIsAnsweredWithDeadlineExceededByTheTracker() {
        Reply reply =
                db.send(KvOp.GET, "a", r -> r.deadlineNanos = db.time.nanoTime() + 5 * SECOND);
        pass(5);
        assertThat(reply.expired).as("the core has a grace").isNull();
        pass(2);
        assertThat(reply.expired).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        db.settle();
        assertThat(reply.done).as("the late answer is dropped").isFalse();
        assertThat(db.lane.outstanding()).as("and only then recycled").isZero();
    }

    @Test
    void writeThatTheTrackerGaveUpBeforeItWasLoggedWritesNothing() {
        Reply reply = db.put("a", "1", r -> r.deadlineNanos = db.time.nanoTime() + 5 * SECOND);
        pass(7);
        assertThat(reply.expired).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        db.settle();
        assertThat(db.read("a")).isNull();
        assertThat(db.pendingVersions()).isZero();
    }

    @Test
    void writeThatHadPassedTheWalRingHasAnUnknownOutcome() {
        Reply reply = db.put("a", "1", r -> r.deadlineNanos = db.time.nanoTime() + 5 * SECOND);
        db.coreStep();
        pass(7);
        assertThat(reply.expired).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
        assertThat(ErrorCode.OUTCOME_UNKNOWN.sqlState()).isEqualTo("40003");
        db.settle();
        assertThat(db.read("a")).isEqualTo("1");
    }

    @Test
    void largeWriteThatHadPassedTheWalRingHasAnUnknownOutcomeToo() {
        Reply reply =
                db.put(
                        "a",
                        "x".repeat(300_000),
                        r -> r.deadlineNanos = db.time.nanoTime() + 5 * SECOND);
        db.coreStep();
        pass(7);
        assertThat(reply.expired).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
        db.settle();
        assertThat(db.read("a")).hasSize(300_000);
    }

    @Test
    void leaseOfARequestWithoutDeadlineIsRenewedWhileItWaitsOnItsCore() {
        CommitCall call = new CommitCall();
        call.txnId = 7;
        call.prepareOnly = true;
        call.writes = List.of(db.write("a", "1"));
        Reply prepared = db.commit(0, call);
        db.settle();
        Reply waiting = db.put("a", "2", r -> r.session = 4);
        Reply behind = db.put("b", "2", r -> r.session = 4);
        for (int i = 0; i < 120; i++) {
            db.seconds(1);
            db.expire();
        }
        assertThat(waiting.expired).isNull();
        assertThat(behind.expired).isNull();
        db.decide(
                new CommitRequest().commit(7, 0, 0, 0).core(0, prepared.ringPosition).partition(0));
        db.settle();
        waiting.ok();
        behind.ok();
        assertThat(db.read("a")).isEqualTo("2");
    }

    @Test
    void requestWithoutDeadlineIsGivenUpWhenItsCoreShowsNoLifeForTheLease() {
        Reply reply = db.get("a");
        pass(33);
        assertThat(reply.expired).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
    }

    @Test
    void prepareThatTheTrackerGaveUpLocksNothing() {
        CommitCall call = new CommitCall();
        call.txnId = 7;
        call.prepareOnly = true;
        call.writes = List.of(db.write("a", "1"));
        Reply prepare = db.send(0, call, r -> r.deadlineNanos = db.time.nanoTime() + 5 * SECOND);
        pass(7);
        assertThat(prepare.expired).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        db.settle();
        Reply free = db.put("a", "2");
        db.settle();
        free.ok();
    }
}
