package io.nodedb.bridge.lane;

import static io.nodedb.bridge.lane.LaneFixture.SMALL;
import static io.nodedb.bridge.lane.LaneFixture.acquire;
import static io.nodedb.bridge.lane.LaneFixture.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.BugException;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.bridge.wake.Doorbell;
import io.nodedb.os.allocation.AllocationMeter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LanePortTest {
    private final LaneFixture fixture = new LaneFixture(SMALL, 1);
    private final LanePort<long[]> port = fixture.port();
    private final RecordingHandler handler = new RecordingHandler();

    private static boolean noWork() {
        return false;
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private Chunk chunk(Request<long[]> request) {
        Chunk chunk = port.takeFreeChunk(request);
        assertThat(chunk).isNotNull();
        return chunk;
    }

    @Test
    void requestGoesThereAndBackAsTheSameObject() {
        Request<long[]> request = acquire(port, 7);
        request.payload[0] = 42;
        request.attachment = "me";
        port.submit(request);
        assertThat(port.hasWork()).isTrue();
        Request<long[]> taken = take(port);
        assertThat(taken).isSameAs(request);
        assertThat(taken.tenant).isEqualTo(7);
        assertThat(taken.id >>> 52).isEqualTo(3);
        assertThat(port.hasWork()).isFalse();
        taken.succeed(99);
        port.answer(taken);
        assertThat(port.hasResponses()).isTrue();
        assertThat(port.poll(handler, 10)).isOne();
        assertThat(handler.answered).containsExactly(request);
        assertThat(request.watermarkLsn).isEqualTo(99);
        assertThat(request.attachment).isEqualTo("me");
        assertThat(port.outstanding()).isOne();
        port.recycle(request);
        assertThat(port.outstanding()).isZero();
    }

    @Test
    void recycledRequestRemembersNothing() {
        Request<long[]> request = fixture.send();
        long firstId = request.id;
        request.partition = 5;
        request.payload = new long[9];
        request.deadlineNanos = 1;
        request.priority = Priority.CRITICAL;
        request.traceHigh = 1;
        request.traceLow = 2;
        request.readLsn = 3;
        request.snapshotSlot = 4;
        request.source = WriteSource.SYNC;
        request.durability = Durability.ASYNC;
        request.setIdempotencyKey(new byte[] {1, 2, 3}, 1, 2);
        request.rolesId = 6;
        request.attachment = "me";
        take(port);
        request.markLogged();
        request.renewLease(77);
        request.attempt = 2;
        request.ringPosition = 8;
        request.fail(ErrorCode.CONFLICT.number(), "why", 10);
        assertThat(request.idempotencyKey).startsWith((byte) 2, (byte) 3);
        port.answer(request);
        port.poll(handler, 1);
        port.recycle(request);

        Request<long[]> again = acquire(port, 0);
        assertThat(again).isSameAs(request);
        assertThat(again.id).isNotEqualTo(firstId);
        assertThat(again)
                .usingRecursiveComparison()
                .ignoringFields(
                        "id", "port", "payload", "reusable", "place", "idempotencyKey", "state")
                .isEqualTo(new Request<>(port, new long[1]));
        assertThat(again.payload).isSameAs(again.reusable);
        assertThat(again.isLogged()).isFalse();
    }

    @Test
    void fullPortRefusesAndLosesNothing() {
        for (int i = 0; i < 16; i++) {
            fixture.send();
        }
        assertThat(port.acquire(0)).isNull();
        assertThat(port.lastRefusal()).isEqualTo(RefusalReason.PORT_FULL);
        for (int i = 0; i < 16; i++) {
            port.answer(take(port));
        }
        assertThat(port.acquire(0)).isNull();
        assertThat(port.poll(handler, 100)).isEqualTo(16);
        assertThat(port.acquire(0)).isNull();
        port.recycle(handler.answered.removeFirst());
        assertThat(port.acquire(0)).isNotNull();
        assertThat(port.acquire(0)).isNull();
    }

    @Test
    void pollStopsAtItsLimit() {
        for (int i = 0; i < 5; i++) {
            fixture.send();
            port.answer(take(port));
        }
        assertThat(port.poll(handler, 3)).isEqualTo(3);
        assertThat(port.poll(handler, 3)).isEqualTo(2);
        assertThat(port.poll(handler, 3)).isZero();
    }

    @Test
    void misuseIsABug() {
        Request<long[]> request = acquire(port, 0);
        assertThatThrownBy(() -> port.answer(request)).isInstanceOf(BugException.class);
        port.submit(request);
        assertThatThrownBy(() -> port.submit(request)).isInstanceOf(BugException.class);
        assertThatThrownBy(() -> port.recycle(request)).isInstanceOf(BugException.class);
        port.answer(take(port));
        assertThatThrownBy(() -> port.answer(request)).isInstanceOf(BugException.class);
        port.poll(handler, 1);
        port.recycle(request);
        assertThatThrownBy(() -> port.recycle(request)).isInstanceOf(BugException.class);
        assertThatThrownBy(() -> port.submit(request)).isInstanceOf(BugException.class);
    }

    @Test
    void unsentRequestMayBeRecycled() {
        port.recycle(acquire(port, 0));
        assertThat(port.outstanding()).isZero();
        assertThat(fixture.lane.tracker().tracked()).isZero();
    }

    @Test
    void oneWakeUpPerBatchInEachDirection() {
        Doorbell core = fixture.coreDoorbells.getFirst();
        Doorbell lane = fixture.lane.doorbell();
        assertThat(core.arm(LanePortTest::noWork)).isTrue();
        assertThat(lane.arm(LanePortTest::noWork)).isTrue();
        for (int i = 0; i < 10; i++) {
            fixture.send();
        }
        assertThat(core.signals()).isZero();
        port.flush();
        port.flush();
        assertThat(core.signals()).isOne();
        for (int i = 0; i < 10; i++) {
            port.answer(take(port));
        }
        assertThat(lane.signals()).isZero();
        port.flushAnswers();
        port.flushAnswers();
        assertThat(lane.signals()).isOne();
    }

    @Test
    void pressureFollowsTheFillWithHysteresis() {
        // 16 slots: 85 % from 14, 95 % from 16
        List<Request<long[]>> held = new ArrayList<>();
        for (int i = 0; i < 13; i++) {
            held.add(acquire(port, 0));
        }
        assertThat(port.pressure()).isEqualTo(BackPressure.NONE);
        held.add(acquire(port, 0));
        assertThat(port.pressure()).isEqualTo(BackPressure.SLOW);
        held.add(acquire(port, 0));
        assertThat(port.pressure()).isEqualTo(BackPressure.SLOW);
        held.add(acquire(port, 0));
        assertThat(port.pressure()).isEqualTo(BackPressure.STOP);
        assertThat(fixture.lane.pressure()).isEqualTo(BackPressure.STOP);
        port.recycle(held.removeLast());
        port.recycle(held.removeLast());
        assertThat(port.pressure()).isEqualTo(BackPressure.STOP);
        port.recycle(held.removeLast());
        assertThat(port.pressure()).isEqualTo(BackPressure.NONE);
        held.add(acquire(port, 0));
        assertThat(port.pressure()).isEqualTo(BackPressure.SLOW);
    }

    @Test
    void aloneATenantMayHoldEverything() {
        for (int i = 0; i < 16; i++) {
            assertThat(port.acquire(5)).isNotNull();
        }
    }

    @Test
    void besideAnotherATenantHoldsItsShareAtMost() {
        List<Request<long[]>> first = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            first.add(acquire(port, 1));
        }
        acquire(port, 2);
        assertThat(port.acquire(1)).isNull();
        assertThat(port.lastRefusal()).isEqualTo(RefusalReason.TENANT_SHARE);
        for (int i = 0; i < 4; i++) {
            port.recycle(first.removeLast());
        }
        assertThat(port.acquire(1)).isNull();
        port.recycle(first.removeLast());
        assertThat(port.acquire(1)).isNotNull();
        assertThat(port.acquire(1)).isNull();
        for (int i = 0; i < 7; i++) {
            assertThat(port.acquire(2)).isNotNull();
        }
        assertThat(port.acquire(2)).isNull();
    }

    @Test
    void tenantRefusedByAFullPortFindsRoomAfterwards() {
        List<Request<long[]>> first = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            first.add(acquire(port, 1));
        }
        assertThat(port.acquire(2)).isNull();
        assertThat(port.lastRefusal()).isEqualTo(RefusalReason.PORT_FULL);
        port.recycle(first.removeLast());
        assertThat(port.acquire(1)).isNull();
        assertThat(port.lastRefusal()).isEqualTo(RefusalReason.TENANT_SHARE);
        assertThat(port.acquire(2)).isNotNull();
    }

    @Test
    void partsComeBeforeTheFinalAnswerUnderCredit() {
        Request<long[]> request = fixture.send();
        take(port);
        for (int i = 0; i < 2; i++) {
            Chunk chunk = chunk(request);
            chunk.bytes[0] = (byte) i;
            chunk.length = 1;
            chunk.sequence = i;
            assertThat(chunk.bytes).hasSize(64);
            port.pushPartial(chunk);
        }
        assertThat(port.takeFreeChunk(request)).isNull();
        port.poll(handler, 100);
        assertThat(handler.partial).extracting(chunk -> chunk.sequence).containsExactly(0, 1);
        assertThat(handler.partial).allMatch(chunk -> chunk.request() == request);
        assertThat(port.takeFreeChunk(request)).isNull();

        assertThat(fixture.coreDoorbells.getFirst().arm(LanePortTest::noWork)).isTrue();
        port.giveBack(handler.partial.removeFirst());
        port.flush();
        assertThat(fixture.coreDoorbells.getFirst().signals()).isOne();
        assertThat(port.hasWork()).isTrue();
        Chunk third = chunk(request);
        assertThat(port.hasWork()).isFalse();
        port.discard(third);
        port.answer(request);
        port.poll(handler, 100);
        assertThat(handler.answered).containsExactly(request);
    }

    @Test
    void aPausedAnswerGetsNoChunksUntilItIsResumed() {
        Request<long[]> request = fixture.send();
        take(port);
        port.pushPartial(chunk(request));
        port.poll(handler, 100);
        port.pause(request);
        port.giveBack(handler.partial.removeFirst());
        port.takeCredit();
        assertThat(port.takeFreeChunk(request)).as("a paused answer").isNull();
        assertThat(port.hasWork()).as("the chunk is for others").isFalse();
        port.flush();

        assertThat(fixture.coreDoorbells.getFirst().arm(LanePortTest::noWork)).isTrue();
        port.resume(request);
        port.flush();
        assertThat(fixture.coreDoorbells.getFirst().signals()).isOne();
        assertThat(port.hasWork()).isTrue();
        port.takeCredit();
        assertThat(port.hasWork()).isFalse();
        port.pushPartial(chunk(request));
        port.answer(request);
        port.poll(handler, 100);
        assertThat(handler.answered).containsExactly(request);
    }

    @Test
    void aStalledReaderLeavesTheChunksToOthers() {
        Request<long[]> stalled = fixture.send();
        Request<long[]> other = fixture.send();
        take(port);
        take(port);
        for (int i = 0; i < 2; i++) {
            port.pushPartial(chunk(stalled));
        }
        port.poll(handler, 100);
        port.pause(stalled);
        handler.partial.forEach(port::giveBack);
        handler.partial.clear();
        for (int i = 0; i < 100; i++) {
            assertThat(port.takeFreeChunk(stalled)).isNull();
            port.pushPartial(chunk(other));
            port.poll(handler, 100);
            port.giveBack(handler.partial.removeFirst());
        }
    }

    @Test
    void aPauseEndsWithItsRequest() {
        Request<long[]> request = fixture.send();
        take(port);
        port.pause(request);
        port.answer(request);
        port.poll(handler, 100);
        port.recycle(request);
        assertThat(fixture.send()).isSameAs(request);
        take(port);
        assertThat(port.takeFreeChunk(request)).isNotNull();
    }

    @Test
    void chunksThatComeBackLateStillCountForTheirRequest() {
        Request<long[]> request = fixture.send();
        take(port);
        port.pushPartial(chunk(request));
        port.pushPartial(chunk(request));
        port.answer(request);
        port.poll(handler, 100);
        port.recycle(request);

        assertThat(fixture.send()).isSameAs(request);
        take(port);
        assertThat(port.takeFreeChunk(request)).isNull();
        handler.partial.forEach(port::giveBack);
        chunk(request);
        chunk(request);
        assertThat(port.takeFreeChunk(request)).isNull();
    }

    @Test
    void allChunksOfThePortAreABound() {
        Request<long[]> a = fixture.send();
        Request<long[]> b = fixture.send();
        Request<long[]> c = fixture.send();
        for (int i = 0; i < 3; i++) {
            take(port);
        }
        chunk(a);
        chunk(a);
        chunk(b);
        Chunk last = chunk(b);
        assertThat(port.takeFreeChunk(c)).isNull();
        port.discard(last);
        chunk(c);
    }

    @Test
    void answerForNobodyIsDroppedAndItsSlotComesBack() {
        Request<long[]> request = fixture.send();
        assertThat(port.abandon(request)).isTrue();
        assertThatThrownBy(() -> port.abandon(request)).isInstanceOf(BugException.class);
        take(port);
        assertThat(request.isAbandoned()).isTrue();
        assertThat(request.markLogged()).isFalse();
        port.pushPartial(chunk(request));
        port.answer(request);
        assertThat(port.poll(handler, 100)).isZero();
        assertThat(handler.partial).isEmpty();
        assertThat(handler.answered).isEmpty();
        assertThat(port.outstanding()).isZero();
        assertThat(fixture.lane.tracker().expired()).isZero();
        fixture.send();
        chunk(take(port));
    }

    @Test
    void abandoningALoggedWriteSaysSo() {
        Request<long[]> request = fixture.send();
        take(port);
        assertThat(request.markLogged()).isTrue();
        assertThat(request.markLogged()).isTrue();
        assertThat(port.abandon(request)).isFalse();
        assertThat(request.markLogged()).isTrue();
        assertThat(request.isAbandoned()).isFalse();
    }

    @Test
    void roundTripAllocatesNothing() {
        ResponseHandler<long[]> recycle =
                new ResponseHandler<>() {
                    @Override
                    public void onPartial(Chunk chunk) {
                        port.giveBack(chunk);
                    }

                    @Override
                    public void onFinal(Request<long[]> request) {
                        port.recycle(request);
                    }

                    @Override
                    public void onExpired(Request<long[]> request, ErrorCode code) {
                        throw new IllegalStateException("nothing expires");
                    }
                };
        Runnable operation =
                () -> {
                    for (int tenant = 0; tenant < 3; tenant++) {
                        port.submit(port.acquire(tenant));
                    }
                    port.flush();
                    for (Request<long[]> request = port.take();
                            request != null;
                            request = port.take()) {
                        Chunk chunk = port.takeFreeChunk(request);
                        if (chunk != null) {
                            port.pushPartial(chunk);
                        }
                        request.markLogged();
                        request.succeed(1);
                        port.answer(request);
                    }
                    port.flushAnswers();
                    port.poll(recycle, 100);
                    fixture.lane.tracker().step(0, recycle);
                };
        assertThat(AllocationMeter.bytesPerOperation(operation)).isZero();
        assertThat(port.outstanding()).isZero();
    }
}
