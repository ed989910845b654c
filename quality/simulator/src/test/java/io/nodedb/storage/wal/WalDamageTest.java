package io.nodedb.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.os.disk.DiskFile;
import io.nodedb.simulator.disk.SimulatedDisk;
import io.nodedb.simulator.time.VirtualTime;
import io.nodedb.storage.bytes.LittleEndian;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Flips and cuts bytes in every region of a small log whose bytes are known to be synced. */
class WalDamageTest {
    private static final WalOptions OPTIONS = WalOptions.small();
    private static final String FIRST = WalSimulation.DIRECTORY + "/0000000000000001.wal";

    private final VirtualTime time = new VirtualTime();

    /** A few groups in the first segment, then a second start in another one. */
    private SimulatedDisk twoStarts() {
        SimulatedDisk disk = new SimulatedDisk(1, time);
        WalSimulation simulation = new WalSimulation(new Random(1), time, disk, OPTIONS, 1, 2);
        simulation.open();
        simulation.start();
        for (int i = 0; i < 6; i++) {
            simulation.batch();
            simulation.stepUntilIdle();
        }
        simulation.wal.close();
        disk.killProcess();
        simulation.open();
        simulation.start();
        simulation.wal.close();
        disk.killProcess();
        return disk;
    }

    private void open(SimulatedDisk disk) {
        Wal.open(disk, WalSimulation.DIRECTORY, OPTIONS, WalSimulation.DATABASE, time, 0).close();
    }

    /** Offset after the last group that starts in a segment's bytes. */
    private static int groupsEnd(byte[] bytes) {
        int end = 0;
        for (int at = SegmentFormat.BLOCK_BYTES; at + 64 <= bytes.length; at += 8) {
            if (LittleEndian.getInt(bytes, at) == GroupFormat.MAGIC) {
                end =
                        at
                                + GroupFormat.HEADER_BYTES
                                + LittleEndian.getInt(
                                        bytes, at + GroupFormat.PAYLOAD_LENGTH_OFFSET);
            }
        }
        return end;
    }

    /** Which group holds the byte: its offset, 0 for the header, -1 for a byte without meaning. */
    private static int groupOf(byte[] bytes, int offset) {
        if (offset < SegmentFormat.BLOCK_BYTES) {
            return offset < SegmentFormat.HEADER_BYTES ? 0 : -1;
        }
        for (int at = offset & -8; at >= SegmentFormat.BLOCK_BYTES; at -= 8) {
            if (LittleEndian.getInt(bytes, at) == GroupFormat.MAGIC) {
                int length =
                        GroupFormat.HEADER_BYTES
                                + LittleEndian.getInt(
                                        bytes, at + GroupFormat.PAYLOAD_LENGTH_OFFSET);
                return offset < at + length ? at : -1;
            }
        }
        return -1;
    }

    @Test
    void everyFlippedByteBelowTheSyncedPositionIsReportedWithItsPlace() {
        SimulatedDisk disk = twoStarts();
        byte[] bytes = disk.bytes(FIRST);
        int end = groupsEnd(bytes);
        assertThat(end).isGreaterThan(4 * SegmentFormat.BLOCK_BYTES);
        int reported = 0;
        Random random = new Random(1);
        for (int offset = 0; offset < end; offset += 1 + random.nextInt(3)) {
            int group = groupOf(bytes, offset);
            if (group < 0) {
                continue;
            }
            int mask = 1 << random.nextInt(8);
            disk.damage(FIRST, offset, mask);
            Throwable thrown = catchThrowable(() -> open(disk));
            reported++;
            assertThat(thrown)
                    .as("offset %d", offset)
                    .isInstanceOfSatisfying(
                            NodeDbException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPTED));
            assertThat(thrown).hasMessageContaining(FIRST);
            long place = offsetIn(thrown.getMessage());
            assertThat(place).as("place of the damage at %d", offset).isLessThanOrEqualTo(offset);
            assertThat(GroupCursor.nextBlock(place) == group || place == group).isTrue();
            disk.damage(FIRST, offset, mask);
        }
        assertThat(reported).isGreaterThan(200);
        open(disk);
    }

    private static long offsetIn(String message) {
        int from = message.indexOf("offset=") + "offset=".length();
        return Long.parseLong(message.substring(from, message.indexOf(':', from)));
    }

    @Test
    void everyTruncationBelowTheSyncedPositionIsReported() throws IOException {
        int end = groupsEnd(twoStarts().bytes(FIRST));
        for (int length = 0; length < end; length += 211) {
            SimulatedDisk disk = twoStarts();
            try (DiskFile file = disk.openForWrite(FIRST)) {
                file.truncate(length);
            }
            int cut = length;
            assertThat(catchThrowable(() -> open(disk)))
                    .as("cut to %d", cut)
                    .isInstanceOfSatisfying(
                            NodeDbException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPTED));
        }
    }

    @Test
    void damagedTailThatNobodyKnewToBeSyncedIsCut() {
        for (int back = 1; back < 200; back += 7) {
            SimulatedDisk disk = new SimulatedDisk(1, time);
            WalSimulation simulation = new WalSimulation(new Random(1), time, disk, OPTIONS, 1, 2);
            simulation.open();
            simulation.start();
            for (int i = 0; i < 6; i++) {
                simulation.batch();
                simulation.stepUntilIdle();
            }
            long durable = simulation.wal.progress().durableLsn();
            disk.killProcess();
            disk.damage(FIRST, groupsEnd(disk.bytes(FIRST)) - back, 4);
            Wal wal =
                    Wal.open(
                            disk,
                            WalSimulation.DIRECTORY,
                            OPTIONS,
                            WalSimulation.DATABASE,
                            time,
                            0);
            assertThat(wal.recovered().lastLsn()).isPositive().isLessThan(durable);
            assertThat(wal.recovered().lsnFloor())
                    .isGreaterThanOrEqualTo(wal.recovered().lastLsn());
            assertThat(wal.recovered().cutBytes()).isPositive();
            wal.close();
            assertThat(
                            catchThrowable(() ->
                                    Wal.open(
                                            disk,
                                            WalSimulation.DIRECTORY,
                                            OPTIONS,
                                            WalSimulation.DATABASE,
                                            time,
                                            durable)))
                    .as("a checkpoint knows that it was synced")
                    .hasMessageContaining(FIRST);
        }
    }

    @Test
    void deletedSegmentInTheMiddleIsReported() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(1, time);
        WalSimulation simulation = new WalSimulation(new Random(1), time, disk, OPTIONS, 1, 2);
        simulation.open();
        simulation.start();
        while (simulation.wal.reader().segments().snapshot().length < 4) {
            simulation.batch();
            simulation.stepUntilIdle();
        }
        String middle = simulation.wal.reader().segments().snapshot()[1].path();
        disk.killProcess();
        disk.delete(middle);
        assertThat(catchThrowable(() -> open(disk))).hasMessageContaining(FIRST);
    }
}
