package io.nodedb.storage.rows;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.simulator.disk.SimulatedDisk;
import io.nodedb.simulator.time.VirtualTime;
import io.nodedb.storage.rows.RowModel.Batch;
import io.nodedb.storage.rows.RowModel.Row;
import io.nodedb.storage.rows.RowModel.Write;
import io.nodedb.storage.rows.cache.BlockRequests;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RowStoreFuzzTest {
    private static final int STEPS = 1_500;
    private static final int KEYSPACES = 3;

    /** One row of each bulk load is here, and tells after a crash whether it counted. */
    private static final int MARKERS = 1_000_000;

    @Test
    void aRowStoreAgreesWithTheModelAcrossCrashes() {
        SeededRuns.of(LongForm.of("row-store-fuzz"))
                .alsoSeeds(564)
                .run(30, 3_000, random -> new Run(random).run());
    }

    /** One run; a crash may cost what was not synced. */
    private static final class Run {
        private final SplittableRandom random;
        private final SimulatedDisk disk;
        private final int keys;

        /** Rows are counted in runs that delete no ranges. */
        private final boolean ranges;

        private final List<RowJob> out = new ArrayList<>();

        /** Loads that are not published, in their order. */
        private final Deque<Batch> loading = new ArrayDeque<>();

        private int lastKeyspace = KEYSPACES;
        private int loads;
        private RowRig rig;

        Run(SplittableRandom random) {
            this.random = random;
            this.disk = new SimulatedDisk(random.nextLong(), new VirtualTime());
            this.ranges = random.nextInt(3) > 0;
            this.keys = 1 << random.nextInt(2, 9);
        }

        void run() throws IOException {
            rig = new RowRig(disk, new RowModel(), RowRig.SMALL, KEYSPACES).open(cacheBytes());
            rig.openKeyspace(MARKERS);
            for (int step = 0; step < STEPS; step++) {
                step();
            }
            crash();
            compareAll();
            rig.commitAll();
            finishJobs();
            rig.flush();
            noteLoads();
            assertThat(loading).isEmpty();
            compareAll();
            rig.close();
            assertThat(rig.governor.used()).isZero();
            assertThat(rig.damage).isEmpty();
        }

        private long cacheBytes() {
            return random.nextInt(3) == 0 ? 1 << 20 : 40 * 1024;
        }

        private void step() throws IOException {
            switch (random.nextInt(800)) {
                case 0 -> purge();
                case 1, 2, 3, 4, 5, 6, 7, 8 -> load();
                default -> ordinaryStep();
            }
        }

        private void ordinaryStep() throws IOException {
            switch (random.nextInt(40)) {
                case 0 -> crash();
                case 1 -> rig.store.seal();
                case 2 -> snapshot();
                case 3 -> releaseSnapshot();
                case 4 -> {
                    compareScan();
                    compareCount(keyspace());
                }
                case 5 -> walk();
                case 6 -> rig.cache.setCapacity(cacheBytes());
                case 7 -> undo();
                case 8, 9, 10, 11, 12, 13 -> compareRead();
                case 14, 15, 16, 17, 18, 19, 20 -> commit();
                case 21 -> rig.syncedLsn = rig.lastLsn;
                case 22, 23, 24, 25, 26, 27, 28, 29 -> background();
                case 30, 31 -> writeCommitted();
                default -> write();
            }
        }

        private byte[] key() {
            int number = random.nextInt(keys);
            String text = random.nextInt(4) == 0 ? "k" + number % 7 : "key-" + number;
            return (number % 5 == 0 ? text + "\0" : text).getBytes(UTF_8);
        }

        private int keyspace() {
            // The last one holds the markers.
            return new ArrayList<>(rig.keyspaces).get(random.nextInt(KEYSPACES));
        }

        /** A keyspace goes, whatever is pending in it, and another one comes. */
        private void purge() {
            rig.drop(keyspace());
            rig.openKeyspace(++lastKeyspace);
        }

        private void load() throws IOException {
            TreeMap<byte[], Write> sorted = new TreeMap<>(Arrays::compareUnsigned);
            int count = random.nextInt(random.nextInt(4) == 0 ? 400 : 30);
            for (int i = 0; i < count; i++) {
                Write write = new Write(keyspace(), key(), value(), null);
                sorted.put(rowKey(write), write);
            }
            byte[] marker = ("load " + ++loads).getBytes(UTF_8);
            Write last = new Write(MARKERS, marker, marker, null);
            sorted.put(rowKey(last), last);
            loading.add(rig.load(List.copyOf(sorted.values())));
        }

        private static byte[] rowKey(Write write) {
            byte[] key = write.key();
            return io.nodedb.storage.rows.block.RowKey.of(write.keyspace(), key, 0, key.length);
        }

        /** The model learns of the loads that are published. */
        private void noteLoads() {
            while (loading.size() > rig.store.pendingIngests()) {
                apply(loading.remove());
            }
        }

        private void apply(Batch load) {
            // What is loaded into a keyspace that was purged meanwhile is purged with it.
            load.writes.removeIf(write -> rig.dropped.contains(write.keyspace()));
            rig.model.apply(load);
        }

        /** After a crash a load is there as a whole or not at all. */
        private void noteLoadsThatCounted() {
            for (Batch load : loading) {
                Write marker = load.writes.getLast();
                if (rig.get(MARKERS, marker.key(), 0) != null) {
                    apply(load);
                }
            }
            loading.clear();
        }

        private void write() {
            if (rig.pending.size() > 8) {
                rig.commitOldest();
            }
            List<Write> writes = new ArrayList<>();
            int count = 1 + random.nextInt(random.nextInt(10) == 0 ? 40 : 4);
            if (ranges && random.nextInt(60) == 0 && rig.store.rangeFits()) {
                byte[] from = key();
                byte[] to = key();
                if (Arrays.compareUnsigned(from, to) < 0) {
                    // A range precedes the other writes of its commit.
                    writes.add(new Write(keyspace(), from, null, to));
                }
            }
            for (int i = 0; i < count; i++) {
                byte[] value = random.nextInt(4) == 0 ? null : value();
                writes.add(new Write(keyspace(), key(), value, null));
            }
            rig.write(writes);
        }

        private void writeCommitted() {
            int keyspace = keyspace();
            byte[] key = key();
            if (!rig.isPending(keyspace, key)) {
                byte[] value = random.nextInt(4) == 0 ? null : value();
                rig.writeCommitted(List.of(new Write(keyspace, key, value, null)));
            }
        }

        private byte[] value() {
            byte[] value = new byte[random.nextInt(random.nextInt(50) == 0 ? 3_000 : 60)];
            random.nextBytes(value);
            return value;
        }

        private void commit() {
            if (!rig.pending.isEmpty()) {
                rig.commitOldest();
            }
            if (random.nextBoolean()) {
                rig.syncedLsn = rig.lastLsn;
            }
        }

        private void undo() {
            if (!rig.pending.isEmpty()) {
                rig.undoNewest();
            }
        }

        private void snapshot() {
            rig.snapshots.add(rig.lastLsn);
        }

        private void releaseSnapshot() {
            if (!rig.snapshots.isEmpty()) {
                rig.snapshots.pollFirst();
            }
        }

        private long readLsn() {
            int choice = random.nextInt(rig.snapshots.size() + 2);
            return choice == 0
                    ? 0
                    : choice == 1 ? rig.lastLsn : new ArrayList<>(rig.snapshots).get(choice - 2);
        }

        private void compareRead() {
            int keyspace = keyspace();
            byte[] key = key();
            long lsn = readLsn();
            assertSame(rig.get(keyspace, key, lsn), rig.model.read(keyspace, key, lsn));
        }

        private void compareScan() {
            int keyspace = keyspace();
            long lsn = readLsn();
            List<Row> expected = rig.model.scan(keyspace, lsn);
            assertSame(
                    random.nextBoolean()
                            ? rig.scan(keyspace, lsn)
                            : rig.scanBackwards(keyspace, lsn),
                    expected);
        }

        /** A cursor goes to and fro while the store changes under it. */
        private void walk() {
            int keyspace = keyspace();
            long lsn = rig.lastLsn;
            rig.snapshots.add(lsn);
            BlockRequests wanted = new BlockRequests();
            RowCursor cursor = rig.store.newCursor();
            cursor.open(keyspace, lsn, wanted);
            List<Row> rows = rig.model.scan(keyspace, lsn);
            byte[] from = key();
            int at = 0;
            while (at < rows.size() && Arrays.compareUnsigned(rows.get(at).key(), from) < 0) {
                at++;
            }
            int outcome = rig.move(wanted, () -> cursor.seek(from, 0, from.length));
            for (int i = 0; i < 60; i++) {
                if (at < 0 || at >= rows.size()) {
                    assertThat(outcome).isEqualTo(RowStore.ABSENT);
                    break;
                }
                assertThat(outcome).isEqualTo(RowStore.FOUND);
                assertSame(RowRig.row(cursor), rows.get(at));
                if (random.nextInt(4) == 0) {
                    write();
                    commit();
                    if (loading.isEmpty()) {
                        // Else a load could come into sight on the way.
                        background();
                    }
                }
                if (random.nextInt(3) == 0) {
                    at--;
                    outcome = rig.move(wanted, cursor::previous);
                } else {
                    at++;
                    outcome = rig.move(wanted, cursor::next);
                }
            }
            wanted.clear();
            cursor.close();
        }

        private void background() {
            rig.time.advanceNanos(500);
            if (!out.isEmpty() && random.nextBoolean()) {
                RowJob job = out.remove(random.nextInt(out.size()));
                rig.store.finished(job, RowRig.run(job));
                noteLoads();
                return;
            }
            RowJob job = rig.store.nextJob(rig.lastLsn, rig.syncedLsn);
            if (job != null) {
                out.add(job);
            }
        }

        private void finishJobs() {
            for (RowJob job : out) {
                rig.store.finished(job, RowRig.run(job));
            }
            out.clear();
        }

        private void crash() throws IOException {
            // Jobs that are out may have got anywhere.
            for (RowJob job : out) {
                if (random.nextBoolean()) {
                    Throwable ignored = RowRig.run(job);
                }
            }
            boolean power = random.nextBoolean();
            if (power) {
                disk.losePower();
            } else {
                disk.killProcess();
            }
            // Without power the log may reach back to what was synced; never less.
            long kept = power && random.nextBoolean() ? rig.syncedLsn : rig.lastLsn;
            rig.model.forgetBeyond(kept);
            RowRig next = new RowRig(disk, rig.model, RowRig.SMALL, KEYSPACES);
            rig.abandon(out);
            out.clear();
            assertThat(rig.governor.used()).isZero();
            next.keyspaces.clear();
            next.keyspaces.addAll(rig.keyspaces);
            next.dropped.addAll(rig.dropped);
            next.lastLsn = rig.lastLsn;
            next.syncedLsn = kept;
            next.lastSequence = rig.lastSequence;
            next.open(cacheBytes());
            assertThat(next.store.coveredLsn()).isLessThanOrEqualTo(kept);
            next.syncedLsn = next.lastLsn;
            rig = next;
            noteLoadsThatCounted();
        }

        private void compareAll() {
            for (int keyspace : rig.keyspaces) {
                assertSame(rig.scan(keyspace, 0), rig.model.scan(keyspace, 0));
                assertSame(rig.scanBackwards(keyspace, 0), rig.model.scan(keyspace, 0));
                compareCount(keyspace);
                for (Batch batch : rig.model.batches) {
                    for (Write write : batch.writes) {
                        if (write.keyspace() == keyspace) {
                            assertSame(
                                    rig.get(keyspace, write.key(), 0),
                                    rig.model.read(keyspace, write.key(), 0));
                        }
                    }
                }
            }
        }

        private void compareCount(int keyspace) {
            if (!rig.model.uncounted.contains(keyspace)) {
                assertThat(rig.store.rows(keyspace)).isEqualTo(rig.model.scan(keyspace, 0).size());
            }
        }

        private static void assertSame(Row actual, Row expected) {
            assertThat(actual).usingRecursiveComparison().isEqualTo(expected);
        }

        private static void assertSame(List<Row> actual, List<Row> expected) {
            assertThat(actual.size()).isEqualTo(expected.size());
            for (int i = 0; i < actual.size(); i++) {
                assertSame(actual.get(i), expected.get(i));
            }
        }
    }
}
