package io.nodedb.data.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.bridge.lane.Chunk;
import io.nodedb.bridge.lane.LanePort;
import io.nodedb.bridge.lane.Request;
import io.nodedb.bridge.lane.ResponseHandler;
import io.nodedb.bridge.lane.Status;
import io.nodedb.data.harness.CoreHarness;
import io.nodedb.data.harness.HarnessOptions;
import io.nodedb.kv.KvEngineFactory;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvOp;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/**
 * The core allocates nothing per operation: from the request ring through execution, the WAL ring,
 * acknowledgement and stamping to the answer. Only the core's own turns are measured.
 */
class CoreAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int KEYS = 1_000;
    private static final int BATCH = 16;
    private static final int TURNS = 2_000;

    /** What a checkpoint may take: its cursor and a few jobs, none of its blocks of 64 KiB. */
    private static final long CHECKPOINT_BYTES = 4 << 10;

    /** The first rounds run interpreted; compilation replaces them at some point. */
    private static final int ROUNDS = 15;

    private final CoreHarness db;
    private final LanePort<Call> port;
    private final byte[][] keys = new byte[KEYS][];
    private byte[] value = CoreHarness.bytes("123456");
    private final Recycler recycler = new Recycler();
    private int next;

    CoreAllocationTest() {
        HarnessOptions options = new HarnessOptions();
        options.engine = new KvEngineFactory();
        db = new CoreHarness(options);
        port = db.lane.port(0);
        for (int i = 0; i < KEYS; i++) {
            keys[i] = CoreHarness.bytes("key:" + i);
        }
        for (int i = 0; i < KEYS / BATCH + 1; i++) {
            turn(KvOp.PUT);
        }
    }

    /** Sends a batch of calls and gets it answered. @return bytes that the core's turns took */
    private long turn(KvOp op) {
        for (int i = 0; i < BATCH; i++) {
            Request<Call> request = port.acquire(0);
            KvCall call = (KvCall) request.payload;
            call.reset();
            call.op = op;
            call.collection = CoreHarness.COLLECTION;
            byte[] key = keys[next++ % KEYS];
            call.setKey(key, 0, key.length);
            call.setValue(value, 0, value.length);
            call.number = 1;
            port.submit(request);
        }
        long before = THREADS.getCurrentThreadAllocatedBytes();
        db.core().step();
        long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
        while (db.walStep()) {
            // a round may open a segment, the next writes to it
        }
        before = THREADS.getCurrentThreadAllocatedBytes();
        db.core().step();
        taken += THREADS.getCurrentThreadAllocatedBytes() - before;
        int answered = db.lane.poll(recycler, Integer.MAX_VALUE);
        if (answered != BATCH) {
            throw new AssertionError("answers: expected=" + BATCH + " actual=" + answered);
        }
        db.time.advanceNanos(50_000);
        return taken;
    }

    private void assertAllocatesNothing(KvOp op) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && least > 0; round++) {
            long taken = 0;
            for (int i = 0; i < TURNS; i++) {
                taken += turn(op);
            }
            least = Math.min(least, taken);
        }
        assertThat(least).as(op + ": bytes in " + TURNS * BATCH + " operations").isZero();
    }

    @Test
    void getAllocatesNothing() {
        assertAllocatesNothing(KvOp.GET);
    }

    @Test
    void overwritingPutAllocatesNothing() {
        assertAllocatesNothing(KvOp.PUT);
    }

    @Test
    void incrementAllocatesNothing() {
        assertAllocatesNothing(KvOp.INCREMENT);
    }

    @Test
    void idleTurnAllocatesNothing() {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && least > 0; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < TURNS; i++) {
                db.core().step();
                db.core().sleepNanos();
                db.time.advanceNanos(1_000_000);
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
            db.rings.getFirst().reader();
        }
        assertThat(least).isZero();
    }

    @Test
    void checkpointUsesItsBlocksAgain() {
        value = new byte[300];
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < KEYS / BATCH + 1; i++) {
                turn(KvOp.PUT);
            }
            least = Math.min(least, checkpoint());
        }
        assertThat(db.core().maintenance().checkpointsPublished()).isEqualTo(ROUNDS);
        assertThat(least)
                .as("bytes of a checkpoint of %d KiB", (KEYS * value.length) >> 10)
                .isLessThan(CHECKPOINT_BYTES);
    }

    /** Gets everything that changed into a checkpoint. @return bytes that the core's turns took */
    private long checkpoint() {
        db.core().maintenance().requestCheckpoint();
        long taken = 0;
        while (!db.core().maintenance().idle()) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            db.core().step();
            taken += THREADS.getCurrentThreadAllocatedBytes() - before;
            while (db.walStep()) {
                // the checkpoint waits for the log
            }
            db.helpersStep();
            db.time.advanceNanos(50_000);
        }
        return taken;
    }

    private static final class Recycler implements ResponseHandler<Call> {
        @Override
        public void onPartial(Chunk chunk) {
            throw new AssertionError("no chunk is expected");
        }

        @Override
        public void onFinal(Request<Call> request) {
            if (request.status != Status.OK) {
                throw new AssertionError(
                        ErrorCode.ofNumber(request.errorCode) + " " + request.message);
            }
            request.port.recycle(request);
        }

        @Override
        public void onExpired(Request<Call> request, ErrorCode code) {
            throw new AssertionError(code);
        }
    }
}
