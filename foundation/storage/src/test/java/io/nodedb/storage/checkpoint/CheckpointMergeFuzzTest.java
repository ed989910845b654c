package io.nodedb.storage.checkpoint;

import static io.nodedb.storage.checkpoint.CheckpointFixture.DIRECTORY;
import static io.nodedb.storage.checkpoint.CheckpointFixture.OWNER;
import static io.nodedb.storage.checkpoint.CheckpointFixture.file;
import static io.nodedb.storage.checkpoint.CheckpointFixture.noise;
import static io.nodedb.storage.checkpoint.CheckpointFixture.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.storage.checkpoint.CheckpointFixture.Entry;
import io.nodedb.storage.checkpoint.CheckpointFixture.Loaded;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Merging equals loading: random bases and deltas, with memory for everything and for next to
 * nothing.
 */
class CheckpointMergeFuzzTest {
    private static final int PURGED = 3;

    private final MemoryDisk disk = new MemoryDisk();
    private long lsn;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aMergedBaseHoldsWhatItsInputsMeant(long offset) throws IOException {
        String property = System.getProperty("nodedb.seed", "");
        long seed = property.isEmpty() ? offset : Long.parseLong(property) + offset - 1;
        try {
            run(new SplittableRandom(seed));
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError(
                    "seed=" + seed + ": replay with -Dnodedb.seed=" + seed, failure);
        }
    }

    private void run(SplittableRandom random) throws IOException {
        ManifestStore store = ManifestStore.open(disk, DIRECTORY, OWNER);
        store.begin(1);
        Map<String, Entry> model = new TreeMap<>();
        int keys = 1 + random.nextInt(random.nextBoolean() ? 5 : 3_000);
        for (int files = 1 + random.nextInt(4); files > 0; files--) {
            boolean base = store.current().hasNoBase();
            List<Entry> entries = new ArrayList<>();
            for (int i = base ? keys : random.nextInt(keys); i >= 0; i--) {
                entries.add(entry(random, keys, !base));
            }
            if (!base) {
                // A fuzzy checkpoint: versions of the file before come again, in another order.
                model.values().stream().limit(random.nextInt(4)).forEach(entries::add);
            }
            entries.forEach(entry -> model.merge(id(entry), entry, CheckpointMergeFuzzTest::newer));
            CheckpointFile file =
                    file(store, base ? CheckpointFileKind.BASE : CheckpointFileKind.DELTA, entries);
            Manifest current = store.current();
            store.publish(
                    base ? current.withBase(file, lsn, 1) : current.withDelta(file, lsn, 1), lsn);
        }
        Manifest input = store.current();
        long memory = random.nextBoolean() ? 1 << 30 : 1 + random.nextInt(20_000);
        CheckpointMerge merge =
                new CheckpointMerge(store, input, memory, collection -> collection != PURGED);
        boolean late = random.nextBoolean();
        if (late) {
            Entry after = entry(random, keys, true);
            model.merge(id(after), after, CheckpointMergeFuzzTest::newer);
            CheckpointFile file = file(store, CheckpointFileKind.DELTA, List.of(after));
            store.publish(store.current().withDelta(file, lsn, 1), lsn);
        }
        while (!merge.step()) {
            assertThat(disk.list(DIRECTORY).size()).isLessThan(1_000);
        }
        store.publish(store.current().withMerged(merge.input(), merge.result()), lsn);

        assertThat(store.current().files()).hasSize(late ? 2 : 1);
        assertThat(disk.list(DIRECTORY)).noneMatch(name -> name.endsWith(".spill"));
        List<Entry> merged = read(disk, merge.result());
        assertThat(merged).doesNotHaveDuplicates();
        assertThat(merged.stream().map(CheckpointMergeFuzzTest::id)).doesNotHaveDuplicates();
        assertThat(merged)
                .noneMatch(entry -> entry.value() == null || entry.collection() == PURGED);
        Loaded loaded = new Loaded();
        for (CheckpointFile file : store.current().files()) {
            try (CheckpointFileReader reader =
                    CheckpointFileReader.open(disk, DIRECTORY, OWNER, file)) {
                while (reader.next()) {
                    loaded.load(reader.effect(), reader.lsn());
                }
            }
        }
        model.values().removeIf(entry -> entry.value() == null || entry.collection() == PURGED);
        loaded.newest
                .values()
                .removeIf(entry -> entry.value() == null || entry.collection() == PURGED);
        assertThat(loaded.newest).isEqualTo(model);
    }

    private Entry entry(SplittableRandom random, int keys, boolean deletions) {
        lsn += 1 + random.nextInt(3);
        String key = "key-" + random.nextInt(keys);
        boolean delete = deletions && random.nextInt(4) == 0;
        int length = random.nextInt(200) == 0 ? 70_000 : random.nextInt(60);
        return new Entry(1 + random.nextInt(3), key, delete ? null : noise(lsn, length), lsn);
    }

    private static String id(Entry entry) {
        return entry.collection() + "/" + entry.key();
    }

    private static Entry newer(Entry old, Entry young) {
        return young.lsn() > old.lsn() ? young : old;
    }

    @Test
    void anAbandonedMergeLeavesNothing() throws IOException {
        ManifestStore store = ManifestStore.open(disk, DIRECTORY, OWNER);
        store.begin(1);
        SplittableRandom random = new SplittableRandom(1);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            entries.add(entry(random, 1_000, false));
        }
        CheckpointFile file = file(store, CheckpointFileKind.BASE, entries);
        store.publish(store.current().withBase(file, lsn, 1), lsn);
        List<String> before = disk.list(DIRECTORY);
        for (int steps = 0; steps < 40; steps++) {
            CheckpointMerge merge = new CheckpointMerge(store, store.current(), 5_000, c -> true);
            for (int i = 0; i < steps; i++) {
                merge.step();
            }
            merge.abandon();
            assertThat(disk.list(DIRECTORY)).isEqualTo(before);
        }
    }
}
