package io.nodedb.storage.wal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.BugException;
import io.nodedb.base.ids.Partitions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class RecordFormatTest {
    private final RecordEncoder encoder = new RecordEncoder();
    private final RecordReader reader = new RecordReader();
    private final CRC32C crc = new CRC32C();
    private final byte[] bytes = new byte[512];

    private static byte[] effect(String key) {
        Effects effects = new Effects(64);
        byte[] k = key.getBytes(UTF_8);
        effects.put(1, 2, 3, k, 0, k.length, k, 0, k.length, 0);
        return Arrays.copyOf(effects.bytes(), effects.length());
    }

    private int twoPartitions(int at) {
        byte[] one = effect("a");
        byte[] two = effect("bb");
        encoder.begin(
                bytes,
                at,
                RecordFormat.BATCH,
                RecordFormat.flags(RecordFormat.ASYNC, 3),
                2,
                0,
                5,
                6);
        encoder.section(1, one, 0, one.length).section(Partitions.SYSTEM, two, 0, two.length);
        int length = encoder.end();
        assertThat(length).isEqualTo(RecordFormat.bytes(2, one.length + two.length));
        RecordFormat.stampLsn(bytes, at, 77);
        RecordFormat.seal(bytes, at, length, crc);
        return length;
    }

    @Test
    void readerGivesBackWhatWasEncoded() {
        int length = twoPartitions(8);
        assertThat(reader.wrap(bytes, 8, length)).isTrue();
        assertThat(reader.checksumMatches()).isTrue();
        assertThat(reader.type()).isEqualTo(RecordFormat.BATCH);
        assertThat(reader.async()).isTrue();
        assertThat(reader.source()).isEqualTo(3);
        assertThat(reader.lsn()).isEqualTo(77);
        assertThat(reader.originReplica()).isEqualTo(5);
        assertThat(reader.originMutation()).isEqualTo(6);
        assertThat(reader.participants()).isEqualTo(2);
        assertThat(reader.participantOf(Partitions.SYSTEM)).isEqualTo(1);
        assertThat(reader.participantOf(9)).isEqualTo(-1);
        EffectReader effects = reader.effects(1, new EffectReader());
        assertThat(effects.next()).isTrue();
        assertThat(effects.keyLength()).isEqualTo(2);
        assertThat(effects.next()).isFalse();
    }

    @Test
    void partAndTombstoneCarryTheirNumbers() {
        byte[] one = effect("a");
        encoder.begin(bytes, 0, RecordFormat.PART, 0, 1, 9, 0, 0);
        encoder.partSection(4, 17, one, 0, one.length);
        assertThat(encoder.end()).isEqualTo(RecordFormat.partBytes(one.length));
        assertThat(reader.wrap(bytes, 0, bytes.length)).isTrue();
        assertThat(reader.partNumber()).isEqualTo(17);
        assertThat(reader.txnId()).isEqualTo(9);
        assertThat(reader.effects(0, new EffectReader()).next()).isTrue();

        encoder.begin(bytes, 0, RecordFormat.TOMBSTONE, 0, 1, 0, 0, 0);
        encoder.tombstoneSection(Partitions.SYSTEM, 123);
        assertThat(encoder.end()).isEqualTo(RecordFormat.tombstoneBytes());
        assertThat(reader.wrap(bytes, 0, bytes.length)).isTrue();
        assertThat(reader.tombstoneCollection()).isEqualTo(123);
    }

    @Test
    void bytesAreThoseOfTheFormat() {
        encoder.begin(bytes, 0, RecordFormat.COMMIT, RecordFormat.flags(0, 1), 1, 9, 5, 6, 8);
        encoder.emptySection(2);
        int length = encoder.end();
        RecordFormat.stampLsn(bytes, 0, 0x0102);
        RecordFormat.seal(bytes, 0, length, crc);
        assertThat(HexFormat.of().formatHex(bytes, 0, length))
                .isEqualTo(
                        "48000000"
                                + String.format("%08x", Integer.reverseBytes(checksum(8, length)))
                                + "0402"
                                + "0100"
                                + "0800"
                                + "0000"
                                + "0201000000000000"
                                + "0900000000000000"
                                + "0500000000000000"
                                + "0600000000000000"
                                + "0000000000000000"
                                + "0200"
                                + "0000"
                                + "00000000"
                                + "0000000000000000");
    }

    private int checksum(int from, int to) {
        CRC32C own = new CRC32C();
        own.update(bytes, from, to - from);
        return (int) own.getValue();
    }

    @Test
    void everyFlippedBitIsNoticed() {
        int length = twoPartitions(0);
        for (int bit = 0; bit < length * 8; bit++) {
            byte[] bad = Arrays.copyOf(bytes, length);
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(reader.wrap(bad, 0, length) && reader.checksumMatches())
                    .as("bit %d", bit)
                    .isFalse();
        }
    }

    @Test
    void everyCutIsNoticed() {
        int length = twoPartitions(0);
        for (int cut = 0; cut < length; cut++) {
            assertThat(reader.wrap(bytes, 0, cut)).as("cut %d", cut).isFalse();
        }
    }

    @Test
    void encoderRefusesAnIncompleteRecord() {
        encoder.begin(bytes, 0, RecordFormat.BATCH, 0, 2, 0, 0, 0);
        encoder.emptySection(1);
        assertThatThrownBy(encoder::end).isInstanceOf(BugException.class);
        encoder.emptySection(2);
        assertThatThrownBy(() -> encoder.emptySection(3)).isInstanceOf(BugException.class);
    }

    @Test
    void groupHeaderMatchesOnlyItsOwnPositionAndDatabase() {
        ByteBuffer group = ByteBuffer.allocateDirect(128).order(ByteOrder.LITTLE_ENDIAN);
        GroupFormat.seal(group, 72, 4096, 11, 2, 4000, 3999, 1, crc);
        byte[] header = new byte[72];
        group.get(0, header);
        assertThat(GroupFormat.isHeader(header, 0, 4096, 11, crc)).isTrue();
        assertThat(GroupFormat.isHeader(header, 0, 8192, 11, crc)).isFalse();
        assertThat(GroupFormat.isHeader(header, 0, 4096, 12, crc)).isFalse();
        assertThat(GroupFormat.payloadMatches(header, 0, header, 64, 8, crc)).isTrue();
        for (int bit = 0; bit < 64 * 8; bit++) {
            byte[] bad = header.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(GroupFormat.isHeader(bad, 0, 4096, 11, crc)).as("bit %d", bit).isFalse();
        }
    }

    @Test
    void segmentNameCarriesItsGeneration() {
        assertThat(SegmentFormat.fileName(0x2a)).isEqualTo("000000000000002a.wal");
        assertThat(SegmentFormat.generationOf("000000000000002a.wal")).isEqualTo(0x2a);
        assertThat(SegmentFormat.generationOf("000000000000002a.new")).isEqualTo(-1);
        assertThat(SegmentFormat.generationOf("00000000000000zz.wal")).isEqualTo(-1);
        byte[] block = SegmentFormat.encode(42, 11, 65536, 7);
        assertThat(SegmentFormat.isHeader(block)).isTrue();
        assertThat(new String(block, 0, 6, UTF_8)).isEqualTo("NDBWAL");
        block[20] ^= 1;
        assertThat(SegmentFormat.isHeader(block)).isFalse();
    }
}
