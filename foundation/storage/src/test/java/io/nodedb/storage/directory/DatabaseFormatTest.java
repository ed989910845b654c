package io.nodedb.storage.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.os.disk.DiskFile;
import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.storage.bytes.LittleEndian;
import io.nodedb.storage.quarantine.DamagedFileException;
import io.nodedb.storage.rows.GoldenFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class DatabaseFormatTest {
    private static final DatabaseFormat IDENTITY =
            new DatabaseFormat(0x0123_4567_89AB_CDEFL, 12, 1_700_000_000_000L);

    private final byte[] golden;

    DatabaseFormatTest() throws IOException {
        golden = HexFormat.of().parseHex(GoldenFile.text("format-1.hex"));
    }

    private final MemoryDisk disk = new MemoryDisk();

    private void write(byte[] bytes) throws IOException {
        disk.delete(DatabaseFormat.FILE);
        try (DiskFile file = disk.create(DatabaseFormat.FILE)) {
            file.write(0, ByteBuffer.wrap(bytes));
        }
    }

    private byte[] read() throws IOException {
        try (DiskFile file = disk.openForRead(DatabaseFormat.FILE)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.read(0, bytes);
            return bytes.array();
        }
    }

    @Test
    void theGoldenFileIsReadAndWrittenAsItIs() throws IOException {
        write(golden);
        assertThat(DatabaseFormat.read(disk)).isEqualTo(IDENTITY);
        disk.delete(DatabaseFormat.FILE);
        IDENTITY.create(disk);
        assertThat(read()).isEqualTo(golden);
    }

    @Test
    void aFolderWithoutTheFileHoldsNoDatabase() throws IOException {
        assertThat(DatabaseFormat.read(disk)).isNull();
    }

    @Test
    void everyFlippedBitIsDamageOfThisFile() throws IOException {
        for (int bit = 0; bit < golden.length * Byte.SIZE; bit++) {
            byte[] flipped = golden.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            write(flipped);
            assertDamaged("bit " + bit);
        }
    }

    @Test
    void everyLengthButTheRightOneIsDamageOfThisFile() throws IOException {
        for (int length = 0; length < 2 * golden.length; length++) {
            if (length != golden.length) {
                write(Arrays.copyOf(golden, length));
                assertDamaged("length " + length);
            }
        }
    }

    private void assertDamaged(String what) {
        assertThatThrownBy(() -> DatabaseFormat.read(disk))
                .as(what)
                .isInstanceOfSatisfying(
                        DamagedFileException.class,
                        damage -> {
                            assertThat(damage.path()).endsWith(DatabaseFormat.FILE);
                            assertThat(damage.offset()).isBetween(0L, (long) golden.length);
                        });
    }

    @Test
    void aNewerVersionIsUnsupportedAndSaysBothVersions() throws IOException {
        byte[] newer = golden.clone();
        LittleEndian.putInt(newer, 8, DatabaseFormat.VERSION + 1);
        CRC32C crc = new CRC32C();
        crc.update(newer, 0, newer.length - Integer.BYTES);
        LittleEndian.putInt(newer, newer.length - Integer.BYTES, (int) crc.getValue());
        write(newer);
        assertThatThrownBy(() -> DatabaseFormat.read(disk))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
                .hasMessageContaining("version=2")
                .hasMessageContaining("newestKnown=1");
    }
}
