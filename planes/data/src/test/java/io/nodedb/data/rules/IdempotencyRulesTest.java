package io.nodedb.data.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.bridge.lane.Request;
import io.nodedb.data.harness.CoreHarness;
import io.nodedb.data.harness.HarnessOptions;
import io.nodedb.data.harness.Reply;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.KvCondition;
import io.nodedb.plan.kv.KvOp;
import org.junit.jupiter.api.Test;

class IdempotencyRulesTest {
    private final CoreHarness db = new CoreHarness(new HarnessOptions());

    private static void key(Request<Call> request, String key) {
        byte[] bytes = CoreHarness.bytes(key);
        request.setIdempotencyKey(bytes, 0, bytes.length);
    }

    private Reply increment(String key, long by, String idempotencyKey) {
        return db.send(
                KvOp.INCREMENT,
                key,
                r -> {
                    CoreHarness.kv(r).number = by;
                    key(r, idempotencyKey);
                });
    }

    @Test
    void repeatedKeyReturnsTheFirstResult() {
        Reply first = increment("a", 5, "once");
        db.settle();
        increment("a", 1, "other");
        db.settle();
        Reply repeat = increment("a", 5, "once");
        db.settle();
        assertThat(first.ok().number).isEqualTo(5);
        assertThat(repeat.ok().number).isEqualTo(5);
        assertThat(db.read("a")).isEqualTo("6");
    }

    @Test
    void duplicateInFlightAttachesToTheFirst() {
        Reply first = increment("a", 5, "once");
        Reply repeat = increment("a", 5, "once");
        db.coreStep();
        db.poll();
        assertThat(first.done).isFalse();
        assertThat(repeat.done).isFalse();
        db.settle();
        assertThat(first.ok().number).isEqualTo(5);
        assertThat(repeat.ok().number).isEqualTo(5);
        assertThat(db.read("a")).isEqualTo("5");
    }

    @Test
    void outcomeSurvivesARestart() {
        increment("a", 5, "once");
        db.settle();
        db.core().maintenance().requestCheckpoint();
        db.settle();
        increment("b", 7, "later");
        db.settle();
        db.crash();
        db.open(1);
        Reply fromCheckpoint = increment("a", 5, "once");
        Reply fromLog = increment("b", 7, "later");
        db.settle();
        assertThat(fromCheckpoint.ok().number).isEqualTo(5);
        assertThat(fromLog.ok().number).isEqualTo(7);
        assertThat(db.read("a")).isEqualTo("5");
    }

    @Test
    void outcomeIsForgottenAfter24Hours() {
        increment("a", 5, "once");
        db.settle();
        db.seconds(24 * 3_600 - 1);
        Reply within = increment("a", 5, "once");
        db.settle();
        assertThat(within.ok().number).isEqualTo(5);
        db.seconds(1);
        Reply after = increment("a", 5, "once");
        db.settle();
        assertThat(after.ok().number).isEqualTo(10);
    }

    @Test
    void sameKeyWithAnotherPlanIsRefused() {
        increment("a", 5, "once");
        db.settle();
        Reply otherAmount = increment("a", 6, "once");
        Reply otherOperation = db.send(KvOp.DELETE, "a", r -> key(r, "once"));
        db.settle();
        otherAmount.failedWith(ErrorCode.DUPLICATE_WRITE);
        otherOperation.failedWith(ErrorCode.DUPLICATE_WRITE);
        assertThat(db.read("a")).isEqualTo("5");
    }

    @Test
    void writeThatWasNotAppliedStaysNotApplied() {
        db.put("a", "1");
        db.settle();
        Reply first = putIfAbsent("a", "2", "once");
        db.settle();
        assertThat(first.ok().applied).isFalse();
        db.delete("a");
        db.settle();
        Reply repeat = putIfAbsent("a", "2", "once");
        db.settle();
        assertThat(repeat.ok().applied).as("the first result").isFalse();
        assertThat(db.read("a")).isNull();
    }

    private Reply putIfAbsent(String key, String value, String idempotencyKey) {
        return db.put(
                key,
                value,
                r -> {
                    CoreHarness.kv(r).condition = KvCondition.IF_ABSENT;
                    key(r, idempotencyKey);
                });
    }

    @Test
    void resultOfUpTo4KibIsKeptAndALargerOneIsNot() {
        Reply small = getAndPut("a", "x".repeat(4_096), "1");
        db.settle();
        Reply kept = getAndPut("a", "y", "2");
        db.settle();
        Reply keptAgain = getAndPut("a", "y", "2");
        db.settle();
        small.ok();
        assertThat(kept.ok().value).hasSize(4_096);
        assertThat(keptAgain.ok().value).isEqualTo(kept.value);
        getAndPut("b", "x".repeat(4_097), "3");
        db.settle();
        Reply large = getAndPut("b", "y", "4");
        db.settle();
        Reply largeAgain = getAndPut("b", "y", "4");
        db.settle();
        assertThat(large.ok().value).hasSize(4_097);
        largeAgain.failedWith(ErrorCode.DUPLICATE_WRITE);
        assertThat(largeAgain.message).contains("4096");
        assertThat(db.read("b")).isEqualTo("y");
    }

    private Reply getAndPut(String key, String value, String idempotencyKey) {
        byte[] bytes = CoreHarness.bytes(value);
        return db.send(
                KvOp.GET_AND_PUT,
                key,
                r -> {
                    CoreHarness.kv(r).setValue(bytes, 0, bytes.length);
                    key(r, idempotencyKey);
                });
    }

    @Test
    void largeWriteUnderAKeyIsMadeOnceEvenWhileItIsUndecided() {
        String large = "x".repeat(300_000);
        Reply first = db.put("a", large, r -> key(r, "once"));
        Reply repeat = db.put("a", large, r -> key(r, "once"));
        db.settle();
        first.ok();
        repeat.ok();
        assertThat(repeat.watermarkLsn).isGreaterThanOrEqualTo(first.watermarkLsn);
        assertThat(db.core().partitions().all().getFirst().engine().count(2)).isEqualTo(1);
    }

    @Test
    void keysAreEachTenantsOwn() {
        Reply first =
                db.send(
                        KvOp.INCREMENT,
                        "a",
                        r -> {
                            CoreHarness.kv(r).number = 1;
                            key(r, "once");
                        });
        db.settle();
        Reply other = increment("a", 1, "once");
        other.request.tenant = 7;
        db.settle();
        assertThat(first.ok().number).isEqualTo(1);
        assertThat(other.ok().number).isEqualTo(2);
    }

    @Test
    void tooLongKeyIsRefused() {
        Reply reply = increment("a", 1, "k".repeat(257));
        db.settle();
        reply.failedWith(ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void failedWriteLeavesNoOutcome() {
        db.put("a", "text");
        db.settle();
        Reply failed = increment("a", 1, "once");
        db.settle();
        failed.failedWith(ErrorCode.TYPE_MISMATCH);
        db.put("a", "41");
        db.settle();
        Reply again = increment("a", 1, "once");
        db.settle();
        assertThat(again.ok().number).isEqualTo(42);
    }
}
