package io.nodedb.data.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.memory.MemoryTag;
import io.nodedb.bridge.lane.Request;
import io.nodedb.data.harness.CoreHarness;
import io.nodedb.data.harness.HarnessOptions;
import io.nodedb.data.harness.Reply;
import io.nodedb.data.probe.Faults.Phase;
import io.nodedb.data.probe.FaultyFactory;
import io.nodedb.engine.Outcome;
import io.nodedb.kv.KvEngineFactory;
import io.nodedb.plan.Call;
import io.nodedb.plan.commit.CollectionCall;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.PlacedCommand;
import io.nodedb.plan.kv.command.WaitEndCall;
import io.nodedb.plan.kv.command.WaitTicket;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Clients that wait for keys, when something goes wrong: nobody hangs and nothing is lost. */
class WaitingRulesTest {
    private final CoreHarness db;

    WaitingRulesTest() {
        HarnessOptions options = new HarnessOptions();
        options.engine = new FaultyFactory(new KvEngineFactory(), options.faults);
        db = new CoreHarness(options);
    }

    private static Throwable boom() {
        return new IllegalStateException("boom");
    }

    /** A command of which the reply can be seen. */
    private record Sent(CommandCall call, WaitTicket ticket, Reply reply) {
        boolean isWaiting() {
            return !reply.done && ticket.isOpen();
        }

        /** Its lane may tell the client so, who may wait at other cores, too. */
        void assertFailed(ErrorCode code) {
            reply.failedWith(code);
            assertThat(ticket.giveUp()).as("the lane decides").isTrue();
        }

        void assertServed(String key, String element) {
            io.nodedb.plan.kv.command.Reply expected = new io.nodedb.plan.kv.command.Reply();
            expected.array(2);
            expected.bulk(key);
            expected.bulk(element);
            reply.ok();
            assertThat(call.reply.isSame(expected)).as("served with element=" + element).isTrue();
        }
    }

    private Sent send(Command command, Consumer<Request<Call>> fill, String... arguments) {
        PlacedCommand placed = db.command(command, arguments);
        WaitTicket ticket = new WaitTicket();
        placed.call().ticket = ticket;
        Reply reply = db.send(placed.partition(), placed.call(), fill);
        return new Sent(placed.call(), ticket, reply);
    }

    /** Waits for an element of the list {@code q}. */
    private Sent waiter() {
        Sent waiter = send(Command.BLPOP, request -> {}, "q", "0");
        db.settle();
        assertThat(waiter.isWaiting()).isTrue();
        return waiter;
    }

    /** Is told that the list {@code q} has something, as the source of a move is. */
    private Sent toldOnly() {
        Sent told = send(Command.LINDEX, request -> {}, "q", "0");
        db.settle();
        assertThat(told.isWaiting()).isTrue();
        return told;
    }

    private Reply command(Command command, String... arguments) {
        PlacedCommand placed = db.command(command, arguments);
        return db.send(placed.partition(), placed.call(), request -> {});
    }

    private Reply push(String element) {
        return command(Command.RPUSH, "q", element);
    }

    private void assertLength(int elements) {
        PlacedCommand placed = db.command(Command.LLEN, "q");
        Reply reply = db.send(placed.partition(), placed.call(), request -> {});
        db.settle();
        reply.ok();
        io.nodedb.plan.kv.command.Reply expected = new io.nodedb.plan.kv.command.Reply();
        expected.integer(elements);
        assertThat(placed.call().reply.isSame(expected)).as("elements=" + elements).isTrue();
    }

    private Reply end(Sent waiter, Consumer<Request<Call>> fill) {
        WaitEndCall call = new WaitEndCall();
        call.ticket = waiter.ticket;
        return db.send(waiter.reply.request.partition, call, fill);
    }

    private void degrade() {
        List<Command> poison = List.of(Command.GET, Command.STRLEN, Command.HLEN);
        db.faults.failCalls(
                call -> call instanceof CommandCall command && poison.contains(command.command),
                WaitingRulesTest::boom);
        for (Command each : poison) {
            Reply reply = command(each, "poison");
            db.settle();
            reply.failedWith(ErrorCode.INTERNAL);
        }
        db.faults.heal();
        assertThat(db.core().watchdog().degraded()).isTrue();
    }

    @Test
    void panicWhileAClientIsServedIsItsAnswerAndTheNextGetsTheElement() {
        Sent first = waiter();
        Sent second = waiter();
        Sent third = waiter();
        db.faults.failCalls(call -> call == first.call, WaitingRulesTest::boom);
        Reply push = push("e");
        db.settle();
        push.ok();
        first.assertFailed(ErrorCode.INTERNAL);
        second.assertServed("q", "e");
        assertThat(third.isWaiting()).isTrue();
        assertLength(0);
        push("f");
        db.settle();
        third.assertServed("q", "f");
    }

    @Test
    void panicWhileAPopIsAppliedLosesNoElement() {
        Sent first = waiter();
        Sent second = waiter();
        db.faults.failAfter(Phase.APPLY, 1, 1, WaitingRulesTest::boom);
        Reply push = push("e");
        db.settle();
        push.ok();
        first.assertFailed(ErrorCode.INTERNAL);
        second.assertFailed(ErrorCode.COLLECTION_RECOVERING);
        assertThat(second.reply.retryAfterMillis).isPositive();
        assertLength(1);
        Sent again = send(Command.BLPOP, request -> {}, "q", "0");
        db.settle();
        again.assertServed("q", "e");
        db.crash();
        db.open(1);
        assertLength(0);
    }

    @Test
    void clientThatFailsInALaterQuantumLeavesItsPlaceToTheNext() {
        Sent first = waiter();
        Sent second = waiter();
        AtomicBoolean yielded = new AtomicBoolean();
        db.faults.interception =
                (call, context) -> {
                    if (call != first.call) {
                        return null;
                    }
                    if (yielded.compareAndSet(false, true)) {
                        return Outcome.YIELD;
                    }
                    throw new IllegalStateException("boom");
                };
        push("e");
        db.settle();
        first.assertFailed(ErrorCode.INTERNAL);
        second.assertServed("q", "e");
    }

    @Test
    void whoseDeadlinePassesTakesNothing() {
        long deadline = db.time.nanoTime() + 1_000_000_000L;
        Sent late = send(Command.BLPOP, request -> request.deadlineNanos = deadline, "q", "0");
        Sent second = waiter();
        assertThat(late.isWaiting()).isTrue();
        db.time.advanceMillis(2_000);
        Reply push = push("e");
        db.settle();
        push.ok();
        late.assertFailed(ErrorCode.DEADLINE_EXCEEDED);
        second.assertServed("q", "e");
        assertThat(db.lane.port(0).outstanding()).as("requests that are not free").isZero();
    }

    @Test
    void whoHasGoneTakesNothing() {
        Sent gone = waiter();
        Sent ended = waiter();
        Sent abandoned = waiter();
        Sent second = waiter();
        assertThat(gone.ticket.giveUp()).isTrue();
        assertThat(ended.ticket.giveUp()).isTrue();
        Reply end = end(ended, request -> {});
        db.settle();
        end.ok();
        ended.reply.ok();
        assertThat(db.portOf(0).abandon(abandoned.reply.request)).isTrue();
        Reply push = push("e");
        db.settle();
        push.ok();
        gone.reply.ok();
        assertThat(gone.call.reply.isNothing()).isTrue();
        second.assertServed("q", "e");
        assertThat(db.lane.port(0).outstanding()).as("requests that are not free").isZero();
    }

    @Test
    void whoWaitsOutlivesADegradedCore() {
        Sent waiter = waiter();
        degrade();
        Reply refused = push("e");
        Sent newcomer = send(Command.BLPOP, request -> {}, "q", "0");
        db.settle();
        refused.failedWith(ErrorCode.CORE_DEGRADED);
        newcomer.assertFailed(ErrorCode.CORE_DEGRADED);
        assertThat(waiter.isWaiting()).isTrue();
        db.seconds(31);
        assertThat(db.core().watchdog().degraded()).isFalse();
        push("e");
        db.settle();
        waiter.assertServed("q", "e");
    }

    @Test
    void degradedCoreForgetsWhoHasGone() {
        Sent gone = waiter();
        degrade();
        assertThat(gone.ticket.giveUp()).isTrue();
        end(gone, request -> {});
        db.settle();
        gone.reply.ok();
        assertThat(db.lane.port(0).outstanding()).as("requests that are not free").isZero();
    }

    /** A place that is kept and never given back would keep everybody from the key. */
    @Test
    void degradedCoreForgetsWhoKeepsAPlace() {
        Sent told = toldOnly();
        push("e");
        db.settle();
        told.reply.ok();
        degrade();
        end(told, request -> {});
        db.settle();
        db.seconds(31);
        Sent newcomer = send(Command.BLPOP, request -> {}, "q", "0");
        db.settle();
        newcomer.assertServed("q", "e");
    }

    @Test
    void whoKeepsAPlaceIsForgottenHoweverLateTheCoreHears() {
        Sent told = toldOnly();
        push("e");
        db.settle();
        told.reply.ok();
        long deadline = db.time.nanoTime() + 1;
        end(told, request -> request.deadlineNanos = deadline);
        db.time.advanceMillis(1_000);
        db.settle();
        Sent newcomer = send(Command.BLPOP, request -> {}, "q", "0");
        db.settle();
        newcomer.assertServed("q", "e");
    }

    @Test
    void stoppingCoreAnswersEverybodyWhoWaits() {
        Sent first = waiter();
        Sent told = toldOnly();
        AtomicBoolean quiet = new AtomicBoolean();
        db.core().beginStop(() -> quiet.set(true));
        Sent late = send(Command.BLPOP, request -> {}, "q", "0");
        db.settle();
        first.assertFailed(ErrorCode.SHUTTING_DOWN);
        told.assertFailed(ErrorCode.SHUTTING_DOWN);
        late.assertFailed(ErrorCode.SHUTTING_DOWN);
        assertThat(quiet).isTrue();
    }

    @Test
    void whoWaitsIsToldThatTheCollectionIsGone() {
        Sent first = waiter();
        Sent second = waiter();
        db.collection(0, CollectionCall.Action.DROP, CoreHarness.COLLECTION);
        db.settle();
        first.assertFailed(ErrorCode.NOT_FOUND);
        second.assertFailed(ErrorCode.NOT_FOUND);
        assertThat(second.reply.place).isGreaterThan(first.reply.place);
    }

    @Test
    void memoryThatIsRefusedForAPopLeavesTheElementToTheNext() {
        Sent first = waiter();
        Sent second = waiter();
        AtomicBoolean noMemory = new AtomicBoolean();
        db.faults.interception =
                (call, context) -> {
                    noMemory.set(call == first.call);
                    return null;
                };
        db.faults.noMemory = noMemory::get;
        Reply push = push("e");
        db.settle();
        push.ok();
        first.assertFailed(ErrorCode.OUT_OF_MEMORY);
        second.assertServed("q", "e");
    }

    @Test
    void memoryEmergencyIsToldToWhoCouldBeServedAndTheElementStays() {
        Sent first = waiter();
        AtomicBoolean once = new AtomicBoolean();
        db.faults.interception =
                (call, context) -> {
                    if (call.writes() && once.compareAndSet(false, true)) {
                        long left = db.governor.limit() - db.governor.used();
                        db.governor.reserve(MemoryTag.OTHER, left - left / 100);
                    }
                    return null;
                };
        Reply push = push("e");
        db.settle();
        push.ok();
        first.assertFailed(ErrorCode.OUT_OF_MEMORY);
        assertLength(1);
    }

    @Test
    void failedLogFailsWhoWasServedFromItAndTheOthersWaitOn() {
        Sent first = waiter();
        Sent second = waiter();
        Reply push = push("e");
        db.coreStep();
        db.coreStep();
        db.poll();
        assertThat(first.reply.done).as("before it lasts").isFalse();
        assertThat(first.ticket.isOpen()).isFalse();
        DiskFaults.broken(db);
        db.settle();
        push.failedWith(ErrorCode.STORAGE_FAILED);
        first.assertFailed(ErrorCode.STORAGE_FAILED);
        assertThat(second.isWaiting()).isTrue();
        assertLength(0);
        assertThat(second.ticket.giveUp()).isTrue();
        end(second, request -> {});
        db.settle();
        second.reply.ok();
    }

    /** What it was to be told of is not there any more: somebody has to give up waiting for it. */
    @Test
    void whoWasToBeToldOfWhatTheFailedLogLostWaitsOn() {
        Sent told = toldOnly();
        command(Command.SET, "other", "v");
        db.settle();
        push("e");
        db.coreStep();
        db.coreStep();
        db.poll();
        assertThat(told.reply.done).as("before it lasts").isFalse();
        DiskFaults.broken(db);
        db.settle();
        assertThat(told.reply.done).as("error=" + told.reply.error).isFalse();
        assertThat(told.isWaiting()).isTrue();
        assertThat(told.ticket.giveUp()).isTrue();
        end(told, request -> {});
        db.settle();
        told.reply.ok();
    }
}
