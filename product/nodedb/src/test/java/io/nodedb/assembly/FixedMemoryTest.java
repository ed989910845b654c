package io.nodedb.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.MemoryTag;
import io.nodedb.os.disk.FileSystemDisk;
import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.testkit.VirtualTime;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts as long as a database is open, whatever it holds. */
class FixedMemoryTest {
    private static final long KIB = 1 << 10;
    private static final long MIB = 1 << 20;

    @Test
    void ringsAndEventsCountWithWhatTheirSettingsLetThemGrowTo() {
        MemoryGovernor governor;
        try (SteppedDatabase stepped =
                new SteppedDatabase(
                        "ring_capacity",
                        "1024",
                        "chunks_per_port",
                        "16",
                        "chunk_bytes",
                        "32KiB",
                        "event_ring",
                        "4096",
                        "event_ring_bytes",
                        "8MiB")) {
            governor = stepped.governor;
            long requests = 1024 * KIB / 2;
            long chunks = 16 * 32 * KIB;
            assertThat(governor.used(MemoryTag.RINGS)).isEqualTo(64 * KIB + requests + chunks);
            assertThat(governor.used(MemoryTag.WAL_BUFFERS)).isEqualTo(64 * KIB);
            long slots = 4096 * 64;
            long pendingAndWindow = 32 * MIB;
            assertThat(governor.used(MemoryTag.EVENTS))
                    .isEqualTo(8 * MIB + slots + pendingAndWindow);
        }
        for (MemoryTag tag : MemoryTag.values()) {
            assertThat(governor.used(tag)).as("%s after closing", tag).isZero();
        }
    }

    @Test
    void buffersForCallsOfTheDiskCountForEveryThreadOfTheDatabase(@TempDir Path folder) {
        FileSystemDisk files = new FileSystemDisk(folder);
        MemoryGovernor governor;
        try (SteppedDatabase stepped =
                new SteppedDatabase(
                        new MemoryDisk(),
                        files,
                        new VirtualTime(),
                        "io_threads",
                        "3",
                        "background_workers",
                        "2")) {
            governor = stepped.governor;
            long logAndCore = 3;
            long perThread = files.survivesInterrupts() ? 64 * KIB : 0;
            assertThat(governor.used(MemoryTag.OTHER))
                    .isEqualTo(MIB + (logAndCore + 3 + 2) * perThread);
        }
        assertThat(governor.used()).isZero();
    }
}
