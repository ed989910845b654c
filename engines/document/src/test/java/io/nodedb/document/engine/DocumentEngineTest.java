package io.nodedb.document.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.document.DocumentLimits;
import io.nodedb.engine.CollectionOptions;
import io.nodedb.engine.Engine;
import io.nodedb.engine.Outcome;
import io.nodedb.os.disk.DiskFile;
import io.nodedb.os.disk.MemoryDisk;
import io.nodedb.plan.document.ScanDirection;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvCondition;
import io.nodedb.plan.kv.KvOp;
import io.nodedb.storage.rows.RowStore;
import io.nodedb.storage.rows.WritePressure;
import io.nodedb.storage.wal.EffectReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DocumentEngineTest {
    private static final long CACHE = 64 << 10;

    private final MemoryDisk disk = new MemoryDisk();
    private DocumentRig rig;

    @BeforeEach
    void open() throws IOException {
        rig = new DocumentRig(disk, 2).open(CACHE);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private static String key(int i) {
        return "key-%05d".formatted(i);
    }

    private void fill(int count) {
        for (int i = 0; i < count; i++) {
            rig.commit(rig.put(1, key(i), "value-" + i));
        }
    }

    @Test
    void rowOnDiskIsReadElsewhereAndThenAnswered() {
        fill(2_000);
        rig.flush();
        assertThat(rig.engine.checkpointNeeded()).isFalse();
        KvCall call = rig.call(KvOp.GET, 1, key(1_234));
        assertThat(rig.engine.execute(call, rig.context)).isEqualTo(Outcome.WAIT_FOR_READ);
        rig.context.read.run();
        assertThat(rig.get(1, key(1_234), 0)).isEqualTo("value-1234");
        assertThat(rig.get(1, key(1_234) + "x", 0)).isNull();
    }

    @Test
    void newestStampOfARowOnDiskHasToBeReadFirst() {
        fill(500);
        rig.flush();
        byte[] key = key(3).getBytes(StandardCharsets.UTF_8);
        assertThat(rig.engine.newestStamp(1, key, 0, key.length, 0)).isEqualTo(Engine.READ_FIRST);
        assertThat(rig.newestStamp(1, key(3))).isEqualTo(1_004);
    }

    @Test
    void insertIsRefusedWhereARowIsAlsoWhenThatIsOnDisk() {
        fill(500);
        rig.flush();
        KvCall insert = rig.put(1, key(7), "other");
        insert.condition = KvCondition.IF_ABSENT;
        assertThat(rig.execute(insert, 0)).isEqualTo(Outcome.DONE);
        assertThat(insert.applied).isFalse();
        assertThat(insert.found).isTrue();
        assertThat(rig.context.effects.count()).isZero();
    }

    @Test
    void rangesAreScannedBothWaysFromDiskAndMemory() {
        fill(300);
        rig.flush();
        rig.commit(rig.call(KvOp.DELETE, 1, key(101)));
        rig.commit(rig.put(1, key(102), "new"));
        List<DocumentRig.Row> rows =
                rig.scan(1, ScanDirection.FORWARD, key(100), key(104), 0, 2, 1);
        assertThat(rows)
                .containsExactly(
                        new DocumentRig.Row(key(100), "value-100"),
                        new DocumentRig.Row(key(102), "new"),
                        new DocumentRig.Row(key(103), "value-103"));
        assertThat(rig.scan(1, ScanDirection.BACKWARD, key(100), key(104), 0, 2, 1))
                .isEqualTo(rows.reversed());
        assertThat(rig.scan(1, ScanDirection.BACKWARD, null, null, 0, 50, 100)).hasSize(299);
        assertThat(rig.scan(2, ScanDirection.FORWARD, null, null, 0, 50, 100)).isEmpty();
    }

    @Test
    void scanGetsOnOverManyDeletionsWhateverItsQuantum() {
        fill(3_000);
        for (int i = 0; i < 2_999; i++) {
            rig.commit(rig.call(KvOp.DELETE, 1, key(i)));
        }
        assertThat(rig.scan(1, ScanDirection.FORWARD, null, null, 0, 10, 0))
                .extracting(DocumentRig.Row::key)
                .containsExactly(key(2_999));
    }

    @Test
    void numberOfRowsSurvivesFlushesAndReopening() throws IOException {
        fill(700);
        rig.flush();
        for (int i = 0; i < 100; i++) {
            rig.commit(rig.call(KvOp.DELETE, 1, key(i)));
            rig.commit(rig.put(1, key(i + 200), "again"));
        }
        rig.commit(rig.put(2, "a", "b"));
        assertThat(rig.engine.count(1)).isEqualTo(600);
        rig.crash(CACHE);
        assertThat(rig.engine.count(1)).isEqualTo(600);
        rig.flush();
        rig.crash(CACHE);
        assertThat(rig.engine.count(1)).isEqualTo(600);
        assertThat(rig.engine.count(2)).isEqualTo(1);
    }

    @Test
    void droppedCollectionIsGoneAndItsPendingWritesHoldNothingUp() throws IOException {
        fill(500);
        rig.execute(rig.put(1, "late", "x"), 0);
        rig.apply();
        rig.commit(rig.put(2, "stays", "y"));
        rig.execute(rig.put(1, "later", "x"), 0);
        rig.apply();
        rig.engine.drop(1);
        assertThat(rig.engine.count(1)).isZero();
        assertThat(rig.execute(rig.call(KvOp.GET, 1, "late"), 0))
                .isEqualTo(ErrorCode.NOT_FOUND.number());
        rig.commitAll();
        rig.flush();
        assertThat(rig.engine.files().coveredLsn()).isEqualTo(rig.lastLsn);
        rig.close();
        rig.open(CACHE);
        rig.engine.drop(1);
        rig.flush();
        assertThat(rig.get(2, "stays", 0)).isEqualTo("y");
        long bytes = 0;
        for (String name : disk.list(DocumentRig.DIRECTORY)) {
            if (!name.startsWith("MANIFEST")) {
                try (DiskFile file = disk.openForRead(DocumentRig.DIRECTORY + "/" + name)) {
                    bytes += file.size();
                }
            }
        }
        assertThat(bytes).as("bytes of files after a purge").isLessThan(5_000);
    }

    @Test
    void damagedBlockIsAnErrorThatNamesFileAndOffsetAndTheRestServes() throws IOException {
        fill(3_000);
        rig.flush();
        String name =
                disk.list(DocumentRig.DIRECTORY).stream()
                        .filter(file -> !file.startsWith("MANIFEST"))
                        .sorted()
                        .findFirst()
                        .orElseThrow();
        String path = DocumentRig.DIRECTORY + "/" + name;
        rig.close();
        try (DiskFile file = disk.openForWrite(path)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(100, one);
            file.write(100, ByteBuffer.wrap(new byte[] {(byte) ~one.get(0)}));
        }
        rig.open(CACHE);
        int damaged = 0;
        for (int i = 0; i < 3_000; i++) {
            KvCall call = rig.call(KvOp.GET, 1, key(i));
            int outcome = rig.execute(call, 0);
            if (outcome == Outcome.DONE) {
                assertThat(call.found).isTrue();
            } else {
                assertThat(outcome).isEqualTo(ErrorCode.DATA_CORRUPTED.number());
                assertThat(rig.context.message).contains(path).contains("offset=");
                damaged++;
            }
        }
        assertThat(damaged).isBetween(1, 200);
        assertThat(rig.damage).hasSize(1);
    }

    @Test
    void tooLongKeysAndRowsAreRefused() {
        KvCall longKey = rig.put(1, "k".repeat(RowStore.MAX_KEY_BYTES + 1), "v");
        assertThat(rig.execute(longKey, 0)).isEqualTo(ErrorCode.PROGRAM_LIMIT.number());
        KvCall longRow = rig.put(1, "k", "v");
        byte[] row = new byte[DocumentLimits.MAX_DOCUMENT_BYTES + 1];
        longRow.setValue(row, 0, row.length);
        assertThat(rig.execute(longRow, 0)).isEqualTo(ErrorCode.PROGRAM_LIMIT.number());
        longRow.setValue(row, 0, row.length - 1);
        rig.commit(longRow);
        KvCall read = rig.call(KvOp.GET, 1, "k");
        assertThat(rig.execute(read, 0)).isEqualTo(Outcome.DONE);
        assertThat(read.resultLength).isEqualTo(row.length - 1);
    }

    @Test
    void whatRowsCannotDoIsRefused() {
        KvCall increment = rig.call(KvOp.INCREMENT, 1, "k");
        assertThat(rig.execute(increment, 0)).isEqualTo(ErrorCode.UNSUPPORTED.number());
        KvCall expiring = rig.put(1, "k", "v");
        expiring.expireAtMillis = 5;
        assertThat(rig.execute(expiring, 0)).isEqualTo(ErrorCode.UNSUPPORTED.number());
    }

    @Test
    void feedsCarryThePriorRowAlsoWhenItIsOnDisk() {
        fill(300);
        rig.flush();
        rig.engine.openCollection(1, new CollectionOptions(true));
        rig.execute(rig.put(1, key(5), "new"), 0);
        EffectReader effect =
                new EffectReader()
                        .wrap(rig.context.effects.bytes(), 0, rig.context.effects.length());
        assertThat(effect.next()).isTrue();
        assertThat(effect.priorExisted()).isTrue();
        assertThat(
                        Arrays.copyOfRange(
                                effect.buffer(),
                                effect.priorOffset(),
                                effect.priorOffset() + effect.priorLength()))
                .isEqualTo("value-5".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void writersAreStoppedWhenMemtablesCannotBeWrittenAway() {
        int written = 0;
        while (rig.engine.files().pressure() != WritePressure.STOP) {
            rig.commit(rig.put(1, key(written), "x".repeat(1_000)));
            assertThat(++written).isLessThan(5_000);
        }
        rig.flush();
        assertThat(rig.engine.files().pressure()).isEqualTo(WritePressure.NONE);
    }

    @Test
    void compareAndTheOldRowAreAnsweredTogether() {
        rig.commit(rig.put(1, "a", "1"));
        rig.flush();
        KvCall compare = rig.put(1, "a", "2");
        compare.op = KvOp.COMPARE_AND_PUT;
        compare.setExpected("0".getBytes(StandardCharsets.UTF_8), 0, 1);
        assertThat(rig.execute(compare, 0)).isEqualTo(Outcome.DONE);
        assertThat(compare.applied).isFalse();
        compare.setExpected("1".getBytes(StandardCharsets.UTF_8), 0, 1);
        rig.commit(compare);
        KvCall swap = rig.put(1, "a", "3");
        swap.op = KvOp.GET_AND_PUT;
        rig.commit(swap);
        assertThat(new String(swap.result, 0, swap.resultLength, StandardCharsets.UTF_8))
                .isEqualTo("2");
        KvCall take = rig.call(KvOp.GET_AND_DELETE, 1, "a");
        rig.commit(take);
        assertThat(new String(take.result, 0, take.resultLength, StandardCharsets.UTF_8))
                .isEqualTo("3");
        assertThat(rig.engine.count(1)).isZero();
    }
}
