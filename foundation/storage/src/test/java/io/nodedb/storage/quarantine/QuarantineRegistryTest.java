package io.nodedb.storage.quarantine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.os.disk.DiskFile;
import io.nodedb.os.disk.MemoryDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QuarantineRegistryTest {
    private static final TimeSource TIME =
            new TimeSource() {
                @Override
                public long nanoTime() {
                    return 0;
                }

                @Override
                public long epochMillis() {
                    return 1_700_000_000_000L;
                }
            };

    private final MemoryDisk disk = new MemoryDisk();
    private QuarantineRegistry registry;

    @BeforeEach
    void open() throws IOException {
        disk.createDirectories("p0001/kv");
        registry = QuarantineRegistry.open(disk, "quarantine", TIME);
    }

    private void write(String path, String text) throws IOException {
        disk.delete(path);
        try (DiskFile file = disk.create(path)) {
            file.write(0, ByteBuffer.wrap(text.getBytes(UTF_8)));
        }
    }

    private String read(String path) throws IOException {
        try (DiskFile file = disk.openForRead(path)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.read(0, bytes);
            return new String(bytes.array(), UTF_8);
        }
    }

    @Test
    void aReportedFileIsMovedWithItsReasonBesideIt() throws IOException {
        write("p0001/kv/1.delta", "evidence");
        QuarantinedFile finding =
                registry.report(
                        DamageKind.CHECKPOINT,
                        new DamagedFileException("p0001/kv/1.delta", 77, "checksum of block 3"),
                        "partition 1, engine 1");
        assertThat(disk.exists("p0001/kv/1.delta")).isFalse();
        assertThat(finding.movedTo()).isEqualTo("quarantine/1-p0001_kv_1.delta");
        assertThat(read(finding.movedTo())).isEqualTo("evidence");
        assertThat(read(finding.movedTo() + ".why"))
                .contains("p0001/kv/1.delta", "77", "checksum of block 3", "partition 1, engine 1");
    }

    @Test
    void findingsAreReadAgainAtTheNextStart() throws IOException {
        write("p0001/kv/1.delta", "evidence");
        QuarantinedFile first =
                registry.report(
                        DamageKind.CHECKPOINT,
                        "p0001/kv/1.delta",
                        77,
                        "tab\t line\n back\\ r\r",
                        "x\ty");
        QuarantinedFile second =
                registry.report(DamageKind.WAL_SEGMENT, "wal/1.wal", 0, "gone", "");
        QuarantineRegistry reopened = QuarantineRegistry.open(disk, "quarantine", TIME);
        assertThat(reopened.findings()).containsExactly(first, second);
        assertThat(reopened.count()).isEqualTo(2);
        assertThat(reopened.report(DamageKind.INDEX, "i", 0, "w", "c").id()).isEqualTo(3);
    }

    @Test
    void aFileThatWasSetAsideEarlierIsNotListedTwice() throws IOException {
        write("p0001/kv/1.delta", "evidence");
        QuarantinedFile first =
                registry.report(DamageKind.CHECKPOINT, "p0001/kv/1.delta", 77, "checksum", "");
        assertThat(registry.report(DamageKind.CHECKPOINT, "p0001/kv/1.delta", 0, "missing", ""))
                .isEqualTo(first);
        assertThat(registry.findings()).hasSize(1);
    }

    @Test
    void aDamagedLineCostsOnlyItself() throws IOException {
        for (int i = 0; i < 3; i++) {
            registry.report(DamageKind.INDEX, "index-" + i, i, "what", "covered");
        }
        String[] lines = read("quarantine/REGISTRY").split("\n");
        lines[2] = lines[2].replace("index-1", "index-9");
        write("quarantine/REGISTRY", String.join("\n", lines) + "\n");
        QuarantineRegistry reopened = QuarantineRegistry.open(disk, "quarantine", TIME);
        assertThat(reopened.findings())
                .extracting(QuarantinedFile::path)
                .containsExactly("index-0", "index-2");
        assertThat(disk.list("quarantine")).anyMatch(name -> name.startsWith("REGISTRY.damaged-"));
        assertThat(QuarantineRegistry.open(disk, "quarantine", TIME).findings()).hasSize(2);
    }

    @Test
    void aReportSucceedsOnAFullDisk() throws IOException {
        MemoryDisk tiny = new MemoryDisk(1 << 16);
        tiny.createDirectories("p0001");
        try (DiskFile file = tiny.create("p0001/x")) {
            file.write(0, ByteBuffer.wrap(new byte[1 << 16]));
        }
        QuarantineRegistry full = QuarantineRegistry.open(tiny, "quarantine", TIME);
        assertThat(full.report(DamageKind.CHECKPOINT, "p0001/x", 0, "w", "c").movedTo())
                .isEqualTo("quarantine/1-p0001_x");
        assertThat(full.findings()).hasSize(1);
    }

    @Test
    void beyondTheLimitFindingsAreCounted() {
        for (int i = 0; i < QuarantineRegistry.MAX_FINDINGS + 5; i++) {
            registry.report(DamageKind.INDEX, "index-" + i, 0, "w", "c");
        }
        assertThat(registry.findings()).hasSize(QuarantineRegistry.MAX_FINDINGS);
        assertThat(registry.count()).isEqualTo(QuarantineRegistry.MAX_FINDINGS + 5);
    }
}
