package io.nodedb.storage.checkpoint;

import static io.nodedb.storage.checkpoint.CheckpointFixture.DIRECTORY;
import static io.nodedb.storage.checkpoint.CheckpointFixture.OWNER;
import static io.nodedb.storage.checkpoint.CheckpointFixture.bytes;
import static io.nodedb.storage.checkpoint.CheckpointFixture.file;
import static io.nodedb.storage.checkpoint.CheckpointFixture.noise;
import static io.nodedb.storage.checkpoint.CheckpointFixture.overwrite;
import static io.nodedb.storage.checkpoint.CheckpointFixture.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.storage.checkpoint.CheckpointFixture.Entry;
import io.nodedb.storage.quarantine.DamagedFileException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CheckpointFileTest {
    private final MemoryDisk disk = new MemoryDisk();
    private ManifestStore store;

    @BeforeEach
    void open() throws IOException {
        store = ManifestStore.open(disk, DIRECTORY, OWNER);
    }

    private static List<Entry> small() {
        return List.of(
                new Entry(7, "apple", "red", 65_537),
                new Entry(7, "pear", null, 65_538),
                new Entry(8, "", "empty key", 65_539));
    }

    @Test
    void whatWasWrittenIsRead() throws IOException {
        CheckpointFile written = file(store, CheckpointFileKind.DELTA, small());
        assertThat(read(disk, written)).isEqualTo(small());
        assertThat(written.entries()).isEqualTo(3);
        assertThat(written.highestLsn()).isEqualTo(65_539);
        assertThat(disk.list(DIRECTORY)).containsExactly("0000000000000001.delta");
    }

    @Test
    void aFileWithoutEntriesIsWhole() throws IOException {
        CheckpointFile written = file(store, CheckpointFileKind.BASE, List.of());
        assertThat(read(disk, written)).isEmpty();
        assertThat(written.highestLsn()).isZero();
    }

    @Test
    void manyEntriesFillManyBlocks() throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (int i = 1; i <= 5_000; i++) {
            entries.add(new Entry(1, "key-" + i, noise(i, i % 200), i));
        }
        CheckpointFile written = file(store, CheckpointFileKind.BASE, entries);
        assertThat(read(disk, written)).isEqualTo(entries);
    }

    @Test
    void anEntryLargerThanABlockGetsABlockOfItsOwn() throws IOException {
        List<Entry> entries =
                List.of(
                        new Entry(1, "before", "x", 1),
                        new Entry(1, "large", noise(1, 300_000), 2),
                        new Entry(1, "after", "y", 3),
                        new Entry(1, "larger", noise(2, 70_000), 4));
        CheckpointFile written = file(store, CheckpointFileKind.BASE, entries);
        assertThat(read(disk, written)).isEqualTo(entries);
    }

    @Test
    void aBlockGivesUpTheSpaceOfALargeEntry() {
        CheckpointBlock block = new CheckpointBlock();
        new Entry(1, "large", noise(1, 1 << 20), 2).addTo(block);
        assertThat(block.full()).isTrue();
        block.clear();
        assertThat(block.payload().length).isLessThan(2 * CheckpointFileFormat.MAX_BLOCK_PAYLOAD);
        assertThat(block.effects().bytes().length).isLessThan(1 << 20);
        assertThat(block.isEmpty()).isTrue();
    }

    @Test
    void bytesAreThoseOfTheGoldenFile() throws IOException {
        CheckpointFile written = file(store, CheckpointFileKind.DELTA, small());
        byte[] actual = bytes(disk, DIRECTORY + "/" + written.name());
        assertThat(HexFormat.of().formatHex(actual)).isEqualTo(golden("checkpoint-1.delta.hex"));
    }

    @Test
    void everyFlippedByteIsFoundAndPlaced() throws IOException {
        CheckpointFile written = file(store, CheckpointFileKind.DELTA, small());
        String path = DIRECTORY + "/" + written.name();
        byte[] good = bytes(disk, path);
        for (int i = 0; i < good.length; i++) {
            for (int mask : new int[] {1, 0x80, 0xFF}) {
                byte[] bad = good.clone();
                bad[i] ^= (byte) mask;
                overwrite(disk, path, bad);
                assertThatThrownBy(() -> read(disk, written))
                        .as("byte %d mask %d", i, mask)
                        .isInstanceOfSatisfying(
                                DamagedFileException.class,
                                damage -> {
                                    assertThat(damage.path()).isEqualTo(path);
                                    assertThat(damage.offset()).isBetween(0L, (long) good.length);
                                });
            }
        }
    }

    @Test
    void everyCutAndEveryAddedByteIsFound() throws IOException {
        CheckpointFile written = file(store, CheckpointFileKind.DELTA, small());
        String path = DIRECTORY + "/" + written.name();
        byte[] good = bytes(disk, path);
        for (int length = 0; length < good.length; length++) {
            overwrite(disk, path, Arrays.copyOf(good, length));
            long cutAt = length;
            assertThatThrownBy(() -> read(disk, written))
                    .isInstanceOfSatisfying(
                            DamagedFileException.class,
                            damage -> assertThat(damage.offset()).isEqualTo(cutAt));
        }
        overwrite(disk, path, Arrays.copyOf(good, good.length + 1));
        assertThatThrownBy(() -> read(disk, written)).isInstanceOf(DamagedFileException.class);
    }

    @Test
    void aMissingFileIsDamage() throws IOException {
        CheckpointFile written = file(store, CheckpointFileKind.DELTA, small());
        disk.delete(DIRECTORY + "/" + written.name());
        assertThatThrownBy(() -> read(disk, written))
                .isInstanceOf(DamagedFileException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void aFileOfAnotherPartitionOrDatabaseIsNotRead() throws IOException {
        CheckpointFile written = file(store, CheckpointFileKind.DELTA, small());
        for (CheckpointOwner other :
                List.of(
                        new CheckpointOwner(OWNER.databaseId(), OWNER.engine(), 4),
                        new CheckpointOwner(OWNER.databaseId(), 2, 3),
                        new CheckpointOwner(1, OWNER.engine(), 3))) {
            assertThatThrownBy(() -> CheckpointFileReader.open(disk, DIRECTORY, other, written))
                    .isInstanceOf(DamagedFileException.class)
                    .hasMessageContaining("another file");
        }
    }

    @Test
    void blocksThatChangedPlacesAreFound() throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            entries.add(new Entry(1, "key-" + i, noise(i, 66_000), 5));
        }
        CheckpointFile written = file(store, CheckpointFileKind.BASE, entries);
        String path = DIRECTORY + "/" + written.name();
        byte[] good = bytes(disk, path);
        byte[] bad = good.clone();
        int block = (good.length - 128) / 2;
        System.arraycopy(good, 64, bad, 64 + block, block);
        System.arraycopy(good, 64 + block, bad, 64, block);
        overwrite(disk, path, bad);
        assertThatThrownBy(() -> read(disk, written)).isInstanceOf(DamagedFileException.class);
    }

    static String golden(String name) throws IOException {
        try (var stream = CheckpointFileTest.class.getResourceAsStream("/golden/" + name)) {
            assertThat(stream).as("golden file %s", name).isNotNull();
            return new String(stream.readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII)
                    .strip();
        }
    }
}
