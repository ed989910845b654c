package io.nodedb.server.resp;

import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.dispatch.Exchange;
import io.nodedb.plan.kv.command.WatchCall;
import io.nodedb.plan.kv.command.WatchedKey;
import java.util.ArrayList;
import java.util.List;

/** Looks at keys, wherever they live, for batches that are made only if these have not changed. */
@ControlPlane
final class Watching {
    /** Takes what was seen of all keys; or, when {@code error} is not empty, why not. */
    interface Listener {
        void looked(List<WatchedKey> seen, String error);
    }

    private final RespConnection connection;
    private final Listener listener;
    private final List<WatchedKey> seen = new ArrayList<>();
    private String error = "";
    private int left;

    private Watching(RespConnection connection, int keys, Listener listener) {
        this.connection = connection;
        this.listener = listener;
        left = keys;
    }

    /** Looks at {@code keys}, at least one. */
    static void look(RespConnection connection, List<DatabaseKey> keys, Listener listener) {
        Watching watching = new Watching(connection, keys.size(), listener);
        for (DatabaseKey watched : keys) {
            byte[] key = watched.bytes();
            WatchCall call = new WatchCall();
            call.watch(watched.collection(), key);
            Exchange<WatchCall> exchange = new Exchange<>(call);
            RespLane lane = connection.lane();
            exchange.envelope(CallOptions.DEFAULT, lane.time().nanoTime());
            exchange.partition = lane.router().partitionOf(KeyHash.of(key));
            exchange.session = connection.state().id();
            watching.send(exchange);
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
            error =
                    connection
                            .lane()
                            .textOf(connection, exchange.failure().code(), exchange.message());
        } else {
            seen.add(exchange.call.watched(exchange.partition, exchange.watermarkLsn()));
        }
        if (--left == 0) {
            listener.looked(seen, error);
        }
    }
}
