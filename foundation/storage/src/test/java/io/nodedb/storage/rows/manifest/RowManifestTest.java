package io.nodedb.storage.rows.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import io.nodedb.storage.quarantine.DamagedFileException;
import io.nodedb.storage.rows.GoldenFile;
import io.nodedb.storage.rows.counts.KeyspaceRows;
import io.nodedb.storage.rows.ranges.LostRange;
import io.nodedb.storage.rows.ranges.RangeDeletion;
import io.nodedb.storage.rows.ranges.RangeSet;
import io.nodedb.storage.rows.segment.SegmentInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowManifestTest {
    private static final CheckpointOwner OWNER = new CheckpointOwner(0x1122334455667788L, 9, 3);

    private static RowManifest manifest() {
        return manifest(KeyspaceRows.of(Map.of(1, 17L, 9, 1L << 40)));
    }

    private static RowManifest manifest(KeyspaceRows rows) {
        List<List<SegmentInfo>> levels = new ArrayList<>();
        for (int level = 0; level < RowManifest.MAX_LEVELS; level++) {
            levels.add(List.of());
        }
        levels.set(0, List.of(info(9), info(8)));
        levels.set(2, List.of(info(4)));
        RangeDeletion range =
                new RangeDeletion(new byte[] {0, 0, 0, 1}, new byte[] {0, 0, 0, 2}, 77, 3);
        return new RowManifest(
                12, 2, 100, 10, levels, new RangeSet(List.of(range)), 5, rows, List.of());
    }

    private static SegmentInfo info(long number) {
        return new SegmentInfo(
                number,
                4_096 + number,
                0xABCD,
                20,
                3,
                50,
                90 + number,
                0,
                1,
                new byte[] {0, 0, 0, 1, 'a'},
                new byte[] {0, 0, 0, 1, 'b', (byte) number});
    }

    @Test
    void whatWasLostIsReadBack() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        disk.createDirectories("rows");
        RowManifestFile file = new RowManifestFile(disk, "rows", OWNER);
        RowManifest manifest = manifest();
        RowManifest withLoss =
                new RowManifest(
                        13,
                        2,
                        100,
                        10,
                        manifest.levels(),
                        manifest.ranges(),
                        5,
                        manifest.rows(),
                        List.of(
                                new LostRange(
                                        new byte[] {0, 0, 0, 1, 'a'},
                                        new byte[] {0, 0, 0, 1, 'c', 0},
                                        50,
                                        90,
                                        7,
                                        4_096)));
        file.publish(withLoss);
        assertThat(file.read().manifest()).usingRecursiveComparison().isEqualTo(withLoss);
    }

    @Test
    void whatIsPublishedIsReadBack() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        disk.createDirectories("rows");
        RowManifestFile file = new RowManifestFile(disk, "rows", OWNER);
        assertThat(file.isNew()).isTrue();
        file.publish(manifest());
        assertThat(file.isNew()).isFalse();
        assertThat(file.read().manifest()).usingRecursiveComparison().isEqualTo(manifest());
        assertThat(file.read().damaged()).isEmpty();
        assertThat(manifest().highestLsn()).isEqualTo(100);
    }

    @Test
    void theHigherSequenceCounts() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        disk.createDirectories("rows");
        RowManifestFile file = new RowManifestFile(disk, "rows", OWNER);
        file.publish(RowManifest.empty(1));
        disk.rename("rows/MANIFEST", "rows/kept");
        file.publish(manifest());
        disk.rename("rows/kept", "rows/MANIFEST");
        assertThat(file.read().manifest().sequence()).isEqualTo(12);
    }

    @Test
    void bytesAreThoseOfTheGoldenFile() throws IOException {
        byte[] bytes = RowManifestFormat.encode(manifest(), OWNER);
        assertThat(HexFormat.of().formatHex(bytes))
                .isEqualTo(GoldenFile.text("row-manifest-2.hex"));
    }

    @Test
    void theFirstVersionIsReadAsOneWithoutNumbersOfRows() throws IOException {
        byte[] first = HexFormat.of().parseHex(GoldenFile.text("row-manifest-1.hex"));
        assertThat(RowManifestFormat.decode("m", first, OWNER))
                .usingRecursiveComparison()
                .isEqualTo(manifest(KeyspaceRows.NONE));
    }

    @Test
    void noPartOfAManifestAndNoOthersManifestIsTaken() {
        byte[] bytes = RowManifestFormat.encode(manifest(), OWNER);
        for (int length = 0; length < bytes.length; length++) {
            byte[] part = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> RowManifestFormat.decode("m", part, OWNER))
                    .isInstanceOf(DamagedFileException.class);
        }
        assertThatThrownBy(() -> RowManifestFormat.decode("m", bytes, new CheckpointOwner(1, 9, 3)))
                .isInstanceOf(DamagedFileException.class);
    }
}
