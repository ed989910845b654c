package io.nodedb.os.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSystemDiskTest extends DiskContract {
    @TempDir private Path root;

    @Override
    protected Disk create() {
        return new FileSystemDisk(root);
    }

    @Test
    void allocationBeyondTheFreeSpaceIsRefusedWithoutFillingTheDisk() throws IOException {
        Disk disk = create();
        try (DiskFile file = disk.create("a")) {
            long tooMuch = disk.freeBytes() * 2;
            assertThatThrownBy(() -> file.allocate(tooMuch)).isInstanceOf(DiskFullException.class);
            assertThat(file.size()).isZero();
        }
    }

    /** The device that is always full: where a real ENOSPC comes from. */
    @Test
    void fullDeviceIsRecognised() throws IOException {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.isWritable(full), "/dev/full");
        Disk disk = new FileSystemDisk(Path.of("/dev"));
        try (DiskFile file = disk.openForWrite("full")) {
            assertThatThrownBy(() -> file.write(0, ByteBuffer.allocate(10)))
                    .isInstanceOf(DiskFullException.class)
                    .hasMessageContaining("/dev/full")
                    .hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void describesPathsAbsolutely() {
        assertThat(create().describe("wal/1")).isEqualTo(root.resolve("wal/1").toString());
    }

    @Test
    void rootIsCreatedOnDemand() throws IOException {
        Disk disk = new FileSystemDisk(root.resolve("x/y"));
        disk.createDirectories("");
        disk.create("a").close();
        assertThat(root.resolve("x/y/a")).exists();
    }
}
