package io.nodedb.data.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.bridge.lane.BackPressure;
import io.nodedb.bridge.lane.LaneOptions;
import io.nodedb.bridge.lane.RefusalReason;
import io.nodedb.data.harness.CoreHarness;
import io.nodedb.data.harness.HarnessOptions;
import io.nodedb.data.harness.Reply;
import io.nodedb.storage.feed.EventRingReader;
import io.nodedb.storage.feed.EventSlot;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackPressureRulesTest {
    private static HarnessOptions smallPort() {
        HarnessOptions options = new HarnessOptions();
        options.lane = LaneOptions.DEFAULTS.withRequests(64);
        return options;
    }

    @Test
    void laneIsAskedToSlowDownAt85AndToStopAt95PercentUntilTheRingDrains() {
        CoreHarness db = new CoreHarness(smallPort());
        for (int i = 1; i <= 64; i++) {
            db.get("a");
            BackPressure expected =
                    i >= 61 ? BackPressure.STOP : i >= 55 ? BackPressure.SLOW : BackPressure.NONE;
            assertThat(db.lane.pressure()).as("outstanding=" + i).isEqualTo(expected);
        }
        db.coreStep();
        assertThat(db.lane.pressure())
                .as("a slot counts until its response is taken")
                .isEqualTo(BackPressure.STOP);
        db.poll();
        assertThat(db.lane.pressure()).isEqualTo(BackPressure.NONE);
    }

    @Test
    void fullRequestRingRefusesAndLosesNothing() {
        CoreHarness db = new CoreHarness(smallPort());
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            replies.add(db.put("k" + i, "v"));
        }
        assertThat(db.portOf(0).acquire(0)).isNull();
        assertThat(db.portOf(0).lastRefusal()).isEqualTo(RefusalReason.PORT_FULL);
        db.settle();
        replies.forEach(Reply::ok);
        assertThat(db.content()).hasSize(64);
    }

    @Test
    void noTenantHoldsMoreThanItsShareOfARing() {
        CoreHarness db = new CoreHarness(smallPort());
        db.send(0, null, r -> {});
        assertThat(db.portOf(0).acquire(1)).isNotNull();
        int more = 0;
        while (db.portOf(0).acquire(1) != null) {
            more++;
        }
        assertThat(db.portOf(0).lastRefusal()).isEqualTo(RefusalReason.TENANT_SHARE);
        assertThat(more).isEqualTo(31);
        assertThat(db.portOf(0).acquire(0)).isNotNull();
    }

    @Test
    void writesWaitForRoomInTheWalRingAndReadsGoOn() {
        CoreHarness db = new CoreHarness(new HarnessOptions());
        db.put("seen", "1");
        db.settle();
        List<Reply> writes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            writes.add(db.put("k" + i, "x".repeat(30_000)));
        }
        db.coreStep();
        assertThat(db.core().waiting()).as("256 KiB of ring are full").isBetween(11, 13);
        Reply read = db.get("seen");
        db.coreStep();
        db.poll();
        assertThat(read.ok().text()).isEqualTo("1");
        assertThat(writes).noneMatch(reply -> reply.done);
        db.settle();
        writes.forEach(Reply::ok);
        for (int i = 1; i < 20; i++) {
            assertThat(writes.get(i).watermarkLsn)
                    .as("in the order in which they came")
                    .isGreaterThan(writes.get(i - 1).watermarkLsn);
        }
    }

    @Test
    void writesWaitWhenTooManyBatchesAreOnTheirWay() {
        CoreHarness db = new CoreHarness(new HarnessOptions().set("wal_unacknowledged", "64"));
        List<Reply> writes = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            writes.add(db.put("k" + i, "v"));
        }
        db.coreStep();
        assertThat(db.core().waiting()).isGreaterThanOrEqualTo(200 - 64);
        db.settle();
        writes.forEach(Reply::ok);
        assertThat(db.content()).hasSize(200);
    }

    @Test
    void largeWriteThatFillsTheRingPollsForRoom() {
        CoreHarness db = new CoreHarness(new HarnessOptions());
        Reply large = db.put("a", "x".repeat(600_000));
        db.coreStep();
        assertThat(db.core().sleepNanos())
                .as("parts are not acknowledged, so nothing rings")
                .isLessThanOrEqualTo(50_000);
        db.settle();
        large.ok();
        assertThat(db.read("a")).hasSize(600_000);
        db.crash();
        db.open(1);
        assertThat(db.read("a")).hasSize(600_000);
    }

    @Test
    void fullEventRingLeavesAGapThatNamesTheMissedRange() {
        HarnessOptions options = new HarnessOptions();
        options.feed = true;
        options.eventSlots = 16;
        CoreHarness db = new CoreHarness(options);
        List<Reply> writes = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            writes.add(db.put("k" + i, "v"));
            db.settle();
        }
        writes.forEach(Reply::ok);
        EventRingReader reader = db.rings.getFirst().reader();
        assertThat(reader.watermark())
                .as("not past what was missed")
                .isLessThan(writes.get(16).watermarkLsn);
        for (int i = 0; i < 16; i++) {
            assertThat(reader.poll().kind()).isEqualTo(EventSlot.EVENT);
            assertThat(reader.poll().sequence()).isEqualTo(i);
            assertThat(reader.poll().lsn()).isEqualTo(writes.get(i).watermarkLsn);
            reader.release();
        }
        db.put("last", "v");
        db.settle();
        EventSlot gap = reader.poll();
        assertThat(gap.kind()).isEqualTo(EventSlot.GAP);
        assertThat(gap.sequence()).isEqualTo(16);
        assertThat(gap.missed()).isEqualTo(34);
        assertThat(gap.lsn()).isEqualTo(writes.get(16).watermarkLsn);
        assertThat(gap.toLsn()).isEqualTo(writes.get(49).watermarkLsn);
        reader.release();
        assertThat(reader.poll().sequence()).isEqualTo(50);
        reader.release();
        assertThat(reader.watermark()).isEqualTo(db.writer.progress().durableLsn());
    }

    @Test
    void asynchronousCommitsAreToldOnceTheyAreSyncedAndAFullStageLeavesAGap() {
        HarnessOptions options = new HarnessOptions();
        options.feed = true;
        options.eventStage = 8;
        CoreHarness db = new CoreHarness(options);
        List<Reply> writes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            writes.add(
                    db.put(
                            "k" + i,
                            "v",
                            r -> r.durability = io.nodedb.bridge.lane.Durability.ASYNC));
            db.settle();
        }
        EventRingReader reader = db.rings.getFirst().reader();
        assertThat(reader.poll()).isNull();
        db.run(1_000, 100);
        for (int i = 0; i < 8; i++) {
            assertThat(reader.poll().sequence()).isEqualTo(i);
            assertThat(reader.poll().kind()).isEqualTo(EventSlot.EVENT);
            reader.release();
        }
        EventSlot gap = reader.poll();
        assertThat(gap.kind()).isEqualTo(EventSlot.GAP);
        assertThat(gap.missed()).isEqualTo(12);
        assertThat(gap.lsn()).isEqualTo(writes.get(8).watermarkLsn);
        assertThat(gap.toLsn()).isEqualTo(writes.get(19).watermarkLsn);
    }

    @Test
    void slowClientSlowsItsOwnStreamOnly() {
        CoreHarness db = new CoreHarness(new HarnessOptions());
        byte[] large = new byte[1_000_000];
        new java.util.Random(3).nextBytes(large);
        db.put("a", large, r -> {});
        db.put("b", "1");
        db.settle();
        db.holdChunks = true;
        Reply stream = db.get("a");
        db.settle();
        assertThat(db.heldChunks()).as("four chunks of one request").isEqualTo(4);
        assertThat(stream.done).isFalse();
        assertThat(db.read("b")).isEqualTo("1");
        assertThat(db.core().hasWork()).as("no busy waiting").isFalse();
        while (!stream.done) {
            assertThat(db.heldChunks()).isPositive();
            db.giveChunksBack();
            assertThat(db.core().hasWork()).isTrue();
            db.settle();
        }
        db.giveChunksBack();
        assertThat(stream.chunkSequence).containsExactly(seq(16));
        stream.ok();
    }

    private static Integer[] seq(int count) {
        Integer[] numbers = new Integer[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = i;
        }
        return numbers;
    }

    @Test
    void streamOfAClientThatTakesNothingEndsWhenItsLeaseHasPassed() {
        CoreHarness db = new CoreHarness(new HarnessOptions());
        db.put("a", new byte[1_000_000], r -> {});
        db.settle();
        db.holdChunks = true;
        Reply stream =
                db.send(
                        io.nodedb.plan.kv.KvOp.GET,
                        "a",
                        r -> r.deadlineNanos = db.time.nanoTime() + 1_000_000_000L);
        db.settle();
        db.seconds(29);
        assertThat(stream.done).as("what has begun is not broken off at the deadline").isFalse();
        db.seconds(1);
        stream.failedWith(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(db.core().quiet()).isTrue();
    }

    @Test
    void streamThatGoesOnOutlivesItsDeadline() {
        CoreHarness db = new CoreHarness(new HarnessOptions());
        db.put("a", new byte[1_000_000], r -> {});
        db.settle();
        db.holdChunks = true;
        Reply stream =
                db.send(
                        io.nodedb.plan.kv.KvOp.GET,
                        "a",
                        r -> r.deadlineNanos = db.time.nanoTime() + 1_000_000_000L);
        db.settle();
        for (int rounds = 0; !stream.done; rounds++) {
            assertThat(rounds).isLessThan(100);
            db.seconds(20);
            db.giveChunksBack();
            db.settle();
        }
        db.giveChunksBack();
        stream.ok();
    }

    @Test
    void manyPartsOfOneKindOfWriteShareTheLogWithOthers() {
        CoreHarness db = new CoreHarness(new HarnessOptions().cores(2).partitions(2));
        String[] keys = new String[2];
        for (int i = 0; keys[0] == null || keys[1] == null; i++) {
            keys[db.partitionOf("k" + i)] = "k" + i;
        }
        Reply large = db.put(keys[0], "x".repeat(900_000));
        Reply small = db.put(keys[1], "1");
        db.coreStep();
        db.walStep();
        db.coreStep();
        db.poll();
        small.ok();
        assertThat(large.done).isFalse();
        db.settle();
        large.ok();
    }

    @Test
    void answersWakeALaneOncePerTurn() {
        CoreHarness db = new CoreHarness(new HarnessOptions());
        for (int i = 0; i < 100; i++) {
            db.get("k" + i);
        }
        int before = db.lane.doorbell().signals();
        assertThat(db.lane.doorbell().arm(() -> false)).isTrue();
        db.coreStep();
        assertThat(db.lane.doorbell().signals()).isEqualTo(before + 1);
        db.settle();
    }
}
