package io.nodedb.storage.rows;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.os.disk.DiskFullException;
import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.simulator.disk.DiskCall;
import io.nodedb.simulator.disk.FaultyDisk;
import io.nodedb.storage.rows.RowModel.Row;
import io.nodedb.storage.rows.RowModel.Write;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RowStoreFailureTest {
    private static final Set<DiskCall> ALL = EnumSet.complementOf(EnumSet.of(DiskCall.LIST));

    /** A workload that flushes, compacts and reads; every call may fail once. */
    private static final class Workload {
        final MemoryDisk medium = new MemoryDisk();
        final FaultyDisk disk = new FaultyDisk(medium);
        final RowRig rig = new RowRig(disk, new RowModel(), RowRig.SMALL, 1);
        int failures;

        Workload() throws IOException {
            rig.open(1 << 20);
        }

        void run() {
            for (int i = 0; i < 400; i++) {
                String key = "key-%03d".formatted(i * 7 % 100);
                if (i % 5 == 4) {
                    rig.delete(1, key);
                } else {
                    rig.put(1, key, "value " + i + "x".repeat(i % 90));
                }
                if (i % 25 == 0) {
                    rig.store.seal();
                }
                work();
                if (i % 10 == 0) {
                    read(key);
                }
            }
        }

        private void work() {
            rig.time.advanceNanos(2_000);
            RowJob job = rig.store.nextJob(rig.lastLsn, rig.syncedLsn);
            if (job != null) {
                Throwable failure = RowRig.run(job);
                failures += failure == null ? 0 : 1;
                rig.store.finished(job, failure);
            }
        }

        private void read(String key) {
            Row expected = rig.model.read(1, key.getBytes(UTF_8), 0);
            try {
                assertThat(rig.get(1, key.getBytes(UTF_8), 0))
                        .usingRecursiveComparison()
                        .isEqualTo(expected);
            } catch (NodeDbException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAILED);
                failures++;
                rig.requests.clear();
            }
        }

        /** The disk is well again: all is there, now and after a restart. */
        void checkAll() throws IOException {
            disk.heal();
            for (int i = 0; i < 3; i++) {
                rig.time.advanceNanos(2_000);
                rig.flush();
            }
            rig.cache.setCapacity(0);
            rig.cache.setCapacity(1 << 20);
            assertThat(rig.scan(1, 0)).usingRecursiveComparison().isEqualTo(rig.model.scan(1, 0));
            assertThat(rig.damage).isEmpty();
            int files =
                    rig.store.statistics().levels().stream()
                            .mapToInt(RowStoreStatistics.Level::files)
                            .sum();
            rig.close();
            assertThat(rig.governor.used()).isZero();
            RowRig again = new RowRig(medium, rig.model, RowRig.SMALL, 1);
            again.lastLsn = rig.lastLsn;
            again.syncedLsn = rig.lastLsn;
            again.open(1 << 20);
            assertThat(again.scan(1, 0)).usingRecursiveComparison().isEqualTo(rig.model.scan(1, 0));
            again.close();
            assertThat(medium.list(RowRig.DIRECTORY)).hasSize(files + 2);
        }
    }

    private static long callsOfTheWorkload(Set<DiskCall> kinds) throws IOException {
        Workload workload = new Workload();
        workload.disk.failFromNth(kinds, Long.MAX_VALUE, IOException::new);
        long before = workload.disk.calls();
        workload.run();
        workload.checkAll();
        return workload.disk.calls() - before;
    }

    @Test
    void whicheverCallFailsOnceNothingIsLost() throws IOException {
        long calls = callsOfTheWorkload(ALL);
        assertThat(calls).isGreaterThan(200);
        int failed = 0;
        for (long n = 1; n <= calls; n++) {
            Workload workload = new Workload();
            workload.disk.failNth(ALL, n, IOException::new);
            workload.run();
            failed += workload.failures;
            workload.checkAll();
        }
        assertThat(failed).isGreaterThan(200);
    }

    @Test
    void aDiskThatIsFullForAWhileLosesNothingAndLeavesNoRests() throws IOException {
        for (long n = 1; n < 150; n += 3) {
            Workload workload = new Workload();
            workload.disk.failFromNth(
                    EnumSet.of(DiskCall.WRITE, DiskCall.ALLOCATE), n, DiskFullException::new);
            workload.run();
            // Failed jobs have removed what they wrote.
            workload.checkAll();
        }
    }

    @Test
    void atAnyMemoryLimitAnswersAreRightOrRefused() throws IOException {
        int refused = 0;
        for (long limit = 2 << 20; limit < 9 << 20; limit += 300_000) {
            refused += runWithin(limit);
        }
        assertThat(refused).isPositive();
    }

    /** How often something was refused. */
    private static int runWithin(long limit) throws IOException {
        RowRig rig = new RowRig(new MemoryDisk(), new RowModel(), RowRig.SMALL, 1);
        rig.limitBytes = limit;
        rig.open(1 << 20);
        int refused = 0;
        for (int i = 0; i < 600; i++) {
            byte[] key = "key-%03d".formatted(i * 7 % 200).getBytes(UTF_8);
            byte[] value = ("value " + i).repeat(i % 30).getBytes(UTF_8);
            if (rig.store.reserve(1, key.length + value.length)) {
                rig.write(List.of(new Write(1, key, value, null)));
                rig.commitAll();
            } else {
                refused++;
            }
            rig.work();
            while (rig.governor.reclaimer().step()) {
                // As its thread does.
            }
            try {
                assertThat(rig.get(1, key, 0))
                        .usingRecursiveComparison()
                        .isEqualTo(rig.model.read(1, key, 0));
            } catch (NodeDbException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.RESOURCES_EXHAUSTED);
                refused++;
                rig.requests.clear();
            }
        }
        rig.close();
        assertThat(rig.governor.used()).isZero();
        return refused;
    }
}
