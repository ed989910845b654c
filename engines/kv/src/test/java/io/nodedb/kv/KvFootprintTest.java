package io.nodedb.kv;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.nodedb.base.ids.Lsn;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.MemoryTag;
import io.nodedb.engine.CollectionOptions;
import io.nodedb.engine.EngineEnvironment;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvOp;
import io.nodedb.storage.wal.EffectReader;
import io.nodedb.testkit.LongForm;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** What a key costs in governed memory, and what a call costs on the heap. */
class KvFootprintTest {
    private static final LongForm FORM = LongForm.of("kv-memory");

    /** Bytes for each key of 16 bytes with a value of 32: 10 million keys within 1.1 GB. */
    private static final long BYTES_PER_KEY = 110;

    /** What an engine takes in whole chunks, however few its keys. */
    private static final long FIXED_BYTES = 8L << 20;

    private static final int COLLECTION = 17;

    private final MemoryGovernor governor = new MemoryGovernor(8L << 30);
    private final KvEngine engine =
            new KvEngine(new EngineEnvironment(0, governor, (_, _) -> false));
    private final TestContext context = new TestContext();
    private final EffectReader reader = new EffectReader();
    private final KvCall call = new KvCall();
    private final byte[] key = new byte[16];
    private final byte[] value = new byte[32];
    private long sequence;
    private long lsn = Lsn.ofMillis(1_700_000_000_000L);

    KvFootprintTest() {
        engine.openCollection(COLLECTION, CollectionOptions.DEFAULT);
        engine.opened(1_700_000_000_000L);
    }

    private void setKey(int i) {
        for (int at = 15, rest = i; at >= 0; at--, rest /= 10) {
            key[at] = (byte) ('0' + rest % 10);
        }
        call.setKey(key, 0, key.length);
    }

    private void run(KvOp op, int i) {
        call.reset();
        call.op = op;
        call.collection = COLLECTION;
        setKey(i);
        call.setValue(value, 0, value.length);
        context.begin(1_700_000_000_000L, 0);
        require(engine.execute(call, context) == Outcome.DONE);
        if (context.effects.length() == 0) {
            return;
        }
        require(engine.reserve(1, context.effects.length()));
        reader.wrap(context.effects.bytes(), 0, context.effects.length());
        require(reader.next());
        long handle = engine.apply(reader, - ++sequence);
        engine.stamp(COLLECTION, handle, ++lsn);
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new AssertionError("call succeeds");
        }
    }

    @Test
    void keyCostsAtMostItsShareOfGovernedMemory() {
        int keys = FORM.count(300_000, 10_000_000);
        for (int i = 0; i < keys; i++) {
            run(KvOp.PUT, i);
            if (i % 1_000 == 0) {
                assertThat(engine.memoryBytes()).isLessThan(BYTES_PER_KEY * i + FIXED_BYTES);
            }
        }
        assertThat(engine.count(COLLECTION)).isEqualTo(keys);
        assertThat(engine.memoryBytes()).isEqualTo(governor.used());
        if (FORM.isLong()) {
            assertThat(engine.memoryBytes()).isLessThan(1_100_000_000);
        }
        engine.close();
        while (governor.reclaimer().step()) {
            // until nothing waits
        }
        assertThat(governor.used()).isZero();
    }

    private void maintain() {
        context.begin(1_700_000_000_000L, 0);
        while (engine.maintain(context)) {
            // one slice after the other
        }
        while (governor.reclaimer().step()) {
            // until nothing waits
        }
    }

    @Test
    void compactionGivesBackWhatScatteredDeletesHaveLeft() {
        int keys = 150_000;
        for (int i = 0; i < keys; i++) {
            run(KvOp.PUT, i);
        }
        for (int i = 0; i < keys; i++) {
            if (i % 4 != 0) {
                run(KvOp.DELETE, i);
            }
        }
        maintain();
        long before = governor.used(MemoryTag.KV_DATA);
        assertThat(before).as("every chunk still holds something").isGreaterThan(keys * 70L);
        assertThat(engine.compact(0.9)).as("less than that is dead").isFalse();
        assertThat(engine.compact(0.2)).isTrue();
        assertThat(engine.compact(0.2)).as("one is under way").isFalse();
        maintain();
        assertThat(governor.used(MemoryTag.KV_DATA)).isLessThan(before / 2);
        for (int i = 0; i < keys; i++) {
            run(KvOp.GET, i);
            require(call.found == (i % 4 == 0));
        }
        engine.close();
    }

    @Test
    void hotCallsAllocateNothingOnTheHeap() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 60_000; i++) {
            mix(i);
        }
        int rounds = 20_000;
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < rounds; i++) {
            mix(i);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).as("bytes in %d rounds", rounds).isLessThan(rounds);
        engine.close();
    }

    private void mix(int i) {
        run(KvOp.PUT, i % 5_000);
        run(KvOp.GET, (i * 7) % 5_000);
        run(KvOp.EXISTS, (i * 13) % 10_000);
        if (i % 3 == 0) {
            run(KvOp.DELETE, i % 5_000);
        }
    }
}
