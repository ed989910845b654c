package io.nodedb.server.resp;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.plan.kv.command.Reply;
import io.nodedb.server.resp.CommandEntry.Flag;
import java.util.ArrayList;
import java.util.List;

/** {@code MULTI}, {@code EXEC}, {@code DISCARD}, {@code WATCH}, {@code UNWATCH}. */
@Immutable
final class TransactionFamily {
    private TransactionFamily() {}

    static List<CommandEntry> commands() {
        return List.of(
                CommandEntry.local("multi", 1, TransactionFamily::multi, Flag.NOT_QUEUED),
                CommandEntry.local("exec", 1, TransactionFamily::exec, Flag.NOT_QUEUED),
                CommandEntry.local("discard", 1, TransactionFamily::discard, Flag.NOT_QUEUED),
                CommandEntry.local("watch", -2, TransactionFamily::watch, Flag.NOT_QUEUED),
                CommandEntry.local("unwatch", 1, TransactionFamily::unwatch));
    }

    private static void multi(RespConnection connection, CommandInput input) {
        ClientState state = connection.state();
        if (state.transaction() != null) {
            connection.replyErrorOnly("ERR MULTI calls can not be nested");
            return;
        }
        state.begin(new Transaction(connection.server().queueBudget()));
        connection.replyOk();
    }

    private static void discard(RespConnection connection, CommandInput input) {
        ClientState state = connection.state();
        if (state.transaction() == null) {
            connection.replyError("ERR DISCARD without MULTI");
            return;
        }
        state.endTransaction();
        state.unwatch();
        connection.replyOk();
    }

    private static void unwatch(RespConnection connection, CommandInput input) {
        connection.state().unwatch();
        connection.replyOk();
    }

    private static void exec(RespConnection connection, CommandInput input) {
        ClientState state = connection.state();
        Transaction transaction = state.takeTransaction();
        if (transaction == null) {
            connection.replyError("ERR EXEC without MULTI");
            return;
        }
        if (transaction.isRefused()) {
            transaction.end();
            state.unwatch();
            connection.replyError("EXECABORT Transaction discarded because of previous errors.");
            return;
        }
        new Execution(connection, transaction, state.takeWatched()).start();
    }

    /** Nothing that follows begins before the keys have been looked at. */
    private static void watch(RespConnection connection, CommandInput input) {
        ClientState state = connection.state();
        if (state.transaction() != null) {
            connection.replyErrorOnly("ERR WATCH inside MULTI is not allowed");
            return;
        }
        PendingReply reply = connection.append();
        connection.hold();
        List<byte[]> keys = new ArrayList<>();
        for (int i = 1; i < input.count(); i++) {
            keys.add(input.bytes(i));
        }
        look(connection, reply, keys);
    }

    private static void look(RespConnection connection, PendingReply reply, List<byte[]> keys) {
        ClientState state = connection.state();
        int collection = state.collection();
        Watching.look(
                connection,
                keys.stream().map(key -> DatabaseKey.of(collection, key)).toList(),
                (seen, error) -> {
                    if (!error.isEmpty()
                            && connection
                                    .lane()
                                    .isTriedAgain(
                                            connection,
                                            ErrorCode.NOT_FOUND,
                                            collection,
                                            () -> look(connection, reply, keys))) {
                        return;
                    }
                    seen.forEach(state::watch);
                    Reply answer = connection.build();
                    if (error.isEmpty()) {
                        answer.ok();
                    } else {
                        answer.error(error);
                    }
                    connection.answerUnlessGone(reply, answer);
                    connection.release();
                });
    }
}
