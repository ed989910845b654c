package io.nodedb.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.MemoryTag;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvOp;
import io.nodedb.testkit.LongForm;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Memory is short from the n-th write on, and at the n-th write alone, for every n of a short life;
 * of a long one in the long form.
 */
class KvEngineFailureTest {
    private static final LongForm FORM = LongForm.of("kv-failure");

    private final KvCall call = new KvCall();

    @Test
    void engineIsWholeWhereverMemoryRunsOut() {
        int writes = FORM.count(100, 700);
        int refusedByOne = 0;
        int refusedForGood = 0;
        for (int n = 0; n < writes; n++) {
            refusedByOne += memoryIsShort(n, n + 1, writes);
            refusedForGood += memoryIsShort(n, writes, writes);
        }
        assertThat(refusedByOne).isPositive();
        assertThat(refusedForGood).isGreaterThan(refusedByOne);
    }

    /** Between two writes there is no more memory than is taken. Returns how many were refused. */
    private int memoryIsShort(int from, int to, int writes) {
        MemoryGovernor governor = new MemoryGovernor(64L << 20);
        KvCore core = new KvCore(governor, false);
        SplittableRandom random = new SplittableRandom(from);
        long taken = 0;
        int refused = 0;
        for (int i = 0; i < writes; i++) {
            if (i == from) {
                taken = governor.limit() - governor.used();
                governor.reserve(MemoryTag.OTHER, taken);
            }
            if (i == to) {
                governor.release(MemoryTag.OTHER, taken);
                taken = 0;
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
        while (governor.reclaimer().step()) {
            // What the engine gave back goes back to the system.
        }
        assertThat(governor.used()).isZero();
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
