package io.nodedb.server.resp;

import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.dispatch.Exchange;
import io.nodedb.plan.kv.command.WatchCall;
import io.nodedb.server.resp.CommandEntry.Flag;
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
        state.setTransaction(new Transaction());
        connection.replyOk();
    }

    private static void discard(RespConnection connection, CommandInput input) {
        ClientState state = connection.state();
        if (state.transaction() == null) {
            connection.replyError("ERR DISCARD without MULTI");
            return;
        }
        state.setTransaction(null);
        state.unwatch();
        connection.replyOk();
    }

    private static void unwatch(RespConnection connection, CommandInput input) {
        connection.state().unwatch();
        connection.replyOk();
    }

    private static void exec(RespConnection connection, CommandInput input) {
        ClientState state = connection.state();
        Transaction transaction = state.transaction();
        if (transaction == null) {
            connection.replyError("ERR EXEC without MULTI");
            return;
        }
        state.setTransaction(null);
        if (transaction.isRefused()) {
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
        new Watching(connection, reply, input).start();
    }

    /** Looks at the keys of one WATCH. */
    private static final class Watching {
        private final RespConnection connection;
        private final PendingReply reply;
        private final byte[][] keys;
        private int left;
        private boolean failed;

        Watching(RespConnection connection, PendingReply reply, CommandInput input) {
            this.connection = connection;
            this.reply = reply;
            keys = new byte[input.count() - 1][];
            for (int i = 0; i < keys.length; i++) {
                keys[i] = input.bytes(i + 1);
            }
            left = keys.length;
        }

        void start() {
            for (byte[] key : keys) {
                WatchCall call = new WatchCall();
                call.watch(connection.state().collection(), key);
                Exchange<WatchCall> exchange = new Exchange<>(call);
                RespLane lane = connection.lane();
                exchange.envelope(CallOptions.DEFAULT, lane.time().nanoTime());
                exchange.partition = lane.router().partitionOf(KeyHash.of(key));
                exchange.session = connection.state().id();
                send(exchange);
            }
        }

        private void send(Exchange<WatchCall> exchange) {
            RespLane lane = connection.lane();
            int core = lane.router().coreOf(exchange.partition);
            if (!lane.sender().send(core, exchange, answered -> looked(exchange))) {
                lane.parts().later(() -> send(exchange));
            }
        }

        private void looked(Exchange<WatchCall> exchange) {
            if (exchange.errorCode() != 0) {
                failed = true;
            } else {
                connection
                        .state()
                        .watch(exchange.call.watched(exchange.partition, exchange.watermarkLsn()));
            }
            if (--left == 0) {
                var answer = connection.build();
                if (failed) {
                    answer.error(ErrorTexts.of(exchange.failure().code(), exchange.message()));
                } else {
                    answer.ok();
                }
                connection.answerUnlessGone(reply, answer);
                connection.release();
            }
        }
    }
}
