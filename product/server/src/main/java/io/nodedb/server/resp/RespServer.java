package io.nodedb.server.resp;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Shared;
import io.nodedb.bridge.lane.Durability;
import io.nodedb.bridge.lane.Request;
import io.nodedb.control.ControlPlane;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.control.catalog.CollectionOptions;
import io.nodedb.plan.Call;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What all RESP connections share. */
@Shared("immutable, volatile, or safe itself")
final class RespServer {
    /** The version whose behaviour clients find. */
    static final String REDIS_VERSION = "7.0.15";

    /** Databases by number are collections with this prefix. */
    static final String DATABASE_PREFIX = "kv";

    private static final int MAX_DATABASES = 1 << 14;
    private static final Logger LOG = System.getLogger(RespServer.class.getName());

    private final ControlPlane control;
    private final TimeSource time;
    private final RespLimits limits;
    private final Passwords passwords;
    private final RespClients clients = new RespClients();
    private final RespStatistics statistics = new RespStatistics();
    private final CommandDispatcher dispatcher;
    private final long outputLimitBytes;
    private final long startedMillis;
    private final CollectionInfo first;
    private volatile byte durability;
    private volatile long requestTimeoutNanos = TimeUnit.SECONDS.toNanos(30);

    RespServer(
            ControlPlane control,
            TimeSource time,
            RespLimits limits,
            Passwords passwords,
            long outputLimitBytes,
            boolean sync) {
        this.control = control;
        this.time = time;
        this.limits = limits;
        this.passwords = passwords;
        this.outputLimitBytes = outputLimitBytes;
        this.durability = sync ? Durability.SYNC : Durability.ASYNC;
        this.startedMillis = time.epochMillis();
        this.dispatcher =
                new CommandDispatcher(
                        CommandTable.of(
                                List.of(ConnectionFamily.commands(), ClientFamily.commands())));
        this.first = control.createCollection(DATABASE_PREFIX + "0", CollectionOptions.KEY_VALUE);
    }

    ControlPlane control() {
        return control;
    }

    TimeSource time() {
        return time;
    }

    RespLimits limits() {
        return limits;
    }

    Passwords passwords() {
        return passwords;
    }

    RespClients clients() {
        return clients;
    }

    RespStatistics statistics() {
        return statistics;
    }

    CommandDispatcher dispatcher() {
        return dispatcher;
    }

    Spread spread() {
        return (connection, command, input) -> {
            connection.replyError("CROSSSLOT Keys in request don't hash to the same slot");
            return true;
        };
    }

    ByteBufAllocator alloc() {
        return PooledByteBufAllocator.DEFAULT;
    }

    long outputLimitBytes() {
        return outputLimitBytes;
    }

    long startedMillis() {
        return startedMillis;
    }

    /** Clients share one tenant until there are users. */
    int tenant() {
        return 0;
    }

    /** A constant of {@link Durability}. */
    byte durability() {
        return durability;
    }

    void setDurability(byte choice) {
        durability = choice;
    }

    long requestTimeoutNanos() {
        return requestTimeoutNanos;
    }

    void setRequestTimeoutNanos(long nanos) {
        requestTimeoutNanos = nanos;
    }

    /** The collection of database 0. */
    void selectFirst(ClientState state) {
        state.select(0, first.name(), first.id());
    }

    /** {@code SELECT}: a number or a collection's name; the reply may come later. */
    void select(RespConnection connection, String which) {
        int number = numberOf(which);
        if (number >= MAX_DATABASES || which.startsWith("-")) {
            connection.replyError("ERR DB index is out of range");
            return;
        }
        String name = number >= 0 ? DATABASE_PREFIX + number : which;
        CollectionInfo known = control.catalog().state().live(name);
        if (known != null) {
            chosen(connection, number, known);
            connection.replyOk();
            return;
        }
        if (number < 0) {
            connection.replyError("ERR invalid DB index");
            return;
        }
        connection.hold();
        PendingReply reply = connection.append();
        CompletionStage<CollectionInfo> created =
                control.catalog().createCollection(name, CollectionOptions.KEY_VALUE);
        CompletionStage<Void> ignored =
                created.handle((info, failure) -> {
                    connection
                            .lane()
                            .loop()
                            .sockets()
                            .execute(() -> selected(connection, reply, number, info, failure));
                    return null;
                });
    }

    private static void selected(
            RespConnection connection,
            PendingReply reply,
            int number,
            @Nullable CollectionInfo info,
            @Nullable Throwable failure) {
        if (connection.isGone()) {
            return;
        }
        var content = connection.build();
        if (info != null) {
            chosen(connection, number, info);
            content.ok();
        } else if (failure instanceof NodeDbException known) {
            content.error(ErrorTexts.of(known.code(), known.getMessage()));
        } else {
            content.error("ERR the database could not be created");
        }
        connection.answer(reply, content);
        connection.release();
    }

    private static void chosen(RespConnection connection, int number, CollectionInfo info) {
        connection.state().select(number, info.name(), info.id());
    }

    private static int numberOf(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException notOne) {
            return -1;
        }
    }

    /** Lane: a reply was encoded. */
    void answered(
            RespLane lane, RespConnection connection, Request<Call> request, long submittedNanos) {}

    void unexpected(Request<Call> request) {
        LOG.log(Level.ERROR, "An answer came that nobody waits for: id=" + request.id);
    }
}
