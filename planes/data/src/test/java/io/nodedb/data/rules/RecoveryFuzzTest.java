package io.nodedb.data.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.bridge.lane.Durability;
import io.nodedb.data.harness.CoreHarness;
import io.nodedb.data.harness.HarnessOptions;
import io.nodedb.data.harness.Reply;
import io.nodedb.data.probe.Faults.Phase;
import io.nodedb.data.probe.FaultyFactory;
import io.nodedb.kv.KvEngineFactory;
import io.nodedb.plan.commit.CommitCall;
import io.nodedb.plan.commit.KeyWrite;
import io.nodedb.storage.wal.WalOptions;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random writes, crashes, checkpoints, panics and changes of the number of cores, against a model
 * that knows what may have become of each key: a write that was answered holds, one that failed is
 * gone, one that was cut off may be either.
 */
class RecoveryFuzzTest {
    private static final int KEYS = 40;

    @Test
    void answeredWritesSurviveCrashesPanicsAndAnotherNumberOfCores() {
        SeededRuns.of(LongForm.of("data-recovery-fuzz"))
                .run(40, 2_000, random -> new Run(random).go());
    }

    private static final class Run {
        private final SplittableRandom random;
        private final CoreHarness db;

        /** What each key may hold: one value, or several after a write with unknown outcome. */
        private final Map<String, Set<@Nullable String>> model = new HashMap<>();

        private final List<Attempt> attempts = new ArrayList<>();
        private int cores;
        private int counter;

        private record Attempt(Reply reply, Map<String, @Nullable String> writes) {}

        Run(SplittableRandom random) {
            this.random = random;
            HarnessOptions options = new HarnessOptions();
            cores = 1 + random.nextInt(4);
            options.cores(cores).partitions(1 + random.nextInt(6));
            options.wal =
                    new WalOptions(
                            256 << 10,
                            1,
                            4,
                            64 << 10,
                            1 << 10,
                            64 << 10,
                            1_000_000_000L,
                            2_000_000L,
                            1_000_000_000L,
                            1 << 20,
                            3_600_000L);
            options.set("wal_unacknowledged", "64");
            options.feed = random.nextBoolean();
            if (random.nextBoolean()) {
                options.engine = new FaultyFactory(new KvEngineFactory(), options.faults);
            }
            db = new CoreHarness(options);
            db.writerIsFaster = () -> random.nextInt(4) == 0;
            for (int i = 0; i < KEYS; i++) {
                Set<String> absent = new HashSet<>();
                absent.add(null);
                model.put("k" + i, absent);
            }
        }

        void go() {
            for (int round = 0; round < 60; round++) {
                switch (random.nextInt(10)) {
                    case 0 -> crash();
                    case 1 -> panic();
                    case 2 -> db.loops.forEach(loop -> loop.maintenance().requestCheckpoint());
                    case 3 -> db.time.advanceMillis(random.nextInt(40_000));
                    default -> write();
                }
                int steps = random.nextInt(4);
                for (int i = 0; i < steps; i++) {
                    someStep();
                }
                collect();
            }
            crash();
            verify();
            db.release();
        }

        private void someStep() {
            switch (random.nextInt(4)) {
                case 0 -> db.coreStep();
                case 1 -> db.walStep();
                case 2 -> db.helpersStep();
                default -> db.poll();
            }
        }

        private void write() {
            int count = 1 + random.nextInt(3);
            for (int i = 0; i < count; i++) {
                if (random.nextInt(4) == 0) {
                    commit();
                } else {
                    single();
                }
            }
        }

        private String key() {
            return "k" + random.nextInt(KEYS);
        }

        private String value() {
            int filling = random.nextInt(20) == 0 ? 40_000 : random.nextInt(100);
            return counter++ + "-" + "x".repeat(filling);
        }

        /** A write of a key waits for those before it in the model too: one at a time per key. */
        private boolean free(String key) {
            return attempts.stream().noneMatch(attempt -> attempt.writes.containsKey(key));
        }

        private void single() {
            String key = key();
            if (!free(key)) {
                return;
            }
            Map<String, @Nullable String> writes = new HashMap<>();
            boolean async = random.nextBoolean();
            if (random.nextInt(5) == 0) {
                writes.put(key, null);
                attempts.add(new Attempt(db.delete(key), writes));
            } else {
                String value = value();
                writes.put(key, value);
                Reply reply =
                        db.put(
                                key,
                                value,
                                r -> r.durability = async ? Durability.ASYNC : Durability.SYNC);
                attempts.add(new Attempt(reply, writes));
            }
        }

        private void commit() {
            String first = key();
            int core = db.coreOf(db.partitionOf(first));
            Map<String, @Nullable String> writes = new HashMap<>();
            List<KeyWrite> list = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                String key = i == 0 ? first : key();
                if (free(key)
                        && !writes.containsKey(key)
                        && db.coreOf(db.partitionOf(key)) == core) {
                    String value = random.nextInt(5) == 0 ? null : value();
                    writes.put(key, value);
                    list.add(db.write(key, value));
                }
            }
            if (!list.isEmpty()) {
                CommitCall call = new CommitCall();
                call.writes = list;
                attempts.add(new Attempt(db.commit(core, call), writes));
            }
        }

        private void panic() {
            Phase[] phases = {Phase.EXECUTE, Phase.APPLY, Phase.STAMP, Phase.MAINTAIN};
            Phase phase = phases[random.nextInt(phases.length)];
            db.faults.failAfter(
                    phase, random.nextInt(3), 1, () -> new IllegalStateException("boom"));
        }

        /** Takes answers into the model. */
        private void collect() {
            db.poll();
            attempts.removeIf(attempt -> {
                if (!attempt.reply.done) {
                    return false;
                }
                if (attempt.reply.error == null) {
                    attempt.writes.forEach(this::becomes);
                }
                return true;
            });
        }

        private void becomes(String key, @Nullable String value) {
            Set<@Nullable String> only = new HashSet<>();
            only.add(value);
            model.put(key, only);
        }

        private void crash() {
            collect();
            for (Attempt attempt : attempts) {
                attempt.writes.forEach((key, value) -> may(key).add(value));
            }
            attempts.clear();
            db.faults.heal();
            db.crash();
            cores = 1 + random.nextInt(4);
            db.open(cores);
            verify();
        }

        private Set<@Nullable String> may(String key) {
            return java.util.Objects.requireNonNull(model.get(key));
        }

        private void verify() {
            db.settle();
            for (String key : model.keySet()) {
                Reply reply = db.get(key);
                db.settle();
                if (reply.error != null) {
                    // Degraded or being rebuilt: it answers when that is over.
                    db.seconds(61);
                    reply = db.get(key);
                    db.settle();
                }
                reply.ok();
                String value = reply.found ? reply.text() : null;
                assertThat(may(key)).as(key).contains(value);
                becomes(key, value);
            }
        }
    }
}
