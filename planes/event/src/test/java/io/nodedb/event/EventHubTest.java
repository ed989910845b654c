package io.nodedb.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.event.SimulatedCore.Section;
import io.nodedb.storage.wal.CommitRequest;
import io.nodedb.storage.wal.EffectFormat;
import io.nodedb.storage.wal.Effects;
import io.nodedb.storage.wal.Pins;
import io.nodedb.storage.wal.WalOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventHubTest {
    private static final int RING_SLOTS = 8;

    private EventSimulation simulation;
    private long nextId;

    @BeforeEach
    void open() {
        simulation =
                new EventSimulation(
                        new SplittableRandom(1),
                        WalOptions.small(),
                        EventOptions.defaults(),
                        RING_SLOTS,
                        2,
                        4);
        simulation.open();
    }

    private void write(int partition, String key, String value, String prior, int flags) {
        byte[] effects = SimulatedCore.effects(7, key, value, prior, flags);
        assertThat(
                        simulation
                                .cores
                                .get(simulation.coreOf(partition))
                                .batch(++nextId, List.of(new Section(partition, effects)), false))
                .isTrue();
    }

    private void write(int partition, String key) {
        write(partition, key, "value", null, 0);
    }

    private static List<Change> drain(ChangeFeed feed) {
        List<Change> changes = new ArrayList<>();
        for (Change change = feed.poll(); change != null; change = feed.poll()) {
            changes.add(change);
        }
        return changes;
    }

    private static List<String> keys(List<Change> changes) {
        return changes.stream().map(change -> new String(change.key(), UTF_8)).toList();
    }

    @Test
    void theOperationIsToldFromThePriorValue() {
        ChangeFeed feed = simulation.hub.changes(ChangeFilter.ALL_DATA);
        write(0, "a", "1", null, 0);
        write(0, "a", "2", "1", 0);
        write(0, "a", null, "2", 0);
        write(0, "a", null, "3", EffectFormat.EXPIRED);
        simulation.settle();
        List<Change> changes = drain(feed);
        assertThat(changes)
                .extracting(Change::operation)
                .containsExactly(
                        Operation.INSERT, Operation.UPDATE, Operation.DELETE, Operation.EXPIRE);
        assertThat(changes.get(0).oldValue()).isNull();
        assertThat(changes.get(1).oldValue()).isEqualTo("1".getBytes(UTF_8));
        assertThat(changes.get(1).newValue()).isEqualTo("2".getBytes(UTF_8));
        assertThat(changes.get(2).newValue()).isNull();
        assertThat(changes).allMatch(Change::oldValueKnown);
    }

    @Test
    void withoutARecordedPriorTheOldValueIsUnknown() {
        Effects effects = new Effects(64);
        effects.put(1, 7, 1, new byte[] {1}, 0, 1, new byte[] {2}, 0, 1, 0);
        simulation
                .cores
                .get(0)
                .batch(
                        1,
                        List.of(new Section(0, Arrays.copyOf(effects.bytes(), effects.length()))),
                        false);
        ChangeFeed feed = simulation.hub.changes(0, ChangeFilter.ALL_DATA);
        simulation.settle();
        Change change = drain(feed).getFirst();
        assertThat(change.operation()).isEqualTo(Operation.UPDATE);
        assertThat(change.oldValueKnown()).isFalse();
    }

    @Test
    void aCommitIsToldWhenTheSlowestCoresWatermarkHasReachedIt() {
        ChangeFeed feed = simulation.hub.changes(ChangeFilter.ALL_DATA);
        write(0, "a");
        simulation.stepWriter();
        simulation.cores.get(0).turn();
        simulation.hub.step();
        assertThat(feed.poll()).as("core 1 may have an earlier one").isNull();
        assertThat(simulation.woken.stream().toArray())
                .as("the idle core is asked")
                .containsExactly(1);
        simulation.cores.get(1).turn();
        simulation.hub.step();
        assertThat(keys(drain(feed))).containsExactly("a");
    }

    @Test
    void aHeartbeatAdvancesTheWatermarkOfIdlePartitions() {
        write(0, "a");
        simulation.stepWriter();
        long lsn = simulation.wal.progress().durableLsn();
        assertThat(simulation.hub.watermarks().ofPartition(3)).isLessThan(lsn);
        simulation.cores.get(1).heartbeat(1_000);
        simulation.hub.step();
        assertThat(simulation.hub.watermarks().ofPartition(1)).isEqualTo(lsn);
        assertThat(simulation.hub.watermarks().ofPartition(3)).isEqualTo(lsn);
        assertThat(simulation.hub.watermarks().ofPartition(0)).isLessThan(lsn);
        assertThat(simulation.hub.watermarks().lowest()).isLessThan(lsn);
    }

    @Test
    void aTransactionOfSeveralCoresIsToldAtOnce() {
        ChangeFeed feed = simulation.hub.changes(ChangeFilter.ALL_DATA);
        long id = ++nextId;
        CommitRequest request = new CommitRequest().commit(id, 0, 0, id).partition(0).partition(1);
        for (int core = 0; core < 2; core++) {
            byte[] effects = SimulatedCore.effects(7, "key-" + core, "v", null, 0);
            simulation
                    .cores
                    .get(core)
                    .prepare(id, List.of(new Section(core, effects)), false, request);
        }
        simulation.submit(request);
        while (simulation.writer.hasWork()) {
            simulation.stepWriter();
        }
        simulation.cores.get(0).turn();
        simulation.hub.step();
        assertThat(feed.poll()).isNull();
        simulation.cores.get(1).turn();
        simulation.hub.step();
        List<Change> changes = drain(feed);
        assertThat(keys(changes)).containsExactlyInAnyOrder("key-0", "key-1");
        assertThat(changes.get(0).lsn()).isEqualTo(changes.get(1).lsn());
    }

    @Test
    void whatOverflowsTheRingIsReadFromTheLogAndTheFeedIsLiveAgain() {
        ChangeFeed feed = simulation.hub.changes(ChangeFilter.ALL_DATA);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 5 * RING_SLOTS; i++) {
            write(0, "key-" + i);
            expected.add("key-" + i);
        }
        simulation.settle();
        assertThat(simulation.hub.gaps()).isPositive();
        assertThat(keys(drain(feed))).isEqualTo(expected);
        assertThat(feed.isLive()).isTrue();
        write(1, "after");
        simulation.settle();
        assertThat(feed.isLive()).isTrue();
        assertThat(keys(drain(feed))).containsExactly("after");
    }

    @Test
    void asynchronousCommitsAreToldWhenTheyAreSynced() {
        ChangeFeed feed = simulation.hub.changes(ChangeFilter.ALL_DATA);
        byte[] effects = SimulatedCore.effects(7, "a", "v", null, 0);
        simulation.cores.get(0).batch(1, List.of(new Section(0, effects)), true);
        simulation.stepWriter();
        simulation.turnCores();
        simulation.hub.step();
        assertThat(simulation.cores.get(0).acknowledged).isEqualTo(1);
        assertThat(feed.poll()).isNull();
        simulation.settle();
        assertThat(keys(drain(feed))).containsExactly("a");
    }

    @Test
    void historyComesFirst() {
        for (int i = 0; i < 20; i++) {
            write(i % 4, "key-" + i);
            simulation.settle();
        }
        ChangeFeed all = simulation.hub.changes(0, ChangeFilter.ALL_DATA);
        write(0, "live");
        simulation.settle();
        List<Change> changes = drain(all);
        assertThat(changes).hasSize(21);
        assertThat(keys(changes)).startsWith("key-0").endsWith("live");
        ChangeFeed rest = simulation.hub.changes(changes.get(9).lsn(), ChangeFilter.ALL_DATA);
        assertThat(keys(drain(rest))).isEqualTo(keys(changes.subList(10, 21)));
    }

    @Test
    void otherCollectionsAreNotTold() {
        ChangeFeed feed = simulation.hub.changes(ChangeFilter.collection(8));
        write(0, "of collection 7");
        simulation.settle();
        assertThat(drain(feed)).isEmpty();
        assertThat(feed.position()).isEqualTo(simulation.wal.progress().durableLsn());
    }

    @Test
    void beyondWalKeepAFeedGetsAGapAndThenLsnTooOld() {
        simulation =
                new EventSimulation(
                        new SplittableRandom(1),
                        WalOptions.small(),
                        new EventOptions(1 << 20, 1 << 20, 4, 100),
                        RING_SLOTS,
                        2,
                        4);
        simulation.open();
        ChangeFeed dead = simulation.hub.changes(0, ChangeFilter.ALL_DATA);
        String large = "x".repeat(500);
        for (int i = 0; simulation.wal.reader().reachesBackTo() == 0; i++) {
            assertThat(i).as("the log is cut in spite of the pin").isLessThan(5_000);
            write(0, "key-" + i, large, null, 0);
            simulation.settle();
            simulation.writer.cut(simulation.wal.progress().syncedLsn());
        }
        Change gap = dead.poll();
        assertThat(gap.operation()).isEqualTo(Operation.GAP);
        assertThat(gap.lsn()).isEqualTo(dead.position());
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(dead::poll)
                    .isInstanceOfSatisfying(
                            NodeDbException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.LSN_TOO_OLD));
        }
        dead.close();
        ChangeFeed fresh = simulation.hub.changes(ChangeFilter.ALL_DATA);
        write(0, "after");
        simulation.settle();
        assertThat(keys(drain(fresh))).containsExactly("after");
    }

    @Test
    void aConsumerThatIsMoreEventsBehindThanItsQueueHoldsReadsTheLog() {
        simulation =
                new EventSimulation(
                        new SplittableRandom(1),
                        WalOptions.small(),
                        EventOptions.defaults().withWindowEvents(3),
                        RING_SLOTS,
                        2,
                        4);
        simulation.open();
        ChangeFeed feed = simulation.hub.changes(ChangeFilter.ALL_DATA);
        for (String key : List.of("a", "b", "c")) {
            write(0, key);
            simulation.settle();
        }
        assertThat(feed.isLive()).isTrue();
        write(0, "d");
        simulation.settle();
        assertThat(feed.isLive()).isFalse();
        assertThat(keys(drain(feed))).containsExactly("a", "b", "c", "d");
        assertThat(feed.isLive()).as("it has caught up").isTrue();
    }

    @Test
    void anLsnOfTheFutureIsRefused() {
        assertThatThrownBy(() -> simulation.hub.changes(Long.MAX_VALUE, ChangeFilter.ALL_DATA))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void tooManyFeedsAreRefusedAndClosingMakesRoom() {
        List<ChangeFeed> feeds = new ArrayList<>();
        for (int i = 0; i < Pins.MAX_PINS; i++) {
            feeds.add(simulation.hub.changes(ChangeFilter.ALL_DATA));
        }
        assertThatThrownBy(() -> simulation.hub.changes(ChangeFilter.ALL_DATA))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCES_EXHAUSTED));
        feeds.getFirst().close();
        feeds.getFirst().close();
        assertThat(simulation.hub.openFeeds()).isEqualTo(Pins.MAX_PINS - 1);
        simulation.hub.changes(ChangeFilter.ALL_DATA).close();
    }

    @Test
    void afterTheHubGaveUpFeedsStillReadTheLog() {
        ChangeFeed feed = simulation.hub.changes(ChangeFilter.ALL_DATA);
        simulation.hub.giveUp();
        write(0, "a");
        write(1, "b");
        simulation.settleWithoutHub();
        assertThat(keys(drain(feed))).containsExactly("a", "b");
        write(2, "c");
        simulation.settleWithoutHub();
        assertThat(keys(drain(feed))).containsExactly("c");
    }
}
