package io.nodedb.data.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.ids.Partitions;
import io.nodedb.data.harness.CoreHarness;
import io.nodedb.data.harness.HarnessOptions;
import io.nodedb.data.harness.Reply;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.data.probe.Faults.Phase;
import io.nodedb.plan.kv.KvOp;
import io.nodedb.simulator.disk.DiskCall;
import io.nodedb.storage.feed.EventRingReader;
import io.nodedb.storage.feed.EventSlot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class MaintenanceRulesTest {
    private static final long MILLI = 1_000_000;

    private final CoreHarness db = new CoreHarness(new HarnessOptions());

    /** Times of the heartbeats of some seconds, with {@code load} between two steps of 1 ms. */
    private List<Long> beats(int seconds, Runnable load) {
        List<Long> beats = new ArrayList<>();
        EventRingReader reader = db.rings.getFirst().reader();
        for (int i = 0; i < seconds * 1_000; i++) {
            db.time.advanceMillis(1);
            load.run();
            db.step();
            for (EventSlot slot = reader.poll(); slot != null; slot = reader.poll()) {
                if (slot.kind() == EventSlot.HEARTBEAT) {
                    beats.add(db.time.nanoTime() / MILLI);
                }
                reader.release();
            }
        }
        return beats;
    }

    private static void assertEverySecond(List<Long> beats, int seconds) {
        assertThat(beats.size()).isBetween(seconds * 10 / 11 - 1, seconds * 10 / 9);
        List<Long> gaps = new ArrayList<>();
        for (int i = 1; i < beats.size(); i++) {
            gaps.add(beats.get(i) - beats.get(i - 1));
        }
        assertThat(gaps).allMatch(gap -> gap >= 900 && gap <= 1_101);
        assertThat(gaps.stream().distinct().count()).as("drawn anew each time").isGreaterThan(5);
    }

    @Test
    void idleCoreBeatsEvery900To1100Milliseconds() {
        assertEverySecond(beats(20, () -> {}), 20);
    }

    @Test
    void coreBusyOnlyWithReadsBeatsToo() {
        assertEverySecond(beats(20, () -> db.get("a")), 20);
    }

    @Test
    void floodOfWritesDoesNotStarveHeartbeats() {
        // Writes to a collection without a feed emit no event.
        int[] i = new int[1];
        assertEverySecond(beats(20, () -> db.put("k" + i[0]++ % 100, "v")), 20);
    }

    @Test
    void coreThatEmitsEventsNeedsNoHeartbeat() {
        HarnessOptions options = new HarnessOptions();
        options.feed = true;
        CoreHarness fed = new CoreHarness(options);
        EventRingReader reader = fed.rings.getFirst().reader();
        for (int i = 0; i < 50; i++) {
            fed.put("k" + i, "v");
            fed.run(100, 100);
        }
        int events = 0;
        for (EventSlot slot = reader.poll(); slot != null; slot = reader.poll()) {
            assertThat(slot.kind()).isEqualTo(EventSlot.EVENT);
            assertThat(slot.sequence()).isEqualTo(events++);
            reader.release();
        }
        assertThat(events).isEqualTo(50);
    }

    @Test
    void heartbeatCarriesTheDurableLsnAndTheTime() {
        db.put("a", "1");
        db.settle();
        db.run(1_200, 1);
        EventRingReader reader = db.rings.getFirst().reader();
        EventSlot beat = reader.poll();
        assertThat(beat.lsn()).isEqualTo(db.writer.progress().durableLsn());
        assertThat(beat.millis()).isBetween(0L, db.time.epochMillis());
        assertThat(reader.watermark()).isEqualTo(beat.lsn());
    }

    @Test
    void checkpointStartsFiveMinutesAfterTheLast() {
        db.put("a", "1");
        db.settle();
        for (int second = 1; second < 300; second++) {
            db.get("a");
            db.seconds(1);
        }
        assertThat(db.core().maintenance().checkpointsPublished()).isZero();
        db.seconds(1);
        assertThat(db.core().maintenance().checkpointsPublished()).isEqualTo(1);
        assertThat(db.covered).hasSize(1);
        db.put("a", "2");
        db.settle();
        db.seconds(300);
        assertThat(db.core().maintenance().checkpointsPublished()).isEqualTo(2);
        db.crash();
        db.open(1);
        assertThat(db.read("a")).isEqualTo("2");
    }

    @Test
    void idleCoreCheckpointsEarlier() {
        db.put("a", "1");
        db.settle();
        db.run(30_000, 1_000);
        db.get("a");
        db.run(59_000, 1_000);
        assertThat(db.core().maintenance().checkpointsPublished())
                .as("59 s after the last request")
                .isZero();
        db.run(2_000, 1_000);
        assertThat(db.core().maintenance().checkpointsPublished()).isEqualTo(1);
        db.crash();
        db.open(1);
        assertThat(db.read("a")).isEqualTo("1");
    }

    @Test
    void idleCoreWithNothingChangedDoesNotCheckpointAgain() {
        db.put("a", "1");
        db.settle();
        db.run(61_000, 1_000);
        assertThat(db.core().maintenance().checkpointsPublished()).isEqualTo(1);
        int covered = db.covered.size();
        for (int minute = 0; minute < 4; minute++) {
            db.get("a");
            db.run(59_000, 1_000);
        }
        assertThat(db.core().maintenance().checkpointsPublished()).isEqualTo(1);
        assertThat(db.covered).hasSize(covered);
        assertThat(db.core().sleepNanos()).as("and sleeps").isGreaterThan(MILLI);
    }

    @Test
    void idleCoreWhoseCheckpointFailedWaitsForTheInterval() {
        db.put("a", "1");
        db.settle();
        db.faults.fail(Phase.CHECKPOINT_BEGIN, 1, () -> new IllegalStateException("boom"));
        db.run(200_000, 1_000);
        assertThat(db.failures.reports).hasSize(1);
        assertThat(db.core().maintenance().checkpointsPublished()).isZero();
        db.run(170_000, 1_000);
        assertThat(db.core().maintenance().checkpointsPublished()).isEqualTo(1);
    }

    @Test
    void idleTimeIsThatOfTheSettingAndCountsFromTheLastCheckpointToo() {
        CoreHarness eager = new CoreHarness(new HarnessOptions().set("checkpoint_idle", "10s"));
        eager.put("a", "1");
        eager.settle();
        eager.run(11_000, 1_000);
        assertThat(eager.core().maintenance().checkpointsPublished()).isEqualTo(1);
        eager.put("a", "2");
        eager.settle();
        eager.core().maintenance().requestCheckpoint();
        eager.settle();
        assertThat(eager.core().maintenance().checkpointsPublished()).isEqualTo(2);
        eager.run(20_000, 1_000);
        assertThat(eager.core().maintenance().checkpointsPublished()).isEqualTo(2);
    }

    @Test
    void checkpointThatFindsNoRoomAmongTheHelpersWorkWaitsAndHoldsUpNobody() {
        db.put("a", "1");
        db.settle();
        int others = db.fill(db.workers);
        for (int second = 0; second < 400; second++) {
            Reply read = db.get("a");
            Reply write = db.put("b", "2");
            db.time.advanceMillis(1_000);
            while (db.coreStep() || db.walStep() || db.poll()) {
                // all but the helpers
            }
            read.ok();
            write.ok();
            assertThat(db.workers.queued()).isEqualTo(others);
        }
        assertThat(db.core().maintenance().checkpointsPublished()).isZero();
        db.seconds(1);
        assertThat(db.core().maintenance().checkpointsPublished()).isEqualTo(1);
    }

    @Test
    void checkpointStartsUnderLoadTooAndProceedsInSlices() {
        for (int i = 0; i < 2_000; i++) {
            db.put("k" + i, "v".repeat(100));
            if (i % 200 == 0) {
                db.settle();
            }
        }
        db.settle();
        db.time.advanceMillis(300_000);
        db.faults.interception =
                (call, context) -> {
                    db.time.advanceNanos(10_000);
                    return null;
                };
        int turns = 0;
        List<Reply> last = List.of();
        while (db.core().maintenance().checkpointsPublished() == 0) {
            List<Reply> flood = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                flood.add(db.put("k" + i, "w"));
            }
            db.step();
            last = flood;
            assertThat(turns++).as("turns until the checkpoint is there").isLessThan(2_000);
        }
        db.settle();
        last.forEach(Reply::ok);
        assertThat(turns).isGreaterThan(3);
    }

    @Test
    void checkpointStartsEarlierWhenMuchOfTheLogIsNotCovered() {
        HarnessOptions options = new HarnessOptions().set("checkpoint_wal", "4MiB");
        CoreHarness eager = new CoreHarness(options);
        int written = 0;
        while (eager.core().maintenance().checkpointsPublished() == 0) {
            eager.put("k" + written % 50, "x".repeat(10_000));
            eager.settle();
            assertThat(written++).isLessThan(1_000);
        }
        assertThat(written).as("2.5 to 4 MiB, 10 KB each").isBetween(230, 420);
    }

    @Test
    void checkpointsAreIncrementalAndAreMergedWhenDeltasOutgrowTheBase() {
        for (int round = 0; round < 40; round++) {
            for (int i = 0; i < 20; i++) {
                db.put("k" + (round * 7 + i) % 100, "r" + round);
            }
            if (round % 5 == 0) {
                db.delete("k" + round);
            }
            db.settle();
            db.core().maintenance().requestCheckpoint();
            db.settle();
        }
        assertThat(db.core().maintenance().checkpointsPublished()).isEqualTo(40);
        assertThat(db.failures.reports).isEmpty();
        var before = db.content();
        db.crash();
        db.open(1);
        assertThat(db.content()).isEqualTo(before);
    }

    @Test
    void failedDiskFailsACheckpointAndNothingElse() {
        DiskCall[] kinds = {DiskCall.CREATE, DiskCall.RENAME, DiskCall.SYNC_DIRECTORY};
        for (DiskCall kind : kinds) {
            for (int nth = 1; nth < 8; nth++) {
                CoreHarness fresh = new CoreHarness(new HarnessOptions());
                fresh.put("a", "1");
                fresh.settle();
                fresh.core().maintenance().requestCheckpoint();
                fresh.settle();
                fresh.put("a", "2");
                fresh.settle();
                long faults = fresh.disk.faults();
                fresh.disk.failNth(EnumSet.of(kind), nth, IOException::new);
                fresh.core().maintenance().requestCheckpoint();
                fresh.settle();
                if (fresh.disk.faults() == faults) {
                    break;
                }
                assertThat(fresh.failures.reports).as(kind + " " + nth).hasSize(1);
                fresh.disk.heal();
                fresh.put("b", "3");
                fresh.settle();
                fresh.seconds(31);
                fresh.core().maintenance().requestCheckpoint();
                fresh.settle();
                assertThat(fresh.core().maintenance().checkpointsPublished()).isEqualTo(2);
                fresh.crash();
                fresh.open(1);
                assertThat(fresh.read("a")).as(kind + " " + nth).isEqualTo("2");
                assertThat(fresh.read("b")).isEqualTo("3");
            }
        }
    }

    @Test
    void crashAfterAHalfPublishedCheckpointFindsAllFilesThatItsManifestNames() {
        for (DiskCall kind : new DiskCall[] {DiskCall.RENAME, DiskCall.SYNC_DIRECTORY}) {
            for (int nth = 1; nth < 8; nth++) {
                CoreHarness fresh = new CoreHarness(new HarnessOptions());
                fresh.put("a", "1");
                fresh.settle();
                fresh.disk.failNth(EnumSet.of(kind), nth, IOException::new);
                fresh.core().maintenance().requestCheckpoint();
                fresh.settle();
                fresh.disk.heal();
                fresh.crash();
                fresh.failures.errors.clear();
                fresh.open(1);
                assertThat(fresh.failures.errors).isEmpty();
                for (EngineSlot slot : fresh.core().partitions().all()) {
                    assertThat(slot.recovering()).as(kind + " " + nth).isFalse();
                }
                assertThat(fresh.read("a")).isEqualTo("1");
            }
        }
    }

    @Test
    void expiredKeysAreDeletedByALoggedBatch() {
        for (int i = 0; i < 200; i++) {
            db.put(
                    "k" + i,
                    "v",
                    r -> CoreHarness.kv(r).expireAtMillis = db.time.epochMillis() + 1_000);
        }
        db.put("stays", "v");
        db.settle();
        assertThat(db.content()).hasSize(201);
        db.seconds(1);
        assertThat(db.content()).containsOnlyKeys("stays");
        db.crash();
        db.open(1);
        assertThat(db.content()).containsOnlyKeys("stays");
    }

    @Test
    void keyThatATransactionHoldsIsNotExpiredUnderIt() {
        db.put("a", "v", r -> CoreHarness.kv(r).expireAtMillis = db.time.epochMillis() + 1_000);
        db.settle();
        io.nodedb.plan.commit.CommitCall call = new io.nodedb.plan.commit.CommitCall();
        call.txnId = 5;
        call.prepareOnly = true;
        call.writes = List.of(db.write("a", "new"));
        Reply prepared = db.commit(0, call);
        db.settle();
        prepared.ok();
        db.seconds(2);
        assertThat(db.content()).containsKey("a");
        assertThat(db.core().sleepNanos()).as("no busy waiting").isGreaterThan(MILLI);
        db.decide(
                new io.nodedb.storage.wal.CommitRequest()
                        .commit(5, 0, 0, 0)
                        .core(0, prepared.ringPosition)
                        .partition(0));
        db.settle();
        assertThat(db.read("a")).isEqualTo("new");
    }

    @Test
    void idleCoreSleepsUntilItsNextHeartbeatButAtMostAHundredMilliseconds() {
        db.settle();
        assertThat(db.core().hasWork()).isFalse();
        assertThat(db.core().sleepNanos()).isEqualTo(100 * MILLI);
        db.time.advanceMillis(850);
        assertThat(db.core().sleepNanos()).isBetween(1L, 100 * MILLI);
    }

    @Test
    void onlyWritesWakeTheWriter() {
        db.settle();
        int before = db.writerBell.signals();
        for (int i = 0; i < 10; i++) {
            db.get("a");
            assertThat(db.writerBell.arm(() -> false)).isTrue();
            db.coreStep();
            db.poll();
        }
        assertThat(db.writerBell.signals()).isEqualTo(before);
        db.put("a", "1");
        db.put("b", "1");
        db.coreStep();
        assertThat(db.writerBell.signals()).as("one per batch").isEqualTo(before + 1);
        db.send(KvOp.GET, "a", r -> {});
        db.settle();
    }

    @Test
    void checkpointProceedsNoFasterThanTheIoBudget() {
        CoreHarness slow = new CoreHarness(new HarnessOptions().set("maintenance_io", "64KiB"));
        fill(slow, 1_000);
        slow.seconds(300);
        int seconds = 0;
        while (slow.core().maintenance().checkpointsPublished() == 0) {
            slow.run(1_000, 10);
            seconds++;
        }
        // 1 000 entries of a little more than 1 KiB, less what may be saved up and a last block.
        assertThat(seconds).isBetween(14, 18);
        slow.crash();
        slow.open(1);
        assertThat(slow.read("k999")).isEqualTo("v".repeat(1_024));
    }

    @Test
    void mergingIsChargedToTheIoBudgetToo() throws IOException {
        HarnessOptions options =
                new HarnessOptions().set("maintenance_io", "1MiB").set("checkpoint_deltas", "1");
        CoreHarness slow = new CoreHarness(options);
        fill(slow, 1_000);
        slow.seconds(300);
        slow.run(10_000, 10);
        assertThat(checkpointFiles(slow, ".base")).isEqualTo(1);
        slow.put("a", "1");
        slow.settle();
        slow.seconds(300);
        assertThat(checkpointFiles(slow, ".delta")).isEqualTo(1);
        int tenths = 0;
        while (checkpointFiles(slow, ".base") == 1) {
            slow.run(100, 10);
            tenths++;
        }
        // Read twice, written once: 3 MiB, of which a slice and what was saved up are free.
        assertThat(tenths).isBetween(20, 40);
    }

    @Test
    void checkpointThatSomebodyWaitsForDoesNotWaitForTheIoBudget() {
        CoreHarness slow = new CoreHarness(new HarnessOptions().set("maintenance_io", "1KiB"));
        fill(slow, 1_000);
        slow.core().maintenance().requestCheckpoint();
        slow.settle();
        assertThat(slow.core().maintenance().checkpointsPublished()).isEqualTo(1);
    }

    private static void fill(CoreHarness of, int keys) {
        for (int i = 0; i < keys; i++) {
            of.put("k" + i, "v".repeat(1_024));
            if (i % 100 == 0) {
                of.settle();
            }
        }
        of.settle();
    }

    @Test
    void enginesAreAskedToCompactEveryTenMinutesAboveAFifth() {
        EngineSlot slot = db.core().partitions().all().getFirst();
        db.run(599_000, 1_000);
        assertThat(CoreHarness.probe(slot).compactions()).isEmpty();
        db.run(1_000, 1_000);
        assertThat(CoreHarness.probe(slot).compactions()).containsExactly(0.2);
        db.run(600_000, 1_000);
        assertThat(CoreHarness.probe(slot).compactions()).hasSize(2);
    }

    @Test
    void compactionHasTheIntervalAndTheRatioOfTheSettings() {
        CoreHarness often =
                new CoreHarness(
                        new HarnessOptions()
                                .set("compaction_interval", "10s")
                                .set("tombstone_ratio", "0.5"));
        often.run(35_000, 500);
        EngineSlot slot = often.core().partitions().all().getFirst();
        assertThat(CoreHarness.probe(slot).compactions()).containsExactly(0.5, 0.5, 0.5);
    }

    @Test
    void aNewBaseIsWrittenWhenThereAreAsManyDeltasAsTheSettingAllows() throws IOException {
        CoreHarness few = new CoreHarness(new HarnessOptions().set("checkpoint_deltas", "3"));
        for (int i = 0; i < 200; i++) {
            few.put("k" + i, "v".repeat(100));
        }
        few.settle();
        for (int deltas = 0; deltas < 3; deltas++) {
            few.seconds(300);
            assertThat(checkpointFiles(few, ".delta")).isEqualTo(deltas);
            assertThat(checkpointFiles(few, ".base")).isEqualTo(1);
            few.put("a", "" + deltas);
            few.settle();
        }
        few.seconds(300);
        assertThat(checkpointFiles(few, ".base")).as("the new one and the one before").isEqualTo(2);
        few.crash();
        few.open(1);
        assertThat(few.read("a")).isEqualTo("2");
    }

    private static long checkpointFiles(CoreHarness of, String suffix) throws IOException {
        String folder = Partitions.directory(0) + "/" + of.options.engine.name();
        return of.disk.list(folder).stream().filter(name -> name.endsWith(suffix)).count();
    }
}
