package io.nodedb.server.resp;

import io.nodedb.base.ownership.Shared;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.transaction.CommandBatch;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.Reply;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Runs commands whose keys live in several partitions: as one batch of what each partition does, so
 * that they take effect together.
 */
@Shared("no state")
final class Spread {
    /** Replies once, later. */
    void run(RespConnection connection, Command command, CommandInput input) {
        if (!SplitCommand.splits(command)) {
            connection.replyError("CROSSSLOT Keys in request don't hash to the same slot");
            return;
        }
        Arguments arguments = new Arguments();
        input.copyTo(arguments, 1);
        RespLane lane = connection.lane();
        RespServer server = connection.server();
        SplitCommand split =
                SplitCommand.of(
                        command,
                        arguments,
                        connection.state().collection(),
                        lane.router(),
                        ThreadLocalRandom.current());
        if (command == Command.MSET && arguments.count() % 2 != 0) {
            connection.replyError(ErrorTexts.wrongNumber("mset"));
            return;
        }
        CommandBatch batch = new CommandBatch(lane.router());
        split.addTo(batch);
        PendingReply reply = connection.append();
        reply.measure(LatencyFamily.of(command), lane.turnNanos());
        connection.hold();
        server.statistics().countCommand();
        lane.coordinator()
                .commit(
                        batch,
                        lane.time().nanoTime() + server.requestTimeoutNanos(),
                        server.durability(),
                        CallOptions.DEFAULT,
                        connection.state().id(),
                        outcome -> {
                            Reply answer = new Reply();
                            if (outcome.isCommitted()) {
                                split.appendReply(answer);
                            } else {
                                answer.error(ErrorTexts.of(outcome.commit()));
                            }
                            connection.answerUnlessGone(reply, answer);
                            connection.release();
                        });
    }
}
