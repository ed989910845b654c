package io.nodedb.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.MemoryTag;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvCondition;
import io.nodedb.plan.kv.KvOp;
import io.nodedb.plan.kv.KvScanCall;
import io.nodedb.storage.wal.Effects;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Random calls, batches, snapshots, expiry, checkpoints, refusals of memory and crashes against the
 * {@link Model}.
 */
class KvEngineFuzzTest {
    private static final List<KvCondition> CONDITIONS =
            List.of(KvCondition.ALWAYS, KvCondition.IF_ABSENT, KvCondition.IF_PRESENT);
    private static final LongForm FORM = LongForm.of("kv-engine");

    @Test
    void engineAnswersAsTheModelDoes() {
        SeededRuns.of(FORM).run(12, 400, random -> new Run(random, 400, false).run(4_000));
    }

    @Test
    void engineAnswersAsTheModelDoesWhenAllKeysShareABucket() {
        SeededRuns.of(FORM).run(6, 200, random -> new Run(random, 60, true).run(3_000));
    }

    @Test
    void engineAnswersAsTheModelDoesWhileItGrowsAndShrinks() {
        SeededRuns.of(FORM).run(2, 30, random -> new Run(random, 8_000, false).run(60_000));
    }

    /** One run of one seed. */
    private static final class Run {
        private final SplittableRandom random;
        private final List<String> keys = new ArrayList<>();
        private final MemoryGovernor governor = new MemoryGovernor(256L << 20);
        private final KvCore core;
        private final KvCall call = new KvCall();
        private final KvScanCall page = new KvScanCall();

        /** A scan in progress: what it has found, and keys that were there all the time. */
        private Map<String, String> scanned = new HashMap<>();

        private Map<String, String> stable = new HashMap<>();
        private long scanCursor;
        private long scanLsn;
        private boolean growing = true;

        Run(SplittableRandom random, int keyCount, boolean oneBucket) {
            this.random = random;
            core = new KvCore(governor, random.nextBoolean());
            while (keys.size() < keyCount) {
                String key = randomText(1 + random.nextInt(20)) + keys.size();
                long hash = KeyHash.of(Model.bytes(key));
                if (!oneBucket || hash >>> 56 == 0xC3) {
                    keys.add(key);
                }
            }
        }

        void run(int steps) {
            startScan();
            for (int step = 0; step < steps; step++) {
                if (step % (steps / 4) == 0) {
                    growing = step / (steps / 4) % 2 == 0;
                }
                step();
            }
            settledEngineHoldsNothingButLiveKeys();
            core.engine.drop(KvCore.COLLECTION);
            core.settle();
            assertThat(core.engine.dataBytes()).isZero();
            assertThat(core.engine.indexBytes()).isZero();
            core.engine.close();
            while (governor.reclaimer().step()) {
                // until nothing waits
            }
            assertThat(governor.used()).isZero();
        }

        private void step() {
            switch (random.nextInt(100)) {
                case 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 -> read();
                case 10, 11, 12, 13, 14, 15 -> core.acknowledge();
                case 16, 17 -> core.nowMillis += random.nextInt(200);
                case 18 -> core.nowMillis += random.nextInt(100_000);
                case 19 -> core.expire(1 + random.nextInt(20));
                case 20 -> takeSnapshot();
                case 21, 22 -> releaseSnapshot();
                case 23, 24, 25 -> core.maintain(random.nextInt(4));
                case 26, 27, 28, 29 -> continueCheckpoint();
                case 30 -> rarely();
                case 31, 32, 33 -> continueScan();
                case 34 -> committedElsewhere();
                case 35 -> batch();
                case 36, 37 -> undo();
                case 38 -> compact();
                default -> write();
            }
        }

        private void rarely() {
            switch (random.nextInt(12)) {
                case 0 -> crash();
                case 1 -> compareScans();
                case 2 -> refusedMemory();
                case 3 -> core.nowMillis -= random.nextInt(5_000);
                case 4 ->
                        assertThat(core.engine.count(KvCore.COLLECTION))
                                .isEqualTo(core.model.count());
                default -> core.acknowledgeAll();
            }
        }

        /** Moves everything that may be moved, whatever it is good for. */
        private void compact() {
            boolean ignored = core.engine.compact(0, Long.MAX_VALUE);
        }

        private String randomKey() {
            return keys.get(random.nextInt(keys.size()));
        }

        private String randomText(int length) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < length; i++) {
                text.append((char) ('a' + random.nextInt(26)));
            }
            return text.toString();
        }

        private byte[] randomValue() {
            return switch (random.nextInt(20)) {
                case 0 -> Model.bytes(randomText(random.nextInt(3_000)));
                case 1, 2, 3, 4 -> Model.bytes(Long.toString(random.nextInt(1_000)));
                case 5 -> new byte[0];
                default -> Model.bytes(randomText(random.nextInt(60)));
            };
        }

        private long randomExpiry() {
            return switch (random.nextInt(12)) {
                case 0 -> KvCall.KEEP_EXPIRY;
                case 1 -> core.nowMillis + random.nextInt(100);
                case 2 -> core.nowMillis + random.nextInt(200_000);
                case 3 -> core.nowMillis + random.nextLong(1L << (1 + random.nextInt(52)));
                case 4 -> 1 + random.nextLong(core.nowMillis);
                default -> 0;
            };
        }

        private void begin(KvOp op, String key) {
            byte[] bytes = Model.bytes(key);
            call.reset();
            call.op = op;
            call.collection = KvCore.COLLECTION;
            call.setKey(bytes, 0, bytes.length);
        }

        private void read() {
            long lsn = random.nextBoolean() || core.snapshots.isEmpty() ? 0 : anySnapshot();
            String key = randomKey();
            begin(
                    switch (random.nextInt(4)) {
                        case 0 -> KvOp.EXISTS;
                        case 1 -> KvOp.EXPIRY;
                        default -> KvOp.GET;
                    },
                    key);
            assertThat(core.execute(call, lsn)).isEqualTo(Outcome.DONE);
            Model.Version expected = core.model.read(key, core.nowMillis, lsn);
            assertThat(call.found).isEqualTo(expected != null);
            if (expected != null && call.op == KvOp.GET) {
                assertThat(Model.same(call.result, call.resultLength, expected.value)).isTrue();
            }
            if (expected != null && call.op == KvOp.EXPIRY) {
                assertThat(call.resultNumber).isEqualTo(expected.expireAt);
            }
            if (expected != null && expected.stamp < 0) {
                assertThat(core.context.dependsOn).isEqualTo(-expected.stamp);
            }
            if (lsn == 0) {
                Model.Version newest = core.model.newest(key);
                long stamp = newestStamp(key);
                if (newest != null && newest.value != null) {
                    assertThat(stamp).isEqualTo(newest.stamp);
                }
            }
        }

        private long newestStamp(String key) {
            byte[] bytes = Model.bytes(key);
            return core.engine.newestStamp(
                    KvCore.COLLECTION, bytes, 0, bytes.length, KeyHash.of(bytes));
        }

        private void write() {
            String key = randomKey();
            boolean deletes = random.nextInt(10) < (growing ? 2 : 6);
            KvOp op =
                    deletes
                            ? List.of(KvOp.DELETE, KvOp.GET_AND_DELETE, KvOp.COMPARE_AND_DELETE)
                                    .get(random.nextInt(3))
                            : List.of(
                                            KvOp.PUT,
                                            KvOp.PUT,
                                            KvOp.PUT,
                                            KvOp.INCREMENT,
                                            KvOp.GET_AND_PUT,
                                            KvOp.COMPARE_AND_PUT,
                                            KvOp.EXPIRE)
                                    .get(random.nextInt(7));
            begin(op, key);
            byte[] value = randomValue();
            call.setValue(value, 0, value.length);
            call.expireAtMillis = randomExpiry();
            call.number = random.nextInt(10) == 0 ? random.nextLong() : random.nextInt(-50, 50);
            if (op == KvOp.PUT) {
                call.condition = CONDITIONS.get(random.nextInt(CONDITIONS.size()));
            }
            Model.Version present = core.model.read(key, core.nowMillis, 0);
            byte[] expected =
                    present != null && random.nextBoolean() ? present.value : randomValue();
            call.setExpected(expected, 0, expected.length);
            checkWrite(key, value, expected, present);
        }

        private void checkWrite(String key, byte[] value, byte[] expected, Model.Version present) {
            Model.Version before = core.model.newest(key);
            int outcome = core.execute(call, 0);
            byte[] written = value;
            long expireAt =
                    call.expireAtMillis != KvCall.KEEP_EXPIRY
                            ? call.expireAtMillis
                            : present == null ? 0 : present.expireAt;
            boolean there = present != null;
            boolean matches = there && java.util.Arrays.equals(present.value, expected);
            boolean applies = true;
            switch (call.op) {
                case PUT ->
                        applies =
                                call.condition == KvCondition.ALWAYS
                                        || there == (call.condition == KvCondition.IF_PRESENT);
                case DELETE, GET_AND_DELETE -> {
                    applies = there;
                    written = null;
                }
                case COMPARE_AND_DELETE -> {
                    applies = matches;
                    written = null;
                }
                case COMPARE_AND_PUT -> applies = matches;
                case GET_AND_PUT -> expireAt = 0;
                case EXPIRE -> {
                    applies = there;
                    written = there ? present.value : null;
                }
                case INCREMENT -> {
                    Long sum = sum(present);
                    if (sum == null) {
                        assertThat(outcome)
                                .isIn(
                                        ErrorCode.TYPE_MISMATCH.number(),
                                        ErrorCode.OVERFLOW.number());
                        assertThat(core.context.effects.length()).isZero();
                        return;
                    }
                    written = Model.bytes(sum.toString());
                    expireAt = there ? present.expireAt : 0;
                    assertThat(call.resultNumber).isEqualTo(sum);
                }
                case GET, EXISTS, EXPIRY -> throw new AssertionError();
            }
            assertThat(outcome).isEqualTo(Outcome.DONE);
            assertThat(call.found).isEqualTo(there);
            assertThat(call.applied).isEqualTo(applies);
            if (there && (call.op == KvOp.GET_AND_PUT || call.op == KvOp.GET_AND_DELETE)) {
                assertThat(Model.same(call.result, call.resultLength, present.value)).isTrue();
            }
            assertThat(core.applyBatch()).isTrue();
            if (applies) {
                Model.Version after = core.model.newest(key);
                if (call.op == KvOp.EXPIRE && after == before) {
                    assertThat(before.expireAt).isEqualTo(expireAt);
                } else {
                    assertThat(after).isNotSameAs(before);
                    assertThat(after.value).isEqualTo(written);
                    assertThat(after.expireAt).isEqualTo(written == null ? 0 : expireAt);
                }
            } else {
                assertThat(core.model.newest(key)).isSameAs(before);
            }
            stable.remove(key);
        }

        private Long sum(Model.Version present) {
            try {
                long number = present == null ? 0 : parsed(Model.text(present.value));
                return Math.addExact(number, call.number);
            } catch (ArithmeticException | NumberFormatException notPossible) {
                return null;
            }
        }

        private static long parsed(String text) {
            if (!text.matches("-?[0-9]{1,19}")) {
                throw new NumberFormatException(text);
            }
            return Long.parseLong(text);
        }

        /** Several keys in one batch. */
        private void batch() {
            core.context.begin(core.nowMillis, 0);
            Effects effects = core.context.effects;
            for (String key : someKeys()) {
                begin(KvOp.PUT, key);
                byte[] value = randomValue();
                call.setValue(value, 0, value.length);
                assertThat(core.engine.execute(call, core.context)).isEqualTo(Outcome.DONE);
                stable.remove(key);
            }
            assertThat(effects.count()).isPositive();
            assertThat(core.applyBatch()).isTrue();
        }

        private void committedElsewhere() {
            core.context.begin(core.nowMillis, 0);
            for (String key : someKeys()) {
                begin(random.nextBoolean() ? KvOp.PUT : KvOp.DELETE, key);
                byte[] value = randomValue();
                call.setValue(value, 0, value.length);
                assertThat(core.engine.execute(call, core.context)).isEqualTo(Outcome.DONE);
                stable.remove(key);
            }
            core.applyCommitted(core.context.effects);
        }

        /** Keys are as they were before: a scan in progress can't tell which those are. */
        private void undo() {
            for (int i = random.nextInt(3); i >= 0; i--) {
                core.undo();
            }
            if (scanLsn == 0) {
                startScan();
            }
        }

        private List<String> someKeys() {
            List<String> some = new ArrayList<>();
            int count = 1 + random.nextInt(8);
            while (some.size() < count) {
                String key = randomKey();
                if (!some.contains(key)) {
                    some.add(key);
                }
            }
            return some;
        }

        private void takeSnapshot() {
            if (core.snapshots.size() < 4 && core.lastLsn > 0) {
                core.snapshots.add(core.lastLsn);
            }
        }

        private long anySnapshot() {
            return core.snapshots.get(random.nextInt(core.snapshots.size()));
        }

        private void releaseSnapshot() {
            if (!core.snapshots.isEmpty()) {
                int pick = random.nextInt(core.snapshots.size());
                if (core.snapshots.get(pick) != scanLsn) {
                    core.snapshots.remove(pick);
                }
            }
        }

        private void continueCheckpoint() {
            if (!core.checkpointOpen()) {
                if (random.nextInt(4) == 0) {
                    core.beginCheckpoint(random.nextInt(4) == 0);
                }
                return;
            }
            boolean done = core.checkpointStep(1 + random.nextInt(200), random.nextInt(200));
            if (random.nextInt(30) == 0) {
                core.abandon();
            } else if (done) {
                core.publish();
            }
        }

        private void startScan() {
            scanned = new HashMap<>();
            scanCursor = 0;
            scanLsn = core.snapshots.isEmpty() || random.nextBoolean() ? 0 : anySnapshot();
            stable = core.model.scan(core.nowMillis, scanLsn);
            if (scanLsn == 0) {
                stable.values().removeIf(value -> !value.endsWith("@0"));
            }
        }

        /** A scan while keys come and go: keys that were not touched are found, exactly once. */
        private void continueScan() {
            scanCursor = core.scanPage(page, scanCursor, scanLsn, 1 + random.nextInt(60), scanned);
            if (!page.finished) {
                return;
            }
            if (scanLsn != 0) {
                assertThat(scanned).isEqualTo(core.model.scan(core.nowMillis, scanLsn));
            } else {
                Map<String, String> missed = new HashMap<>(stable);
                missed.entrySet().removeAll(scanned.entrySet());
                assertThat(missed).isEmpty();
            }
            startScan();
        }

        private void compareScans() {
            assertThat(core.scan(0, 1 + random.nextInt(500)))
                    .isEqualTo(core.model.scan(core.nowMillis, 0));
            for (long snapshot : core.snapshots) {
                assertThat(core.scan(snapshot, 100))
                        .isEqualTo(core.model.scan(core.nowMillis, snapshot));
            }
        }

        private void crash() {
            core.crash();
            startScan();
            compareScans();
            assertThat(core.engine.count(KvCore.COLLECTION)).isEqualTo(core.model.count());
        }

        /** Someone else takes all memory: writes may be refused, and nothing else changes. */
        private void refusedMemory() {
            long rest = governor.limit() - governor.used();
            governor.reserve(MemoryTag.OTHER, rest);
            for (int i = 0; i < 50; i++) {
                String key = randomKey();
                begin(random.nextBoolean() ? KvOp.PUT : KvOp.DELETE, key);
                byte[] value = randomValue();
                call.setValue(value, 0, value.length);
                core.write(call);
                stable.remove(key);
            }
            compareScans();
            governor.release(MemoryTag.OTHER, rest);
        }

        private void settledEngineHoldsNothingButLiveKeys() {
            core.acknowledgeAll();
            core.snapshots.clear();
            if (core.checkpointOpen()) {
                core.abandon();
            }
            core.checkpointAll(false);
            core.settle();
            compareScans();
            assertThat(core.engine.dataBytes()).isEqualTo(core.model.leastBytes());
            assertThat(core.engine.checkpointNeeded()).isFalse();
            core.crash();
            compareScans();
            core.checkpointAll(true);
            core.settle();
            core.crash();
            compareScans();
            assertThat(core.engine.dataBytes()).isEqualTo(core.model.leastBytes());
        }
    }
}
