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

/** What a {@link FileSystemDisk} keeps with every access. */
abstract class FileSystemDiskContract extends DiskContract {
    @TempDir Path root;

    abstract FileAccess access();

    @Override
    protected Disk create() {
        return new FileSystemDisk(root, access());
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
        Disk disk = new FileSystemDisk(Path.of("/dev"), access());
        try (DiskFile file = disk.openForWrite("full")) {
            assertThatThrownBy(() -> file.write(0, ByteBuffer.allocate(10)))
                    .isInstanceOf(DiskFullException.class)
                    .hasMessageContaining("/dev/full")
                    .hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void whatMayNotBeOpenedSaysWhere() throws IOException {
        Disk disk = create();
        disk.createDirectories("d");
        assertThatThrownBy(() -> disk.openForWrite("d"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(root.resolve("d").toString());
    }

    @Test
    void namesKeepTheirLetters() throws IOException {
        Assumptions.assumeTrue(
                System.getProperty("sun.jnu.encoding").equals("UTF-8"), "names are UTF-8");
        create().create("größe").close();
        assertThat(Files.exists(root.resolve("größe"))).isTrue();
    }

    @Test
    void readOnlyBufferIsNotReadInto() throws IOException {
        try (DiskFile file = create().create("a")) {
            write(file, 0, "abc");
            ByteBuffer target = ByteBuffer.allocateDirect(3).asReadOnlyBuffer();
            assertThatThrownBy(() -> file.read(0, target))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(target.get(0)).isZero();
        }
    }

    @Test
    void describesPathsAbsolutely() {
        assertThat(create().describe("wal/1")).isEqualTo(root.resolve("wal/1").toString());
    }

    @Test
    void rootIsCreatedOnDemand() throws IOException {
        Disk disk = new FileSystemDisk(root.resolve("x/y"), access());
        disk.createDirectories("");
        disk.create("a").close();
        assertThat(root.resolve("x/y/a")).exists();
    }
}
