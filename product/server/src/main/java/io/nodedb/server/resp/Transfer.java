package io.nodedb.server.resp;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.plan.kv.command.Reply;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One command that takes a key from the selected database to another; it replies once, later. */
@ControlPlane
final class Transfer {
    private final RespConnection connection;
    private final TransferPlan.Wish wish;
    private final int database;
    private final PendingReply reply;
    private final @Nullable SlowCommand timed;

    Transfer(RespConnection connection, CommandInput input, TransferPlan.Wish wish, int database) {
        this.connection = connection;
        this.wish = wish;
        this.database = database;
        timed = SlowCommand.begin(connection, input);
        reply = connection.append();
        reply.measure(LatencyFamily.KEY, connection.lane().turnNanos());
    }

    /** Nothing that the client sent later begins before this has ended. */
    void start() {
        connection.hold();
        begin();
    }

    private void begin() {
        connection
                .server()
                .databases()
                .open(
                        connection,
                        database,
                        (target, error) -> {
                            if (target == null) {
                                finish(error);
                            } else {
                                run(connection.state().collection(), target.id());
                            }
                        });
    }

    private void run(int from, int to) {
        DatabaseKey target = DatabaseKey.of(to, wish.target());
        new SpreadRun(
                        connection,
                        () -> new TransferPlan(wish, from, to),
                        List.of(),
                        wish.removes()
                                ? Set.of(target, DatabaseKey.of(from, wish.source()))
                                : Set.of(target),
                        ending -> ended(ending, from))
                .start();
    }

    private void ended(SpreadRun.Ending ending, int from) {
        switch (ending) {
            case SpreadRun.Ending.Done(SpreadPlan plan) -> {
                Reply answer = new Reply();
                plan.appendReply(answer);
                finish(answer);
            }
            case SpreadRun.Ending.Failed(String error) -> finish(error);
            case SpreadRun.Ending.Replaced _ -> {
                RespLane lane = connection.lane();
                if (lane.isTriedAgain(connection, ErrorCode.NOT_FOUND, from, this::begin)) {
                    return;
                }
                if (connection.isGone() || lane.isReplaced(from)) {
                    finish(lane.textOf(connection, ErrorCode.NOT_FOUND, null));
                } else {
                    // The other one was emptied.
                    lane.parts().later(this::begin);
                }
            }
            case SpreadRun.Ending.WatchChanged _ ->
                    throw new IllegalStateException("nothing is watched");
        }
    }

    private void finish(String error) {
        Reply answer = new Reply();
        answer.error(error);
        finish(answer);
    }

    private void finish(Reply answer) {
        SlowCommand.end(timed);
        connection.answerUnlessGone(reply, answer);
        connection.release();
    }
}
