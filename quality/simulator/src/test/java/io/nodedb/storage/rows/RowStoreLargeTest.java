package io.nodedb.storage.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.clock.SystemTimeSource;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.FileSystemDisk;
import io.nodedb.os.process.ProcessMemory;
import io.nodedb.storage.rows.cache.BlockCache;
import io.nodedb.storage.rows.cache.BlockRequests;
import io.nodedb.testkit.LongForm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Twelve times as many rows as memory is allowed; the long form: 3 GiB in 256 MiB. */
class RowStoreLargeTest {
    private static final LongForm FORM = LongForm.of("rows-large");
    private static final long MIB = 1 << 20;
    private static final int KEYSPACE = 1;
    private static final int BATCH = 100;
    private static final int SHARE_REWRITTEN = 3;

    /** Random reads after all. */
    private static final int READS = 20_000;

    /** What the JVM itself may take outside of its heap and of what is governed. */
    private static final long JVM_BYTES = 160 * MIB;

    private final int rows = FORM.count(105_000, 5_300_000);
    private final long limit = FORM.count(24, 256) * MIB;

    /** The model: each row's version; 0 is none. */
    private final byte[] versions = new byte[rows];

    private final byte[] key = new byte[Long.BYTES];
    private final byte[] value = new byte[1_024];
    private final SplittableRandom random = new SplittableRandom(FORM.seed());
    private final MemoryGovernor governor = new MemoryGovernor(limit);
    private final BlockRequests requests = new BlockRequests();
    private final RowTarget target = new RowTarget();
    private final long[] handles = new long[BATCH];

    @TempDir Path folder;
    private BlockCache cache;
    private RowStore store;
    private long lsn = 1;
    private int begun;
    private long peakGoverned;
    private long peakResident;
    private long peakBeside = Long.MIN_VALUE;
    private long samples;

    private RowStoreSettings settings() {
        long unit = FORM.isLong() ? 16 * MIB : MIB;
        return new RowStoreSettings(
                unit, 2, 16 * 1024, unit, 4, 12, 24, 4 * unit, 10, 10, 1_000_000_000L);
    }

    @BeforeEach
    void open() throws IOException {
        Disk disk = new FileSystemDisk(folder);
        RowStoreLoader loader =
                new RowStoreLoader(
                        disk,
                        RowRig.DIRECTORY,
                        RowRig.OWNER,
                        (found, covered) -> {
                            throw found;
                        });
        if (loader.isNew()) {
            loader.create(1);
        }
        RecoveredRows recovered = loader.load();
        lsn = Math.max(lsn, recovered.highestLsn());
        cache = new BlockCache(governor, limit / 3);
        store =
                new LevelledRowStore(
                        new RowStoreEnvironment(
                                disk,
                                RowRig.DIRECTORY,
                                RowRig.OWNER,
                                1,
                                SystemTimeSource.INSTANCE,
                                governor,
                                cache,
                                (from, to) -> false,
                                (found, covered) -> {
                                    throw found;
                                },
                                settings()),
                        recovered);
        store.openKeyspace(KEYSPACE);
    }

    @AfterEach
    void close() {
        store.close();
        cache.close();
        reclaim();
        assertThat(governor.used()).isZero();
    }

    private void reclaim() {
        while (governor.reclaimer().step()) {
            // Until all is given back.
        }
    }

    /** Between two batches: a worker's and the reclaimer's turn, and a look at memory. */
    private void turn() {
        RowJob job = store.nextJob(lsn, lsn);
        while (job != null) {
            assertThat(RowRig.run(job)).isNull();
            store.finished(job, null);
            job = store.nextJob(lsn, lsn);
        }
        reclaim();
        if (lsn % 16 == 0) {
            sample();
        }
    }

    private void sample() {
        samples++;
        peakGoverned = Math.max(peakGoverned, governor.used());
        long resident = ProcessMemory.residentAnonymousBytes();
        peakResident = Math.max(peakResident, resident);
        peakBeside = Math.max(peakBeside, resident - Runtime.getRuntime().totalMemory());
    }

    private static long mix(long bits) {
        long z = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    private void key(int number) {
        ByteBuffer.wrap(key).order(ByteOrder.BIG_ENDIAN).putLong(0, number);
    }

    /** Fills the value, of which half compresses; its length. */
    private int value(int number, int version) {
        long seed = mix((long) number << 8 | version);
        int length = 200 + (int) Long.remainderUnsigned(seed, 800);
        ByteBuffer bytes = ByteBuffer.wrap(value);
        for (int at = 0; at < length; at += 16) {
            bytes.putLong(at, mix(seed + at)).putLong(at + 8, number);
        }
        return length;
    }

    private long put(int number) {
        versions[number]++;
        key(number);
        int length = value(number, versions[number]);
        if (begun == 0) {
            assertThat(store.reserve(BATCH, BATCH * 1_100L)).isTrue();
        }
        handles[begun++] =
                store.put(
                        KEYSPACE,
                        key,
                        0,
                        key.length,
                        value,
                        0,
                        length,
                        versions[number] == 1 ? 1 : 0,
                        -lsn);
        if (begun == BATCH) {
            commit();
        }
        return (long) key.length + length;
    }

    private void commit() {
        lsn++;
        for (int i = 0; i < begun; i++) {
            store.stamp(handles[i], lsn);
        }
        begun = 0;
        turn();
    }

    private void settle() {
        commit();
        store.seal();
        turn();
        turn();
    }

    private int answered(IntSupplier read) {
        int outcome = read.getAsInt();
        while (outcome == RowStore.MISS || outcome == RowStore.AGAIN) {
            requests.load();
            outcome = read.getAsInt();
        }
        return outcome;
    }

    private void checkRow(int number, byte[] actual, int length) {
        int expected = value(number, versions[number]);
        assertThat(Arrays.equals(actual, 0, length, value, 0, expected))
                .as("row %d", number)
                .isTrue();
    }

    private void scan(boolean forward) {
        int seen = 0;
        try (RowCursor cursor = store.newCursor()) {
            cursor.open(KEYSPACE, lsn, requests);
            int outcome = answered(forward ? cursor::first : cursor::last);
            while (outcome == RowStore.FOUND) {
                int number = forward ? seen : rows - 1 - seen;
                assertThat(ByteBuffer.wrap(cursor.key()).getLong(0)).isEqualTo(number);
                checkRow(number, cursor.value(), cursor.valueLength());
                if (++seen % 20_000 == 0) {
                    sample();
                }
                outcome = answered(forward ? cursor::next : cursor::previous);
            }
        }
        assertThat(seen).isEqualTo(rows);
    }

    private void readAtRandom() {
        for (int i = 0; i < READS; i++) {
            int number = random.nextInt(rows);
            key(number);
            int outcome =
                    answered(() -> store.get(KEYSPACE, key, 0, key.length, lsn, target, requests));
            requests.clear();
            assertThat(outcome).isEqualTo(RowStore.FOUND);
            checkRow(number, target.value(), target.length());
        }
        sample();
    }

    @Test
    void manyTimesMoreRowsThanMemoryAreWrittenRewrittenAndRead() throws IOException {
        long written = 0;
        // Any odd stride that shares no divisor with the count visits each once.
        long stride = 1_000_003;
        for (long i = 0; i < rows; i++) {
            written += put((int) (i * stride % rows));
        }
        for (int i = 0; i < rows / SHARE_REWRITTEN; i++) {
            written += put(random.nextInt(rows));
        }
        settle();
        scan(true);
        readAtRandom();
        RowStoreStatistics statistics = store.statistics();
        close();
        open();
        scan(false);
        readAtRandom();
        int files = statistics.levels().stream().mapToInt(RowStoreStatistics.Level::files).sum();
        System.out.printf(
                "%s: %d MiB in %d MiB; write amplification %.2f, space amplification %.2f, %d files;"
                        + " most governed %d MiB, most resident %d MiB, beside the committed heap %d"
                        + " MiB, %d samples%n",
                FORM,
                written / MIB,
                limit / MIB,
                statistics.writeAmplification(),
                statistics.spaceAmplification(),
                files,
                peakGoverned / MIB,
                peakResident / MIB,
                peakBeside / MIB,
                samples);
        assertThat(written).isGreaterThan(FORM.count(60, 3_072) * MIB);
        assertThat(peakGoverned).isLessThanOrEqualTo(limit);
        assertThat(peakBeside).isLessThanOrEqualTo(limit + JVM_BYTES);
        assertThat(statistics.writeAmplification()).isLessThan(FORM.count(8, 12));
        assertThat(statistics.spaceAmplification()).isLessThan(1.6);
        assertThat(files).isLessThan(300);
    }
}
