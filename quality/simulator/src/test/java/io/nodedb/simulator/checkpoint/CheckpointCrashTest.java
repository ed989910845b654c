package io.nodedb.simulator.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.os.disk.Disk;
import io.nodedb.simulator.disk.DiskCall;
import io.nodedb.simulator.disk.FaultyDisk;
import io.nodedb.simulator.disk.SimulatedDisk;
import io.nodedb.simulator.time.VirtualTime;
import io.nodedb.storage.checkpoint.CheckpointBlock;
import io.nodedb.storage.checkpoint.CheckpointFile;
import io.nodedb.storage.checkpoint.CheckpointFileKind;
import io.nodedb.storage.checkpoint.CheckpointFileWriter;
import io.nodedb.storage.checkpoint.CheckpointLoader;
import io.nodedb.storage.checkpoint.CheckpointLoader.Outcome;
import io.nodedb.storage.checkpoint.CheckpointMerge;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import io.nodedb.storage.checkpoint.CheckpointTarget;
import io.nodedb.storage.checkpoint.Manifest;
import io.nodedb.storage.checkpoint.ManifestStore;
import io.nodedb.storage.quarantine.QuarantineRegistry;
import io.nodedb.storage.wal.EffectFormat;
import io.nodedb.storage.wal.EffectReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A partition's life of checkpoints (first base, deltas, merges, a new base) is cut short at every
 * single call to the disk, by a failing disk, a killed process or a loss of power. What is loaded
 * afterwards is a published checkpoint, the last one that was acknowledged or the one in progress.
 */
class CheckpointCrashTest {
    private static final String DIRECTORY = "p0000/kv";
    private static final CheckpointOwner OWNER = new CheckpointOwner(42, 1, 0);
    private static final int SEEDS = 4;

    private enum End {
        FAULT,
        KILL,
        POWER_LOSS
    }

    /** State of the partition as of each publish; the last may be in progress. */
    private final List<Map<String, String>> published = new ArrayList<>();

    private int acknowledged;

    @Test
    void whateverCallIsTheLastAPublishedCheckpointIsLoaded() throws IOException {
        long calls = callsOfAWholeLife();
        for (End end : End.values()) {
            for (long nth = 1; nth <= calls; nth++) {
                for (long seed = 0; seed < (end == End.POWER_LOSS ? SEEDS : 1); seed++) {
                    crash(end, nth, seed);
                }
            }
        }
    }

    private long callsOfAWholeLife() throws IOException {
        FaultyDisk disk = new FaultyDisk(new SimulatedDisk(0, new VirtualTime()));
        live(disk);
        assertThat(acknowledged).isGreaterThan(6);
        return disk.calls();
    }

    private void crash(End end, long nth, long seed) throws IOException {
        String replay = "end=" + end + " nth=" + nth + " seed=" + seed;
        SimulatedDisk medium = new SimulatedDisk(seed * 1_000 + nth, new VirtualTime());
        FaultyDisk disk = new FaultyDisk(medium);
        disk.failFromNth(EnumSet.allOf(DiskCall.class), nth, IOException::new);
        try {
            live(disk);
        } catch (IOException injected) {
            assertThat(injected).hasMessageContaining("injected");
        }
        if (end == End.POWER_LOSS) {
            medium.losePower();
        } else if (end == End.KILL) {
            medium.killProcess();
        }
        Loaded loaded = new Loaded();
        medium.createDirectories("p0000");
        ManifestStore store = ManifestStore.open(medium, DIRECTORY, OWNER);
        QuarantineRegistry quarantine =
                QuarantineRegistry.open(medium, "quarantine", new VirtualTime());
        CheckpointLoader.Result result = CheckpointLoader.load(store, 0, loaded, quarantine);
        assertThat(result.damages()).as(replay).isEmpty();
        Map<String, String> found = loaded.values();
        if (acknowledged == 0) {
            assertThat(result.outcome()).as(replay).isIn(Outcome.EMPTY, Outcome.LOADED);
        } else {
            assertThat(result.outcome()).as(replay).isEqualTo(Outcome.LOADED);
            List<Map<String, String>> possible =
                    published.subList(acknowledged - 1, published.size());
            assertThat(possible).as(replay).contains(found);
        }
    }

    private void live(Disk disk) throws IOException {
        published.clear();
        acknowledged = 0;
        ManifestStore store = ManifestStore.open(disk, DIRECTORY, OWNER);
        published.add(Map.of());
        store.begin(1);
        acknowledged++;
        Map<String, String> state = new HashMap<>();
        long lsn = 10;
        for (int round = 0; round < 5; round++) {
            lsn += 10;
            boolean base = store.current().hasNoBase() || round == 4;
            CheckpointFileWriter writer =
                    store.newFile(base ? CheckpointFileKind.BASE : CheckpointFileKind.DELTA);
            CheckpointBlock block = new CheckpointBlock();
            if (base) {
                long of = lsn;
                state.forEach((key, value) -> add(block, key, value, of - 5));
            }
            state.put("a", "value-" + round);
            state.put("b" + round, "other");
            add(block, "a", "value-" + round, lsn);
            add(block, "b" + round, "other", lsn);
            if (state.remove("b" + (round - 1)) != null && !base) {
                add(block, "b" + (round - 1), null, lsn);
            } else if (round > 0) {
                state.put("b" + (round - 1), "other");
            }
            writer.append(block);
            CheckpointFile file = writer.finish();
            Manifest current = store.current();
            publish(
                    store,
                    base ? current.withBase(file, lsn, 1) : current.withDelta(file, lsn, 1),
                    state,
                    lsn);
            if (round == 2) {
                CheckpointMerge merge = new CheckpointMerge(store, store.current(), 100, c -> true);
                while (!merge.step()) {
                    assertThat(store.current()).isNotNull();
                }
                publish(
                        store,
                        store.current().withMerged(merge.input(), merge.result()),
                        state,
                        lsn);
            }
        }
    }

    private void publish(ManifestStore store, Manifest next, Map<String, String> state, long lsn)
            throws IOException {
        published.add(Map.copyOf(state));
        store.publish(next, lsn);
        acknowledged++;
    }

    private static void add(CheckpointBlock block, String key, String value, long lsn) {
        byte[] keyBytes = key.getBytes(UTF_8);
        if (value == null) {
            block.effects().delete(1, 1, 1, 0, keyBytes, 0, keyBytes.length);
        } else {
            byte[] bytes = value.getBytes(UTF_8);
            block.effects().put(1, 1, 1, keyBytes, 0, keyBytes.length, bytes, 0, bytes.length, 0);
        }
        block.entryAdded(lsn);
    }

    private static final class Loaded implements CheckpointTarget {
        private final Map<String, String> values = new HashMap<>();
        private final Map<String, Long> lsns = new HashMap<>();

        @Override
        public void begin() {
            values.clear();
            lsns.clear();
        }

        @Override
        public void load(EffectReader effect, long lsn) {
            String key = new String(effect.buffer(), effect.keyOffset(), effect.keyLength(), UTF_8);
            if (lsns.getOrDefault(key, 0L) < lsn) {
                lsns.put(key, lsn);
                values.put(
                        key,
                        effect.kind() == EffectFormat.DELETE
                                ? ""
                                : new String(
                                        effect.buffer(),
                                        effect.valueOffset(),
                                        effect.valueLength(),
                                        UTF_8));
            }
        }

        Map<String, String> values() {
            Map<String, String> live = new HashMap<>(values);
            live.values().removeIf(String::isEmpty);
            return live;
        }
    }
}
