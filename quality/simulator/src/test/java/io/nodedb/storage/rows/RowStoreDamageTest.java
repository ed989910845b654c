package io.nodedb.storage.rows;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.os.disk.DiskFile;
import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.storage.quarantine.DamagedFileException;
import io.nodedb.storage.rows.RowModel.Row;
import io.nodedb.storage.rows.segment.Segment;
import io.nodedb.storage.rows.segment.SegmentCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Flips and cuts bytes of every file of a store. */
class RowStoreDamageTest {
    private final MemoryDisk disk = new MemoryDisk();
    private final RowModel model = new RowModel();
    private List<Row> rows;
    private List<String> names;
    private long lastLsn;

    @BeforeEach
    void write() throws IOException {
        RowRig rig = new RowRig(disk, model, RowRig.SMALL, 1).open(1 << 20);
        for (int i = 0; i < 150; i++) {
            rig.put(1, "key-%03d".formatted(i), "value " + i * 31);
        }
        rig.flush();
        for (int i = 0; i < 150; i += 3) {
            rig.put(1, "key-%03d".formatted(i), "another value " + i);
        }
        rig.flush();
        rows = rig.scan(1, 0);
        lastLsn = rig.lastLsn;
        rig.close();
        // From now on there is no log to replay from.
        model.batches.clear();
        names = disk.list(RowRig.DIRECTORY);
        assertThat(names.size()).isGreaterThanOrEqualTo(3);
    }

    private byte[] bytes(String name) throws IOException {
        try (DiskFile file = disk.openForRead(RowRig.DIRECTORY + "/" + name)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.read(0, bytes);
            return bytes.array();
        }
    }

    private void overwrite(String name, byte[] bytes) throws IOException {
        disk.delete(RowRig.DIRECTORY + "/" + name);
        try (DiskFile file = disk.create(RowRig.DIRECTORY + "/" + name)) {
            file.write(0, ByteBuffer.wrap(bytes));
        }
    }

    private RowStoreLoader loader() {
        return new RowStoreLoader(
                disk,
                RowRig.DIRECTORY,
                RowRig.OWNER,
                (found, covered) -> {
                    throw found;
                });
    }

    /** Opens the store and reads every block of it. */
    private void checkAll() throws IOException {
        RecoveredRows recovered = loader().load();
        try {
            for (int level = 0; level < recovered.levels().count(); level++) {
                for (Segment segment : recovered.levels().level(level)) {
                    new SegmentCheck(segment).run();
                }
            }
        } finally {
            for (int level = 0; level < recovered.levels().count(); level++) {
                for (Segment segment : recovered.levels().level(level)) {
                    segment.file().file().close();
                }
            }
        }
    }

    @Test
    void everyFlippedByteOfARowFileIsFoundAndPlaced() throws IOException {
        checkAll();
        for (String name : names) {
            if (!name.endsWith(".rows")) {
                continue;
            }
            byte[] good = bytes(name);
            for (int i = 0; i < good.length; i++) {
                byte[] bad = good.clone();
                bad[i] ^= (byte) (1 << i % 8);
                overwrite(name, bad);
                assertThatThrownBy(this::checkAll)
                        .as("byte %d of %s", i, name)
                        .isInstanceOfSatisfying(
                                DamagedFileException.class,
                                damage -> {
                                    assertThat(damage.path()).endsWith(name);
                                    assertThat(damage.offset()).isBetween(0L, (long) good.length);
                                });
            }
            overwrite(name, good);
        }
    }

    @Test
    void everyCutOfARowFileIsFound() throws IOException {
        String name = names.stream().filter(n -> n.endsWith(".rows")).findFirst().orElseThrow();
        byte[] good = bytes(name);
        for (int length = 0; length < good.length; length += 7) {
            overwrite(name, Arrays.copyOf(good, length));
            assertThatThrownBy(this::checkAll).isInstanceOf(DamagedFileException.class);
        }
        overwrite(name, Arrays.copyOf(good, good.length + 1));
        assertThatThrownBy(this::checkAll).isInstanceOf(DamagedFileException.class);
        disk.delete(RowRig.DIRECTORY + "/" + name);
        assertThatThrownBy(this::checkAll)
                .isInstanceOf(DamagedFileException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void oneDamagedManifestCostsNothingAndBothAreAnError() throws IOException {
        byte[] good = bytes("MANIFEST");
        assertThat(bytes("MANIFEST.1")).isEqualTo(good);
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= (byte) (1 << i % 8);
            for (String name : List.of("MANIFEST", "MANIFEST.1")) {
                overwrite(name, bad);
                RowRig rig = open();
                assertThat(rig.damage).hasSize(1);
                assertThat(rig.damage.getFirst().path()).endsWith(name);
                if (i % 16 == 0) {
                    assertThat(rig.scan(1, 0)).usingRecursiveComparison().isEqualTo(rows);
                }
                rig.close();
                overwrite(name, good);
            }
        }
        overwrite("MANIFEST", Arrays.copyOf(good, good.length - 1));
        overwrite("MANIFEST.1", Arrays.copyOf(good, good.length - 1));
        assertThatThrownBy(this::open).isInstanceOf(DamagedFileException.class);
        disk.delete(RowRig.DIRECTORY + "/MANIFEST");
        disk.delete(RowRig.DIRECTORY + "/MANIFEST.1");
        assertThat(loader().isNew()).isFalse();
        assertThatThrownBy(() -> loader().load()).isInstanceOf(DamagedFileException.class);
    }

    @Test
    void aFileThatCannotBeOpenedCostsItsKeyRangeOnly() throws IOException {
        RowRig rig = open();
        for (int i = 200; i < 210; i++) {
            rig.put(1, "key-" + i, "beyond");
        }
        rig.put(1, "key-004", "newer");
        rig.store.seal();
        RowJob job = rig.store.nextJob(rig.lastLsn, rig.syncedLsn);
        while (job.kind() != RowJobKind.PUBLISH) {
            rig.store.finished(job, RowRig.run(job));
            job = rig.store.nextJob(rig.lastLsn, rig.syncedLsn);
        }
        rig.store.finished(job, RowRig.run(job));
        rig.close();
        model.batches.clear();
        String name = names.stream().filter(n -> n.endsWith(".rows")).findFirst().orElseThrow();
        byte[] good = bytes(name);
        for (byte[] bad : List.of(new byte[0], Arrays.copyOf(good, good.length - 1))) {
            overwrite(name, bad);
            RowRig damaged = open();
            assertThat(damaged.damage).hasSize(1);
            assertThatThrownBy(() -> damaged.get(1, "key-005".getBytes(UTF_8), 0))
                    .isInstanceOf(DamagedFileException.class)
                    .hasMessageContaining(name);
            damaged.requests.clear();
            assertThatThrownBy(() -> damaged.scan(1, 0)).isInstanceOf(DamagedFileException.class);
            damaged.requests.clear();
            assertThat(damaged.get(1, "key-205".getBytes(UTF_8), 0).value())
                    .isEqualTo("beyond".getBytes(UTF_8));
            assertThat(damaged.get(1, "key-004".getBytes(UTF_8), 0).value())
                    .isEqualTo("newer".getBytes(UTF_8));
            damaged.close();
        }
        overwrite(name, good);
        RowRig whole = open();
        assertThat(whole.scan(1, 0)).hasSize(rows.size() + 10);
        whole.close();
    }

    private RowRig open() throws IOException {
        RowRig rig = new RowRig(disk, model, RowRig.SMALL, 1);
        rig.lastLsn = lastLsn;
        rig.syncedLsn = lastLsn;
        return rig.open(1 << 20);
    }

    @Test
    void damageMetByAReadIsAnErrorThatIsReportedOnceAndNeverAWrongAnswer() throws IOException {
        for (String name : names) {
            if (!name.endsWith(".rows")) {
                continue;
            }
            byte[] good = bytes(name);
            RowRig rig = open();
            // Behind the header, where only blocks are, after the file has been opened.
            for (int at = 64; at < good.length - 300; at += 97) {
                byte[] bad = {(byte) (good[at] ^ 0x40)};
                patch(name, at, bad);
                readAll(rig, name);
                patch(name, at, new byte[] {good[at]});
                rig.cache.setCapacity(0);
                rig.cache.setCapacity(1 << 20);
            }
            assertThat(rig.damage).hasSize(1);
            rig.close();
        }
    }

    private void patch(String name, int at, byte[] bytes) throws IOException {
        patch(disk, name, at, bytes);
    }

    private static void patch(MemoryDisk on, String name, int at, byte[] bytes) throws IOException {
        try (DiskFile file = on.openForWrite(RowRig.DIRECTORY + "/" + name)) {
            file.write(at, ByteBuffer.wrap(bytes));
        }
    }

    private void readAll(RowRig rig, String name) {
        int errors = 0;
        for (Row row : rows) {
            try {
                assertThat(rig.get(1, row.key(), 0)).usingRecursiveComparison().isEqualTo(row);
            } catch (DamagedFileException e) {
                assertThat(e.path()).endsWith(name);
                rig.requests.clear();
                errors++;
            }
        }
        assertThat(errors).isPositive();
    }

    /** Whatever is flipped: merges go on, no answer is wrong, and what was lost is told. */
    @Test
    void aMergeThatMeetsDamageLeavesItOutAndReadsAreToldOfIt() throws IOException {
        for (String name : names) {
            if (!name.endsWith(".rows")) {
                continue;
            }
            byte[] good = bytes(name);
            for (int at = 64; at < good.length - 150; at += 211) {
                MemoryDisk copy = copyOfDisk();
                byte[] bad = {(byte) (good[at] ^ 0x10)};
                patch(copy, name, at, bad);
                RowRig rig = new RowRig(copy, new RowModel(), RowRig.SMALL, 1);
                rig.lastLsn = lastLsn;
                rig.syncedLsn = lastLsn;
                salvage(rig.open(1 << 20), copy, name);
            }
        }
    }

    private MemoryDisk copyOfDisk() throws IOException {
        MemoryDisk copy = new MemoryDisk();
        copy.createDirectories(RowRig.DIRECTORY);
        for (String name : names) {
            try (DiskFile file = copy.create(RowRig.DIRECTORY + "/" + name)) {
                file.write(0, ByteBuffer.wrap(bytes(name)));
            }
        }
        return copy;
    }

    private void salvage(RowRig rig, MemoryDisk copy, String name) throws IOException {
        // Every other row is written again, so often that all files are merged.
        for (int round = 0; round < 6; round++) {
            for (int i = 1; i < rows.size(); i += 2) {
                rig.put(1, new String(rows.get(i).key(), UTF_8), "round " + round);
            }
            rig.store.seal();
            for (int i = 0; i < 20; i++) {
                rig.time.advanceMillis(1);
                rig.work();
            }
        }
        assertThat(rig.store.pressure()).isEqualTo(WritePressure.NONE);
        assertThat(rig.store.statistics().levels().getFirst().files()).isLessThan(3);
        String path = RowRig.DIRECTORY + "/" + name;
        if (rig.store.lostRanges().isEmpty()) {
            // What was flipped no merge had to read: a filter.
            rig.close();
            return;
        }
        assertThat(copy.exists(path)).isFalse();
        assertThat(copy.exists(path + ".damaged")).isTrue();
        int lost = readKnown(rig, name);
        assertThat(lost).isBetween(1, rows.size() / 2);
        assertThatThrownBy(() -> rig.scan(1, 0)).isInstanceOf(DamagedFileException.class);
        assertThatThrownBy(() -> rig.scanBackwards(1, 0)).isInstanceOf(DamagedFileException.class);
        rig.requests.clear();
        rig.close();
        // It is not forgotten by a restart.
        RowRig again = new RowRig(copy, new RowModel(), RowRig.SMALL, 1);
        again.lastLsn = rig.lastLsn;
        again.syncedLsn = rig.lastLsn;
        again.open(1 << 20);
        assertThat(readKnown(again, name)).isEqualTo(lost);
        if (lost % 2 == 0) {
            again.write(
                    List.of(new RowModel.Write(1, "".getBytes(UTF_8), null, "z".getBytes(UTF_8))));
            again.commitAll();
            assertThat(again.scan(1, 0)).isEmpty();
        } else {
            again.store.lostRanges().forEach(again.store::acceptLoss);
            assertThat(again.scan(1, 0).size()).isGreaterThanOrEqualTo(rows.size() - lost);
        }
        again.flush();
        assertThat(again.store.lostRanges()).isEmpty();
        again.close();
        RowRig healed = new RowRig(copy, new RowModel(), RowRig.SMALL, 1);
        healed.lastLsn = again.lastLsn;
        healed.syncedLsn = again.lastLsn;
        healed.open(1 << 20);
        assertThat(healed.store.lostRanges()).isEmpty();
        healed.scan(1, 0);
        assertThat(copy.exists(path + ".damaged")).isTrue();
        healed.close();
    }

    /** Rows that were written again are read, of the others those that were not lost. */
    private int readKnown(RowRig rig, String name) {
        int lost = 0;
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            try {
                assertThat(rig.get(1, row.key(), 0).value())
                        .isEqualTo(i % 2 == 1 ? "round 5".getBytes(UTF_8) : row.value());
            } catch (DamagedFileException e) {
                assertThat(i % 2).isZero();
                assertThat(e.path()).endsWith(name + ".damaged");
                assertThat(e.offset()).isPositive();
                rig.requests.clear();
                lost++;
            }
        }
        return lost;
    }
}
