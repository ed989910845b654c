package io.nodedb.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvOp;
import org.junit.jupiter.api.Test;

class KvStreamsTest extends KvEngineFixture {
    @Test
    void largeValueIsAnsweredInChunksAsTheClientGivesThemBack() {
        byte[] value = large(100_000, 1);
        put("a", value, 0);
        assertThat(core.execute(call(KvOp.GET, "a"), 0))
                .as("not durable")
                .isEqualTo(Outcome.WAIT_FOR_CREDIT);
        core.acknowledge();
        call(KvOp.GET, "a");
        core.context.credit = 0;
        assertThat(core.execute(call, 0)).isEqualTo(Outcome.WAIT_FOR_CREDIT);
        int executions = 0;
        int outcome;
        do {
            core.context.credit = 3;
            outcome = core.execute(call, 0);
            if (executions++ == 1) {
                put2("a", "other");
                core.acknowledgeAll();
                core.settle();
            }
        } while (outcome == Outcome.WAIT_FOR_CREDIT);
        assertThat(outcome).isEqualTo(Outcome.DONE);
        assertThat(call.found).isTrue();
        assertThat(call.resultLength).isEqualTo(value.length);
        assertThat(call.resultNumber).isZero();
        assertThat(core.context.chunks.toByteArray()).isEqualTo(value);
        core.settle();
        assertThat(core.engine.dataBytes()).as("unpinned").isLessThan(1_000);
    }

    @Test
    void clientThatTakesNoChunkLosesItsAnswerAndItsPin() {
        put("a", large(100_000, 2), 0);
        core.acknowledge();
        call(KvOp.GET, "a");
        core.context.credit = 1;
        assertThat(core.execute(call, 0)).isEqualTo(Outcome.WAIT_FOR_CREDIT);
        KvCall reading = new KvCall();
        reading.streamed = call.streamed;
        reading.resultNumber = call.resultNumber;
        reading.collection = KvCore.COLLECTION;
        core.write(call(KvOp.DELETE, "a"));
        core.acknowledge();
        assertThat(core.engine.dataBytes()).isGreaterThan(100_000);
        core.nowMillis += PinnedVersions.LEASE_MILLIS;
        core.settle();
        assertThat(core.engine.dataBytes()).isZero();
        assertThat(core.execute(reading, 0)).isEqualTo(ErrorCode.DEADLINE_EXCEEDED.number());
    }

    @Test
    void tooManyLargeReadsAtATimeAreRefused() {
        put("a", large(20_000, 3), 0);
        core.acknowledge();
        for (int i = 0; i < PinnedVersions.MAX; i++) {
            core.context.credit = 1;
            assertThat(core.execute(call(KvOp.GET, "a"), 0)).isEqualTo(Outcome.WAIT_FOR_CREDIT);
        }
        assertThat(core.execute(call(KvOp.GET, "a"), 0))
                .isEqualTo(ErrorCode.RESOURCES_EXHAUSTED.number());
    }

    @Test
    void replacedLargeValueIsAnsweredWhole() {
        byte[] value = large(50_000, 4);
        put("a", value, 0);
        call(KvOp.GET_AND_PUT, "a").setValue(new byte[] {1}, 0, 1);
        assertThat(core.write(call)).isTrue();
        assertThat(Model.same(call.result, call.resultLength, value)).isTrue();
    }
}
