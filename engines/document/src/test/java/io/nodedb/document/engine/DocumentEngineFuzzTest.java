package io.nodedb.document.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.engine.Outcome;
import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.plan.document.ScanDirection;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvCondition;
import io.nodedb.plan.kv.KvOp;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DocumentEngineFuzzTest {
    private static final int STEPS = 3_000;
    private static final int COLLECTIONS = 3;

    @Test
    void anEngineAgreesWithPlainMapsAcrossCrashes() {
        SeededRuns.of(LongForm.of("document-engine-fuzz"))
                .run(8, 1_000, random -> new Run(random).run());
    }

    private static final class Run {
        private final SplittableRandom random;
        private final DocumentRig rig;
        private final int keys;

        /** The newest applied state, before each pending batch and now. */
        private final List<List<TreeMap<String, String>>> states = new ArrayList<>();

        /** What a registered snapshot sees. */
        private final TreeMap<Long, List<TreeMap<String, String>>> seen = new TreeMap<>();

        Run(SplittableRandom random) {
            this.random = random;
            this.rig = new DocumentRig(new MemoryDisk(), COLLECTIONS);
            this.keys = 1 << random.nextInt(3, 10);
            List<TreeMap<String, String>> empty = new ArrayList<>();
            for (int i = 0; i <= COLLECTIONS; i++) {
                empty.add(new TreeMap<>());
            }
            states.add(empty);
        }

        void run() throws IOException {
            rig.open(cacheBytes());
            for (int step = 0; step < STEPS; step++) {
                step();
            }
            compareAll();
            rig.crash(cacheBytes());
            forgetPending();
            compareAll();
            rig.close();
            assertThat(rig.damage).isEmpty();
        }

        private long cacheBytes() {
            return random.nextBoolean() ? 64 << 10 : 1 << 20;
        }

        private void step() throws IOException {
            switch (random.nextInt(40)) {
                case 0 -> {
                    if (random.nextInt(8) == 0) {
                        rig.crash(cacheBytes());
                        forgetPending();
                    }
                }
                case 1 -> rig.engine.files().seal();
                case 2 -> snapshot();
                case 3 -> {
                    if (!seen.isEmpty()) {
                        rig.snapshots.remove(seen.pollFirstEntry().getKey());
                    }
                }
                case 4, 5 -> compareScan();
                case 6 -> undo();
                case 7, 8, 9, 10, 11 -> compareRead();
                case 12, 13, 14, 15, 16, 17 -> commit();
                case 18, 19, 20, 21, 22, 23 -> {
                    boolean ignored = rig.work();
                }
                default -> write();
            }
        }

        private String key() {
            int number = random.nextInt(keys);
            return number % 3 == 0 ? "k" + number : "longer-key-" + number;
        }

        private int collection() {
            return 1 + random.nextInt(COLLECTIONS);
        }

        private TreeMap<String, String> now(int collection) {
            return states.getLast().get(collection);
        }

        private void write() {
            if (rig.pending.size() > 6) {
                commit();
            }
            int collection = collection();
            String key = key();
            String before = now(collection).get(key);
            String value = "v" + random.nextInt() + "x".repeat(random.nextInt(400));
            KvCall call = rig.put(collection, key, value);
            boolean applies = true;
            String after = value;
            switch (random.nextInt(6)) {
                case 0 -> {
                    call = rig.call(KvOp.DELETE, collection, key);
                    applies = before != null;
                    after = null;
                }
                case 1 -> {
                    call.condition = KvCondition.IF_ABSENT;
                    applies = before == null;
                }
                case 2 -> {
                    call.condition = KvCondition.IF_PRESENT;
                    applies = before != null;
                }
                default -> {
                    // whatever is there
                }
            }
            assertThat(rig.execute(call, 0)).as(rig.context.message).isEqualTo(Outcome.DONE);
            assertThat(call.found).isEqualTo(before != null);
            assertThat(call.applied).isEqualTo(applies);
            assertThat(rig.context.effects.count()).isEqualTo(applies ? 1 : 0);
            if (!applies) {
                return;
            }
            rig.apply();
            List<TreeMap<String, String>> next = new ArrayList<>();
            for (TreeMap<String, String> rows : states.getLast()) {
                next.add(rows);
            }
            TreeMap<String, String> changed = new TreeMap<>(next.get(collection));
            if (after == null) {
                changed.remove(key);
            } else {
                changed.put(key, after);
            }
            next.set(collection, changed);
            states.add(next);
            assertThat(rig.newestStamp(collection, key)).isEqualTo(-rig.lastSequence);
        }

        private void commit() {
            if (!rig.pending.isEmpty()) {
                rig.commitOldest();
                states.removeFirst();
            }
            if (random.nextBoolean()) {
                rig.syncedLsn = rig.lastLsn;
            }
        }

        private void undo() {
            if (!rig.pending.isEmpty()) {
                rig.undoNewest();
                states.removeLast();
            }
        }

        private void forgetPending() {
            while (states.size() > 1) {
                states.removeLast();
            }
            seen.clear();
            rig.syncedLsn = rig.lastLsn;
        }

        private void snapshot() {
            rig.snapshots.add(rig.lastLsn);
            seen.put(rig.lastLsn, states.getFirst());
        }

        private void compareRead() {
            int collection = collection();
            String key = key();
            assertThat(rig.get(collection, key, 0)).isEqualTo(now(collection).get(key));
            seen.forEach((lsn, state) ->
                    assertThat(rig.get(collection, key, lsn))
                            .isEqualTo(state.get(collection).get(key)));
        }

        private void compareScan() {
            int collection = collection();
            long lsn = 0;
            TreeMap<String, String> rows = now(collection);
            if (!seen.isEmpty() && random.nextBoolean()) {
                lsn = seen.lastKey();
                rows = seen.lastEntry().getValue().get(collection);
            }
            String from = random.nextInt(3) == 0 ? null : key();
            String to = random.nextInt(3) == 0 ? null : key();
            NavigableMap<String, String> expected = rows;
            if (from != null) {
                expected = expected.tailMap(from, true);
            }
            if (to != null) {
                expected =
                        from != null && from.compareTo(to) > 0
                                ? new TreeMap<>()
                                : expected.headMap(to, false);
            }
            boolean forward = random.nextBoolean();
            List<DocumentRig.Row> wanted = new ArrayList<>();
            (forward ? expected : expected.descendingMap())
                    .forEach((key, value) -> wanted.add(new DocumentRig.Row(key, value)));
            assertThat(
                            rig.scan(
                                    collection,
                                    forward ? ScanDirection.FORWARD : ScanDirection.BACKWARD,
                                    from,
                                    to,
                                    lsn,
                                    1 + random.nextInt(40),
                                    random.nextInt(30)))
                    .isEqualTo(wanted);
        }

        private void compareAll() {
            for (int collection = 1; collection <= COLLECTIONS; collection++) {
                List<DocumentRig.Row> wanted = new ArrayList<>();
                now(collection)
                        .forEach((key, value) -> wanted.add(new DocumentRig.Row(key, value)));
                assertThat(rig.scan(collection, ScanDirection.FORWARD, null, null, 0, 100, 100))
                        .isEqualTo(wanted);
                assertThat(rig.engine.count(collection)).isEqualTo(wanted.size());
            }
        }
    }
}
