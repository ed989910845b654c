package io.nodedb.server.resp;

import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.transaction.BatchOutcome;
import io.nodedb.control.transaction.CommandBatch;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.Reply;
import io.nodedb.plan.kv.command.WatchedKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One EXEC: the commands on keys go to the cores as one batch; with their replies, those that the
 * connection answers itself are run in their places.
 */
@ControlPlane
final class Execution {
    private final RespConnection connection;
    private final Transaction transaction;
    private final List<WatchedKey> watched;
    private final List<SplitCommand> engineCommands = new ArrayList<>();

    Execution(RespConnection connection, Transaction transaction, List<WatchedKey> watched) {
        this.connection = connection;
        this.transaction = transaction;
        this.watched = watched;
    }

    /** Nothing that the client sent later begins before the batch has ended. */
    void start() {
        RespLane lane = connection.lane();
        RespServer server = connection.server();
        CommandBatch batch = new CommandBatch(lane.router());
        watched.forEach(batch::watch);
        for (QueuedCommand queued : transaction.commands()) {
            Command command = queued.entry().engine();
            if (command != null) {
                SplitCommand split =
                        SplitCommand.of(
                                command,
                                queued.arguments(),
                                connection.state().collection(),
                                lane.router(),
                                ThreadLocalRandom.current());
                split.addTo(batch);
                engineCommands.add(split);
                server.statistics().countCommand();
            }
        }
        PendingReply reply = connection.append();
        reply.measure(LatencyFamily.TRANSACTION, lane.turnNanos());
        connection.hold();
        lane.coordinator()
                .commit(
                        batch,
                        lane.time().nanoTime() + server.requestTimeoutNanos(),
                        server.durability(),
                        CallOptions.DEFAULT,
                        connection.state().id(),
                        outcome -> ended(reply, outcome));
    }

    private void ended(PendingReply reply, BatchOutcome outcome) {
        if (!connection.isGone()) {
            Reply answer = new Reply();
            if (outcome.isCommitted()) {
                replies(answer);
            } else if (outcome.watchChanged()) {
                answer.nullArray();
            } else {
                answer.error(ErrorTexts.of(outcome.commit()));
            }
            connection.answer(reply, answer);
        } else {
            connection.answerUnlessGone(reply, new Reply());
        }
        connection.release();
    }

    private void replies(Reply answer) {
        answer.array(transaction.commands().size());
        int next = 0;
        for (QueuedCommand queued : transaction.commands()) {
            if (queued.entry().engine() != null) {
                engineCommands.get(next++).appendReply(answer);
            } else {
                connection.capture(answer, () -> queued.runLocally(connection));
            }
        }
    }

    /** Appends a whole reply to another. */
    static void append(CommandCall call, Reply to) {
        Reply from = call.reply;
        int at = to.raw(from.length());
        System.arraycopy(from.bytes(), 0, to.bytes(), at, from.length());
    }
}
