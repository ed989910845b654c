package io.nodedb.data.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.data.harness.CoreHarness;
import io.nodedb.data.harness.HarnessOptions;
import io.nodedb.data.harness.Reply;
import io.nodedb.plan.commit.CollectionCall;
import io.nodedb.plan.commit.CommitCall;
import io.nodedb.plan.commit.KeyWrite;
import io.nodedb.plan.kv.KvOp;
import io.nodedb.storage.wal.CommitRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A core takes rows of the definition that it was told of last, and of no other. */
class DefinitionRulesTest {
    private final CoreHarness db = new CoreHarness(new HarnessOptions());

    private Reply define(int version) {
        CollectionCall call = new CollectionCall();
        call.collection = CoreHarness.COLLECTION;
        call.engine = 1;
        call.definition = version;
        return db.send(0, call, request -> {});
    }

    private Reply put(String key, int definition) {
        return db.put(key, "v", request -> CoreHarness.kv(request).definition = definition);
    }

    private KeyWrite write(String key, int definition) {
        KeyWrite of = db.write(key, "w");
        return new KeyWrite(
                of.partition(), of.collection(), of.key(), of.keyHash(), of.value(), 0, definition);
    }

    private static CommitCall commitOf(long txnId, boolean prepareOnly, List<KeyWrite> writes) {
        CommitCall call = new CommitCall();
        call.txnId = txnId;
        call.prepareOnly = prepareOnly;
        call.writes = writes.stream().sorted(Comparator.comparingInt(KeyWrite::partition)).toList();
        return call;
    }

    @Test
    void rowOfAnotherDefinitionIsRefusedAndWhatNeedsNoneIsNot() {
        put("a", 0);
        db.settle();
        define(3);
        db.settle();
        Reply outdated = put("a", 0);
        Reply early = put("a", 4);
        Reply present = put("b", 3);
        Reply transaction = db.commit(0, commitOf(7, false, List.of(write("c", 2))));
        Reply mixed = db.commit(0, commitOf(8, false, List.of(write("d", 3), db.write("a", null))));
        db.settle();
        outdated.failedWith(ErrorCode.DEFINITION_CHANGED);
        early.failedWith(ErrorCode.DEFINITION_CHANGED);
        present.ok();
        transaction.failedWith(ErrorCode.DEFINITION_CHANGED);
        mixed.ok();
        assertThat(db.content()).containsOnlyKeys("b", "d");
        Reply deleted = db.delete("b");
        Reply swapped =
                db.send(
                        KvOp.COMPARE_AND_PUT,
                        "d",
                        request -> {
                            byte[] value = CoreHarness.bytes("w");
                            CoreHarness.kv(request).setExpected(value, 0, 1);
                            CoreHarness.kv(request).setValue(value, 0, 1);
                            CoreHarness.kv(request).definition = 2;
                        });
        db.settle();
        deleted.ok();
        swapped.failedWith(ErrorCode.DEFINITION_CHANGED);
    }

    @Test
    void coreAnswersWhenRowsOfTheDefinitionBeforeAreDurable() {
        Reply before = put("a", 0);
        db.coreStep();
        Reply defined = define(1);
        Reply outdated = put("b", 0);
        for (int i = 0; i < 5; i++) {
            db.coreStep();
            db.poll();
        }
        assertThat(outdated.done).isTrue();
        outdated.failedWith(ErrorCode.DEFINITION_CHANGED);
        assertThat(before.done).isFalse();
        assertThat(defined.done).isFalse();
        db.settle();
        before.ok();
        defined.ok();
        assertThat(defined.place).isGreaterThan(before.place);
        // Told again, it has nothing to wait for.
        Reply pending = put("c", 1);
        db.coreStep();
        Reply again = define(1);
        db.coreStep();
        db.poll();
        assertThat(again.done).isTrue();
        assertThat(pending.done).isFalse();
    }

    @Test
    void coreAnswersWhenPreparedRowsOfTheDefinitionBeforeAreDecided() {
        KeyWrite write = write("a", 0);
        Reply prepared = db.commit(write.partition(), commitOf(5, true, List.of(write)));
        db.settle();
        Reply defined = define(1);
        db.settle();
        assertThat(defined.done).isFalse();
        db.decide(
                new CommitRequest()
                        .commit(5, 0, 0, 0)
                        .core(0, prepared.ok().ringPosition)
                        .partition(write.partition()));
        db.settle();
        defined.ok();
        assertThat(db.read("a")).isEqualTo("w");
        Reply late = db.commit(write.partition(), commitOf(6, true, List.of(write)));
        db.settle();
        late.failedWith(ErrorCode.DEFINITION_CHANGED);
    }

    @Test
    void definitionThatChangesBetweenTheQuantaOfAWriteSetRefusesAllOfIt() {
        List<KeyWrite> writes = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            writes.add(write("k" + i, 0));
        }
        Reply large = db.commit(0, commitOf(9, false, writes));
        // It takes its turn after the set's first quantum.
        Reply defined = define(1);
        db.settle();
        defined.ok();
        large.failedWith(ErrorCode.DEFINITION_CHANGED);
        assertThat(db.content()).isEmpty();
        Reply free = put("k0", 1);
        db.settle();
        free.ok();
    }
}
