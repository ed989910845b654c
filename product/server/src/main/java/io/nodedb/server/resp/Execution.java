package io.nodedb.server.resp;

import io.nodedb.base.errors.ErrorCode;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One EXEC: the commands on keys go to the cores as one batch; with their replies, those that the
 * connection answers itself are run in their places.
 */
@ControlPlane
final class Execution {
    private final RespConnection connection;
    private final Transaction transaction;
    private final List<WatchedKey> watched;
    private final List<Consumer<Reply>> engineReplies = new ArrayList<>();

    Execution(RespConnection connection, Transaction transaction, List<WatchedKey> watched) {
        this.connection = connection;
        this.transaction = transaction;
        this.watched = watched;
    }

    /** Nothing that the client sent later begins before the batch has ended. */
    void start() {
        PendingReply reply = connection.append();
        reply.measure(LatencyFamily.TRANSACTION, connection.lane().turnNanos());
        connection.hold();
        begin(reply);
    }

    private void begin(PendingReply reply) {
        engineReplies.clear();
        if (transaction.isSpread()) {
            startSpread(reply);
        } else {
            startBatch(reply);
        }
    }

    private void startBatch(PendingReply reply) {
        RespLane lane = connection.lane();
        RespServer server = connection.server();
        int collection = connection.state().collection();
        CommandBatch batch = new CommandBatch(lane.router());
        watched.forEach(batch::watch);
        for (QueuedCommand queued : transaction.commands()) {
            Command command = queued.entry().engine();
            if (command != null && SplitCommand.lacksAValue(command, queued.arguments())) {
                engineReplies.add(answer -> answer.error(ErrorTexts.wrongNumber("mset")));
                server.statistics().countCommand();
            } else if (command != null) {
                SplitCommand split =
                        SplitCommand.of(
                                command,
                                queued.arguments(),
                                collection,
                                lane.router(),
                                ThreadLocalRandom.current());
                split.addTo(batch);
                engineReplies.add(split::appendReply);
                server.statistics().countCommand();
            }
        }
        lane.coordinator()
                .commit(
                        batch,
                        lane.time().nanoTime() + server.requestTimeoutNanos(),
                        server.durability(),
                        CallOptions.DEFAULT,
                        connection.state().id(),
                        outcome -> {
                            if (!isTriedAgain(reply, outcome.commit().error(), collection)) {
                                ended(reply, outcome);
                            }
                        });
    }

    /** Some commands look at keys of several partitions: all commands are executed on copies. */
    private void startSpread(PendingReply reply) {
        RespServer server = connection.server();
        int collection = connection.state().collection();
        List<CommandCall> calls = new ArrayList<>();
        for (QueuedCommand queued : transaction.commands()) {
            Command command = queued.entry().engine();
            if (command != null) {
                CommandCall call = new CommandCall();
                call.command = command;
                call.collection = collection;
                call.seed = ThreadLocalRandom.current().nextLong();
                call.arguments.addAll(queued.arguments());
                calls.add(call);
                engineReplies.add(answer -> append(call.reply, answer));
                server.statistics().countCommand();
            }
        }
        new SpreadRun(
                        connection,
                        () -> new ScratchPlan(server, collection, calls),
                        watched,
                        Spread.turnKeys(calls),
                        ending -> {
                            if (!(ending instanceof SpreadRun.Ending.Replaced)
                                    || !isTriedAgain(reply, ErrorCode.NOT_FOUND, collection)) {
                                ended(reply, ending);
                            }
                        })
                .start();
    }

    /** Unless a key was watched: it has changed, now that the database was emptied. */
    private boolean isTriedAgain(PendingReply reply, @Nullable ErrorCode error, int collection) {
        return watched.isEmpty()
                && connection
                        .lane()
                        .isTriedAgain(connection, error, collection, () -> begin(reply));
    }

    private void ended(PendingReply reply, SpreadRun.Ending ending) {
        Reply answer = new Reply();
        if (!connection.isGone()) {
            switch (ending) {
                case SpreadRun.Ending.Done(SpreadPlan plan) -> {
                    Reply failure = plan instanceof ScratchPlan scratch ? scratch.failure() : null;
                    if (failure == null) {
                        replies(answer);
                    } else {
                        append(failure, answer);
                    }
                }
                case SpreadRun.Ending.WatchChanged _ -> answer.nullArray();
                case SpreadRun.Ending.Replaced _ -> {
                    if (watched.isEmpty()) {
                        answer.error(
                                connection.lane().textOf(connection, ErrorCode.NOT_FOUND, null));
                    } else {
                        answer.nullArray();
                    }
                }
                case SpreadRun.Ending.Failed(String error) -> answer.error(error);
            }
        }
        tellIfSlow(reply);
        transaction.end();
        connection.answerUnlessGone(reply, answer);
        connection.release();
    }

    private void ended(PendingReply reply, BatchOutcome outcome) {
        tellIfSlow(reply);
        if (!connection.isGone()) {
            Reply answer = new Reply();
            if (outcome.isCommitted()) {
                replies(answer);
            } else if (outcome.watchChanged() || watchesWhatWasEmptied(outcome)) {
                answer.nullArray();
            } else {
                answer.error(connection.lane().textOf(connection, outcome.commit()));
            }
            connection.answer(reply, answer);
        } else {
            connection.answerUnlessGone(reply, new Reply());
        }
        transaction.end();
        connection.release();
    }

    /** All of it took the time, so it is told as one command with the queued ones as its words. */
    private void tellIfSlow(PendingReply reply) {
        long nanos = connection.lane().time().nanoTime() - reply.submittedNanos;
        SlowCommand.tell(connection, "EXEC", transaction::lines, nanos);
    }

    private boolean watchesWhatWasEmptied(BatchOutcome outcome) {
        return outcome.commit().error() == ErrorCode.NOT_FOUND
                && watched.stream().anyMatch(key -> connection.lane().isReplaced(key.collection()));
    }

    private void replies(Reply answer) {
        answer.array(transaction.commands().size());
        int next = 0;
        for (QueuedCommand queued : transaction.commands()) {
            if (queued.entry().engine() != null) {
                engineReplies.get(next++).accept(answer);
            } else {
                connection.capture(answer, () -> queued.runLocally(connection));
            }
        }
    }

    /** Appends a whole reply to another. */
    static void append(Reply from, Reply to) {
        int at = to.raw(from.length());
        System.arraycopy(from.bytes(), 0, to.bytes(), at, from.length());
    }
}
