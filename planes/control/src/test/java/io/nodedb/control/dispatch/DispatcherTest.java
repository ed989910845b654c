package io.nodedb.control.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.BugException;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.bridge.lane.Chunk;
import io.nodedb.bridge.lane.Durability;
import io.nodedb.bridge.lane.LaneOptions;
import io.nodedb.bridge.lane.Request;
import io.nodedb.bridge.lane.SharedLane;
import io.nodedb.bridge.lane.WriteSource;
import io.nodedb.control.catalog.CatalogState;
import io.nodedb.control.catalog.CommitDurability;
import io.nodedb.control.harness.ControlHarness;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DispatcherTest {
    private static final int SLOTS = 4;

    private final ControlHarness harness =
            new ControlHarness(
                    1,
                    CatalogState.initial(1),
                    LaneOptions.DEFAULTS.withRequests(SLOTS).withChunks(4, 1_000, 2));
    private final SharedLane<Call> lane = new SharedLane<>(harness.lane, harness.time);
    private final CallSender sender = new CallSender(lane);
    private final Dispatcher dispatcher =
            new Dispatcher(sender, harness.time, harness, TimeUnit.MILLISECONDS.toNanos(50));

    @Test
    void envelopeTravelsWithTheCall() {
        Exchange<KvCall> exchange = get();
        exchange.envelope(
                CallOptions.DEFAULT
                        .withDurability(CommitDurability.ASYNC)
                        .withIdempotencyKey(new byte[] {7, 8})
                        .withSource(WriteSource.TRIGGER),
                harness.time.nanoTime());
        exchange.partition = 3;
        exchange.readLsn = 99;
        exchange.snapshotSlot = 5;
        exchange.session = 11;
        dispatcher.send(0, exchange, answered -> {});
        Request<Call> request = harness.take(0);
        assertThat(request.payload).isSameAs(exchange.call);
        assertThat(request.partition).isEqualTo(3);
        assertThat(request.readLsn).isEqualTo(99);
        assertThat(request.snapshotSlot).isEqualTo(5);
        assertThat(request.session).isEqualTo(11);
        assertThat(request.durability).isEqualTo(Durability.ASYNC);
        assertThat(request.source).isEqualTo(WriteSource.TRIGGER);
        assertThat(Arrays.copyOf(request.idempotencyKey, request.idempotencyLength))
                .containsExactly(7, 8);
        assertThat(request.deadlineNanos)
                .isEqualTo(harness.time.nanoTime() + CallOptions.DEFAULT.timeoutNanos());
    }

    @Test
    void partsOfAnAnswerAreReassembledWithinItsCredit() {
        byte[] value = new byte[10_500];
        new Random(1).nextBytes(value);
        Exchange<KvCall> exchange = get();
        int[] state = new int[2];
        List<Request<Call>> taken = new ArrayList<>();
        harness.world.add(() -> {
            Request<Call> request = harness.port(0).take();
            if (request != null) {
                taken.add(request);
            }
            while (state[0] < value.length) {
                Chunk chunk = harness.port(0).takeFreeChunk(taken.getFirst());
                if (chunk == null) {
                    return;
                }
                chunk.length = Math.min(1_000, value.length - state[0]);
                System.arraycopy(value, state[0], chunk.bytes, 0, chunk.length);
                chunk.sequence = state[1]++;
                state[0] += chunk.length;
                harness.port(0).pushPartial(chunk);
            }
            if (!taken.isEmpty()) {
                ((KvCall) taken.getFirst().payload).resultLength = value.length;
                harness.succeed(taken.removeFirst(), 42);
            }
        });
        harness.world.add(lane::step);
        dispatcher.call(0, exchange);
        assertThat(exchange.hasParts()).isTrue();
        assertThat(exchange.takeParts(exchange.call.resultLength)).isEqualTo(value);
        assertThat(exchange.watermarkLsn()).isEqualTo(42);
        assertThat(state[1]).isEqualTo(11);
    }

    @Test
    void missingPartIsABugAndNeverAShortValue() {
        PartialAnswer answer = new PartialAnswer();
        answer.append(new byte[10], 10, 0);
        assertThatThrownBy(() -> answer.append(new byte[10], 10, 2))
                .isInstanceOf(BugException.class);
        assertThatThrownBy(() -> answer.take(20)).isInstanceOf(BugException.class);
    }

    @Test
    void waitingCallerOutwaitsAFullRing() {
        List<Exchange<KvCall>> others = fillRing();
        harness.world.add(lane::step);
        harness.world.add(() -> {
            // The ring drains only after the caller was refused a few times.
            if (harness.pauses >= 3) {
                for (Request<Call> request = harness.port(0).take();
                        request != null;
                        request = harness.port(0).take()) {
                    harness.succeed(request, 1);
                }
            }
        });
        Exchange<KvCall> exchange = get();
        dispatcher.call(0, exchange);
        assertThat(exchange.errorCode()).isZero();
        assertThat(harness.pauses).isGreaterThanOrEqualTo(3);
        assertThat(others).allMatch(Exchange::isComplete);
    }

    @Test
    void waitingCallerIsRefusedWhenTheRingStaysFull() {
        fillRing();
        assertThatThrownBy(() -> dispatcher.call(0, get()))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCES_EXHAUSTED));
        assertThat(harness.time.nanoTime()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(50));
    }

    @Test
    void callerThatDoesNotWaitIsRefusedAtOnce() {
        fillRing();
        Exchange<KvCall> exchange = get();
        List<Exchange<?>> told = new ArrayList<>();
        dispatcher.send(0, exchange, told::add);
        assertThat(told).hasSize(1);
        assertThat(exchange.failedWith(ErrorCode.RESOURCES_EXHAUSTED)).isTrue();
        assertThat(exchange.callMayBeInUse()).isFalse();
    }

    @Test
    void busyAnswerIsSentAgainWithTheSameCall() {
        int[] answers = new int[1];
        harness.world.add(() -> {
            Request<Call> request = harness.port(0).take();
            if (request != null && ++answers[0] < 3) {
                harness.fail(request, ErrorCode.RESOURCES_EXHAUSTED.number(), "busy");
            } else if (request != null) {
                assertThat(((KvCall) request.payload).keyLength).isEqualTo(1);
                harness.succeed(request, 1);
            }
        });
        harness.world.add(lane::step);
        dispatcher.call(0, get());
        assertThat(answers[0]).isEqualTo(3);
    }

    @Test
    void everyOtherErrorReachesTheCallerOnce() {
        int[] answers = new int[1];
        harness.world.add(() -> {
            Request<Call> request = harness.port(0).take();
            if (request != null) {
                answers[0]++;
                request.fail(ErrorCode.CORE_DEGRADED.number(), "core-0 is degraded", 700);
                harness.port(0).answer(request);
            }
        });
        harness.world.add(lane::step);
        assertThatThrownBy(() -> dispatcher.call(0, get()))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.CORE_DEGRADED);
                            assertThat(e.retryAfterMillis()).isEqualTo(700);
                            assertThat(e).hasMessageContaining("core-0 is degraded");
                        });
        assertThat(answers[0]).isEqualTo(1);
    }

    @Test
    void lostAnswerIsToldAndItsCallIsNeverUsedAgain() {
        Exchange<KvCall> exchange = get();
        dispatcher.send(0, exchange, answered -> {});
        Request<Call> request = harness.take(0);
        request.markLogged();
        harness.time.advanceMillis(40_000);
        lane.step();
        assertThat(exchange.failedWith(ErrorCode.OUTCOME_UNKNOWN)).isTrue();
        assertThat(exchange.callMayBeInUse()).isTrue();
        // The late answer comes, is dropped, and frees the slot.
        harness.succeed(request, 7);
        lane.step();
        assertThat(exchange.failedWith(ErrorCode.OUTCOME_UNKNOWN)).isTrue();
        assertThat(lane.outstanding()).isZero();
        assertThatThrownBy(() -> dispatcher.send(0, exchange, answered -> {}))
                .isInstanceOf(BugException.class);
    }

    @Test
    void callbackMustNotWait() {
        List<Throwable> failures = new ArrayList<>();
        dispatcher.send(
                0,
                get(),
                answered -> {
                    try {
                        dispatcher.call(0, get());
                    } catch (NodeDbException e) {
                        failures.add(e);
                    }
                });
        harness.succeed(harness.take(0), 1);
        sender.enterCallbacks();
        lane.step();
        sender.leaveCallbacks();
        assertThat(failures).hasSize(1);
        assertThat(failures.getFirst()).hasMessageContaining("callback");
    }

    @Test
    void closedDispatcherRefusesNewCallsOnly() {
        Exchange<KvCall> before = get();
        dispatcher.send(0, before, answered -> {});
        dispatcher.close();
        assertThatThrownBy(() -> dispatcher.call(0, get()))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
        harness.succeed(harness.take(0), 1);
        lane.step();
        assertThat(before.isComplete()).isTrue();
        assertThat(before.errorCode()).isZero();
    }

    private List<Exchange<KvCall>> fillRing() {
        List<Exchange<KvCall>> others = new ArrayList<>();
        for (int i = 0; i < SLOTS; i++) {
            Exchange<KvCall> other = get();
            dispatcher.send(0, other, answered -> {});
            others.add(other);
        }
        return others;
    }

    private Exchange<KvCall> get() {
        Exchange<KvCall> exchange = new Exchange<>(new KvCall());
        exchange.call.op = KvOp.GET;
        exchange.call.setKey(new byte[] {1}, 0, 1);
        exchange.envelope(CallOptions.DEFAULT, harness.time.nanoTime());
        return exchange;
    }
}
