package io.nodedb.storage.checkpoint;

import static io.nodedb.storage.checkpoint.CheckpointFixture.DIRECTORY;
import static io.nodedb.storage.checkpoint.CheckpointFixture.OWNER;
import static io.nodedb.storage.checkpoint.CheckpointFixture.bytes;
import static io.nodedb.storage.checkpoint.CheckpointFixture.file;
import static io.nodedb.storage.checkpoint.CheckpointFixture.overwrite;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.clock.SystemTimeSource;
import io.nodedb.base.errors.BugException;
import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.storage.checkpoint.CheckpointFixture.Entry;
import io.nodedb.storage.checkpoint.CheckpointFixture.Loaded;
import io.nodedb.storage.checkpoint.CheckpointLoader.Outcome;
import io.nodedb.storage.checkpoint.CheckpointLoader.Result;
import io.nodedb.storage.quarantine.DamageKind;
import io.nodedb.storage.quarantine.QuarantineRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CheckpointLoaderTest {
    private final MemoryDisk disk = new MemoryDisk();
    private final Loaded loaded = new Loaded();
    private QuarantineRegistry quarantine;

    @BeforeEach
    void open() throws IOException {
        quarantine = QuarantineRegistry.open(disk, "quarantine", SystemTimeSource.INSTANCE);
    }

    /** Base at 10 (a=1, b=1), delta at 20 (a=2), delta at 30 (b deleted, c=3). */
    private void writeThree() throws IOException {
        ManifestStore store = ManifestStore.open(disk, DIRECTORY, OWNER);
        store.begin(1);
        publish(
                store,
                CheckpointFileKind.BASE,
                10,
                new Entry(1, "a", "1", 9),
                new Entry(1, "b", "1", 10));
        publish(store, CheckpointFileKind.DELTA, 20, new Entry(1, "a", "2", 20));
        publish(
                store,
                CheckpointFileKind.DELTA,
                30,
                new Entry(1, "b", null, 29),
                new Entry(1, "c", "3", 30));
    }

    private static void publish(
            ManifestStore store, CheckpointFileKind kind, long lsn, Entry... entries)
            throws IOException {
        CheckpointFile file = file(store, kind, List.of(entries));
        Manifest current = store.current();
        store.publish(
                kind == CheckpointFileKind.BASE
                        ? current.withBase(file, lsn, 1)
                        : current.withDelta(file, lsn, 1),
                lsn);
    }

    private Result load(long logReachesBackTo) throws IOException {
        return CheckpointLoader.load(
                ManifestStore.open(disk, DIRECTORY, OWNER), logReachesBackTo, loaded, quarantine);
    }

    private void damage(String name) throws IOException {
        byte[] content = bytes(disk, DIRECTORY + "/" + name);
        content[content.length / 2] ^= 1;
        overwrite(disk, DIRECTORY + "/" + name, content);
    }

    @Test
    void aNewPartitionIsEmpty() throws IOException {
        Result result = load(0);
        assertThat(result.outcome()).isEqualTo(Outcome.EMPTY);
        assertThat(result.coveredLsn()).isZero();
    }

    @Test
    void theNewestEntryOfEachKeyCounts() throws IOException {
        writeThree();
        Result result = load(25);
        assertThat(result.outcome()).isEqualTo(Outcome.LOADED);
        assertThat(result.coveredLsn()).isEqualTo(30);
        assertThat(result.highestLsn()).isEqualTo(30);
        assertThat(loaded.values()).isEqualTo(Map.of("1/a", "2", "1/c", "3"));
    }

    @Test
    void aDamagedDeltaIsSetAsideAndTheManifestBeforeIsUsed() throws IOException {
        writeThree();
        damage("0000000000000003.delta");
        Result result = load(15);
        assertThat(result.outcome()).isEqualTo(Outcome.FELL_BACK);
        assertThat(result.coveredLsn()).isEqualTo(20);
        assertThat(result.highestLsn()).as("the log is known to reach further").isEqualTo(30);
        assertThat(loaded.values()).isEqualTo(Map.of("1/a", "2", "1/b", "1"));
        assertThat(result.damages()).hasSize(1);
        assertThat(result.damages().getFirst().kind()).isEqualTo(DamageKind.CHECKPOINT);
        assertThat(disk.exists(result.damages().getFirst().movedTo())).isTrue();
        assertThat(disk.list(DIRECTORY)).doesNotContain("0000000000000003.delta");
    }

    @Test
    void fallingBackAgainListsNothingTwice() throws IOException {
        writeThree();
        damage("0000000000000003.delta");
        load(15);
        assertThat(load(15).outcome()).isEqualTo(Outcome.FELL_BACK);
        assertThat(quarantine.findings()).hasSize(1);
    }

    @Test
    void aNewCheckpointHealsAfterFallingBack() throws IOException {
        writeThree();
        damage("0000000000000003.delta");
        ManifestStore store = ManifestStore.open(disk, DIRECTORY, OWNER);
        CheckpointLoader.load(store, 15, loaded, quarantine);
        publish(
                store,
                CheckpointFileKind.DELTA,
                40,
                new Entry(1, "b", null, 29),
                new Entry(1, "c", "4", 40));
        assertThat(load(30).outcome()).isEqualTo(Outcome.LOADED);
        assertThat(loaded.values()).isEqualTo(Map.of("1/a", "2", "1/c", "4"));
    }

    @Test
    void whenTheLogDoesNotReachBackTheCheckpointIsLostAndTheEvidenceStays() throws IOException {
        writeThree();
        damage("0000000000000003.delta");
        Result result = load(25);
        assertThat(result.outcome()).isEqualTo(Outcome.LOST);
        assertThat(loaded.newest).isEmpty();
        assertThat(disk.list(DIRECTORY))
                .contains(
                        "0000000000000001.base",
                        "0000000000000002.delta",
                        "MANIFEST",
                        "MANIFEST.1");
        assertThat(load(25).outcome()).isEqualTo(Outcome.LOST);
    }

    @Test
    void aDamagedBaseLosesBothManifests() throws IOException {
        writeThree();
        damage("0000000000000001.base");
        assertThat(load(0).outcome()).isEqualTo(Outcome.LOST);
        assertThat(loaded.newest).isEmpty();
    }

    @Test
    void nothingIsPublishedOverALostCheckpoint() throws IOException {
        writeThree();
        damage("0000000000000001.base");
        ManifestStore store = ManifestStore.open(disk, DIRECTORY, OWNER);
        CheckpointLoader.load(store, 0, loaded, quarantine);
        assertThatThrownBy(() -> store.publish(Manifest.empty(OWNER, 1), 0))
                .isInstanceOf(BugException.class);
        assertThatThrownBy(() -> store.begin(1)).isInstanceOf(BugException.class);
    }

    @Test
    void aDamagedManifestIsSetAsideAndTheOneBeforeIsUsed() throws IOException {
        writeThree();
        damage("MANIFEST");
        Result result = load(15);
        assertThat(result.outcome()).isEqualTo(Outcome.FELL_BACK);
        assertThat(loaded.values()).isEqualTo(Map.of("1/a", "2", "1/b", "1"));
        assertThat(result.damages().getFirst().kind()).isEqualTo(DamageKind.MANIFEST);
        assertThat(load(15).outcome()).isEqualTo(Outcome.FELL_BACK);
    }

    @Test
    void aMissingManifestIsALossAndNotABeginning() throws IOException {
        ManifestStore store = ManifestStore.open(disk, DIRECTORY, OWNER);
        store.begin(1);
        publish(store, CheckpointFileKind.BASE, 10, new Entry(1, "a", "1", 9));
        disk.delete(DIRECTORY + "/MANIFEST");
        assertThat(load(5).outcome()).isEqualTo(Outcome.LOST);
    }

    @Test
    void leftoversOfACrashAreDeleted() throws IOException {
        writeThree();
        disk.create(DIRECTORY + "/00000000000000aa.tmp").close();
        disk.create(DIRECTORY + "/00000000000000ab.spill").close();
        disk.create(DIRECTORY + "/00000000000000ac.delta").close();
        load(20);
        assertThat(disk.list(DIRECTORY))
                .containsExactly(
                        "0000000000000001.base",
                        "0000000000000002.delta",
                        "0000000000000003.delta",
                        "MANIFEST",
                        "MANIFEST.1");
    }
}
