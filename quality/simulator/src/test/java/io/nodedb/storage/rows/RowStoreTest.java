package io.nodedb.storage.rows;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.BugException;
import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.storage.rows.RowModel.Batch;
import io.nodedb.storage.rows.RowModel.Row;
import io.nodedb.storage.rows.RowModel.Write;
import io.nodedb.storage.rows.cache.BlockRequests;
import io.nodedb.storage.rows.segment.BulkFiles;
import io.nodedb.storage.rows.segment.BulkWriter;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RowStoreTest {
    private final MemoryDisk disk = new MemoryDisk();
    private RowRig rig;

    @BeforeEach
    void open() throws IOException {
        rig = new RowRig(disk, new RowModel(), RowRig.SMALL, 2).open(1 << 20);
    }

    @AfterEach
    void close() {
        rig.close();
        assertThat(rig.governor.used()).isZero();
    }

    private String read(int keyspace, String key, long lsn) {
        Row row = rig.get(keyspace, key.getBytes(UTF_8), lsn);
        return row == null ? null : new String(row.value(), UTF_8);
    }

    private void reopen() throws IOException {
        rig.close();
        RowRig next = new RowRig(disk, rig.model, RowRig.SMALL, 2);
        next.lastLsn = rig.lastLsn;
        next.syncedLsn = rig.lastLsn;
        rig = next.open(1 << 20);
    }

    private void fill(int rows, int round) {
        for (int i = 0; i < rows; i++) {
            rig.put(1, "key-%05d".formatted(i), "value " + i + " of round " + round);
        }
    }

    private int files() {
        return rig.store.statistics().levels().stream()
                .mapToInt(RowStoreStatistics.Level::files)
                .sum();
    }

    @Test
    void aPendingVersionIsSeenOnlyByReadsOfTheNewest() {
        rig.put(1, "a", "old");
        long lsn = rig.lastLsn;
        rig.write(List.of(new Write(1, "a".getBytes(UTF_8), "new".getBytes(UTF_8), null)));
        assertThat(read(1, "a", 0)).isEqualTo("new");
        assertThat(rig.target.stamp()).isNegative();
        assertThat(read(1, "a", lsn)).isEqualTo("old");
        rig.undoNewest();
        assertThat(read(1, "a", 0)).isEqualTo("old");
        assertThat(rig.target.stamp()).isEqualTo(lsn);
    }

    @Test
    void aRememberedDeletionTellsItsStamp() {
        rig.put(1, "a", "x");
        rig.delete(1, "a");
        assertThat(read(1, "a", 0)).isNull();
        assertThat(rig.target.stamp()).isEqualTo(rig.lastLsn);
        assertThat(read(1, "never", 0)).isNull();
        assertThat(rig.target.stamp()).isZero();
    }

    @Test
    void writesGoOnWhileASealedMemtableHasPendingVersions() throws IOException {
        rig.write(List.of(new Write(1, "early".getBytes(UTF_8), "1".getBytes(UTF_8), null)));
        rig.store.seal();
        assertThat(rig.store.nextJob(rig.lastLsn, rig.syncedLsn)).isNull();
        rig.write(List.of(new Write(1, "late".getBytes(UTF_8), "2".getBytes(UTF_8), null)));
        rig.commitOldest();
        rig.syncedLsn = rig.lastLsn;
        rig.workAll();
        assertThat(files()).isEqualTo(1);
        assertThat(rig.store.coveredLsn()).isEqualTo(rig.lastLsn);
        rig.undoNewest();
        assertThat(read(1, "early", 0)).isEqualTo("1");
        assertThat(read(1, "late", 0)).isNull();
    }

    @Test
    void nothingIsPublishedBeforeTheLogIsSyncedThatFar() {
        rig.write(List.of(new Write(1, "a".getBytes(UTF_8), "x".getBytes(UTF_8), null)));
        rig.commitOldest();
        long synced = rig.syncedLsn;
        rig.store.seal();
        RowJob flush = rig.store.nextJob(rig.lastLsn, synced);
        assertThat(flush.kind()).isEqualTo(RowJobKind.FLUSH);
        rig.store.finished(flush, RowRig.run(flush));
        assertThat(rig.store.nextJob(rig.lastLsn, synced)).isNull();
        RowJob publication = rig.store.nextJob(rig.lastLsn, rig.lastLsn);
        assertThat(publication.kind()).isEqualTo(RowJobKind.PUBLISH);
        rig.store.finished(publication, RowRig.run(publication));
        assertThat(rig.store.coveredLsn()).isEqualTo(rig.lastLsn);
    }

    /** A core takes acknowledgements a moment before it is told how far the log is durable. */
    @Test
    void nothingIsPublishedBeforeTheCoreHasStampedThatFar() {
        rig.write(List.of(new Write(1, "a".getBytes(UTF_8), "x".getBytes(UTF_8), null)));
        rig.commitOldest();
        rig.store.seal();
        RowJob flush = rig.store.nextJob(rig.lastLsn - 1, rig.lastLsn);
        rig.store.finished(flush, RowRig.run(flush));
        assertThat(rig.store.nextJob(rig.lastLsn - 1, rig.lastLsn)).isNull();
        RowJob publication = rig.store.nextJob(rig.lastLsn, rig.lastLsn);
        assertThat(publication.kind()).isEqualTo(RowJobKind.PUBLISH);
        rig.store.finished(publication, RowRig.run(publication));
        assertThat(rig.store.coveredLsn()).isEqualTo(rig.lastLsn);
    }

    @Test
    void aPointReadLooksIntoAtMostOneBlockPerLevel() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 2_500; i++) {
            rig.put(1, "key-%05d".formatted(i * 7 % 600), "value " + i + " " + random.nextLong());
            rig.work();
        }
        RowStoreStatistics before = rig.store.statistics();
        int sources =
                before.levels().getFirst().files()
                        + (int) before.levels().stream().skip(1).filter(l -> l.files() > 0).count();
        for (int i = 0; i < 600; i++) {
            long looked = rig.store.statistics().blocksLookedAt();
            assertThat(read(1, "key-%05d".formatted(i), 0)).isNotNull();
            assertThat(rig.store.statistics().blocksLookedAt() - looked)
                    .isBetween(0L, (long) sources);
        }
        assertThat(before.levels().stream().filter(l -> l.files() > 0).count())
                .isGreaterThanOrEqualTo(2);
    }

    @Test
    void filtersSpareReadsOfAbsentKeys() {
        fill(600, 1);
        rig.flush();
        long before = rig.store.statistics().blocksLookedAt();
        for (int i = 0; i < 600; i++) {
            assertThat(read(1, "key-%05d!".formatted(i), 0)).isNull();
        }
        assertThat(rig.store.statistics().blocksLookedAt() - before).isLessThan(60);
    }

    @Test
    void aVersionThatASnapshotSeesOutlivesCompactions() {
        fill(200, 1);
        long lsn = rig.lastLsn;
        rig.snapshots.add(lsn);
        for (int round = 2; round < 6; round++) {
            fill(200, round);
            rig.flush();
        }
        assertThat(read(1, "key-00007", lsn)).isEqualTo("value 7 of round 1");
        assertThat(read(1, "key-00007", 0)).isEqualTo("value 7 of round 5");
        long entries = entries();
        rig.snapshots.clear();
        fill(200, 6);
        rig.flush();
        fill(200, 7);
        rig.flush();
        fill(200, 8);
        rig.flush();
        assertThat(entries()).isLessThan(entries);
    }

    private long entries() {
        return rig.store.statistics().levels().stream()
                .mapToLong(RowStoreStatistics.Level::entries)
                .sum();
    }

    @Test
    void aDeletionIsRememberedAsLongAsAnOlderSnapshotMayWriteItsKey() {
        rig.put(1, "other", "value");
        rig.snapshots.add(rig.lastLsn);
        rig.put(1, "key", "value");
        rig.delete(1, "key");
        long deleted = rig.lastLsn;
        for (int round = 0; round < 3; round++) {
            rig.flush();
            assertThat(rig.get(1, "key".getBytes(UTF_8), 0)).isNull();
            assertThat(rig.target.stamp()).as("round %d", round).isEqualTo(deleted);
            fill(300, round);
        }
    }

    @Test
    void theNumberOfFilesStaysFlatAndNothingDeletedComesBack() throws IOException {
        for (int round = 0; round < 30; round++) {
            for (int i = 0; i < 200; i++) {
                String key = "key-%05d".formatted(i);
                if ((i + round) % 3 == 0) {
                    rig.delete(1, key);
                } else {
                    rig.put(1, key, "value " + i + " of round " + round);
                }
                rig.work();
            }
        }
        rig.flush();
        assertThat(files()).isLessThan(20);
        // Those that count, and the two manifests.
        assertThat(disk.list(RowRig.DIRECTORY)).hasSize(files() + 2);
        reopen();
        for (int i = 0; i < 200; i++) {
            assertThat(read(1, "key-%05d".formatted(i), 0))
                    .isEqualTo((i + 29) % 3 == 0 ? null : "value " + i + " of round 29");
        }
    }

    @Test
    void whenEverythingIsDeletedNothingIsLeftOnDisk() throws IOException {
        fill(500, 1);
        rig.flush();
        for (int i = 0; i < 500; i++) {
            rig.delete(1, "key-%05d".formatted(i));
        }
        for (int i = 0; i < 6; i++) {
            rig.delete(1, "another " + i);
            rig.flush();
        }
        assertThat(rig.scan(1, 0)).isEmpty();
        assertThat(entries()).isLessThan(20);
    }

    @Test
    void deletingARangeIsOneWriteAndFreesItsFiles() throws IOException {
        fill(600, 1);
        rig.put(2, "other", "stays");
        rig.flush();
        long lsn = rig.lastLsn;
        rig.snapshots.add(lsn);
        rig.write(
                List.of(
                        new Write(
                                1,
                                "key-00100".getBytes(UTF_8),
                                null,
                                "key-00500".getBytes(UTF_8))));
        rig.commitAll();
        assertThat(rig.scan(1, 0)).hasSize(200);
        assertThat(rig.scan(1, lsn)).hasSize(600);
        rig.flush();
        reopen();
        rig.snapshots.add(lsn);
        assertThat(rig.scan(1, 0)).hasSize(200);
        assertThat(rig.scan(1, lsn)).hasSize(600);
        rig.snapshots.clear();
        rig.flush();
        rig.put(1, "a", "b");
        rig.flush();
        assertThat(rig.scan(1, 0)).hasSize(201);
        assertThat(entries()).isLessThan(260);
        assertThat(read(2, "other", 0)).isEqualTo("stays");
    }

    @Test
    void aRangeDeletionPrecedesTheOtherWritesOfItsCommit() throws IOException {
        rig.put(1, "a", "1");
        rig.write(
                List.of(
                        new Write(1, "b".getBytes(UTF_8), "2".getBytes(UTF_8), null),
                        new Write(1, "".getBytes(UTF_8), null, "z".getBytes(UTF_8))));
        assertThat(read(1, "a", 0)).isNull();
        assertThat(read(1, "b", 0)).isEqualTo("2");
        rig.commitAll();
        assertThat(read(1, "b", rig.lastLsn)).isEqualTo("2");
        rig.flush();
        reopen();
        assertThat(read(1, "a", 0)).isNull();
        assertThat(read(1, "b", 0)).isEqualTo("2");
    }

    @Test
    void aDroppedKeyspaceLeavesTheDiskWhateverSnapshotsThereAre() throws IOException {
        fill(600, 1);
        rig.put(2, "other", "stays");
        rig.flush();
        rig.snapshots.add(rig.lastLsn);
        rig.store.dropKeyspace(1);
        rig.flush();
        assertThat(entries()).isEqualTo(1);
        assertThat(read(2, "other", 0)).isEqualTo("stays");
        assertThat(rig.store.rows(1)).isZero();
        assertThat(rig.store.rows(2)).isEqualTo(1);
        assertThatThrownBy(() -> rig.get(1, "key-00001".getBytes(UTF_8), 0))
                .isInstanceOf(BugException.class);
        // What the log still holds of it is passed over.
        assertThat(rig.store.put(1, new byte[1], 0, 1, new byte[1], 0, 1, 1, rig.lastLsn + 1))
                .isZero();
    }

    @Test
    void commitThatIsAppliedWhileSealedVersionsWaitIsCoveredWithThem() {
        byte[] first = "a".getBytes(UTF_8);
        byte[] second = "b".getBytes(UTF_8);
        Batch waiting = rig.write(List.of(new Write(1, first, first, null)));
        rig.store.seal();
        assertThat(rig.work()).as("what waits is not written").isFalse();
        long lsn = ++rig.lastLsn;
        assertThat(rig.store.put(1, second, 0, 1, second, 0, 1, 1, lsn)).isZero();
        rig.commitAll();
        assertThat(waiting.lsn).isEqualTo(lsn + 1);
        rig.flush();
        assertThat(rig.store.coveredLsn()).isEqualTo(lsn + 1);
        assertThat(rig.store.rows(1)).isEqualTo(2);
        assertThat(read(1, "a", lsn)).isNull();
        assertThat(read(1, "b", lsn)).isEqualTo("b");
        assertThat(read(1, "a", 0)).isEqualTo("a");
    }

    @Test
    void aMoveOverManyDeletionsGivesTheCallerATurnAndGoesOn() {
        fill(2_000, 1);
        rig.flush();
        for (int i = 5; i < 1_995; i++) {
            rig.delete(1, "key-%05d".formatted(i));
        }
        assertThat(rig.scan(1, 0)).hasSize(10);
        RowCursor cursor = rig.store.newCursor();
        cursor.open(1, 0, rig.requests);
        byte[] from = "key-00005".getBytes(UTF_8);
        int turns = 0;
        int outcome = cursor.seek(from, 0, from.length);
        while (outcome != RowStore.FOUND) {
            turns += outcome == RowStore.AGAIN ? 1 : 0;
            rig.requests.load();
            outcome = cursor.seek(from, 0, from.length);
        }
        assertThat(turns).isGreaterThanOrEqualTo(3);
        assertThat(RowRig.row(cursor).key()).isEqualTo("key-01995".getBytes(UTF_8));
        outcome = cursor.previous();
        turns = 0;
        while (outcome != RowStore.FOUND) {
            turns += outcome == RowStore.AGAIN ? 1 : 0;
            rig.requests.load();
            outcome = cursor.previous();
        }
        assertThat(turns).isGreaterThanOrEqualTo(3);
        assertThat(RowRig.row(cursor).key()).isEqualTo("key-00004".getBytes(UTF_8));
        cursor.close();
    }

    @Test
    void manyPurgedKeyspacesFitTheManifest() throws IOException {
        for (int keyspace = 10; keyspace < 3_010; keyspace++) {
            rig.store.openKeyspace(keyspace);
            rig.put(keyspace, "k", "v");
            rig.store.dropKeyspace(keyspace);
        }
        rig.model.batches.clear();
        rig.put(1, "stays", "x");
        rig.flush();
        reopen();
        rig.flush();
        assertThat(read(1, "stays", 0)).isEqualTo("x");
        assertThat(entries()).isLessThan(10);
    }

    @Test
    void writersAreSlowedAndStoppedWhileFilesPileUp() {
        assertThat(rig.store.pressure()).isEqualTo(WritePressure.NONE);
        for (int i = 0; i < RowRig.SMALL.sealedMemtables(); i++) {
            rig.put(1, "key", "x".repeat(9_000));
            rig.put(1, "key", "y".repeat(9_000));
            rig.put(2, "key", "y".repeat(9_000));
        }
        assertThat(rig.store.pressure()).isEqualTo(WritePressure.STOP);
        rig.workAll();
        assertThat(rig.store.pressure()).isEqualTo(WritePressure.NONE);
    }

    @Test
    void aBulkLoadCountsAsAWholeAndLiesBelowNewerWrites() throws IOException {
        rig.put(1, "key-00003", "older");
        BulkFiles files;
        try (BulkWriter writer = rig.store.newBulkWriter()) {
            for (int i = 0; i < 1_000; i++) {
                writer.add(
                        1, "key-%05d".formatted(i).getBytes(UTF_8), ("bulk " + i).getBytes(UTF_8));
            }
            files = writer.finish();
        }
        assertThat(files.segments().size()).isGreaterThan(1);
        long before = rig.lastLsn;
        long lsn = ++rig.lastLsn;
        rig.syncedLsn = lsn;
        rig.store.ingest(files, lsn);
        rig.put(1, "key-00004", "newer");
        assertThat(rig.store.pendingIngests()).isEqualTo(1);
        rig.workAll();
        assertThat(rig.store.pendingIngests()).isZero();
        assertThat(read(1, "key-00003", 0)).isEqualTo("bulk 3");
        assertThat(read(1, "key-00004", 0)).isEqualTo("newer");
        assertThat(read(1, "key-00004", lsn)).isEqualTo("bulk 4");
        assertThat(read(1, "key-00005", lsn)).isEqualTo("bulk 5");
        assertThat(read(1, "key-00005", before)).isNull();
        rig.close();
        RowRig next = new RowRig(disk, new RowModel(), RowRig.SMALL, 2);
        next.lastLsn = rig.lastLsn;
        next.syncedLsn = rig.lastLsn;
        rig = next.open(1 << 20);
        assertThat(read(1, "key-00999", 0)).isEqualTo("bulk 999");
        assertThat(rig.scan(1, lsn)).hasSize(1_000);
        fill(50, 1);
        rig.flush();
        assertThat(rig.scan(1, 0)).hasSize(1_000);
    }

    @Test
    void aBulkLoadDoesNotHideWhatWasPendingWhenItWasHandedIn() throws IOException {
        rig.put(1, "key-a", "older");
        rig.write(List.of(new Write(1, "key-b".getBytes(UTF_8), "newer".getBytes(UTF_8), null)));
        Batch load =
                rig.load(
                        List.of(
                                new Write(1, "key-a".getBytes(UTF_8), "bulk".getBytes(UTF_8), null),
                                new Write(
                                        1, "key-b".getBytes(UTF_8), "bulk".getBytes(UTF_8), null)));
        rig.commitAll();
        rig.workAll();
        assertThat(rig.store.pendingIngests()).isZero();
        assertThat(rig.store.statistics().levels().getFirst().files()).isEqualTo(2);
        assertThat(read(1, "key-a", 0)).isEqualTo("bulk");
        assertThat(read(1, "key-b", 0)).isEqualTo("newer");
        assertThat(read(1, "key-b", load.lsn)).isEqualTo("bulk");
        assertThat(rig.scan(1, 0))
                .extracting(row -> new String(row.value(), UTF_8))
                .containsExactly("bulk", "newer");
        assertThat(rig.scanBackwards(1, 0))
                .extracting(row -> new String(row.value(), UTF_8))
                .containsExactly("bulk", "newer");
    }

    @Test
    void aDeletionThatWasPendingOutlastsABulkLoadBelowIt() throws IOException {
        byte[] key = "key-a".getBytes(UTF_8);
        rig.write(List.of(new Write(1, key, null, null)));
        Batch load = rig.load(List.of(new Write(1, key, "bulk".getBytes(UTF_8), null)));
        rig.commitAll();
        rig.workAll();
        assertThat(rig.store.pendingIngests()).isZero();
        assertThat(read(1, "key-a", 0)).isNull();
        assertThat(read(1, "key-a", load.lsn)).isEqualTo("bulk");
    }

    @Test
    void aDeletionOfARangeReachesALoadThatIsNotPublishedYet() throws IOException {
        Batch load =
                rig.load(
                        List.of(
                                new Write(
                                        1, "key-a".getBytes(UTF_8), "bulk".getBytes(UTF_8), null)));
        rig.write(List.of(new Write(1, "".getBytes(UTF_8), null, "z".getBytes(UTF_8))));
        rig.commitAll();
        rig.flush();
        assertThat(rig.store.pendingIngests()).isZero();
        assertThat(read(1, "key-a", 0)).isNull();
        assertThat(load.lsn).isLessThan(rig.lastLsn);
    }

    @Test
    void anAbandonedStoreIsClosedWithTheLastJobThatComesBack() {
        fill(300, 1);
        rig.store.seal();
        RowJob flush = rig.store.nextJob(rig.lastLsn, rig.syncedLsn);
        assertThat(flush).isNotNull();
        rig.store.abandon();
        assertThat(rig.store.isClosed()).isFalse();
        assertThat(rig.store.nextJob(rig.lastLsn, rig.syncedLsn)).isNull();
        assertThat(RowRig.run(flush)).isNull();
        rig.store.finished(flush, null);
        assertThat(rig.store.isClosed()).isTrue();
        rig.close();
        assertThat(rig.governor.used()).isZero();
    }

    @Test
    void aBulkLoadIntoAnEmptyStoreGoesToTheLowestLevelAtOnce() throws IOException {
        BulkFiles files;
        try (BulkWriter writer = rig.store.newBulkWriter()) {
            for (int i = 0; i < 3_000; i++) {
                writer.add(
                        1, "key-%05d".formatted(i).getBytes(UTF_8), ("bulk " + i).getBytes(UTF_8));
            }
            files = writer.finish();
        }
        rig.syncedLsn = ++rig.lastLsn;
        rig.store.ingest(files, rig.lastLsn);
        rig.workAll();
        assertThat(rig.store.statistics().levels().getLast().entries()).isEqualTo(3_000);
        assertThat(rig.store.statistics().bytesCompacted()).isZero();
    }

    @Test
    void filesOfABulkLoadThatNeverCountedAreDeletedAtTheNextStart() throws IOException {
        try (BulkWriter writer = rig.store.newBulkWriter()) {
            writer.add(1, "k".getBytes(UTF_8), "v".getBytes(UTF_8));
            BulkFiles ignored = writer.finish();
        }
        assertThat(disk.list(RowRig.DIRECTORY)).hasSize(3);
        reopen();
        assertThat(disk.list(RowRig.DIRECTORY)).hasSize(2);
    }

    @Test
    void aFileThatIsBeingReadIsDeletedOnlyAfterwards() throws IOException {
        fill(100, 1);
        rig.flush();
        BlockRequests waiting = new BlockRequests();
        byte[] key = "key-00050".getBytes(UTF_8);
        rig.cache.setCapacity(0);
        rig.cache.setCapacity(1 << 20);
        assertThat(rig.store.get(1, key, 0, key.length, 0, rig.target, waiting))
                .isEqualTo(RowStore.MISS);
        for (int round = 2; round < 6; round++) {
            fill(100, round);
            rig.flush();
        }
        assertThat(disk.list(RowRig.DIRECTORY).size()).isGreaterThan(files() + 2);
        waiting.load();
        waiting.clear();
        rig.flush();
        assertThat(disk.list(RowRig.DIRECTORY)).hasSize(files() + 2);
    }

    @Test
    void aMissThatIsGivenUpLeavesNothingHeld() {
        fill(300, 1);
        rig.flush();
        rig.cache.setCapacity(0);
        rig.cache.setCapacity(1 << 20);
        byte[] key = "key-00050".getBytes(UTF_8);
        for (int i = 0; i < 3; i++) {
            assertThat(rig.store.get(1, key, 0, key.length, 0, rig.target, rig.requests))
                    .isEqualTo(RowStore.MISS);
            rig.requests.clear();
        }
        assertThat(rig.cache.usedBytes()).isZero();
    }

    @Test
    void rowsOfTheLargestSizesAreWrittenAndRead() throws IOException {
        byte[] key = new byte[RowStore.MAX_KEY_BYTES];
        byte[] value = new byte[5 << 20];
        new java.util.Random(1).nextBytes(value);
        rig.write(List.of(new Write(1, key, value, null)));
        rig.commitAll();
        rig.put(1, "small", "x");
        rig.flush();
        rig.cache.setCapacity(8 << 20);
        assertThat(rig.get(1, key, 0).value()).isEqualTo(value);
        assertThat(rig.scan(1, 0)).hasSize(2);
        assertThatThrownBy(() -> rig.get(1, new byte[RowStore.MAX_KEY_BYTES + 1], 0))
                .isInstanceOf(BugException.class);
    }

    @Test
    void aSealOfAnEmptyStoreMovesWhatIsCovered() {
        rig.lastLsn = 5_000;
        rig.syncedLsn = 4_000;
        rig.flush();
        assertThat(rig.store.coveredLsn()).isEqualTo(4_000);
    }
}
