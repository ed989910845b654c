package io.nodedb.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.MemoryTag;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvOp;
import io.nodedb.testkit.LongForm;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Memory runs out at the n-th write, for every n. */
class KvEngineFailureTest {
    private static final LongForm FORM = LongForm.of("kv-failure");
    private static final int WRITES = 2_000;

    private final KvCall call = new KvCall();

    @Test
    void engineIsWholeWhereverMemoryRunsOut() {
        int stride = FORM.count(397, 7);
        int refusedInAll = 0;
        for (int from = 0; from < WRITES; from += stride) {
            refusedInAll += memoryRunsOutAt(from);
        }
        assertThat(refusedInAll).isPositive();
    }

    private int memoryRunsOutAt(int from) {
        MemoryGovernor governor = new MemoryGovernor(64L << 20);
        KvCore core = new KvCore(governor, false);
        SplittableRandom random = new SplittableRandom(from);
        long taken = 0;
        int refused = 0;
        for (int i = 0; i < WRITES; i++) {
            if (i == from) {
                taken = governor.limit() - governor.used();
                governor.reserve(MemoryTag.OTHER, taken);
            }
            if (!write(core, random)) {
                refused++;
            }
            if (random.nextInt(3) == 0) {
                core.acknowledge();
            }
            if (random.nextInt(50) == 0) {
                core.maintain(3);
                core.expire(5);
            }
        }
        assertThat(core.scan(0, 300)).isEqualTo(core.model.scan(core.nowMillis, 0));
        governor.release(MemoryTag.OTHER, taken);
        core.acknowledgeAll();
        core.checkpointAll(true);
        core.crash();
        core.settle();
        assertThat(core.scan(0, 300)).isEqualTo(core.model.scan(core.nowMillis, 0));
        assertThat(core.engine.dataBytes()).isEqualTo(core.model.leastBytes());
        core.engine.close();
        return refused;
    }

    private boolean write(KvCore core, SplittableRandom random) {
        call.reset();
        call.collection = KvCore.COLLECTION;
        call.op = random.nextInt(5) == 0 ? KvOp.DELETE : KvOp.PUT;
        byte[] key = Model.bytes("key" + random.nextInt(700));
        call.setKey(key, 0, key.length);
        byte[] value = new byte[random.nextInt(10) == 0 ? 300_000 : random.nextInt(3_000)];
        call.setValue(value, 0, value.length);
        call.expireAtMillis = random.nextInt(8) == 0 ? core.nowMillis + 1 : 0;
        core.nowMillis += random.nextInt(2);
        return core.write(call);
    }
}
