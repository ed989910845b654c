package io.nodedb.simulator.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.os.disk.DiskFile;
import io.nodedb.os.disk.DiskFullException;
import io.nodedb.simulator.time.VirtualTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimulatedDiskTest {
    private final VirtualTime time = new VirtualTime();
    private final SimulatedDisk disk = new SimulatedDisk(1, time);

    private static ByteBuffer filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return ByteBuffer.wrap(bytes);
    }

    private static SimulatedDisk withSyncedFile(long seed) throws IOException {
        SimulatedDisk disk = new SimulatedDisk(seed, new VirtualTime());
        DiskFile file = disk.create("f");
        file.write(0, filled(2048, 1));
        file.sync();
        disk.syncDirectory("");
        return disk;
    }

    @Test
    void syncedBytesAndNamesSurviveEveryPowerLoss() throws IOException {
        for (long seed = 0; seed < 50; seed++) {
            SimulatedDisk each = withSyncedFile(seed);
            each.losePower();
            each.losePower();
            assertThat(each.bytes("f")).containsOnly(1).hasSize(2048);
        }
    }

    @Test
    void unsyncedSectorsSurviveInEveryCombination() throws IOException {
        Set<String> outcomes = new HashSet<>();
        for (long seed = 0; seed < 200; seed++) {
            SimulatedDisk each = withSyncedFile(seed);
            each.openForWrite("f").write(0, filled(1024, 2));
            each.openForWrite("f").write(512, filled(1024, 3));
            each.losePower();
            byte[] after = each.bytes("f");
            if (after[0] != after[1]) {
                outcomes.add("garbage");
                continue;
            }
            StringBuilder sectors = new StringBuilder();
            for (int sector = 0; sector < 4; sector++) {
                byte[] content = Arrays.copyOfRange(after, sector * 512, sector * 512 + 512);
                assertThat(content).as("a sector is whole").containsOnly(content[0]);
                sectors.append(content[0]);
            }
            outcomes.add(sectors.toString());
        }
        assertThat(outcomes).contains("garbage", "1111", "2331", "1311", "2111", "1131", "2231");
    }

    @Test
    void unsyncedNamesMayGoOrStay() throws IOException {
        Set<String> outcomes = new HashSet<>();
        for (long seed = 0; seed < 100; seed++) {
            SimulatedDisk each = withSyncedFile(seed);
            each.rename("f", "g");
            each.create("h").sync();
            each.losePower();
            outcomes.add(String.join(",", each.list("")));
        }
        assertThat(outcomes).containsExactlyInAnyOrder("f", "g", "f,h", "g,h");
    }

    @Test
    void killedProcessLosesNothingButItsOpenFiles() throws IOException {
        DiskFile file = disk.create("f");
        file.write(0, ByteBuffer.wrap("unsynced".getBytes(UTF_8)));
        disk.killProcess();
        assertThat(disk.bytes("f")).isEqualTo("unsynced".getBytes(UTF_8));
        assertThatThrownBy(file::sync).isInstanceOf(IOException.class);
    }

    @Test
    void truncatedAndRegrownBytesAreZero() throws IOException {
        DiskFile file = disk.create("f");
        file.write(0, filled(1000, 7));
        file.truncate(100);
        file.allocate(1000);
        assertThat(Arrays.copyOfRange(disk.bytes("f"), 100, 1000)).containsOnly(0);
    }

    @Test
    void fullDiskRefusesAndRecovers() throws IOException {
        disk.setCapacity(1000);
        DiskFile file = disk.create("f");
        file.allocate(900);
        assertThat(disk.freeBytes()).isEqualTo(100);
        file.write(0, filled(900, 1));
        assertThatThrownBy(() -> file.write(900, filled(101, 1)))
                .isInstanceOf(DiskFullException.class);
        disk.setCapacity(2000);
        file.write(900, filled(101, 1));
        assertThat(file.size()).isEqualTo(1001);
    }

    @Test
    void slowDiskLetsVirtualTimePass() throws IOException {
        disk.setLatency(10, 1000);
        DiskFile file = disk.create("f");
        file.sync();
        assertThat(time.nanoTime()).isEqualTo(10 + 10 + 1000);
    }

    @Test
    void faultyDiskFailsTheNthCallOnly() throws IOException {
        FaultyDisk faulty = new FaultyDisk(disk);
        DiskFile file = faulty.create("f");
        faulty.failNth(EnumSet.of(DiskCall.WRITE), 2, IOException::new);
        file.write(0, filled(512, 1));
        assertThatThrownBy(() -> file.write(512, filled(512, 2))).hasMessageContaining("WRITE");
        assertThat(disk.bytes("f")).hasSize(512 + 256);
        file.write(512, filled(512, 2));
        faulty.failFromNth(EnumSet.of(DiskCall.SYNC), 1, DiskFullException::new);
        assertThatThrownBy(file::sync).isInstanceOf(DiskFullException.class);
        assertThatThrownBy(file::sync).isInstanceOf(DiskFullException.class);
        faulty.heal();
        file.sync();
        assertThat(faulty.faults()).isEqualTo(3);
    }
}
