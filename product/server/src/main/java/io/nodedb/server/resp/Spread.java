package io.nodedb.server.resp;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.Shared;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.transaction.BatchOutcome;
import io.nodedb.control.transaction.CommandBatch;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.Reply;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * Runs commands whose keys live in several partitions, so that they take effect together: those
 * that are the sum of what they do to each key as one batch of parts ({@link SplitCommand}), all
 * others by a {@link SpreadPlan}.
 */
@Shared("no state")
final class Spread {
    /** Replies once, later. Nothing that the client sent later begins before. */
    void run(RespConnection connection, Command command, CommandInput input, int first) {
        connection.server().statistics().countCommand();
        if (SplitCommand.splits(command)) {
            runParts(connection, command, input, first);
            return;
        }
        CommandCall call = new CommandCall();
        call.command = command;
        call.collection = connection.state().collection();
        call.seed = ThreadLocalRandom.current().nextLong();
        input.copyTo(call.arguments, first);
        PendingReply reply = connection.append();
        reply.measure(LatencyFamily.of(command), connection.lane().turnNanos());
        connection.hold();
        runPlans(connection, call, reply);
    }

    private static void runPlans(RespConnection connection, CommandCall call, PendingReply reply) {
        call.collection = connection.state().collection();
        new SpreadRun(
                        connection,
                        plans(connection.server(), call),
                        List.of(),
                        turnKeys(List.of(call)),
                        ending -> ended(connection, call, reply, ending))
                .start();
    }

    private static void ended(
            RespConnection connection,
            CommandCall call,
            PendingReply reply,
            SpreadRun.Ending ending) {
        Reply answer = new Reply();
        switch (ending) {
            case SpreadRun.Ending.Done(SpreadPlan plan) -> plan.appendReply(answer);
            case SpreadRun.Ending.WatchChanged _ ->
                    throw new IllegalStateException("nothing is watched");
            case SpreadRun.Ending.Failed(String error) -> answer.error(error);
            case SpreadRun.Ending.Replaced _ -> {
                if (connection
                        .lane()
                        .isTriedAgain(
                                connection,
                                ErrorCode.NOT_FOUND,
                                call.collection,
                                () -> runPlans(connection, call, reply))) {
                    return;
                }
                answer.error(connection.lane().textOf(connection, ErrorCode.NOT_FOUND, null));
            }
        }
        tellIfSlow(connection, call.command, call.arguments, reply);
        connection.answerUnlessGone(reply, answer);
        connection.release();
    }

    private static void tellIfSlow(
            RespConnection connection, Command command, Arguments arguments, PendingReply reply) {
        long nanos = connection.lane().time().nanoTime() - reply.submittedNanos;
        SlowCommand.tell(connection, command.commandName(), arguments, nanos);
    }

    /** A new plan for each attempt at a command over partitions. */
    static Supplier<SpreadPlan> plans(RespServer server, CommandCall call) {
        Command command = call.command;
        if (MovePlan.makes(command)) {
            return () -> new MovePlan(call);
        }
        if (FirstOfPlan.makes(call)) {
            return () -> new FirstOfPlan(call);
        }
        if (SetAllPlan.makes(command)) {
            return () -> new SetAllPlan(call);
        }
        if (command == Command.SORT || command == Command.SORT_RO) {
            return () -> new SortPlan(server, call.collection, call);
        }
        return () -> new ScratchPlan(server, call.collection, List.of(call));
    }

    /** All keys of commands of which some may write; none when none does. */
    static Set<DatabaseKey> turnKeys(List<CommandCall> calls) {
        Set<DatabaseKey> keys = new HashSet<>();
        boolean[] writes = new boolean[1];
        for (CommandCall call : calls) {
            KeyRoles.each(
                    call,
                    (key, isRead, isWritten) -> {
                        keys.add(DatabaseKey.of(call.collection, key));
                        writes[0] |= isWritten;
                    });
        }
        return writes[0] ? keys : Set.of();
    }

    private static void runParts(
            RespConnection connection, Command command, CommandInput input, int first) {
        Arguments arguments = new Arguments();
        input.copyTo(arguments, first);
        RespLane lane = connection.lane();
        if (SplitCommand.lacksAValue(command, arguments)) {
            connection.replyError(ErrorTexts.wrongNumber("mset"));
            return;
        }
        PendingReply reply = connection.append();
        reply.measure(LatencyFamily.of(command), lane.turnNanos());
        connection.hold();
        commitParts(connection, command, arguments, reply);
    }

    private static void commitParts(
            RespConnection connection, Command command, Arguments arguments, PendingReply reply) {
        RespLane lane = connection.lane();
        RespServer server = connection.server();
        int collection = connection.state().collection();
        SplitCommand split =
                SplitCommand.of(
                        command, arguments, collection, lane.router(), ThreadLocalRandom.current());
        split.allOrNothing();
        CommandBatch batch = new CommandBatch(lane.router());
        split.addTo(batch);
        lane.coordinator()
                .commit(
                        batch,
                        lane.time().nanoTime() + server.requestTimeoutNanos(),
                        server.durability(),
                        CallOptions.DEFAULT,
                        connection.state().id(),
                        outcome -> {
                            if (lane.isTriedAgain(
                                    connection,
                                    outcome.commit().error(),
                                    collection,
                                    () -> commitParts(connection, command, arguments, reply))) {
                                return;
                            }
                            tellIfSlow(connection, command, arguments, reply);
                            connection.answerUnlessGone(reply, answer(connection, split, outcome));
                            connection.release();
                        });
    }

    private static Reply answer(
            RespConnection connection, SplitCommand split, BatchOutcome outcome) {
        Reply answer = new Reply();
        Reply refusal = outcome.watchChanged() && !outcome.callsAreLost() ? split.refusal() : null;
        if (outcome.isCommitted()) {
            split.appendReply(answer);
        } else if (refusal != null) {
            Execution.append(refusal, answer);
        } else {
            answer.error(connection.lane().textOf(connection, outcome.commit()));
        }
        return answer;
    }
}
