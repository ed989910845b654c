package io.nodedb.storage.wal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.ids.Partitions;
import io.nodedb.bridge.wake.Doorbell;
import io.nodedb.os.disk.DiskFile;
import io.nodedb.simulator.disk.SimulatedDisk;
import io.nodedb.simulator.time.VirtualTime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A segment of version 1, byte for byte. When this fails the format has changed: databases that
 * exist must stay readable, so the change needs a new version, not a new golden file.
 *
 * <p>The file has one line per 64 bytes that are not all zero: offset, colon, hexadecimal bytes.
 */
class WalGoldenFileTest {
    private static final String GOLDEN = "segment-v1.hex";
    private static final String SEGMENT = "wal/0000000000000001.wal";
    private static final long DATABASE = 0x0102_0304_0506_0708L;
    private static final int LINE_BYTES = 64;
    private static final WalOptions OPTIONS = WalOptions.small();

    /** Every type of record. */
    private static SimulatedDisk write() {
        VirtualTime time = new VirtualTime();
        SimulatedDisk disk = new SimulatedDisk(1, time);
        Doorbell bell = new Doorbell(new NullWakeup());
        Wal wal = Wal.open(disk, "wal", OPTIONS, DATABASE, time, 0);
        CoreLog core = new CoreLog(0, OPTIONS, bell, bell);
        CommitPort port = new CommitPort(4, bell, bell);
        WalKeeper keeper = new WalKeeper(bell, bell);
        WalWriter writer = wal.start(List.of(core), List.of(port), keeper);
        RecordEncoder encoder = new RecordEncoder();
        Effects effects = new Effects(64);
        byte[] key = "key".getBytes(US_ASCII);
        effects.putWithPrior(1, 2, 3, key, 0, 3, key, 1, 2, 1_000, key, 0, 1);
        effects.delete(1, 2, 3, EffectFormat.EXPIRED, key, 0, 2);

        int at = core.claim(RecordFormat.bytes(2, effects.length()));
        encoder.begin(
                core.buffer(), at, RecordFormat.BATCH, RecordFormat.flags(0, 2), 2, 0, 11, 12);
        encoder.section(0, effects).emptySection(1).end();
        core.publish(1);
        run(writer, keeper);

        at = core.claim(RecordFormat.partBytes(effects.length()));
        encoder.begin(core.buffer(), at, RecordFormat.PART, 0, 1, 77, 0, 0);
        encoder.partSection(0, 0, effects.bytes(), 0, effects.length()).end();
        core.publish(77);
        at = core.claim(RecordFormat.bytes(1, 0));
        encoder.begin(core.buffer(), at, RecordFormat.PREPARE, 0, 1, 77, 0, 0);
        encoder.emptySection(0).end();
        long position = core.publish(77);
        port.submit(new CommitRequest().commit(77, 0, 11, 13).core(0, position).partition(0));
        run(writer, keeper);

        at = core.claim(RecordFormat.bytes(1, 0));
        encoder.begin(core.buffer(), at, RecordFormat.PREPARE, 0, 1, 78, 0, 0);
        encoder.emptySection(1).end();
        position = core.publish(78);
        port.submit(new CommitRequest().abort(78).core(0, position).partition(1));
        at = core.claim(RecordFormat.tombstoneBytes());
        encoder.begin(core.buffer(), at, RecordFormat.TOMBSTONE, 0, 1, 0, 0, 0);
        encoder.tombstoneSection(Partitions.SYSTEM, 2).end();
        core.publish(2);
        run(writer, keeper);
        wal.close();
        return disk;
    }

    private static void run(WalWriter writer, WalKeeper keeper) {
        int rounds = 0;
        while (WalSteps.step(writer, keeper)) {
            assertThat(rounds++).isLessThan(100);
        }
    }

    private static String dump(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        byte[] zeros = new byte[LINE_BYTES];
        for (int at = 0; at < bytes.length; at += LINE_BYTES) {
            byte[] line = Arrays.copyOfRange(bytes, at, at + LINE_BYTES);
            if (!Arrays.equals(line, zeros)) {
                text.append(String.format("%06x:", at))
                        .append(HexFormat.of().formatHex(line))
                        .append('\n');
            }
        }
        return text.toString();
    }

    private static String golden() throws IOException {
        try (InputStream in = WalGoldenFileTest.class.getResourceAsStream(GOLDEN)) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), US_ASCII);
        }
    }

    @Test
    void writerProducesTheGoldenBytes() throws IOException {
        assertThat(dump(write().bytes(SEGMENT))).isEqualTo(golden());
    }

    @Test
    void goldenFileIsStillReadable() throws IOException {
        VirtualTime time = new VirtualTime();
        SimulatedDisk disk = new SimulatedDisk(1, time);
        disk.createDirectories("wal");
        try (DiskFile file = disk.create(SEGMENT)) {
            file.allocate(OPTIONS.segmentBytes());
            for (String line : golden().lines().toList()) {
                byte[] bytes = HexFormat.of().parseHex(line.substring(line.indexOf(':') + 1));
                file.write(
                        Integer.parseInt(line.substring(0, line.indexOf(':')), 16),
                        ByteBuffer.wrap(bytes));
            }
        }
        Wal wal = Wal.open(disk, "wal", OPTIONS, DATABASE, time, 0);
        assertThat(wal.recovered().tombstones()).containsExactly(2);
        assertThat(wal.recovered().incarnation()).isEqualTo(1);
        List<Integer> types = new ArrayList<>();
        try (LogCursor cursor = wal.reader().cursorFrom(0, ReadLimit.DURABLE)) {
            while (cursor.next()) {
                types.add(cursor.record().type());
            }
        }
        assertThat(types)
                .containsExactly(
                        RecordFormat.NOTE,
                        RecordFormat.BATCH,
                        RecordFormat.PART,
                        RecordFormat.PREPARE,
                        RecordFormat.COMMIT,
                        RecordFormat.PREPARE,
                        RecordFormat.ABORT,
                        RecordFormat.TOMBSTONE);
        try (CommitCursor commits = wal.reader().commitsFrom(0, p -> p == 0, ReadLimit.DURABLE)) {
            EffectReader effects = new EffectReader();
            for (int index = 1; index <= 2; index++) {
                assertThat(commits.next()).isTrue();
                assertThat(commits.logIndex()).isEqualTo(index);
                assertThat(commits.record().originMutation()).isEqualTo(11 + index);
                assertThat(commits.nextSlice(effects)).isTrue();
                assertThat(effects.next()).isTrue();
                assertThat(effects.expireAtMillis()).isEqualTo(1_000);
                assertThat(effects.next()).isTrue();
                assertThat(effects.expired()).isTrue();
            }
            assertThat(commits.next()).isFalse();
        }
        wal.close();
    }
}
