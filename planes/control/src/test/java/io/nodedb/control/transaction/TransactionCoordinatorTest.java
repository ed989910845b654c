package io.nodedb.control.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ids.KeyHash;
import io.nodedb.bridge.lane.Chunk;
import io.nodedb.bridge.lane.Completion;
import io.nodedb.bridge.lane.Durability;
import io.nodedb.bridge.lane.Request;
import io.nodedb.bridge.lane.SharedLane;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.dispatch.CallSender;
import io.nodedb.control.harness.ControlHarness;
import io.nodedb.plan.Call;
import io.nodedb.plan.commit.CommitCall;
import io.nodedb.plan.commit.KeyWrite;
import io.nodedb.storage.wal.CommitPortByHand;
import io.nodedb.storage.wal.CommitRequest;
import io.nodedb.storage.wal.RecordFormat;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Drives the core sides of real lanes and the writer's side of a real commit port by hand. */
class TransactionCoordinatorTest {
    private static final int CORES = 3;
    private static final long TIMEOUT_MILLIS = 1_000;

    private final ControlHarness harness = new ControlHarness(CORES, 6);
    private final SharedLane<Call> lane = new SharedLane<>(harness.lane, harness.time);
    private long nextTxnId;
    private final TransactionCoordinator coordinator =
            new TransactionCoordinator(
                    new CallSender(lane), harness, harness.time, () -> ++nextTxnId);
    private final List<CommitOutcome> outcomes = new ArrayList<>();

    @Test
    void writeSetOfOneCoreIsCommittedThereInOneHop() {
        CommitTask task = commit(part(1, 1, 4));
        Request<Call> request = harness.take(1);
        CommitCall call = (CommitCall) request.payload;
        assertThat(call.prepareOnly).isFalse();
        assertThat(call.snapshotLsn).isEqualTo(77);
        assertThat(request.durability).isEqualTo(Durability.SYNC);
        harness.succeed(request, 500);
        step();
        assertThat(outcomes).containsExactly(CommitOutcome.committed(500));
        assertThat(task.outcome()).isEqualTo(CommitOutcome.committed(500));
        assertThat(harness.writer.take()).isNull();
        assertThat(coordinator.lastCommitLsn()).isEqualTo(500);
        assertThat(coordinator.open()).isZero();
    }

    @Test
    void severalCoresArePreparedThenCommittedThroughTheLog() {
        commit(part(0, 0, 3), part(2, 2));
        prepared(0, 800);
        step();
        assertThat(harness.writer.take()).as("one participant is missing").isNull();
        prepared(2, 96);
        step();
        CommitRequest decision = decision();
        assertThat(decision.commits()).isTrue();
        assertThat(decision.txnId()).isEqualTo(1);
        assertThat(CommitPortByHand.cores(decision)).containsExactly(0, 2);
        assertThat(CommitPortByHand.ringPositions(decision)).containsExactly(800L, 96L);
        assertThat(CommitPortByHand.partitions(decision)).containsExactly(0, 3, 2);
        assertThat(CommitPortByHand.flags(decision) & RecordFormat.ASYNC).isZero();
        assertThat(outcomes).as("told only when it is in the log").isEmpty();
        harness.writer.answer(decision, 900, 0);
        step();
        assertThat(outcomes).containsExactly(CommitOutcome.committed(900));
        assertThat(coordinator.lastCommitLsn()).isEqualTo(900);
        assertThat(coordinator.open()).isZero();
    }

    @Test
    void asyncCommitSaysSoToTheLog() {
        coordinator.commit(
                List.of(part(0, 0), part(1, 1)),
                77,
                deadline(),
                Durability.ASYNC,
                CallOptions.DEFAULT,
                outcomes::add);
        prepared(0, 8);
        prepared(1, 8);
        step();
        assertThat(CommitPortByHand.flags(decision()) & RecordFormat.ASYNC).isNotZero();
    }

    @Test
    void refusalAbortsThoseThatArePreparedAndNoOthers() {
        commit(part(0, 0), part(1, 1), part(2, 2));
        prepared(0, 16);
        harness.fail(harness.take(1), ErrorCode.CONFLICT.number(), "its key was written");
        step();
        assertThat(harness.writer.take()).as("core 2 has not answered").isNull();
        prepared(2, 24);
        step();
        CommitRequest decision = decision();
        assertThat(decision.commits()).isFalse();
        assertThat(CommitPortByHand.cores(decision)).containsExactly(0, 2);
        harness.writer.answer(decision, 0, 0);
        step();
        assertThat(outcomes).hasSize(1);
        assertThat(outcomes.getFirst().error()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(outcomes.getFirst().message()).isEqualTo("its key was written");
    }

    @Test
    void refusalByAllNeedsNoAbort() {
        commit(part(0, 0), part(1, 1));
        harness.fail(harness.take(0), ErrorCode.CONFLICT.number(), "a");
        harness.fail(harness.take(1), ErrorCode.OUT_OF_MEMORY.number(), "b");
        step();
        assertThat(harness.writer.take()).isNull();
        assertThat(outcomes).extracting(CommitOutcome::error).containsExactly(ErrorCode.CONFLICT);
        assertThat(coordinator.open()).isZero();
    }

    @Test
    void lostPrepareThatMayBeLoggedIsAbortedWithoutWaitingForItsRing() {
        commit(part(0, 0), part(1, 1));
        prepared(0, 16);
        Request<Call> silent = harness.take(1);
        assertThat(silent.markLogged()).isTrue();
        step();
        harness.time.advanceMillis(10 * TIMEOUT_MILLIS);
        step();
        CommitRequest decision = decision();
        assertThat(decision.commits()).isFalse();
        assertThat(CommitPortByHand.cores(decision)).containsExactly(0, 1);
        assertThat(CommitPortByHand.ringPositions(decision)).containsExactly(16L, 0L);
        harness.writer.answer(decision, 0, 0);
        step();
        assertThat(outcomes)
                .extracting(CommitOutcome::error)
                .containsExactly(ErrorCode.DEADLINE_EXCEEDED);
        // The late answer changes nothing.
        harness.succeed(silent, 5);
        step();
        assertThat(harness.writer.take()).isNull();
        assertThat(outcomes).hasSize(1);
    }

    @Test
    void lostPrepareThatWasNotLoggedNeverWillBe() {
        commit(part(0, 0), part(1, 1));
        prepared(0, 16);
        Request<Call> silent = harness.take(1);
        harness.time.advanceMillis(10 * TIMEOUT_MILLIS);
        step();
        assertThat(silent.markLogged()).as("the core asks before it logs").isFalse();
        CommitRequest decision = decision();
        assertThat(decision.commits()).isFalse();
        assertThat(CommitPortByHand.cores(decision)).containsExactly(0);
    }

    @Test
    void participantsPreparedTooLateAreAborted() {
        commit(part(0, 0), part(1, 1));
        prepared(0, 16);
        Request<Call> slow = harness.take(1);
        // Past the deadline, within the tracker's grace.
        harness.time.advanceMillis(TIMEOUT_MILLIS + 1);
        ((CommitCall) slow.payload).ringPosition = 24;
        harness.succeed(slow, 0);
        step();
        CommitRequest decision = decision();
        assertThat(decision.commits()).isFalse();
        assertThat(CommitPortByHand.cores(decision)).containsExactly(0, 1);
    }

    @Test
    void failedLogLeavesTheOutcomeOpen() {
        commit(part(0, 0), part(1, 1));
        prepared(0, 8);
        prepared(1, 8);
        step();
        harness.writer.answer(decision(), 0, ErrorCode.OUTCOME_UNKNOWN.number());
        step();
        assertThat(outcomes)
                .extracting(CommitOutcome::error)
                .containsExactly(ErrorCode.OUTCOME_UNKNOWN);
        assertThat(coordinator.lastCommitLsn()).isZero();
    }

    @Test
    void callerOfACommitThatTheLogHoldsUpIsToldOnce() {
        commit(part(0, 0), part(1, 1));
        prepared(0, 8);
        prepared(1, 8);
        step();
        CommitRequest decision = decision();
        harness.time.advanceMillis(10 * TIMEOUT_MILLIS);
        step();
        assertThat(outcomes)
                .extracting(CommitOutcome::error)
                .containsExactly(ErrorCode.OUTCOME_UNKNOWN);
        assertThat(coordinator.open()).as("it is still under way").isEqualTo(1);
        harness.writer.answer(decision, 900, 0);
        step();
        assertThat(outcomes).hasSize(1);
        assertThat(coordinator.open()).isZero();
        assertThat(coordinator.lastCommitLsn()).isEqualTo(900);
    }

    @Test
    void fullRingDelaysAPrepareUntilThereIsRoom() {
        List<Request<Call>> others = fill(1);
        commit(part(0, 0), part(1, 1));
        prepared(0, 8);
        step();
        assertThat(harness.port(1).take()).isNull();
        others.forEach(other -> harness.succeed(other, 0));
        step();
        step();
        prepared(1, 16);
        step();
        assertThat(decision().commits()).isTrue();
    }

    @Test
    void ringThatStaysFullAbortsAtTheDeadline() {
        List<Request<Call>> others = fill(1);
        commit(part(0, 0), part(1, 1));
        prepared(0, 8);
        harness.time.advanceMillis(TIMEOUT_MILLIS + 1);
        step();
        CommitRequest decision = decision();
        assertThat(decision.commits()).isFalse();
        assertThat(CommitPortByHand.cores(decision)).containsExactly(0);
        harness.writer.answer(decision, 0, 0);
        step();
        assertThat(outcomes)
                .extracting(CommitOutcome::error)
                .containsExactly(ErrorCode.RESOURCES_EXHAUSTED);
        assertThat(others).hasSize(16);
    }

    @Test
    void decisionsWaitForRoomInTheCommitPortInOrder() {
        int transactions = 20;
        for (int i = 0; i < transactions; i++) {
            commit(part(0, 0), part(1, 1));
            prepared(0, 8);
            prepared(1, 8);
            step();
        }
        List<Long> decided = new ArrayList<>();
        while (decided.size() < transactions) {
            CommitRequest decision = decision();
            decided.add(decision.txnId());
            harness.writer.answer(decision, 1_000 + decision.txnId(), 0);
            step();
        }
        assertThat(decided).isSorted().doesNotHaveDuplicates();
        assertThat(outcomes).hasSize(transactions).allMatch(CommitOutcome::isCommitted);
    }

    @Test
    void commitsUnderWayAreBounded() {
        // Neither sent nor answered: the ring of core 0 has 16 slots.
        for (int i = 0; i < TransactionCoordinator.MAX_OPEN; i++) {
            commit(part(0, 0));
        }
        assertThat(outcomes).isEmpty();
        commit(part(0, 0));
        assertThat(outcomes)
                .extracting(CommitOutcome::error)
                .containsExactly(ErrorCode.RESOURCES_EXHAUSTED);
        assertThat(coordinator.open()).isEqualTo(TransactionCoordinator.MAX_OPEN);
    }

    private CommitTask commit(WriteSet.Part... parts) {
        return coordinator.commit(
                List.of(parts),
                77,
                deadline(),
                Durability.SYNC,
                CallOptions.DEFAULT,
                outcomes::add);
    }

    private long deadline() {
        return harness.time.nanoTime() + TIMEOUT_MILLIS * 1_000_000;
    }

    private static WriteSet.Part part(int core, int... partitions) {
        List<KeyWrite> writes = new ArrayList<>();
        for (int partition : partitions) {
            byte[] key = {(byte) partition};
            writes.add(new KeyWrite(partition, 20, key, KeyHash.of(key), key, 0));
        }
        return new WriteSet.Part(core, writes);
    }

    private void prepared(int core, long ringPosition) {
        Request<Call> request = harness.take(core);
        CommitCall call = (CommitCall) request.payload;
        assertThat(call.prepareOnly).isTrue();
        call.ringPosition = ringPosition;
        harness.succeed(request, 0);
    }

    private CommitRequest decision() {
        CommitRequest decision = harness.writer.take();
        assertThat(decision).isNotNull();
        return decision;
    }

    /** Takes every slot of a core's ring. */
    private List<Request<Call>> fill(int core) {
        List<Request<Call>> taken = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Request<Call> request = lane.acquire(core, 0);
            assertThat(request).isNotNull();
            request.attachment = new Recycling();
            lane.submit(request);
            taken.add(harness.take(core));
        }
        return taken;
    }

    private void step() {
        while (lane.step()) {
            // again
        }
        coordinator.step();
    }

    /** Wants nothing but its slot back. */
    private final class Recycling implements Completion<Call> {
        @Override
        public void complete(Request<Call> request) {
            lane.recycle(request);
        }

        @Override
        public void completePartially(Chunk chunk) {
            lane.giveBack(chunk);
        }

        @Override
        public void expire(ErrorCode code) {}
    }
}
