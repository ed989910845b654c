package io.nodedb.os.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class MemoryDiskTest extends DiskContract {
    @Override
    protected Disk create() {
        return new MemoryDisk();
    }

    @Test
    void fullDiskRefusesUntilSomethingIsDeletedAndClosed() throws IOException {
        Disk disk = new MemoryDisk(1 << 20);
        DiskFile first = disk.create("a");
        first.allocate(1 << 20);
        assertThat(disk.freeBytes()).isZero();
        first.write(0, ByteBuffer.allocate(1 << 20));
        try (DiskFile second = disk.create("b")) {
            assertThatThrownBy(() -> DiskContract.write(second, 0, "x"))
                    .isInstanceOf(DiskFullException.class);
            assertThatThrownBy(() -> second.allocate(1)).isInstanceOf(DiskFullException.class);
            assertThat(second.size()).isZero();
            disk.delete("a");
            assertThat(disk.freeBytes()).isZero();
            first.close();
            assertThat(disk.freeBytes()).isEqualTo(1 << 20);
            DiskContract.write(second, 0, "x");
        }
    }

    @Test
    void cutAndReplacedFilesGiveTheirRoomBack() throws IOException {
        Disk disk = new MemoryDisk(1 << 20);
        try (DiskFile a = disk.create("a");
                DiskFile b = disk.create("b")) {
            a.allocate(1 << 19);
            b.allocate(1 << 19);
            a.truncate(0);
            assertThat(disk.freeBytes()).isEqualTo(1 << 19);
            disk.link("b", "c");
        }
        disk.rename("a", "b");
        assertThat(disk.freeBytes()).isEqualTo(1 << 19);
        disk.delete("c");
        assertThat(disk.freeBytes()).isEqualTo(1 << 20);
    }
}
