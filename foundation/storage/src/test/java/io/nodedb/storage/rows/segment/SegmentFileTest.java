package io.nodedb.storage.rows.segment;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.BugException;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.os.disk.DiskFile;
import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.storage.checkpoint.CheckpointOwner;
import io.nodedb.storage.quarantine.DamagedFileException;
import io.nodedb.storage.rows.GoldenFile;
import io.nodedb.storage.rows.block.BlockCodec;
import io.nodedb.storage.rows.block.RowKey;
import io.nodedb.storage.rows.block.RowVersion;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SegmentFileTest {
    private static final CheckpointOwner OWNER = new CheckpointOwner(0x1122334455667788L, 9, 3);

    private final MemoryDisk disk = new MemoryDisk();

    @BeforeEach
    void folder() throws IOException {
        disk.createDirectories("rows");
    }

    private SegmentWriter writer(int blockBytes) throws IOException {
        return new SegmentWriter(
                disk, "rows", OWNER, 5, new SegmentOptions(blockBytes, 10, BlockCodec.LZ4));
    }

    private static void add(SegmentWriter writer, String key, long lsn, String value)
            throws IOException {
        byte[] rowKey = RowKey.of(1, key.getBytes(US_ASCII), 0, key.length());
        byte[] bytes = value == null ? new byte[0] : value.getBytes(US_ASCII);
        writer.add(
                rowKey,
                rowKey.length,
                lsn,
                value == null ? RowVersion.DELETE : RowVersion.PUT,
                MemorySegment.ofArray(bytes),
                0,
                bytes.length);
    }

    private Segment small() throws IOException {
        SegmentWriter writer = writer(48);
        add(writer, "apple", 70, "red");
        add(writer, "apple", 60, "green");
        add(writer, "apricot", 65, null);
        add(writer, "pear", 64, "yellow");
        return writer.finish(2);
    }

    private byte[] bytes(String path) throws IOException {
        try (DiskFile file = disk.openForRead(path)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.read(0, bytes);
            return bytes.array();
        }
    }

    private static List<String> read(Segment segment) throws IOException {
        List<String> rows = new ArrayList<>();
        MemoryGovernor governor = new MemoryGovernor(64 << 20);
        try (SegmentRun run = new SegmentRun(List.of(segment), governor)) {
            while (run.next()) {
                rows.add(
                        new String(run.key(), 4, run.keyLength() - 4, US_ASCII)
                                + " "
                                + run.lsn()
                                + " "
                                + run.kind()
                                + " "
                                + run.valueLength());
            }
        }
        assertThat(governor.used()).isZero();
        return rows;
    }

    @Test
    void bytesAreThoseOfTheGoldenFile() throws IOException {
        Segment segment = small();
        String actual = HexFormat.of().formatHex(bytes("rows/" + segment.info().name()));
        assertThat(actual).isEqualTo(GoldenFile.text("rows-1.hex"));
        assertThat(segment.info().name()).isEqualTo("0000000000000005.rows");
    }

    @Test
    void theGoldenFileIsStillRead() throws IOException {
        SegmentInfo info = small().info();
        disk.delete("rows/" + info.name());
        try (DiskFile file = disk.create("rows/" + info.name())) {
            file.write(0, ByteBuffer.wrap(HexFormat.of().parseHex(GoldenFile.text("rows-1.hex"))));
        }
        Segment opened = SegmentOpener.open(disk, "rows", OWNER, info);
        assertThat(read(opened))
                .containsExactly("apple 70 1 3", "apple 60 1 5", "apricot 65 2 0", "pear 64 1 6");
        new SegmentCheck(opened).run();
    }

    @Test
    void manyRowsFillManySectionsAndAreReadBack() throws IOException {
        SegmentWriter writer = writer(128);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            String key = "key-%05d".formatted(i);
            add(writer, key, 100 + i, "value " + i * 12_345);
            expected.add(key + " " + (100 + i) + " 1 " + ("value " + i * 12_345).length());
        }
        Segment segment = writer.finish(0);
        assertThat(segment.sections().size()).isGreaterThan(5);
        assertThat(read(segment)).isEqualTo(expected);
        Segment opened = SegmentOpener.open(disk, "rows", OWNER, segment.info());
        assertThat(read(opened)).isEqualTo(expected);
        assertThat(opened.sections().size()).isEqualTo(segment.sections().size());
        new SegmentCheck(opened).run();
    }

    @Test
    void versionsOutOfOrderAreRefused() throws IOException {
        SegmentWriter writer = writer(4_096);
        add(writer, "b", 5, "x");
        assertThatThrownBy(() -> add(writer, "a", 6, "x")).isInstanceOf(BugException.class);
        assertThatThrownBy(() -> add(writer, "b", 5, "x")).isInstanceOf(BugException.class);
        writer.abandon();
        assertThat(disk.list("rows")).isEmpty();
    }

    @Test
    void aFileOfAnotherPartitionOrWithAnotherContentIsNotOpened() throws IOException {
        SegmentInfo info = small().info();
        CheckpointOwner other = new CheckpointOwner(OWNER.databaseId(), 9, 4);
        assertThatThrownBy(() -> SegmentOpener.open(disk, "rows", other, info))
                .isInstanceOf(DamagedFileException.class)
                .hasMessageContaining("another's file");
        SegmentInfo otherInfo =
                new SegmentInfo(
                        5,
                        info.sizeBytes(),
                        info.checksum() + 1,
                        4,
                        1,
                        60,
                        70,
                        0,
                        2,
                        info.smallest(),
                        info.largest());
        assertThatThrownBy(() -> SegmentOpener.open(disk, "rows", OWNER, otherInfo))
                .isInstanceOf(DamagedFileException.class)
                .hasMessageContaining("another footer");
    }
}
