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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/**
 * Flips and cuts bytes in every region of a small log whose bytes are known to be synced: a later
 * group proves it, or a checkpoint contains what they hold.
 */
class WalDamageTest {
    private static final WalOptions OPTIONS = WalOptions.small();
    private static final String FIRST = WalSimulation.DIRECTORY + "/0000000000000001.wal";

    private final VirtualTime time = new VirtualTime();

    /** What a stopped log left: the second segment's path, and the last LSN. */
    private record Stopped(SimulatedDisk disk, String second, long lastLsn) {}

    /** A few groups in the first segment, then a second start in another one. */
    private SimulatedDisk twoStarts() {
        return secondStart(firstStart(), 0).disk();
    }

    private WalSimulation firstStart() {
        SimulatedDisk disk = new SimulatedDisk(1, time);
        WalSimulation simulation = new WalSimulation(new Random(1), time, disk, OPTIONS, 1, 2);
        simulation.open();
        simulation.start();
        batches(simulation, 6);
        simulation.wal.close();
        disk.killProcess();
        return simulation;
    }

    private static Stopped secondStart(WalSimulation simulation, int batches) {
        simulation.open();
        simulation.start();
        batches(simulation, batches);
        return stop(simulation);
    }

    private static void batches(WalSimulation simulation, int count) {
        for (int i = 0; i < count; i++) {
            simulation.batch();
            simulation.stepUntilIdle();
        }
    }

    private static Stopped stop(WalSimulation simulation) {
        SimulatedDisk disk = (SimulatedDisk) simulation.disk;
        String second = simulation.wal.reader().segments().snapshot()[1].path();
        WalProgress progress = simulation.wal.progress();
        long lastLsn = Math.max(progress.durableLsn(), progress.syncedLsn());
        simulation.wal.close();
        disk.killProcess();
        return new Stopped(disk, second, lastLsn);
    }

    private void open(SimulatedDisk disk) {
        open(disk, 0);
    }

    private void open(SimulatedDisk disk, long knownSyncedLsn) {
        Wal.open(
                        disk,
                        WalSimulation.DIRECTORY,
                        OPTIONS,
                        WalSimulation.DATABASE,
                        time,
                        knownSyncedLsn)
                .close();
    }

    /** The pattern of how an error names a place. */
    private static String place(String path, long offset) {
        return "file=simulated:/" + path + " offset=" + offset + "\\b";
    }

    /** Flips a bit in every byte of the first group of the second segment, one after the other. */
    private void everyFlipInTheFirstGroupOf(Stopped log, long knownSyncedLsn, String place) {
        byte[] bytes = log.disk().bytes(log.second());
        int first = SegmentFormat.BLOCK_BYTES;
        int end =
                first
                        + GroupFormat.HEADER_BYTES
                        + LittleEndian.getInt(bytes, first + GroupFormat.PAYLOAD_LENGTH_OFFSET);
        Random random = new Random(1);
        for (int offset = first; offset < end; offset++) {
            int mask = 1 << random.nextInt(8);
            log.disk().damage(log.second(), offset, mask);
            Throwable thrown = catchThrowable(() -> open(log.disk(), knownSyncedLsn));
            log.disk().damage(log.second(), offset, mask);
            assertThat(thrown)
                    .as("offset %d", offset)
                    .isInstanceOf(NodeDbException.class)
                    .hasMessageFindingMatch(place);
        }
        open(log.disk(), log.lastLsn());
    }

    /** Puts a whole group there that follows another one than the one that stands before it. */
    private static void writeGroup(
            SimulatedDisk disk, String path, int offset, long syncedBefore, long previousEnd)
            throws IOException {
        int length = GroupFormat.HEADER_BYTES + GroupFormat.ALIGNMENT;
        ByteBuffer group = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        GroupFormat.seal(
                group,
                length,
                positionOf(path, offset),
                WalSimulation.DATABASE,
                1,
                syncedBefore,
                previousEnd,
                0,
                new CRC32C());
        write(disk, path, offset, group);
    }

    private static long positionOf(String path, int offset) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return SegmentFormat.generationOf(name) * OPTIONS.segmentBytes() + offset;
    }

    private static void write(SimulatedDisk disk, String path, int offset, ByteBuffer bytes)
            throws IOException {
        try (DiskFile file = disk.openForWrite(path)) {
            file.write(offset, bytes);
        }
    }

    @Test
    void damagedFirstGroupOfASegmentIsNamedThereWhenALaterGroupProvesIt() {
        Stopped log = secondStart(firstStart(), 6);
        everyFlipInTheFirstGroupOf(log, 0, place(log.second(), SegmentFormat.BLOCK_BYTES));
    }

    @Test
    void damagedFirstGroupOfASegmentThatFollowsAFullOneIsNamedThere() {
        SimulatedDisk disk = new SimulatedDisk(1, time);
        WalSimulation simulation = new WalSimulation(new Random(1), time, disk, OPTIONS, 1, 2);
        simulation.open();
        simulation.start();
        while (simulation.wal.reader().segments().snapshot().length < 2) {
            batches(simulation, 1);
        }
        batches(simulation, 6);
        Stopped log = stop(simulation);
        everyFlipInTheFirstGroupOf(log, 0, place(log.second(), SegmentFormat.BLOCK_BYTES));
    }

    @Test
    void whatAnEarlierStartCutHidesNoDamage() throws IOException {
        WalSimulation simulation = firstStart();
        SimulatedDisk disk = (SimulatedDisk) simulation.disk;
        int end = groupsEnd(disk.bytes(FIRST));
        int cut = (int) GroupCursor.nextBlock(end) + SegmentFormat.BLOCK_BYTES;
        long synced = positionOf(FIRST, end);
        writeGroup(disk, FIRST, cut, synced, synced + SegmentFormat.BLOCK_BYTES);
        Stopped log = secondStart(simulation, 6);
        everyFlipInTheFirstGroupOf(log, 0, place(log.second(), SegmentFormat.BLOCK_BYTES));

        disk.damage(FIRST, end - 1, 1);
        assertThat(catchThrowable(() -> open(disk)))
                .as("what was cut still tells what had been synced before it")
                .hasMessageContaining(FIRST)
                .hasMessageNotContaining(log.second());
    }

    @Test
    void damagedLoneGroupThatACheckpointContainsIsNamedInItsSegment() {
        Stopped log = secondStart(firstStart(), 0);
        everyFlipInTheFirstGroupOf(
                log, log.lastLsn(), place(log.second(), SegmentFormat.BLOCK_BYTES));
    }

    @Test
    void bothSegmentsAreNamedWhenTheMissingGroupMayHaveStoodInEither() throws IOException {
        Stopped log = secondStart(firstStart(), 0);
        int end = groupsEnd(log.disk().bytes(FIRST));
        log.disk().damage(FIRST, OPTIONS.segmentBytes() - 1, 1);
        String second = place(log.second(), SegmentFormat.BLOCK_BYTES);
        everyFlipInTheFirstGroupOf(log, log.lastLsn(), second);
        log.disk().damage(log.second(), SegmentFormat.BLOCK_BYTES, 1);
        assertThat(catchThrowable(() -> open(log.disk(), log.lastLsn())))
                .hasMessageFindingMatch(place(FIRST, end) + " or " + second);

        // Before a segment is begun, the one before it is synced to its end.
        int behind = 2 * SegmentFormat.BLOCK_BYTES;
        long synced = positionOf(FIRST, end);
        writeGroup(log.disk(), log.second(), behind, synced, positionOf(log.second(), behind) - 8);
        assertThat(catchThrowable(() -> open(log.disk(), log.lastLsn())))
                .hasMessageFindingMatch(second)
                .hasMessageNotContaining(FIRST);
    }

    @Test
    void whatARecycledSegmentHeldBeforeIsNoDamage() throws IOException {
        WalSimulation simulation = firstStart();
        SimulatedDisk disk = (SimulatedDisk) simulation.disk;
        String unused = WalSimulation.DIRECTORY + '/' + disk.list(WalSimulation.DIRECTORY).get(1);
        byte[] bytes = disk.bytes(FIRST);
        int block = SegmentFormat.BLOCK_BYTES;
        write(disk, unused, block, ByteBuffer.wrap(bytes, block, block));
        disk.damage(FIRST, groupsEnd(bytes) - 1, 1);
        long lastLsn = simulation.wal.progress().durableLsn();
        assertThat(catchThrowable(() -> open(disk, lastLsn)))
                .hasMessageContaining(FIRST)
                .hasMessageNotContaining(unused);
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
