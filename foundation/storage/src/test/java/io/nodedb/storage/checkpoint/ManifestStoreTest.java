package io.nodedb.storage.checkpoint;

import static io.nodedb.storage.checkpoint.CheckpointFixture.DIRECTORY;
import static io.nodedb.storage.checkpoint.CheckpointFixture.OWNER;
import static io.nodedb.storage.checkpoint.CheckpointFixture.bytes;
import static io.nodedb.storage.checkpoint.CheckpointFixture.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.BugException;
import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.storage.checkpoint.CheckpointFixture.Entry;
import io.nodedb.storage.quarantine.DamagedFileException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManifestStoreTest {
    private final MemoryDisk disk = new MemoryDisk();
    private ManifestStore store;

    @BeforeEach
    void open() throws IOException {
        store = ManifestStore.open(disk, DIRECTORY, OWNER);
        store.begin(1);
    }

    private Manifest delta(long lsn) throws IOException {
        CheckpointFile file =
                file(store, CheckpointFileKind.DELTA, List.of(new Entry(1, "k", "v" + lsn, lsn)));
        return store.current().withDelta(file, lsn, 1);
    }

    private Manifest base(long lsn) throws IOException {
        CheckpointFile file =
                file(store, CheckpointFileKind.BASE, List.of(new Entry(1, "k", "v" + lsn, lsn)));
        return store.current().withBase(file, lsn, 1);
    }

    @Test
    void aPublishedManifestIsReadBackWithTheOneBefore() throws IOException {
        store.publish(base(10), 10);
        Manifest first = store.current();
        store.publish(delta(20), 20);
        assertThat(store.read(ManifestStore.MANIFEST)).isEqualTo(store.current());
        assertThat(store.read(ManifestStore.PREVIOUS)).isEqualTo(first).isEqualTo(store.previous());
        assertThat(store.current().highestLsn()).isEqualTo(20);
        assertThat(store.current().sequence()).isEqualTo(2);
    }

    @Test
    void nothingIsPublishedAheadOfTheLog() throws IOException {
        Manifest ahead = base(10);
        assertThatThrownBy(() -> store.publish(ahead, 9))
                .isInstanceOf(BugException.class)
                .hasMessageContaining("ahead of the log");
    }

    @Test
    void coverageNeverShrinks() throws IOException {
        store.publish(base(10), 10);
        assertThatThrownBy(() -> store.current().withCovered(9, 1))
                .isInstanceOf(BugException.class);
    }

    @Test
    void filesStayUntilNoManifestListsThem() throws IOException {
        store.publish(base(10), 10);
        store.publish(base(20), 20);
        assertThat(disk.list(DIRECTORY)).contains("0000000000000001.base", "0000000000000002.base");
        store.publish(base(30), 30);
        assertThat(disk.list(DIRECTORY))
                .contains("0000000000000002.base", "0000000000000003.base")
                .doesNotContain("0000000000000001.base");
    }

    @Test
    void aFileInProgressIsNotDeletedByAPublish() throws IOException {
        CheckpointFileWriter slow = store.newFile(CheckpointFileKind.BASE);
        store.publish(delta(10), 10);
        CheckpointFile finished = slow.finish();
        store.publish(delta(20), 20);
        assertThat(disk.list(DIRECTORY)).contains(finished.name());
        store.discard(slow);
        assertThat(disk.list(DIRECTORY)).doesNotContain(finished.name());
    }

    @Test
    void whatIsNotACheckpointsIsNeverDeleted() throws IOException {
        disk.create(DIRECTORY + "/notes.txt").close();
        disk.create(DIRECTORY + "/not-sixteen-hex.base").close();
        store.publish(base(10), 10);
        assertThat(disk.list(DIRECTORY)).contains("notes.txt", "not-sixteen-hex.base");
    }

    @Test
    void numbersAreNotReusedAfterARestart() throws IOException {
        store.publish(base(10), 10);
        CheckpointFileWriter lost = store.newFile(CheckpointFileKind.DELTA);
        ManifestStore reopened = ManifestStore.open(disk, DIRECTORY, OWNER);
        assertThat(reopened.newFile(CheckpointFileKind.DELTA).number())
                .isGreaterThan(lost.number());
    }

    @Test
    void aMergeIsDueWhenDeltasPassHalfOfTheBaseOrAreMany() throws IOException {
        CheckpointFile base = new CheckpointFile(1, CheckpointFileKind.BASE, 1_000, 1, 1, 0);
        Manifest manifest = Manifest.empty(OWNER, 1).withBase(base, 1, 1);
        assertThat(manifest.mergeDue(1)).isFalse();
        manifest =
                manifest.withDelta(
                        new CheckpointFile(2, CheckpointFileKind.DELTA, 500, 1, 2, 0), 2, 1);
        assertThat(manifest.mergeDue(2)).isFalse();
        assertThat(manifest.mergeDue(1)).as("as many as are allowed").isTrue();
        manifest =
                manifest.withDelta(
                        new CheckpointFile(3, CheckpointFileKind.DELTA, 1, 1, 3, 0), 3, 1);
        assertThat(manifest.mergeDue(16)).isTrue();
    }

    @Test
    void bytesAreThoseOfTheGoldenFile() throws IOException {
        assertThat(HexFormat.of().formatHex(ManifestFormat.encode(sample())))
                .isEqualTo(CheckpointFileTest.golden("manifest-1.hex"));
    }

    private static Manifest sample() {
        return new Manifest(
                OWNER,
                5,
                2,
                0x0000_0199_0000_0001L,
                9,
                List.of(
                        new CheckpointFile(
                                4,
                                CheckpointFileKind.BASE,
                                4_096,
                                77,
                                0x0000_0198_0000_0003L,
                                0x0BADCAFE),
                        new CheckpointFile(
                                8, CheckpointFileKind.DELTA, 200, 2, 0x0000_0199_0000_0002L, -2)));
    }

    @Test
    void everyFlippedAndEveryCutByteOfAManifestIsFound() {
        byte[] good = ManifestFormat.encode(sample());
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 0x10;
            assertThatThrownBy(() -> ManifestFormat.decode("p", bad, bad.length, OWNER))
                    .isInstanceOf(DamagedFileException.class);
            byte[] cut = Arrays.copyOf(good, i);
            assertThatThrownBy(() -> ManifestFormat.decode("p", cut, cut.length, OWNER))
                    .isInstanceOf(DamagedFileException.class);
        }
    }

    @Test
    void anotherPartitionsManifestIsRefused() throws IOException {
        byte[] content = bytes(disk, DIRECTORY + "/MANIFEST");
        CheckpointOwner other = new CheckpointOwner(OWNER.databaseId(), OWNER.engine(), 9);
        assertThatThrownBy(() -> ManifestFormat.decode("p", content, content.length, other))
                .isInstanceOf(DamagedFileException.class)
                .hasMessageContaining("another's");
    }
}
