package io.nodedb.control.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ids.KeyHash;
import io.nodedb.bridge.lane.Durability;
import io.nodedb.bridge.lane.Request;
import io.nodedb.control.catalog.SlotMap;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.dispatch.LaneSender;
import io.nodedb.control.dispatch.Router;
import io.nodedb.control.harness.ControlHarness;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandBatchCall;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.WatchedKey;
import io.nodedb.storage.wal.CommitPortByHand;
import io.nodedb.storage.wal.CommitRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Batches of commands over a thread's own lane; the core sides and the writer's are the test's.
 * Partition p belongs to core p % 3.
 */
class CommandBatchTest {
    private static final long TIMEOUT_MILLIS = 1_000;

    private final ControlHarness harness = new ControlHarness(3, 6);
    private final LaneSender sender = new LaneSender(harness.lane);
    private final Router router = new Router(SlotMap.ofNewDatabase(6), harness);
    private long nextTxnId;
    private final TransactionCoordinator coordinator =
            new TransactionCoordinator(sender, harness, harness.time, () -> ++nextTxnId);
    private final List<BatchOutcome> outcomes = new ArrayList<>();

    private void send(CommandBatch batch) {
        coordinator.commit(
                batch,
                harness.time.nanoTime() + TIMEOUT_MILLIS * 1_000_000,
                Durability.SYNC,
                CallOptions.DEFAULT,
                9,
                outcomes::add);
        harness.lane.flush();
    }

    private CommandBatch batch(int... partitions) {
        CommandBatch batch = new CommandBatch(router);
        for (int partition : partitions) {
            CommandCall call = new CommandCall();
            call.command = Command.INCR;
            call.arguments.add(new byte[] {(byte) partition});
            batch.add(partition, call);
        }
        return batch;
    }

    private static WatchedKey watched(int partition) {
        byte[] key = {(byte) partition};
        return new WatchedKey(partition, 20, key, KeyHash.of(key), 77, true, false);
    }

    private CommandBatchCall prepared(int core, long ringPosition, int... written) {
        Request<Call> request = harness.take(core);
        CommandBatchCall call = (CommandBatchCall) request.payload;
        assertThat(call.prepareOnly).isTrue();
        call.ringPosition = ringPosition;
        call.written = written;
        harness.succeed(request, 0);
        return call;
    }

    private CommitRequest decision() {
        CommitRequest decision = harness.writer.take();
        assertThat(decision).isNotNull();
        return decision;
    }

    private void step() {
        harness.lane.poll(sender, Integer.MAX_VALUE);
        harness.lane.expire(harness.time.nanoTime(), sender);
        coordinator.step();
        harness.lane.flush();
    }

    @Test
    void batchOfOneCoreIsMadeThereInOneHop() {
        send(batch(1, 4, 1));
        Request<Call> request = harness.take(1);
        CommandBatchCall call = (CommandBatchCall) request.payload;
        assertThat(call.prepareOnly).isFalse();
        assertThat(call.commands).extracting(placed -> placed.partition()).containsExactly(1, 4, 1);
        assertThat(request.session).isEqualTo(9);
        harness.succeed(request, 500);
        step();
        assertThat(outcomes)
                .containsExactly(new BatchOutcome(CommitOutcome.committed(500), false, false));
        assertThat(harness.writer.take()).isNull();
        assertThat(coordinator.open()).isZero();
    }

    @Test
    void emptyBatchIsCommittedAtOnce() {
        send(new CommandBatch(router));
        assertThat(outcomes).hasSize(1).allMatch(BatchOutcome::isCommitted);
    }

    @Test
    void coresArePreparedOneAfterTheOtherAndThenCommitted() {
        send(batch(5, 0, 3));
        assertThat(harness.port(2).take()).as("core 0 comes first").isNull();
        prepared(0, 800, 0, 3);
        step();
        prepared(2, 96, 5);
        assertThat(harness.writer.take()).isNull();
        step();
        CommitRequest decision = decision();
        assertThat(decision.commits()).isTrue();
        assertThat(CommitPortByHand.cores(decision)).containsExactly(0, 2);
        assertThat(CommitPortByHand.ringPositions(decision)).containsExactly(800L, 96L);
        assertThat(CommitPortByHand.partitions(decision)).containsExactly(0, 3, 5);
        assertThat(outcomes).isEmpty();
        harness.writer.answer(decision, 900, 0);
        step();
        assertThat(outcomes)
                .containsExactly(new BatchOutcome(CommitOutcome.committed(900), false, false));
        assertThat(coordinator.open()).isZero();
    }

    @Test
    void coreThatOnlyWatchesTakesPart() {
        CommandBatch batch = batch(0);
        batch.watch(watched(1));
        send(batch);
        prepared(0, 8, 0);
        step();
        CommandBatchCall watching = prepared(1, 16);
        assertThat(watching.commands).isEmpty();
        assertThat(watching.watches).hasSize(1);
        step();
        CommitRequest decision = decision();
        assertThat(CommitPortByHand.cores(decision)).containsExactly(0, 1);
        assertThat(CommitPortByHand.partitions(decision)).containsExactly(0);
        harness.writer.answer(decision, 900, 0);
        step();
        assertThat(outcomes).hasSize(1).allMatch(BatchOutcome::isCommitted);
    }

    @Test
    void changedWatchOnOneCoreIsToldSo() {
        CommandBatch batch = batch(0);
        batch.watch(watched(0));
        send(batch);
        Request<Call> request = harness.take(0);
        ((CommandBatchCall) request.payload).watchChanged = true;
        harness.succeed(request, 500);
        step();
        assertThat(outcomes).hasSize(1);
        assertThat(outcomes.getFirst().watchChanged()).isTrue();
        assertThat(outcomes.getFirst().isCommitted()).isFalse();
    }

    @Test
    void changedWatchAbortsThoseThatArePreparedAndAsksNoFurtherCore() {
        CommandBatch batch = batch(0, 1, 2);
        batch.watch(watched(1));
        send(batch);
        prepared(0, 8, 0);
        step();
        Request<Call> request = harness.take(1);
        ((CommandBatchCall) request.payload).watchChanged = true;
        harness.succeed(request, 500);
        step();
        assertThat(harness.port(2).take()).isNull();
        CommitRequest decision = decision();
        assertThat(decision.commits()).isFalse();
        assertThat(CommitPortByHand.cores(decision)).containsExactly(0);
        harness.writer.answer(decision, 0, 0);
        step();
        assertThat(outcomes).hasSize(1);
        assertThat(outcomes.getFirst().watchChanged()).isTrue();
        assertThat(coordinator.open()).isZero();
    }

    @Test
    void errorOfTheFirstCoreNeedsNoAbort() {
        send(batch(0, 1));
        harness.fail(harness.take(0), ErrorCode.COLLECTION_RECOVERING.number(), "rebuilt");
        step();
        assertThat(harness.writer.take()).isNull();
        assertThat(harness.port(1).take()).isNull();
        assertThat(outcomes).hasSize(1);
        assertThat(outcomes.getFirst().commit().error()).isEqualTo(ErrorCode.COLLECTION_RECOVERING);
        assertThat(outcomes.getFirst().watchChanged()).isFalse();
        assertThat(coordinator.open()).isZero();
    }

    @Test
    void coreThatDoesNotAnswerAbortsTheBatchAndKeepsItsCalls() {
        send(batch(0, 1));
        prepared(0, 8, 0);
        step();
        Request<Call> silent = harness.take(1);
        assertThat(silent.markLogged()).isTrue();
        // The tracker looks for the first time, then gives up.
        step();
        harness.time.advanceMillis(10 * TIMEOUT_MILLIS);
        step();
        CommitRequest decision = decision();
        assertThat(decision.commits()).isFalse();
        assertThat(CommitPortByHand.cores(decision)).containsExactly(0, 1);
        harness.writer.answer(decision, 0, 0);
        step();
        assertThat(outcomes).hasSize(1);
        assertThat(outcomes.getFirst().commit().error()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(outcomes.getFirst().callsAreLost()).isTrue();
        harness.succeed(silent, 5);
        step();
        assertThat(harness.lane.outstanding()).as("the late answer is dropped").isZero();
    }

    @Test
    void deadlineBetweenTwoCoresAborts() {
        send(batch(0, 1));
        harness.time.advanceMillis(TIMEOUT_MILLIS + 1);
        prepared(0, 8, 0);
        step();
        assertThat(harness.port(1).take()).isNull();
        CommitRequest decision = decision();
        assertThat(decision.commits()).isFalse();
        harness.writer.answer(decision, 0, 0);
        step();
        assertThat(outcomes.getFirst().commit().error()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
    }

    @Test
    void fullRingOfACoreIsTriedAgain() {
        for (int i = 0; i < 16; i++) {
            send(batch(1));
        }
        send(batch(0, 1));
        prepared(0, 8, 0);
        step();
        for (int i = 0; i < 16; i++) {
            harness.succeed(harness.take(1), 500);
        }
        step();
        prepared(1, 8, 1);
        step();
        harness.writer.answer(decision(), 900, 0);
        step();
        assertThat(outcomes).hasSize(17).allMatch(BatchOutcome::isCommitted);
    }
}
